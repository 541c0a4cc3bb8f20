package dev.headstart.autograd.op;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.Tensor;

/// From each row (last axis) the element at its index; a negative index gives 0.
///
/// | | |
/// |---|---|
/// | shapes | `[…, n]`, indices `[…] → […]` |
/// | backward | dX is zero but for dY at each row's index |
/// | errors | not one index for each row; an index not below n |
/// | source | as `torch.gather` with one index for each row |
///
/// @param indices the index for each row
/// @param n length of a row
public record Pick(Indices indices, int n) implements Op.Unary {
    /// Applies the operator.
    public static Variable apply(Variable x, Indices indices) {
        return Variable.of(x.value().pick(indices), new Pick(indices, x.shape().dim(-1)), x);
    }

    @Override
    public Tensor dX(Tensor dY) {
        return dY.place(indices, n);
    }
}
