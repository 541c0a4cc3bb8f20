package dev.headstart.tensor;

import dev.headstart.tensor.kernel.Gemm;
import dev.headstart.tensor.kernel.InitialRows;
import dev.headstart.tensor.kernel.Matrices;
import dev.headstart.tensor.kernel.choice.KernelChoice;
import org.jspecify.annotations.Nullable;

/// Matrix products: shape rules, batches, and the call of the kernel.
final class Products {
    private static final Gemm KERNEL = KernelChoice.ACTIVE.gemm();

    private Products() {}

    static Tensor matmul(Tensor a, Tensor b) {
        Shape shape = Shapes.matmul(a.shape(), b.shape());
        Tensor result = Workspace.result(shape);
        if (b.rank() == 2 && a.rank() > 2) { // many rows under one matrix are one product
            multiply(a.reshape(Shapes.rows("matmul", a.shape())), b, result.reshape(Shapes.rows("matmul", shape)), InitialRows.ZERO);
        } else {
            multiply(a, b, result.data(), shape);
        }
        return result;
    }

    static Tensor linear(Tensor x, Tensor weight, @Nullable Tensor bias) {
        Shape shape = Shapes.linear(x.shape(), weight.shape(), bias == null ? null : bias.shape());
        Tensor result = Workspace.result(shape);
        Tensor row = bias == null ? null : bias.contiguous();
        multiply(x.reshape(Shapes.rows("linear", x.shape())), weight.transpose(0, 1), result.reshape(Shapes.rows("linear", shape)),
                row == null ? InitialRows.ZERO : new InitialRows(row.data(), row.offset));
        return result;
    }

    /// `c += a · b` for matrices; rows of c are contiguous.
    static void add(Tensor a, Tensor b, Tensor c) {
        multiply(a, b, c, InitialRows.ACCUMULATE);
    }

    /// `c = start + a · b` for matrices; rows of c are contiguous.
    static void multiply(Tensor a, Tensor b, Tensor c, InitialRows start) {
        KERNEL.multiply(Workers.current(), a.dim(0), b.dim(1), a.dim(1), matrix(a), matrix(b), matrix(c), start);
    }

    private static Matrices matrix(Tensor x) {
        return Matrices.of(x.data(), x.offset, x.strides[0], x.strides[1]);
    }

    private static void multiply(Tensor a, Tensor b, float[] c, Shape shape) {
        Shape batch = Shapes.leading(shape, 2);
        int m = shape.dim(-2);
        int n = shape.dim(-1);
        int[] cOffsets = new int[batch.size()];
        for (int i = 0; i < cOffsets.length; i++) {
            cOffsets[i] = i * m * n;
        }
        KERNEL.multiply(Workers.current(), m, n, a.dim(-1), matrices(a, batch), matrices(b, batch), new Matrices(c, cOffsets, n, 1),
                InitialRows.ZERO);
    }

    private static Matrices matrices(Tensor x, Shape batch) {
        return new Matrices(x.data(), offsets(x, batch), x.strides[x.rank() - 2], x.strides[x.rank() - 1]);
    }

    /// Where each entry of the batch begins in a tensor whose leading axes are stretched to it.
    private static int[] offsets(Tensor x, Shape batch) {
        int[] offsets = new int[batch.size()];
        int missing = batch.rank() - (x.rank() - 2);
        for (int i = 0; i < offsets.length; i++) {
            int rest = i;
            int at = x.offset;
            for (int axis = batch.rank() - 1; axis >= missing; axis--) {
                int index = rest % batch.dim(axis);
                rest /= batch.dim(axis);
                at += x.dim(axis - missing) == 1 ? 0 : index * x.strides[axis - missing];
            }
            offsets[i] = at;
        }
        return offsets;
    }
}
