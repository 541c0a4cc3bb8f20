package dev.headstart.autograd.op;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Pooling;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.geometry.Interpolation;

/// Images, channels last, with another height and width.
///
/// | | |
/// |---|---|
/// | shapes | `[batch, height, width, channels] → [batch, outHeight, outWidth, channels]` |
/// | backward | each pixel gets the elements of dY it was used for, with the same weights |
/// | errors | not 4 axes; no pixels; no output |
/// | source | as `torch.nn.functional.interpolate` with a size, but for the order of axes |
///
/// @param x shape of the images
/// @param how nearest pixels or weighted means of neighbours
public record Resize(Shape x, Interpolation how) implements Op.Unary {
    /// Applies the operator.
    public static Variable apply(Variable x, int outHeight, int outWidth, Interpolation how) {
        return Variable.of(x.value().resize(outHeight, outWidth, how), new Resize(x.shape(), how), x);
    }

    @Override
    public Tensor dX(Tensor dY) {
        return Pooling.resizeGradient(x, how, dY);
    }
}
