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
/// @param gradients those of x, weight and bias for a dY of 1; null where none was wanted
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ProjectedCrossEntropy(@Nullable Tensor[] gradients) implements Op {
    /// Applies the operator.
    public static Variable apply(Variable x, Variable weight, @Nullable Variable bias, Targets targets) {
        boolean recording = Mode.current().isRecording();
        Tensor.Loss loss = x.value().crossEntropy(weight.value(), bias == null ? null : bias.value(), targets,
                recording && x.requiresGradient(), recording && weight.requiresGradient(),
                recording && bias != null && bias.requiresGradient());
        Variable[] inputs = bias == null ? new Variable[] {x, weight} : new Variable[] {x, weight, bias};
        return Variable.of(loss.value(), new ProjectedCrossEntropy(loss.gradients()), inputs);
    }

    @Override
    public Tensor gradient(int input, Tensor dY) {
        Tensor gradient = kept(gradients[input]);
        return dY.item() == 1 ? gradient : gradient.times(dY);
    }

    @Override
    public String operator() {
        return "crossEntropy";
    }
}
