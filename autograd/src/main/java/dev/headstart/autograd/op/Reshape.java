package dev.headstart.autograd.op;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;

/// The same elements under another shape; one extent may be -1.
///
/// | | |
/// |---|---|
/// | shapes | any `→` any of equal size |
/// | backward | dX = dY, reshaped |
/// | errors | sizes differ |
/// | source | as `torch.reshape` |
///
/// @param xShape the input's shape
public record Reshape(Shape xShape) implements Op.Unary {
    /// Applies the operator.
    public static Variable apply(Variable x, int... dims) {
        return Variable.of(x.value().reshape(dims), new Reshape(x.shape()), x);
    }

    @Override
    public Tensor dX(Tensor dY) {
        return dY.reshape(xShape);
    }
}
