package dev.headstart.autograd.op;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Pooling;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;

/// The largest elements of a given number of bins of images, channels last, for each channel; 1 by 1 is global max pooling.
///
/// | | |
/// |---|---|
/// | shapes | `[batch, height, width, channels] → [batch, outHeight, outWidth, channels]`, bin i from ⌊i · height / outHeight⌋ to ⌈(i + 1) · height / outHeight⌉ |
/// | backward | dX = Σ dY over the bins an element has won; the first of equal ones wins, NaN wins over all |
/// | errors | not 4 axes; no pixels; no bins; a bin of more than 2²⁴ pixels |
/// | source | as `torch.nn.functional.adaptive_max_pool2d`, but for the order of axes |
///
/// @param x shape of the images
/// @param winners which position of each bin has won
public record AdaptiveMaxPool2d(Shape x, Tensor winners) implements Op.Unary {
    /// Applies the operator.
    public static Variable apply(Variable x, int outHeight, int outWidth) {
        Tensor.Pooled result = x.value().adaptiveMaxPool2d(outHeight, outWidth);
        return Variable.of(result.y(), new AdaptiveMaxPool2d(x.shape(), result.winners()), x);
    }

    @Override
    public Tensor dX(Tensor dY) {
        return Pooling.adaptiveMaxGradient(x, winners, dY);
    }
}
