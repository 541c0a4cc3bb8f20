package dev.headstart.autograd.op;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Shapes;
import dev.headstart.tensor.Tensor;

/// Largest element over axes, which are dropped; no axes means all.
///
/// | | |
/// |---|---|
/// | shapes | any `→` without the axes |
/// | backward | dX = dY where x is the largest, shared equally among ties, else 0 |
/// | errors | no such axis; an axis named twice |
/// | source | as `torch.amax(x, axes)` |
///
/// @param x the input
/// @param y the output with the reduced axes kept, 1 long
public record Max(Tensor x, Tensor y) implements Op.Unary {
    /// Applies the operator.
    public static Variable apply(Variable x, int... axes) {
        Tensor y = x.value().max(axes);
        return Variable.of(y, new Max(x.value(), y.reshape(Shapes.reducedKeeping("max", x.shape(), axes))), x);
    }

    @Override
    public Tensor dX(Tensor dY) {
        Shape kept = y.shape();
        Tensor largest = x.equal(y);
        return largest.times(dY.reshape(kept).dividedBy(largest.sumTo(kept)));
    }
}
