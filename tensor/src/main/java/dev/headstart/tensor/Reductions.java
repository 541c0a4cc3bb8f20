package dev.headstart.tensor;

import dev.headstart.tensor.kernel.Reduce;
import dev.headstart.tensor.kernel.Reduction;
import dev.headstart.tensor.kernel.choice.KernelChoice;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Reductions over any axes. The elements that meet are taken in row-major order of the reduced axes, whatever the layout.
final class Reductions {
    private static final Reduce KERNEL = KernelChoice.ACTIVE.reduce();
    private static final int COLUMNS_PER_TASK = 64;

    private Reductions() {}

    static Tensor reduce(String operator, Reduction f, Tensor x, int... axes) {
        int[] gone = Shapes.axes(operator, x.shape(), axes);
        Shape shape = Shapes.reduced(operator, x.shape(), axes);
        Tensor result = Workspace.zeros(shape);
        float[] y = result.data();
        if (gone.length == 0) { // a single number is a row of one
            rows(f, x.reshape(1), 1, 1, y);
            return result;
        }
        boolean adjacent = gone[gone.length - 1] - gone[0] == gone.length - 1;
        if (!adjacent) {
            int[] order = IntStream.concat(IntStream.range(0, x.rank()).filter(i -> Arrays.binarySearch(gone, i) < 0), Arrays.stream(gone))
                    .toArray();
            Tensor last = x.permute(order);
            rows(f, last.contiguous(), shape.size(), x.size() / Math.max(1, shape.size()), y);
            return result;
        }
        Tensor source = x.contiguous();
        int outer = product(x.shape(), 0, gone[0]);
        int n = product(x.shape(), gone[0], gone[gone.length - 1] + 1);
        int inner = product(x.shape(), gone[gone.length - 1] + 1, x.rank());
        if (inner == 1) {
            rows(f, source, outer, n, y);
        } else {
            for (int o = 0; o < outer; o++) {
                columns(f, source, source.offset + o * n * inner, n, inner, y, o * inner);
            }
        }
        return result;
    }

    private static int product(Shape shape, int from, int to) {
        int product = 1;
        for (int axis = from; axis < to; axis++) {
            product *= shape.dim(axis);
        }
        return product;
    }

    private static void rows(Reduction f, Tensor x, int rows, int n, float[] y) {
        Runs.forEachRow(rows, n, (from, to) -> KERNEL.rows(f, x.data(), x.offset + from * n, to - from, n, n, y, from));
    }

    private static void columns(Reduction f, Tensor x, int xo, int n, int columns, float[] y, int yo) {
        if (n * columns <= Runs.TASK) {
            KERNEL.columns(f, x.data(), xo, n, columns, columns, y, yo);
            return;
        }
        Workers.current().forEach((columns + COLUMNS_PER_TASK - 1) / COLUMNS_PER_TASK, task -> {
            int from = task * COLUMNS_PER_TASK;
            KERNEL.columns(f, x.data(), xo + from, n, Math.min(COLUMNS_PER_TASK, columns - from), columns, y, yo + from);
        });
    }

    /// Sum of squares of each tensor. The blocks of all of them are one region; each tensor's results meet in the tree of its own sum.
    static float[] sumsOfSquares(List<Tensor> tensors) {
        List<Tensor> sources = tensors.stream().map(Tensor::contiguous).toList();
        int[] starts = new int[sources.size() + 1];
        for (int i = 0; i < sources.size(); i++) {
            starts[i + 1] = starts[i] + Math.ceilDiv(sources.get(i).size(), Reduce.BLOCK);
        }
        float[] blocks = Workspace.result(Shape.of(starts[sources.size()])).data();
        Joined.forEach(sources.size(), i -> starts[i + 1] - starts[i], Runs.TASK / Reduce.BLOCK, (i, from, to) -> {
            Tensor x = sources.get(i);
            for (int b = from; b < to; b++) {
                int start = b * Reduce.BLOCK;
                int n = Math.min(Reduce.BLOCK, x.size() - start);
                KERNEL.rows(Reduction.SUM_OF_SQUARES, x.data(), x.offset + start, 1, n, n, blocks, starts[i] + b);
            }
        });
        float[] sums = new float[sources.size()];
        for (int i = 0; i < sums.length; i++) {
            int count = starts[i + 1] - starts[i];
            System.arraycopy(blocks, starts[i], blocks, 0, count); // what lies before has been folded
            sums[i] = Reduce.foldBlocks(Reduction.SUM_OF_SQUARES, blocks, count);
        }
        return sums;
    }

    static Indices argmax(Tensor x) {
        int n = Shapes.rows("argmax", x.shape()).dim(1);
        Tensor source = x.contiguous();
        if (n == 0) {
            throw new ShapeException("argmax: x" + x.shape() + ": a row without elements has no largest");
        }
        int[] y = new int[x.size() / n];
        Runs.forEachRow(y.length, n, (from, to) -> {
            for (int row = from; row < to; row++) {
                y[row] = KERNEL.argmax(source.data(), source.offset + row * n, n);
            }
        });
        return Indices.of(Shapes.leading(x.shape(), 1), y);
    }

    static Tensor sumTo(Tensor x, Shape to) {
        if (x.shape().equals(to)) {
            return x;
        }
        Shapes.broadcastTo(to, x.shape());
        int added = x.rank() - to.rank();
        int[] stretched = IntStream.range(0, x.rank()).filter(i -> i < added || (to.dim(i - added) == 1 && x.dim(i) != 1)).toArray();
        return reduce("sumTo", Reduction.SUM, x, stretched).reshape(to);
    }
}
