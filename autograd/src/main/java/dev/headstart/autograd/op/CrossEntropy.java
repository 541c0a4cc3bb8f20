package dev.headstart.autograd.op;

import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Targets;
import dev.headstart.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// Cross-entropy of the logits `x · weightᵀ + bias` with class labels: a single number. The logits are never in memory as a whole.
///
/// | | |
/// |---|---|
/// | shapes | `x […, width]`, `weight [classes, width]`, `bias [classes]` or none, targets `[…] → []` |
/// | backward | with g = p · Σt - t, t the weights of a row's classes: dX = g · weight, dWeight = gᵀ · x, dBias = Σ g; computed with the loss, then multiplied by dY |
/// | errors | x has no axis, or weight not 2; features differ; not one bias for each class; not one label for each row; a label not below the classes |
/// | source | as `torch.nn.functional.cross_entropy` of `torch.nn.functional.linear`; chunks: Hsu et al. 2024, arXiv 2410.10989 |
///
/// Three products where a backward that computed the logits again would need four. What wants no gradient when the loss is computed
/// gets none.
///
/// @param dX gradient of x for a dY of 1; null where it was not wanted, as the others
/// @param dWeight that of weight
/// @param dBias that of bias
public record CrossEntropy(@Nullable Tensor dX, @Nullable Tensor dWeight, @Nullable Tensor dBias) implements Op.Ternary {
    /// Applies the operator.
    public static Variable apply(Variable x, Variable weight, @Nullable Variable bias, Targets targets) {
        boolean recording = Mode.current().isRecording();
        Tensor.Loss loss = x.value().crossEntropy(weight.value(), bias == null ? null : bias.value(), targets,
                recording && x.requiresGradient(), recording && weight.requiresGradient(),
                recording && bias != null && bias.requiresGradient());
        CrossEntropy op = new CrossEntropy(loss.dX(), loss.dWeight(), loss.dBias());
        return bias == null ? Variable.of(loss.value(), op, x, weight) : Variable.of(loss.value(), op, x, weight, bias);
    }

    @Override
    public Tensor dX(Tensor dY) {
        return scaled(dX, dY);
    }

    @Override
    public Tensor dWeight(Tensor dY) {
        return scaled(dWeight, dY);
    }

    @Override
    public Tensor dBias(Tensor dY) {
        return scaled(dBias, dY);
    }

    private Tensor scaled(@Nullable Tensor gradient, Tensor dY) {
        return dY.item() == 1 ? kept(gradient) : kept(gradient).times(dY);
    }
}
