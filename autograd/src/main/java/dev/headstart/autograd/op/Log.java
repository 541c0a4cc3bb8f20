package dev.headstart.autograd.op;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Tensor;

/// Natural logarithm, element by element.
///
/// | | |
/// |---|---|
/// | shapes | any |
/// | backward | dX = dY / x |
/// | errors | none |
/// | source | as `torch.log` |
///
/// @param x the input
public record Log(Tensor x) implements Op.Unary {
    /// Applies the operator.
    public static Variable apply(Variable x) {
        return Variable.of(x.value().log(), new Log(x.value()), x);
    }

    @Override
    public Tensor dX(Tensor dY) {
        return dY.dividedBy(x);
    }
}
