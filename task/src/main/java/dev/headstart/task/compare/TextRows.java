package dev.headstart.task.compare;

import dev.headstart.task.data.LabelledTexts;
import dev.headstart.task.data.Split;
import dev.headstart.task.tuning.LabelledTable;
import dev.headstart.tensor.RandomStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/// Texts as ids: some to learn from and some to measure on, with their labels.
///
/// @param labels their names
/// @param trainingTexts to learn from
/// @param training the label of each
/// @param heldTexts to measure on
/// @param held the label of each
@SuppressWarnings("ArrayRecordComponent") // never compared
public record TextRows(List<String> labels, List<int[]> trainingTexts, int[] training, List<int[]> heldTexts, int[] held) {
    /// The rows of a table.
    ///
    /// @param encoded a text as the network takes it
    /// @throws IOException when they cannot be read, or none can be held back
    static TextRows of(LabelledTable table, RandomStream random, Function<String, int[]> encoded) throws IOException {
        LabelledTexts rows = table.rows();
        List<String> labels = rows.names();
        int[] numbers = rows.numbers(labels);
        List<int[]> texts = rows.texts().stream().map(encoded).toList();
        LabelledTexts others = table.others();
        if (others != null) {
            return new TextRows(labels, texts, numbers, others.texts().stream().map(encoded).toList(), others.numbers(labels));
        }
        Split split = Split.stratified(numbers, labels.size(), table.validation(), random);
        if (split.validation().length == 0) {
            throw new IOException(rows.name() + ": every label has one row only, so none can be held back: give others to measure on");
        }
        return new TextRows(labels, some(texts, split.training()), some(numbers, split.training()), some(texts, split.validation()),
                some(numbers, split.validation()));
    }

    private static List<int[]> some(List<int[]> texts, int[] which) {
        return Arrays.stream(which).mapToObj(texts::get).toList();
    }

    private static int[] some(int[] numbers, int[] which) {
        return Arrays.stream(which).map(i -> numbers[i]).toArray();
    }
}
