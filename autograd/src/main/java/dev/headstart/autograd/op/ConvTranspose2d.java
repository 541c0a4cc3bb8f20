package dev.headstart.autograd.op;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Convolutions;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.geometry.Conv2dGeometry;
import org.jspecify.annotations.Nullable;

/// Transposed two-dimensional convolution of images, channels last: the gradient of [Conv2d] with respect to its images, as an operator.
///
/// | | |
/// |---|---|
/// | shapes | `x [batch, height, width, in]`, `weight [in, kernelHeight, kernelWidth, out / groups] → [batch, outHeight, outWidth, out]`, outHeight = (height - 1) · strideY - top - bottom + dilationY · (kernelHeight - 1) + 1 + extraHeight |
/// | backward | dX = dY convolved with the weight; dWeight = xᵀ · patches of dY, over all positions |
/// | errors | not 4 axes; channels differ; groups do not divide them; extra rows or columns not below the stride; nothing left by the padding |
/// | source | as `torch.nn.functional.conv_transpose2d`, whose `output_padding` is the extra; but for the order of axes. Dumoulin and Visin 2016, arXiv 1603.07285, section 4 |
///
/// @param x the images; null where the weight's gradient is not wanted
/// @param weight the weight; null where the gradient of x is not wanted
/// @param weightShape shape of the weight
/// @param geometry of the convolution this transposes
public record ConvTranspose2d(@Nullable Tensor x, @Nullable Tensor weight, Shape weightShape, Conv2dGeometry geometry)
        implements
            Op.Binary {
    /// Applies the operator.
    public static Variable apply(Variable x, Variable weight, Conv2dGeometry geometry, int extraHeight, int extraWidth) {
        Tensor y = x.value().convTranspose2d(weight.value(), geometry, extraHeight, extraWidth);
        return Variable.of(y, new ConvTranspose2d(x.keptFor(weight), weight.keptFor(x), weight.shape(), geometry), x, weight);
    }

    @Override
    public Tensor dA(Tensor dY) {
        return dY.conv2d(kept(weight), null, geometry);
    }

    @Override
    public Tensor dB(Tensor dY) {
        return Convolutions.weightGradient(dY, weightShape, kept(x), geometry);
    }
}
