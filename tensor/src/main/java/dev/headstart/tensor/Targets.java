package dev.headstart.tensor;

import org.jspecify.annotations.Nullable;

/// What the rows of logits are held against: `loss = -scale · Σ weights[i] · log p[i, labels[i]] - Σ smoothing[c] · log p[i, c]`, over the
/// rows i that count.
///
/// @param labels a class for each row; negative where the row does not count
/// @param weights one for each row
/// @param scale of all weights
/// @param smoothing `[classes]`, or null for none
public record Targets(Indices labels, Tensor weights, float scale, @Nullable Tensor smoothing) {
    public Targets {
        Shapes.same("targets", labels.shape(), weights.shape());
    }
}
