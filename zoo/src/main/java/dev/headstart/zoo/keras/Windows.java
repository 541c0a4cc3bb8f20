package dev.headstart.zoo.keras;

import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.geometry.Conv2dGeometry;
import dev.headstart.tensor.geometry.Pool2dGeometry;
import java.io.IOException;

/// How a kernel or a window goes over images. The padding `same` depends on their size: the output has `⌈size / stride⌉` pixels, and where the
/// padding is odd, more of it lies behind.
///
/// @param kernel rows and columns
/// @param stride of rows and columns
/// @param dilation of rows and columns
/// @param same whether the padding is `same`, else there is none
record Windows(int[] kernel, int[] stride, int[] dilation, boolean same) {
    private int padding(int axis, int extent) {
        int reach = (kernel[axis] - 1) * dilation[axis] + 1;
        return same ? Math.max(0, (Math.ceilDiv(extent, stride[axis]) - 1) * stride[axis] + reach - extent) : 0;
    }

    /// What goes over these images.
    Conv2dGeometry convolution(Shape x, int groups) {
        int tall = padding(0, x.dim(1));
        int wide = padding(1, x.dim(2));
        return Conv2dGeometry.DEFAULT.stride(stride[0], stride[1]).dilation(dilation[0], dilation[1])
                .padding(tall / 2, tall - tall / 2, wide / 2, wide - wide / 2).groups(groups);
    }

    /// What goes over these images.
    Pool2dGeometry pooling(Shape x) {
        int tall = padding(0, x.dim(1));
        int wide = padding(1, x.dim(2));
        return Pool2dGeometry.of(kernel[0], kernel[1]).stride(stride[0], stride[1]).padding(tall / 2, tall - tall / 2, wide / 2,
                wide - wide / 2);
    }

    /// What becomes of images of this size.
    Extents over(Extents in, int channels, Fields layer) throws IOException {
        return Extents.of(out(0, in.get(0), layer), out(1, in.get(1), layer), channels);
    }

    private int out(int axis, int extent, Fields layer) throws IOException {
        if (extent == Extents.OPEN) {
            return extent;
        }
        int covered = extent + padding(axis, extent) - (kernel[axis] - 1) * dilation[axis] - 1;
        if (covered < 0) {
            throw layer.refused("the kernel is larger than its input, of " + extent + " pixels");
        }
        return covered / stride[axis] + 1;
    }

    /// Zeros around images.
    ///
    /// @param sides rows above and below, columns left and right
    static Variable padded(Variable x, int[] sides) {
        return padded(padded(x, 1, sides[0], sides[1]), 2, sides[2], sides[3]);
    }

    private static Variable padded(Variable x, int axis, int before, int behind) {
        Variable more = before == 0 ? x : Variable.concat(axis, Variable.of(Tensor.zeros(x.shape().with(axis, before))), x);
        return behind == 0 ? more : Variable.concat(axis, more, Variable.of(Tensor.zeros(x.shape().with(axis, behind))));
    }
}
