package dev.headstart.autograd.op;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Tensor;

/// x where the condition is not 0, else a number.
///
/// | | |
/// |---|---|
/// | shapes | x of any shape, a condition that broadcasts to it |
/// | backward | dX = dY where the condition is not 0, else 0 |
/// | errors | the condition does not broadcast to x |
/// | source | as `torch.where(condition, x, otherwise)` |
///
/// @param condition where the input passes
public record Where(Tensor condition) implements Op.Unary {
    /// Applies the operator.
    public static Variable apply(Variable x, Tensor condition, float otherwise) {
        return Variable.of(x.value().where(condition, otherwise), new Where(condition), x);
    }

    @Override
    public Tensor dX(Tensor dY) {
        return dY.where(condition, 0);
    }
}
