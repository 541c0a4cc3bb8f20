package dev.headstart.task.data;

import dev.headstart.tensor.RandomStream;
import java.util.Arrays;
import java.util.stream.IntStream;

/// Rows to train on and rows to measure on.
///
/// @param training ascending
/// @param validation ascending
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Split(int[] training, int[] validation) {
    /// Puts a share of each label's rows aside: at least one row where a label has two, never all of them.
    public static Split stratified(int[] labels, int classes, double share, RandomStream random) {
        boolean[] aside = new boolean[labels.length];
        for (int c = 0; c < classes; c++) {
            int label = c;
            int[] rows = IntStream.range(0, labels.length).filter(i -> labels[i] == label).toArray();
            int count = Math.min(rows.length - 1, Math.max(1, (int) Math.round(share * rows.length)));
            Arrays.stream(random.child(label).permutation(rows.length)).limit(Math.max(0, count)).forEach(i -> aside[rows[i]] = true);
        }
        return new Split(IntStream.range(0, labels.length).filter(i -> !aside[i]).toArray(),
                IntStream.range(0, labels.length).filter(i -> aside[i]).toArray());
    }
}
