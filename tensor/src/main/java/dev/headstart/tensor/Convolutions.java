package dev.headstart.tensor;

import dev.headstart.tensor.geometry.Conv2dGeometry;
import dev.headstart.tensor.kernel.Conv;
import dev.headstart.tensor.kernel.ConvShape;
import dev.headstart.tensor.kernel.InitialRows;
import dev.headstart.tensor.kernel.choice.KernelChoice;
import org.jspecify.annotations.Nullable;

/// Convolutions: shape rules and the calls of the kernel.
public final class Convolutions {
    private static final Conv KERNEL = KernelChoice.ACTIVE.conv();

    private Convolutions() {}

    static Tensor forward(Tensor x, Tensor weight, @Nullable Tensor bias, Conv2dGeometry geometry) {
        Shape shape = Shapes.conv2d(x.shape(), weight.shape(), geometry);
        if (bias != null) {
            Shapes.conv2dBias(weight.shape(), bias.shape());
        }
        Tensor images = x.contiguous();
        Tensor w = weight.contiguous();
        Tensor result = Workspace.result(shape);
        Tensor row = bias == null ? null : bias.contiguous();
        KERNEL.forward(Workers.current(), extents(x.shape(), weight.shape(), shape, geometry), images.elements(0), w.elements(0),
                result.elements(0), row == null ? InitialRows.ZERO : new InitialRows(row.data(), row.offset));
        return result;
    }

    /// The gradient of images of shape x, in the shapes of [Tensor#conv2d].
    public static Tensor inputGradient(Shape x, Tensor weight, Tensor dY, Conv2dGeometry geometry) {
        Shape shape = Shapes.same("conv2dInputGradient", Shapes.conv2d(x, weight.shape(), geometry), dY.shape());
        Tensor given = dY.contiguous();
        Tensor w = weight.contiguous();
        Tensor result = Workspace.zeros(x);
        KERNEL.inputGradient(Workers.current(), extents(x, weight.shape(), shape, geometry), given.elements(0), w.elements(0),
                result.elements(0));
        return result;
    }

    /// The gradient of a weight of this shape, in the shapes of [Tensor#conv2d].
    public static Tensor weightGradient(Tensor x, Shape weight, Tensor dY, Conv2dGeometry geometry) {
        Shape shape = Shapes.same("conv2dWeightGradient", Shapes.conv2d(x.shape(), weight, geometry), dY.shape());
        Tensor images = x.contiguous();
        Tensor given = dY.contiguous();
        Tensor result = Workspace.zeros(weight);
        KERNEL.weightGradient(Workers.current(), extents(x.shape(), weight, shape, geometry), images.elements(0), given.elements(0),
                result.elements(0));
        return result;
    }

    private static ConvShape extents(Shape x, Shape weight, Shape y, Conv2dGeometry g) {
        return new ConvShape(x.dim(0), x.dim(1), x.dim(2), x.dim(3), y.dim(1), y.dim(2), y.dim(3), weight.dim(1), weight.dim(2),
                g.strideY(), g.strideX(), g.dilationY(), g.dilationX(), g.top(), g.left(), g.groups());
    }
}
