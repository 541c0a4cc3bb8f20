package dev.headstart.testkit;

import dev.headstart.autograd.op.Conv2d;
import dev.headstart.autograd.op.ConvTranspose2d;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.geometry.Conv2dGeometry;
import dev.headstart.testkit.OpSpec.Refusal;
import dev.headstart.testkit.OpSpec.Sample;
import java.util.List;

/// Convolutions.
final class ConvolutionSpecs {
    private static final Conv2dGeometry PLAIN = Conv2dGeometry.DEFAULT;

    private ConvolutionSpecs() {}

    static List<OpSpec> all() {
        return List.of(conv2d(), convTranspose2d());
    }

    private static OpSpec conv2d() {
        return new OpSpec(Conv2d.class,
                List.of(withBias(Shape.of(2, 4, 5, 3), Shape.of(4, 3, 3, 3), PLAIN.padding(1)),
                        withBias(Shape.of(2, 5, 4, 3), Shape.of(5, 1, 1, 3), PLAIN),
                        withBias(Shape.of(1, 3, 3, 2), Shape.of(3, 3, 3, 2), PLAIN),
                        sample(Shape.of(1, 6, 7, 2), Shape.of(3, 3, 2, 2), PLAIN.stride(2, 3).padding(1, 0, 2, 1)),
                        sample(Shape.of(1, 7, 7, 2), Shape.of(2, 2, 3, 2), PLAIN.dilation(3, 2).padding(2)),
                        sample(Shape.of(2, 5, 5, 2), Shape.of(3, 1, 1, 2), PLAIN.stride(2)),
                        sample(Shape.of(1, 4, 4, 6), Shape.of(4, 3, 3, 3), PLAIN.groups(2).padding(1)),
                        sample(Shape.of(2, 3, 3, 4), Shape.of(6, 1, 1, 2), PLAIN.groups(2)),
                        withBias(Shape.of(1, 4, 5, 5), Shape.of(5, 3, 3, 1), PLAIN.groups(5).padding(1, 1, 0, 2)),
                        sample(Shape.of(1, 6, 5, 3), Shape.of(3, 3, 2, 1), PLAIN.groups(3).stride(2).dilation(1, 2).padding(2)),
                        sample(Shape.of(1, 4, 4, 2), Shape.of(4, 2, 2, 1), PLAIN.groups(2)),
                        withBias(Shape.of(2, 1, 9, 3), Shape.of(4, 1, 3, 3), PLAIN.stride(1, 2).padding(0, 0, 1, 1)),
                        sample(Shape.of(0, 3, 3, 2), Shape.of(2, 2, 2, 2), PLAIN),
                        withBias(Shape.of(1, 3, 3, 0), Shape.of(2, 2, 2, 0), PLAIN),
                        sample(Shape.of(1, 0, 2, 2), Shape.of(2, 2, 2, 2), PLAIN.padding(1))),
                withBias(Shape.of(3, 17, 19, 21), Shape.of(37, 3, 3, 21), PLAIN.stride(1, 2).padding(1, 0, 1, 1)),
                List.of(refusal("conv2d: x[8, 32, 32, 3], w[16, 3, 3, 4]: channels differ: x has 3 (axis 3), w expects 4 (axis 3)",
                        Shape.of(8, 32, 32, 3), Shape.of(16, 3, 3, 4), PLAIN),
                        refusal("conv2d: x[1, 4, 4, 6], w[4, 3, 3, 6]: channels differ: x has 6 (axis 3), 3 in each of 2 groups, w expects 6"
                                + " (axis 3)", Shape.of(1, 4, 4, 6), Shape.of(4, 3, 3, 6), PLAIN.groups(2)),
                        refusal("conv2d: x[1, 4, 4, 6], w[3, 3, 3, 3]: 2 groups do not divide the channels: x has 6 (axis 3), w gives 3"
                                + " (axis 0)", Shape.of(1, 4, 4, 6), Shape.of(3, 3, 3, 3), PLAIN.groups(2)),
                        refusal("conv2d: x[4, 4, 6], w[3, 3, 3, 6]: both need 4 axes: images [batch, height, width, channels], weights"
                                + " [out, height, width, in]", Shape.of(4, 4, 6), Shape.of(3, 3, 3, 6), PLAIN),
                        refusal("conv2d: x[1, 2, 4, 6], w[3, 3, 3, 6]: the kernel does not fit into the padded images: the result would be"
                                + " 0 high and 2 wide", Shape.of(1, 2, 4, 6), Shape.of(3, 3, 3, 6), PLAIN),
                        Refusal.of("conv2d: w[3, 1, 1, 6], bias[2]: one bias for each output is needed: w gives 3 (axis 0)",
                                v -> v[0].conv2d(v[1], v[2], PLAIN), Tensor.zeros(Shape.of(1, 2, 2, 6)),
                                Tensor.zeros(Shape.of(3, 1, 1, 6)), Tensor.zeros(Shape.of(2)))));
    }

    private static OpSpec convTranspose2d() {
        Shape x = Shape.of(2, 3, 4, 3);
        return new OpSpec(ConvTranspose2d.class,
                List.of(transposed(x, Shape.of(3, 3, 3, 2), PLAIN, 0, 0),
                        transposed(x, Shape.of(3, 3, 3, 4), PLAIN.padding(1), 0, 0),
                        transposed(x, Shape.of(3, 1, 1, 5), PLAIN, 0, 0),
                        transposed(x, Shape.of(3, 3, 3, 2), PLAIN.stride(2).padding(1), 1, 1),
                        transposed(x, Shape.of(3, 2, 3, 2), PLAIN.stride(2, 3).padding(0, 1, 1, 0), 1, 2),
                        transposed(x, Shape.of(3, 2, 3, 1), PLAIN.dilation(2, 1).padding(1), 0, 0),
                        transposed(Shape.of(1, 3, 3, 4), Shape.of(4, 3, 3, 3), PLAIN.groups(2).stride(2), 0, 1),
                        transposed(Shape.of(1, 3, 4, 3), Shape.of(3, 3, 3, 1), PLAIN.groups(3).padding(1), 0, 0)),
                transposed(Shape.of(3, 9, 11, 37), Shape.of(37, 3, 3, 21), PLAIN.stride(2).padding(1), 1, 0),
                List.of(refusal("convTranspose2d: x[2, 3, 4, 3], w[2, 3, 3, 4]: channels differ: x has 3 (axis 3), w expects 2 (axis 0), in"
                        + " 1 group", x, Shape.of(2, 3, 3, 4), PLAIN, 0),
                        refusal("convTranspose2d: x[2, 3, 4], w[2, 3, 3, 4]: both need 4 axes: images [batch, height, width, channels],"
                                + " weights [in, height, width, out]", Shape.of(2, 3, 4), Shape.of(2, 3, 3, 4), PLAIN, 0),
                        refusal("convTranspose2d: x[2, 3, 4, 3], w[3, 3, 3, 4]: extra [2, 0]: each must be at least 0 and below its stride,"
                                + " [2, 2]", x, Shape.of(3, 3, 3, 4), PLAIN.stride(2), 2),
                        refusal("convTranspose2d: x[2, 3, 4, 3], w[3, 1, 1, 4]: nothing is left: the result would be -1 high and 0 wide", x,
                                Shape.of(3, 1, 1, 4), PLAIN.padding(2), 0)));
    }

    private static Sample transposed(Shape x, Shape weight, Conv2dGeometry geometry, int extraHeight, int extraWidth) {
        return Sample.of(v -> v[0].convTranspose2d(v[1], geometry, extraHeight, extraWidth), Values.between("x", x, -1, 1),
                Values.between("w", weight, -1, 1)).batched(0);
    }

    private static Refusal refusal(String message, Shape x, Shape weight, Conv2dGeometry geometry, int extraHeight) {
        return Refusal.of(message, v -> v[0].convTranspose2d(v[1], geometry, extraHeight, 0), Tensor.zeros(x), Tensor.zeros(weight));
    }

    private static Sample sample(Shape x, Shape weight, Conv2dGeometry geometry) {
        Sample sample = Sample.of(v -> v[0].conv2d(v[1], null, geometry), Values.between("x", x, -1, 1),
                Values.between("w", weight, -1, 1));
        return x.dim(0) == 0 ? sample : sample.batched(0);
    }

    private static Sample withBias(Shape x, Shape weight, Conv2dGeometry geometry) {
        return Sample.of(v -> v[0].conv2d(v[1], v[2], geometry), Values.between("x", x, -1, 1), Values.between("w", weight, -1, 1),
                Values.between("b", Shape.of(weight.dim(0)), -1, 1)).batched(0);
    }

    private static Refusal refusal(String message, Shape x, Shape weight, Conv2dGeometry geometry) {
        return Refusal.of(message, v -> v[0].conv2d(v[1], null, geometry), Tensor.zeros(x), Tensor.zeros(weight));
    }
}
