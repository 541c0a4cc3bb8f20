package dev.headstart.autograd.op;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.ChannelNorms;
import dev.headstart.tensor.Moments;
import dev.headstart.tensor.Normalisation;
import dev.headstart.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// Normalisation of each channel (last axis) by moments of the batch or by fixed ones, scaled and shifted; an addend and ReLU may follow in the
/// same pass.
///
/// | | |
/// |---|---|
/// | shapes | `x […, n]`, `gamma [n]`, `beta [n]`, `addend […, n] → […, n]` |
/// | backward | with h = (x - mean) · rstd and g = dY where ReLU let it pass: dX = (g - mean(g) - h · mean(g h)) · gamma · rstd, without the means when moments are fixed; dGamma = Σ g h, dBeta = Σ g, dAddend = g |
/// | errors | gamma or beta is not as long as the last axis; moments do not fit; the addend's shape differs |
/// | source | Ioffe and Szegedy 2015, arXiv 1502.03167; as `torch.nn.functional.batch_norm` |
///
/// @param x the input; null where neither gamma's gradient is wanted nor, unless moments are fixed, x's
/// @param by moments, gamma, beta, eps, ReLU; null where neither x's gradient is wanted nor gamma's
/// @param y the output where ReLU followed an addend or x is null, else null: the ReLU mask is then computed from x
/// @param inputs 4 with an addend, else 3
public record BatchNorm(@Nullable Tensor x, @Nullable Normalisation by, @Nullable Tensor y, int inputs) implements Op.Joint {
    /// Applies the operator.
    ///
    /// @param addend left out when null
    /// @param moments fixed, or those of x
    /// @param relu whether ReLU follows
    public static Variable apply(Variable x, Variable gamma, Variable beta, @Nullable Variable addend, Moments moments, float eps,
            boolean relu) {
        Normalisation by = new Normalisation(moments, gamma.value(), beta.value(), eps, relu);
        Tensor y = x.value().normaliseChannels(by, addend == null ? null : addend.value());
        Tensor kept = moments.isFixed() ? x.keptFor(gamma) : x.keptFor(gamma, x);
        boolean toldByOutput = relu && (addend != null || kept == null);
        boolean scaled = x.requiresGradient() || gamma.requiresGradient();
        BatchNorm op = new BatchNorm(kept, scaled ? by : null, toldByOutput ? y : null, addend == null ? 3 : 4);
        return addend == null ? Variable.of(y, op, x, gamma, beta) : Variable.of(y, op, x, gamma, beta, addend);
    }

    @Override
    public @Nullable Tensor[] gradients(boolean[] wanted, Tensor dY) {
        return by == null ? ChannelNorms.shiftGradients(y, dY, false, wanted) : ChannelNorms.gradients(x, by, y, dY, wanted);
    }
}
