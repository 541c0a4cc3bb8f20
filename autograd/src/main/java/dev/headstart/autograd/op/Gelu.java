package dev.headstart.autograd.op;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Activations;
import dev.headstart.tensor.Tensor;

/// x · Φ(x) by the error function, element by element.
///
/// | | |
/// |---|---|
/// | shapes | any |
/// | backward | dX = dY · (Φ(x) + x φ(x)) |
/// | errors | none |
/// | source | Hendrycks and Gimpel 2016, arXiv 1606.08415; as `torch.nn.functional.gelu` |
///
/// @param x the input
public record Gelu(Tensor x) implements Op.Unary {
    /// Applies the operator.
    public static Variable apply(Variable x) {
        return Variable.of(x.value().gelu(), new Gelu(x.value()), x);
    }

    @Override
    public Tensor dX(Tensor dY) {
        return Activations.geluGradient(x, dY);
    }
}
