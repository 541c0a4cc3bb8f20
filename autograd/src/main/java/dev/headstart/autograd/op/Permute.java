package dev.headstart.autograd.op;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Tensor;

/// Axes reordered: axis i of the result is axis `order[i]`.
///
/// | | |
/// |---|---|
/// | shapes | any |
/// | backward | dX = dY with the inverse order |
/// | errors | an axis is not named exactly once |
/// | source | as `torch.permute` |
///
/// @param inverse the order that undoes it
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Permute(int[] inverse) implements Op.Unary {
    /// Applies the operator.
    public static Variable apply(Variable x, int... order) {
        Tensor y = x.value().permute(order);
        int[] inverse = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            inverse[order[i]] = i;
        }
        return Variable.of(y, new Permute(inverse), x);
    }

    @Override
    public Tensor dX(Tensor dY) {
        return dY.permute(inverse);
    }
}
