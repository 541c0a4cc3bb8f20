package dev.headstart.zoo.own;

import dev.headstart.tensor.Indices;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.util.List;

/// Token sequences of one length, padded at the end.
///
/// @param tokens ids, `[batch, time]`; padding is [#PADDING]
/// @param kept 1 for tokens, 0 for padding, `[batch, time]`
public record TextBatch(Indices tokens, Tensor kept) {
    /// Id of the padding token, in every vocabulary.
    public static final int PADDING = 0;

    /// Sequences padded to the longest of them. An empty sequence counts as one padding token that is kept, so that every row has a mean.
    public static TextBatch of(List<int[]> sequences) {
        int time = sequences.stream().mapToInt(s -> s.length).max().orElse(1);
        time = Math.max(1, time);
        int[] tokens = new int[sequences.size() * time];
        float[] kept = new float[tokens.length];
        for (int row = 0; row < sequences.size(); row++) {
            int[] sequence = sequences.get(row);
            System.arraycopy(sequence, 0, tokens, row * time, sequence.length);
            java.util.Arrays.fill(kept, row * time, row * time + Math.max(1, sequence.length), 1);
        }
        return new TextBatch(Indices.of(Shape.of(sequences.size(), time), tokens), Tensor.wrap(Shape.of(sequences.size(), time), kept));
    }

    /// Number of sequences.
    public int size() {
        return tokens.shape().dim(0);
    }

    /// Length of the sequences, padding included.
    public int time() {
        return tokens.shape().dim(1);
    }
}
