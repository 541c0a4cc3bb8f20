package dev.headstart.autograd.op;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Activations;
import dev.headstart.tensor.Tensor;

/// 1 / (1 + e^-x), element by element.
///
/// | | |
/// |---|---|
/// | shapes | any |
/// | backward | dX = dY · y · (1 - y) |
/// | errors | none |
/// | source | as `torch.sigmoid` |
///
/// @param y the output
public record Sigmoid(Tensor y) implements Op.Unary {
    /// Applies the operator.
    public static Variable apply(Variable x) {
        Tensor y = x.value().sigmoid();
        return Variable.of(y, new Sigmoid(y), x);
    }

    @Override
    public Tensor dX(Tensor dY) {
        return Activations.sigmoidGradient(y, dY);
    }
}
