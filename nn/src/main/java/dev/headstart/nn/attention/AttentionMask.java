package dev.headstart.nn.attention;

import dev.headstart.tensor.Shape;
import dev.headstart.tensor.ShapeException;
import dev.headstart.tensor.Tensor;

/// Masks for attention, as numbers added to the scores: 0 where a position may be attended to, -∞ where not. They broadcast to
/// `[batch, heads, time, time]`.
public final class AttentionMask {
    private AttentionMask() {}

    /// From the kept positions of each sequence, 1 or 0, `[batch, time] → [batch, 1, 1, time]`: padding is not attended to.
    public static Tensor padding(Tensor kept) {
        if (kept.rank() != 2) {
            throw new ShapeException("padding mask: kept" + kept.shape() + ": [batch, time] is needed");
        }
        return Tensor.zeros(kept.shape()).where(kept, Float.NEGATIVE_INFINITY).reshape(kept.dim(0), 1, 1, kept.dim(1));
    }

    /// No position attends to a later one: `[1, 1, time, time]`.
    public static Tensor causal(int time) {
        float[] mask = new float[time * time];
        for (int i = 0; i < time; i++) {
            for (int j = i + 1; j < time; j++) {
                mask[i * time + j] = Float.NEGATIVE_INFINITY;
            }
        }
        return Tensor.wrap(Shape.of(1, 1, time, time), mask);
    }
}
