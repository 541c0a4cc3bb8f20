package dev.headstart.autograd.op;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.LayerNorms;
import dev.headstart.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// Layer normalisation of each row (last axis), scaled and shifted.
///
/// | | |
/// |---|---|
/// | shapes | `x […, n]`, `gamma [n]`, `beta [n] → […, n]` |
/// | backward | with h = (x - mean) · rstd and g = dY · gamma: dX = (g - mean(g) - h · mean(g h)) · rstd, dGamma = Σ dY · h, dBeta = Σ dY, over all rows |
/// | errors | gamma or beta is not as long as a row |
/// | source | Ba, Kiros and Hinton 2016, arXiv 1607.06450; biased variance as `torch.nn.functional.layer_norm` |
///
/// @param x the input; null where only beta's gradient is wanted
/// @param gamma the scale; null where x's gradient is not wanted
/// @param mean mean of each row; null where x is
/// @param rstd 1 / standard deviation of each row; null where x is
public record LayerNorm(@Nullable Tensor x, @Nullable Tensor gamma, @Nullable Tensor mean, @Nullable Tensor rstd) implements Op.Joint {
    /// Applies the operator.
    public static Variable apply(Variable x, Variable gamma, Variable beta, float eps) {
        Tensor.Normalised result = x.value().layerNorm(gamma.value(), beta.value(), eps);
        Tensor kept = x.keptFor(x, gamma);
        LayerNorm op = new LayerNorm(kept, gamma.keptFor(x), kept == null ? null : result.mean(), kept == null ? null : result.rstd());
        return Variable.of(result.y(), op, x, gamma, beta);
    }

    @Override
    public @Nullable Tensor[] gradients(boolean[] wanted, Tensor dY) {
        return LayerNorms.gradients(x, gamma, mean, rstd, dY, wanted);
    }

    @Override
    public int inputs() {
        return 3;
    }
}
