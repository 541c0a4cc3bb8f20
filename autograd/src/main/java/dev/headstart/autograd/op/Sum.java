package dev.headstart.autograd.op;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Shapes;
import dev.headstart.tensor.Tensor;

/// Sum over axes, which are dropped; no axes means all.
///
/// | | |
/// |---|---|
/// | shapes | any `→` without the axes |
/// | backward | dX = dY, stretched |
/// | errors | no such axis; an axis named twice |
/// | source | as `torch.sum(x, axes)` |
///
/// @param xShape the input's shape
/// @param kept the input's shape with the summed axes 1 long
public record Sum(Shape xShape, Shape kept) implements Op.Unary {
    /// Applies the operator.
    public static Variable apply(Variable x, int... axes) {
        return Variable.of(x.value().sum(axes), new Sum(x.shape(), Shapes.reducedKeeping("sum", x.shape(), axes)), x);
    }

    @Override
    public Tensor dX(Tensor dY) {
        return dY.reshape(kept).broadcastTo(xShape);
    }
}
