package dev.headstart.autograd.op;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Pooling;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.geometry.Pool2dGeometry;

/// The largest element of each window of images, channels last, for each channel.
///
/// | | |
/// |---|---|
/// | shapes | `[batch, height, width, channels] → [batch, outHeight, outWidth, channels]`, outHeight = ⌊(height + top + bottom - kernelHeight) / strideY⌋ + 1; in ceil mode ⌈…⌉ + 1, less 1 where the last window would begin behind the image |
/// | backward | dX = Σ dY over the windows an element has won; the first of equal ones wins, NaN wins over all, padding never |
/// | errors | not 4 axes; no pixels; the window does not fit |
/// | source | as `torch.nn.functional.max_pool2d`, but for the order of axes and padding of each side |
///
/// @param x shape of the images
/// @param winners which position of each window has won
/// @param geometry the windows
public record MaxPool2d(Shape x, Tensor winners, Pool2dGeometry geometry) implements Op.Unary {
    /// Applies the operator.
    public static Variable apply(Variable x, Pool2dGeometry geometry) {
        Tensor.Pooled result = x.value().maxPool2d(geometry);
        return Variable.of(result.y(), new MaxPool2d(x.shape(), result.winners(), geometry), x);
    }

    @Override
    public Tensor dX(Tensor dY) {
        return Pooling.maxGradient(x, winners, geometry, dY);
    }
}
