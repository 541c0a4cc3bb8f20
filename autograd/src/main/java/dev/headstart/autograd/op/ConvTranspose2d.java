package dev.headstart.autograd.op;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.geometry.Conv2dGeometry;

/// Transposed two-dimensional convolution of images, channels last: the gradient of [Conv2d] with respect to its images, as an operator.
///
/// | | |
/// |---|---|
/// | shapes | `x [batch, height, width, in]`, `weight [in, kernelHeight, kernelWidth, out / groups] → [batch, outHeight, outWidth, out]`, outHeight = (height - 1) · strideY - top - bottom + dilationY · (kernelHeight - 1) + 1 + extraHeight |
/// | backward | dX = dY convolved with the weight; dWeight = xᵀ · patches of dY, over all positions |
/// | errors | not 4 axes; channels differ; groups do not divide them; extra rows or columns not below the stride; nothing left by the padding |
/// | source | as `torch.nn.functional.conv_transpose2d`, whose `output_padding` is the extra; but for the order of axes. Dumoulin and Visin 2016, arXiv 1603.07285, section 4 |
///
/// @param x the images
/// @param weight the weight
/// @param geometry of the convolution this transposes
public record ConvTranspose2d(Tensor x, Tensor weight, Conv2dGeometry geometry) implements Op.Binary {
    /// Applies the operator.
    public static Variable apply(Variable x, Variable weight, Conv2dGeometry geometry, int extraHeight, int extraWidth) {
        Tensor y = x.value().convTranspose2d(weight.value(), geometry, extraHeight, extraWidth);
        return Variable.of(y, new ConvTranspose2d(x.value(), weight.value(), geometry), x, weight);
    }

    @Override
    public Tensor dA(Tensor dY) {
        return dY.conv2d(weight, geometry);
    }

    @Override
    public Tensor dB(Tensor dY) {
        return dY.conv2dWeightGradient(weight.shape(), x, geometry);
    }
}
