package dev.headstart.autograd.op;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Tensor;

/// Square root, element by element.
///
/// | | |
/// |---|---|
/// | shapes | any |
/// | backward | dX = dY / y / 2 |
/// | errors | none |
/// | source | as `torch.sqrt` |
///
/// @param y the output
public record Sqrt(Tensor y) implements Op.Unary {
    /// Applies the operator.
    public static Variable apply(Variable x) {
        Tensor y = x.value().sqrt();
        return Variable.of(y, new Sqrt(y), x);
    }

    @Override
    public Tensor dX(Tensor dY) {
        return dY.dividedBy(y).times(0.5f);
    }
}
