package dev.headstart.autograd.op;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.ChannelNorms;
import dev.headstart.tensor.Normalisation;
import dev.headstart.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// Normalisation of each group of channels of each image, scaled and shifted; with one channel in a group it is instance normalisation.
///
/// | | |
/// |---|---|
/// | shapes | `x [batch, …, n]`, `gamma [n]`, `beta [n] → [batch, …, n]` |
/// | backward | with h = (x - mean) · rstd and g = dY · gamma: dX = (g - mean(g) - h · mean(g h)) · rstd, means over a group of an image; dGamma = Σ dY · h, dBeta = Σ dY |
/// | errors | fewer than 2 axes; groups do not divide the channels; gamma or beta is not as long as the last axis |
/// | source | Wu and He 2018, arXiv 1803.08494; as `torch.nn.functional.group_norm`, but for the order of axes |
///
/// @param x the input; null where only beta's gradient is wanted
/// @param by moments, gamma, beta, eps; null where x is
public record GroupNorm(@Nullable Tensor x, @Nullable Normalisation by) implements Op.Joint {
    /// Applies the operator.
    public static Variable apply(Variable x, int groups, Variable gamma, Variable beta, float eps) {
        Normalisation by = new Normalisation(x.value().moments(groups), gamma.value(), beta.value(), eps, false);
        Tensor kept = x.keptFor(x, gamma);
        return Variable.of(x.value().normaliseChannels(by, null), new GroupNorm(kept, kept == null ? null : by), x, gamma, beta);
    }

    @Override
    public int inputs() {
        return 3;
    }

    @Override
    public @Nullable Tensor[] gradients(boolean[] wanted, Tensor dY) {
        return by == null ? ChannelNorms.shiftGradients(null, dY, true, wanted) : ChannelNorms.gradients(x, by, null, dY, wanted);
    }
}
