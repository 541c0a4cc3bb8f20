package dev.headstart.autograd.op;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Pooling;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;

/// The means of a given number of bins of images, channels last, for each channel; 1 by 1 is global average pooling.
///
/// | | |
/// |---|---|
/// | shapes | `[batch, height, width, channels] → [batch, outHeight, outWidth, channels]`, bin i from ⌊i · height / outHeight⌋ to ⌈(i + 1) · height / outHeight⌉ |
/// | backward | dX = Σ dY / number of elements, over the bins an element is in |
/// | errors | not 4 axes; no pixels; no bins |
/// | source | as `torch.nn.functional.adaptive_avg_pool2d`, but for the order of axes |
///
/// @param x shape of the images
public record AdaptiveAvgPool2d(Shape x) implements Op.Unary {
    /// Applies the operator.
    public static Variable apply(Variable x, int outHeight, int outWidth) {
        return Variable.of(x.value().adaptiveAvgPool2d(outHeight, outWidth), new AdaptiveAvgPool2d(x.shape()), x);
    }

    @Override
    public Tensor dX(Tensor dY) {
        return Pooling.adaptiveAverageGradient(x, dY);
    }
}
