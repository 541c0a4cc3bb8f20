package dev.headstart.autograd.op;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;

/// x stretched to a larger shape.
///
/// | | |
/// |---|---|
/// | shapes | any `→` a shape it broadcasts to |
/// | backward | dX = dY, summed over the stretched axes |
/// | errors | an axis would be stretched from other than 1 |
/// | source | as `torch.broadcast_to` |
///
/// @param xShape the input's shape
public record BroadcastTo(Shape xShape) implements Op.Unary {
    /// Applies the operator.
    public static Variable apply(Variable x, Shape to) {
        return Variable.of(x.value().broadcastTo(to), new BroadcastTo(x.shape()), x);
    }

    @Override
    public Tensor dX(Tensor dY) {
        return dY.sumTo(xShape);
    }
}
