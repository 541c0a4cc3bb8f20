package dev.headstart.autograd.op;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Convolutions;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.geometry.Conv2dGeometry;
import org.jspecify.annotations.Nullable;

/// Two-dimensional convolution (cross-correlation) of images, channels last, with or without a bias.
///
/// | | |
/// |---|---|
/// | shapes | `x [batch, height, width, in]`, `weight [out, kernelHeight, kernelWidth, in / groups]`, `bias [out] → [batch, outHeight, outWidth, out]`, outHeight = ⌊(height + top + bottom - dilationY · (kernelHeight - 1) - 1) / strideY⌋ + 1 |
/// | backward | dX = dY convolved with the transposed, reversed weight; dWeight = dYᵀ · patches of x; dBias = Σ dY, over all positions |
/// | errors | not 4 axes; groups do not divide the channels; channels differ; the kernel does not fit; bias is not as long as the outputs |
/// | source | as `torch.nn.functional.conv2d`, but for the order of axes and padding of each side |
///
/// @param x the images; null where the weight's gradient is not wanted
/// @param weight the weight; null where the gradient of x is not wanted
/// @param xShape shape of x
/// @param weightShape shape of the weight
/// @param geometry stride, dilation, padding and groups
public record Conv2d(@Nullable Tensor x, @Nullable Tensor weight, Shape xShape, Shape weightShape, Conv2dGeometry geometry)
        implements
            Op.Ternary {
    /// Applies the operator.
    public static Variable apply(Variable x, Variable weight, @Nullable Variable bias, Conv2dGeometry geometry) {
        Tensor y = x.value().conv2d(weight.value(), bias == null ? null : bias.value(), geometry);
        Conv2d op = new Conv2d(x.keptFor(weight), weight.keptFor(x), x.shape(), weight.shape(), geometry);
        return bias == null ? Variable.of(y, op, x, weight) : Variable.of(y, op, x, weight, bias);
    }

    @Override
    public Tensor dX(Tensor dY) {
        return Convolutions.inputGradient(xShape, kept(weight), dY, geometry);
    }

    @Override
    public Tensor dWeight(Tensor dY) {
        return Convolutions.weightGradient(kept(x), weightShape, dY, geometry);
    }

    @Override
    public Tensor dBias(Tensor dY) {
        return dY.sumTo(Shape.of(weightShape.dim(0)));
    }
}
