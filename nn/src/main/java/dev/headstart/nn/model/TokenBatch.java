package dev.headstart.nn.model;

import dev.headstart.nn.attention.AttentionMask;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.ShapeException;
import dev.headstart.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Token sequences of one length, padded at the end.
///
/// @param ids tokens, `[batch, time]`
/// @param kept 1 for tokens, 0 for padding, `[batch, time]`; null when nothing is padding
/// @param types segment of each token, `[batch, time]`; null when all are in segment 0
public record TokenBatch(Indices ids, @Nullable Tensor kept, @Nullable Indices types) {
    public TokenBatch {
        if (ids.shape().rank() != 2) {
            throw new ShapeException("tokens: ids" + ids.shape() + ": [batch, time] is needed");
        }
        if (kept != null && !kept.shape().equals(ids.shape())) {
            throw new ShapeException("tokens: ids" + ids.shape() + ", kept" + kept.shape() + ": the shapes must be equal");
        }
        if (types != null && !types.shape().equals(ids.shape())) {
            throw new ShapeException("tokens: ids" + ids.shape() + ", types" + types.shape() + ": the shapes must be equal");
        }
    }

    /// Tokens without padding, all in one segment.
    public static TokenBatch of(Indices ids) {
        return new TokenBatch(ids, null, null);
    }

    /// Sequences, padded behind their ends with a token to the length of the longest. An empty one counts as one padding
    /// token that is kept, so that every row has a mean.
    public static TokenBatch of(List<int[]> sequences, int padding) {
        int time = Math.max(1, sequences.stream().mapToInt(s -> s.length).max().orElse(1));
        int[] ids = new int[sequences.size() * time];
        float[] kept = new float[ids.length];
        Arrays.fill(ids, padding);
        for (int row = 0; row < sequences.size(); row++) {
            int[] sequence = sequences.get(row);
            System.arraycopy(sequence, 0, ids, row * time, sequence.length);
            Arrays.fill(kept, row * time, row * time + Math.max(1, sequence.length), 1);
        }
        Shape shape = Shape.of(sequences.size(), time);
        return new TokenBatch(Indices.of(shape, ids), Tensor.wrap(shape, kept), null);
    }

    /// The same with segments.
    public TokenBatch withTypes(Indices other) {
        return new TokenBatch(ids, kept, other);
    }

    /// Number of sequences.
    public int size() {
        return ids.shape().dim(0);
    }

    /// Length of the sequences, padding included.
    public int time() {
        return ids.shape().dim(1);
    }

    /// 1 for tokens, 0 for padding, `[batch, time]`, also when nothing is padding.
    public Tensor keptOrOnes() {
        return kept == null ? Tensor.full(ids.shape(), 1) : kept;
    }

    /// The attention mask that hides padding, `[batch, 1, 1, time]`; null when there is none to hide.
    @Nullable
    public Tensor mask() {
        return kept == null || kept.size() == 0 || kept.min().item() != 0 ? null : AttentionMask.padding(kept);
    }
}
