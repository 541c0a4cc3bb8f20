package dev.headstart.tensor;

import dev.headstart.tensor.kernel.Binary;
import dev.headstart.tensor.kernel.Elementwise;
import dev.headstart.tensor.kernel.Unary;
import dev.headstart.tensor.kernel.choice.KernelChoice;

/// Element-wise operators: shapes, allocation, and the walk that feeds the kernels.
final class Loops {
    private static final Elementwise KERNEL = KernelChoice.ACTIVE.elementwise();

    private Loops() {}

    static Tensor copy(Tensor x) {
        Tensor result = Workspace.result(x.shape());
        copy(x, result.data());
        return result;
    }

    static void copy(Tensor x, float[] y) {
        Runs runs = Runs.of(x.shape(), x.strides, x.strides);
        runs.forEach(x.offset, 0, (a, b, to, n) -> KERNEL.copy(x.data(), a, runs.aStride(), y, to, n));
    }

    static Tensor unary(Unary f, Tensor x) {
        Tensor result = Workspace.result(x.shape());
        float[] y = result.data();
        Runs runs = Runs.of(x.shape(), x.strides, x.strides);
        runs.forEach(x.offset, 0, (a, b, to, n) -> KERNEL.unary(f, x.data(), a, runs.aStride(), y, to, n));
        return result;
    }

    static Tensor affine(Tensor x, float scale, float shift) {
        Tensor source = x.contiguous();
        Tensor result = Workspace.result(x.shape());
        float[] y = result.data();
        Runs runs = Runs.of(source.shape(), source.strides, source.strides);
        runs.forEach(source.offset, 0, (a, b, to, n) -> KERNEL.affine(source.data(), a, scale, shift, y, to, n));
        return result;
    }

    static Tensor binary(String operator, Binary f, Tensor a, Tensor b) {
        Shape shape = Shapes.broadcast(operator, a.shape(), b.shape());
        Tensor left = a.broadcastTo(shape);
        Tensor right = b.broadcastTo(shape);
        Tensor result = Workspace.result(shape);
        float[] y = result.data();
        Runs runs = Runs.of(shape, left.strides, right.strides);
        runs.forEach(left.offset, right.offset,
                (ao, bo, to, n) -> KERNEL.binary(f, left.data(), ao, runs.aStride(), right.data(), bo, runs.bStride(), y, to, n));
        return result;
    }

    static Tensor where(Tensor condition, Tensor x, float otherwise) {
        Tensor chosen = condition.broadcastTo(Shapes.where(x.shape(), condition.shape())).contiguous();
        Tensor source = x.contiguous();
        Tensor result = Workspace.result(x.shape());
        float[] y = result.data();
        Runs runs = Runs.of(x.shape(), chosen.strides, source.strides);
        runs.forEach(chosen.offset, source.offset, (c, a, to, n) -> KERNEL.select(chosen.data(), c, source.data(), a, otherwise, y, to, n));
        return result;
    }

    static Tensor dropout(Tensor x, float probability, RandomStream random) {
        if (!(probability >= 0 && probability < 1)) {
            throw new IllegalArgumentException("dropout: probability " + probability + ": it must be in [0, 1)");
        }
        if (probability == 0) {
            return x;
        }
        Tensor source = x.contiguous();
        int threshold = threshold(probability);
        float scale = 1 / (1 - probability);
        Tensor result = Workspace.result(x.shape());
        float[] y = result.data();
        Runs runs = Runs.of(source.shape(), source.strides, source.strides);
        runs.forEach(source.offset, 0, (a, b, to, n) -> KERNEL.dropout(random.key(), to, threshold, scale, source.data(), a, y, to, n));
        return result;
    }

    /// Random words below it, unsigned, drop an element.
    static int threshold(float probability) {
        return (int) (long) (probability * 0x1p32);
    }
}
