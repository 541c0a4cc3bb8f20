package dev.headstart.autograd.op;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Tensor;

/// Square, element by element.
///
/// | | |
/// |---|---|
/// | shapes | any |
/// | backward | dX = 2 · dY · x |
/// | errors | none |
/// | source | as `torch.square` |
///
/// @param x the input
public record Square(Tensor x) implements Op.Unary {
    /// Applies the operator.
    public static Variable apply(Variable x) {
        return Variable.of(x.value().square(), new Square(x.value()), x);
    }

    @Override
    public Tensor dX(Tensor dY) {
        return dY.times(x).times(2);
    }
}
