package dev.headstart.autograd.op;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
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
/// @param x the input
/// @param by moments, gamma, beta, eps, ReLU
/// @param y the output where ReLU followed an addend, else null: what passed is told from x
/// @param inputs 4 with an addend, else 3
public record BatchNorm(Tensor x, Normalisation by, @Nullable Tensor y, int inputs) implements Op.Joint {
    /// Applies the operator without an addend.
    ///
    /// @param moments fixed, or those of x
    /// @param relu whether ReLU follows
    public static Variable apply(Variable x, Variable gamma, Variable beta, Moments moments, float eps, boolean relu) {
        Normalisation by = new Normalisation(moments, gamma.value(), beta.value(), eps, relu);
        return Variable.of(x.value().normaliseChannels(by, null), new BatchNorm(x.value(), by, null, 3), x, gamma, beta);
    }

    /// Applies the operator.
    ///
    /// @param moments fixed, or those of x
    /// @param relu whether ReLU follows
    public static Variable apply(Variable x, Variable gamma, Variable beta, Variable addend, Moments moments, float eps, boolean relu) {
        Normalisation by = new Normalisation(moments, gamma.value(), beta.value(), eps, relu);
        Tensor y = x.value().normaliseChannels(by, addend.value());
        return Variable.of(y, new BatchNorm(x.value(), by, relu ? y : null, 4), x, gamma, beta, addend);
    }

    @Override
    public @Nullable Tensor[] gradients(boolean[] wanted, Tensor dY) {
        Tensor.ChannelGradients all = x.normaliseChannelsGradients(by, y, dY, wanted[0], wanted[1] || wanted[2]);
        @Nullable
        Tensor[] gradients = new Tensor[inputs];
        gradients[0] = all.dX();
        gradients[1] = wanted[1] ? all.dGamma() : null;
        gradients[2] = wanted[2] ? all.dBeta() : null;
        if (inputs == 4) {
            gradients[3] = wanted[3] ? all.dAddend() : null;
        }
        return gradients;
    }
}
