package dev.headstart.autograd.op;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.geometry.Conv2dGeometry;

/// Two-dimensional convolution (cross-correlation) of images, channels last, with or without a bias.
///
/// | | |
/// |---|---|
/// | shapes | `x [batch, height, width, in]`, `weight [out, kernelHeight, kernelWidth, in / groups]`, `bias [out] → [batch, outHeight, outWidth, out]`, outHeight = ⌊(height + top + bottom - dilationY · (kernelHeight - 1) - 1) / strideY⌋ + 1 |
/// | backward | dX = dY convolved with the transposed, reversed weight; dWeight = dYᵀ · patches of x; dBias = Σ dY, over all positions |
/// | errors | not 4 axes; groups do not divide the channels; channels differ; the kernel does not fit; bias is not as long as the outputs |
/// | source | as `torch.nn.functional.conv2d`, but for the order of axes and padding of each side |
///
/// @param x the images
/// @param weight the weight
/// @param geometry stride, dilation, padding and groups
public record Conv2d(Tensor x, Tensor weight, Conv2dGeometry geometry) implements Op.Ternary {
    /// Applies the operator without bias.
    public static Variable apply(Variable x, Variable weight, Conv2dGeometry geometry) {
        return Variable.of(x.value().conv2d(weight.value(), geometry), new Conv2d(x.value(), weight.value(), geometry), x, weight);
    }

    /// Applies the operator.
    public static Variable apply(Variable x, Variable weight, Variable bias, Conv2dGeometry geometry) {
        return Variable.of(x.value().conv2d(weight.value(), bias.value(), geometry), new Conv2d(x.value(), weight.value(), geometry), x,
                weight, bias);
    }

    @Override
    public Tensor dX(Tensor dY) {
        return x.conv2dInputGradient(weight, dY, geometry);
    }

    @Override
    public Tensor dWeight(Tensor dY) {
        return x.conv2dWeightGradient(weight.shape(), dY, geometry);
    }

    @Override
    public Tensor dBias(Tensor dY) {
        return dY.sumTo(Shape.of(weight.dim(0)));
    }
}
