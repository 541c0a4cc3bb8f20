package dev.headstart.testkit;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.autograd.op.AdaptiveAvgPool2d;
import dev.headstart.autograd.op.AdaptiveMaxPool2d;
import dev.headstart.autograd.op.AvgPool2d;
import dev.headstart.autograd.op.MaxPool2d;
import dev.headstart.autograd.op.Resize;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.geometry.Interpolation;
import dev.headstart.tensor.geometry.Pool2dGeometry;
import dev.headstart.testkit.OpSpec.Refusal;
import dev.headstart.testkit.OpSpec.Sample;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// Pooling and resizing of images.
final class PoolingSpecs {
    private static final Pool2dGeometry OVERLAPPING = Pool2dGeometry.of(3).stride(2).padding(1);
    private static final Pool2dGeometry UNEVEN = new Pool2dGeometry(2, 3, 1, 4, 1, 0, 0, 2, false);
    private static final Pool2dGeometry REACHING = new Pool2dGeometry(2, 3, 3, 2, 1, 1, 1, 0, true);

    private PoolingSpecs() {}

    static List<OpSpec> all() {
        return List.of(maxPool2d(), avgPool2d(), adaptiveAvgPool2d(), adaptiveMaxPool2d(), resize());
    }

    private static Sample sample(Shape x, UnaryOperator<Variable> f) {
        Sample sample = Sample.of(v -> f.apply(v[0]), Values.distinct("x", x));
        return x.dim(0) == 0 ? sample : sample.batched(0);
    }

    private static List<Refusal> refusals(String name, UnaryOperator<Variable> f, String last, Shape lastX, UnaryOperator<Variable> lastF) {
        return List.of(
                Refusal.of(name + ": x[4, 4, 3]: images need 4 axes: [batch, height, width, channels]", v -> f.apply(v[0]),
                        Tensor.zeros(Shape.of(4, 4, 3))),
                Refusal.of(name + ": x[1, 0, 4, 3]: the images have no pixels", v -> f.apply(v[0]), Tensor.zeros(Shape.of(1, 0, 4, 3))),
                Refusal.of(last, v -> lastF.apply(v[0]), Tensor.zeros(lastX)));
    }

    private static OpSpec pool(Class<? extends Op> op, String name, BiFunction<Variable, Pool2dGeometry, Variable> f) {
        return new OpSpec(op,
                List.of(sample(Shape.of(2, 4, 6, 3), x -> f.apply(x, Pool2dGeometry.of(2))),
                        sample(Shape.of(1, 5, 6, 5), x -> f.apply(x, OVERLAPPING)),
                        sample(Shape.of(2, 4, 4, 4), x -> f.apply(x, OVERLAPPING.stride(1))),
                        sample(Shape.of(1, 4, 9, 2), x -> f.apply(x, UNEVEN)),
                        sample(Shape.of(1, 3, 2, 19), x -> f.apply(x, Pool2dGeometry.of(3, 2))),
                        sample(Shape.of(2, 5, 6, 3), x -> f.apply(x, REACHING)),
                        sample(Shape.of(1, 2, 5, 18), x -> f.apply(x, Pool2dGeometry.of(3, 2).ceilMode(true))),
                        sample(Shape.of(2, 7, 7, 1), x -> f.apply(x, Pool2dGeometry.of(2).stride(3))),
                        sample(Shape.of(0, 4, 4, 2), x -> f.apply(x, OVERLAPPING)),
                        sample(Shape.of(1, 4, 4, 0), x -> f.apply(x, OVERLAPPING))),
                sample(Shape.of(3, 31, 33, 37), x -> f.apply(x, OVERLAPPING)),
                refusals(name, x -> f.apply(x, OVERLAPPING), name + ": x[1, 2, 4, 3], window [3, 3]: the window does not fit into the"
                        + " padded images", Shape.of(1, 2, 4, 3), x -> f.apply(x, Pool2dGeometry.of(3))));
    }

    private static OpSpec maxPool2d() {
        return pool(MaxPool2d.class, "maxPool2d", Variable::maxPool2d);
    }

    private static OpSpec avgPool2d() {
        OpSpec counting = pool(AvgPool2d.class, "avgPool2d", (x, g) -> x.avgPool2d(g, true));
        OpSpec pixels = pool(AvgPool2d.class, "avgPool2d", (x, g) -> x.avgPool2d(g, false));
        return new OpSpec(AvgPool2d.class,
                Stream.concat(counting.samples().stream(), pixels.samples().stream()).toList(), pixels.large(),
                counting.refusals());
    }

    private static OpSpec adaptive(Class<? extends Op> op, String name, Binned f) {
        return new OpSpec(op,
                List.of(sample(Shape.of(2, 4, 6, 3), x -> f.apply(x, 1, 1)),
                        sample(Shape.of(1, 5, 7, 5), x -> f.apply(x, 3, 2)),
                        sample(Shape.of(1, 3, 3, 17), x -> f.apply(x, 3, 3)),
                        sample(Shape.of(2, 2, 3, 4), x -> f.apply(x, 5, 4)),
                        sample(Shape.of(0, 4, 4, 2), x -> f.apply(x, 2, 2))),
                sample(Shape.of(5, 31, 33, 37), x -> f.apply(x, 7, 7)),
                refusals(name, x -> f.apply(x, 1, 1), name + ": x[1, 2, 4, 3] to [0, 1]: each must be at least 1", Shape.of(1, 2, 4, 3),
                        x -> f.apply(x, 0, 1)));
    }

    /// Pooling into as many bins along height and width.
    private interface Binned {
        Variable apply(Variable x, int height, int width);
    }

    private static OpSpec adaptiveAvgPool2d() {
        return adaptive(AdaptiveAvgPool2d.class, "adaptiveAvgPool2d", Variable::adaptiveAvgPool2d);
    }

    private static OpSpec adaptiveMaxPool2d() {
        OpSpec spec = adaptive(AdaptiveMaxPool2d.class, "adaptiveMaxPool2d", Variable::adaptiveMaxPool2d);
        Refusal large = Refusal.of(
                "adaptiveMaxPool2d: x[1, 4097, 4096, 1] to [1, 1]: a bin has 16781312 pixels: at most 2^24 are possible",
                v -> v[0].adaptiveMaxPool2d(1, 1), Tensor.zeros(Shape.of(1)).broadcastTo(Shape.of(1, 4097, 4096, 1)));
        return new OpSpec(spec.op(), spec.samples(), spec.large(), Stream.concat(spec.refusals().stream(), Stream.of(large)).toList());
    }

    private static OpSpec resize() {
        return new OpSpec(Resize.class,
                List.of(sample(Shape.of(2, 3, 4, 3), x -> x.resize(6, 8, Interpolation.NEAREST)),
                        sample(Shape.of(1, 5, 7, 2), x -> x.resize(3, 11, Interpolation.NEAREST)),
                        sample(Shape.of(1, 3, 3, 17), x -> x.resize(7, 5, Interpolation.BILINEAR)),
                        sample(Shape.of(2, 7, 6, 2), x -> x.resize(2, 3, Interpolation.BILINEAR)),
                        sample(Shape.of(1, 1, 5, 3), x -> x.resize(4, 1, Interpolation.BILINEAR)),
                        sample(Shape.of(2, 3, 4, 3), x -> x.resize(5, 9, Interpolation.BILINEAR_ALIGNED)),
                        sample(Shape.of(1, 6, 5, 2), x -> x.resize(1, 2, Interpolation.BILINEAR_ALIGNED)),
                        sample(Shape.of(0, 4, 4, 2), x -> x.resize(2, 2, Interpolation.BILINEAR))),
                sample(Shape.of(2, 19, 23, 37), x -> x.resize(40, 44, Interpolation.BILINEAR)),
                refusals("resize", x -> x.resize(2, 2, Interpolation.NEAREST), "resize: x[1, 2, 4, 3] to [3, 0]: each must be at least 1",
                        Shape.of(1, 2, 4, 3), x -> x.resize(3, 0, Interpolation.NEAREST)));
    }
}
