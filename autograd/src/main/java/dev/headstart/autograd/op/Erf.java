package dev.headstart.autograd.op;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Tensor;

/// Error function, element by element.
///
/// | | |
/// |---|---|
/// | shapes | any |
/// | backward | dX = dY · 2/√π · exp(-x²) |
/// | errors | none |
/// | source | as `torch.erf` |
///
/// @param x the input
public record Erf(Tensor x) implements Op.Unary {
    /// Applies the operator.
    public static Variable apply(Variable x) {
        return Variable.of(x.value().erf(), new Erf(x.value()), x);
    }

    @Override
    public Tensor dX(Tensor dY) {
        return x.square().negate().exp().times(1.1283792f).times(dY);
    }
}
