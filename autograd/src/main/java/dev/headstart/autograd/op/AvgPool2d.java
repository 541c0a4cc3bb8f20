package dev.headstart.autograd.op;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Pooling;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.geometry.Pool2dGeometry;

/// The mean of each window of images, channels last, for each channel.
///
/// | | |
/// |---|---|
/// | shapes | `[batch, height, width, channels] → [batch, outHeight, outWidth, channels]`, outHeight = ⌊(height + top + bottom - kernelHeight) / strideY⌋ + 1; in ceil mode ⌈…⌉ + 1, less 1 where the last window would begin behind the image |
/// | backward | dX = Σ dY / number of elements, over the windows an element is in |
/// | errors | not 4 axes; no pixels; the window does not fit |
/// | source | as `torch.nn.functional.avg_pool2d`, but for the order of axes and padding of each side |
///
/// @param x shape of the images
/// @param geometry the windows
/// @param countPadding whether padding is counted, as zeros; what a window has beyond the padding never is
public record AvgPool2d(Shape x, Pool2dGeometry geometry, boolean countPadding) implements Op.Unary {
    /// Applies the operator.
    public static Variable apply(Variable x, Pool2dGeometry geometry, boolean countPadding) {
        return Variable.of(x.value().avgPool2d(geometry, countPadding), new AvgPool2d(x.shape(), geometry, countPadding), x);
    }

    @Override
    public Tensor dX(Tensor dY) {
        return Pooling.averageGradient(x, geometry, countPadding, dY);
    }
}
