package dev.headstart.autograd.op;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;

/// Indices `from` up to, not including, `to` along an axis.
///
/// | | |
/// |---|---|
/// | shapes | any `→` the axis `to - from` long |
/// | backward | dX = dY between zeros |
/// | errors | the range is not within the axis |
/// | source | as `x[from:to]` |
///
/// @param xShape the input's shape
/// @param axis the axis cut
/// @param from the first index kept
public record Slice(Shape xShape, int axis, int from) implements Op.Unary {
    /// Applies the operator.
    public static Variable apply(Variable x, int axis, int from, int to) {
        return Variable.of(x.value().slice(axis, from, to), new Slice(x.shape(), axis, from), x);
    }

    @Override
    public Tensor dX(Tensor dY) {
        int to = from + dY.dim(axis);
        return Tensor.concat(axis, Tensor.zeros(xShape.with(axis, from)), dY, Tensor.zeros(xShape.with(axis, xShape.dim(axis) - to)));
    }
}
