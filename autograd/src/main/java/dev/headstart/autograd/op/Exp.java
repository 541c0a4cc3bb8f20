package dev.headstart.autograd.op;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Tensor;

/// e^x, element by element.
///
/// | | |
/// |---|---|
/// | shapes | any |
/// | backward | dX = dY · y |
/// | errors | none |
/// | source | as `torch.exp` |
///
/// @param y the output
public record Exp(Tensor y) implements Op.Unary {
    /// Applies the operator.
    public static Variable apply(Variable x) {
        Tensor y = x.value().exp();
        return Variable.of(y, new Exp(y), x);
    }

    @Override
    public Tensor dX(Tensor dY) {
        return dY.times(y);
    }
}
