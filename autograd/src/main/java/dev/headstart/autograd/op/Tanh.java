package dev.headstart.autograd.op;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Activations;
import dev.headstart.tensor.Tensor;

/// Hyperbolic tangent, element by element.
///
/// | | |
/// |---|---|
/// | shapes | any |
/// | backward | dX = dY · (1 - y²) |
/// | errors | none |
/// | source | as `torch.tanh` |
///
/// @param y the output
public record Tanh(Tensor y) implements Op.Unary {
    /// Applies the operator.
    public static Variable apply(Variable x) {
        Tensor y = x.value().tanh();
        return Variable.of(y, new Tanh(y), x);
    }

    @Override
    public Tensor dX(Tensor dY) {
        return Activations.tanhGradient(y, dY);
    }
}
