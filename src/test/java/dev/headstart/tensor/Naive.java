package dev.headstart.tensor;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Function;

/// An array with a shape, done in the plainest way: what tensors are compared with.
public record Naive(Shape shape, float... values) {
    /// All indices of a shape, in row-major order.
    public static int[][] indices(Shape shape) {
        int[][] all = new int[shape.size()][];
        for (int i = 0; i < all.length; i++) {
            int[] index = new int[shape.rank()];
            int rest = i;
            for (int axis = shape.rank() - 1; axis >= 0; axis--) {
                index[axis] = rest % shape.dim(axis);
                rest /= shape.dim(axis);
            }
            all[i] = index;
        }
        return all;
    }

    float at(int... index) {
        int at = 0;
        for (int axis = 0; axis < index.length; axis++) {
            at = at * shape.dim(axis) + index[axis];
        }
        return values[at];
    }

    /// The array whose element at an index is this one's at another.
    Naive map(Shape to, Function<int[], int[]> from) {
        int[][] indices = indices(to);
        float[] mapped = new float[indices.length];
        for (int i = 0; i < mapped.length; i++) {
            mapped[i] = at(from.apply(indices[i]));
        }
        return new Naive(to, mapped);
    }

    Naive broadcastTo(Shape to) {
        int added = to.rank() - shape.rank();
        return map(to, index -> {
            int[] own = Arrays.copyOfRange(index, added, index.length);
            for (int axis = 0; axis < own.length; axis++) {
                own[axis] = shape.dim(axis) == 1 ? 0 : own[axis];
            }
            return own;
        });
    }

    /// Whole numbers from -8 to 8: sums and products of a few of them are exact.
    static Naive numbers(Shape shape, SplittableRandom random) {
        float[] values = new float[shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextInt(-8, 9);
        }
        return new Naive(shape, values);
    }

    static Shape shape(int rank, SplittableRandom random) {
        int[] dims = new int[rank];
        for (int i = 0; i < rank; i++) {
            dims[i] = random.nextInt(20) == 0 ? 0 : random.nextInt(1, 6);
        }
        return Shape.of(dims);
    }

    static int[] order(int rank, SplittableRandom random) {
        int[] order = new int[rank];
        for (int i = 0; i < rank; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    Tensor tensor() {
        return Tensor.of(shape, values);
    }

    /// The same values in some other layout: axes permuted in memory, amid other numbers.
    Tensor scattered(SplittableRandom random) {
        int[] order = order(shape.rank(), random);
        int[] back = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            back[order[i]] = i;
        }
        Tensor stored = tensor().permute(order).copy();
        if (shape.rank() > 0) {
            int axis = random.nextInt(shape.rank());
            Tensor margin = Tensor.full(stored.shape().with(axis, random.nextInt(3)), Float.NaN);
            stored = Tensor.concat(axis, margin, stored, margin).slice(axis, margin.dim(axis), margin.dim(axis) + stored.dim(axis));
        }
        return stored.permute(back);
    }

    void assertSame(Tensor actual) {
        org.junit.jupiter.api.Assertions.assertEquals(shape, actual.shape());
        org.junit.jupiter.api.Assertions.assertArrayEquals(values, actual.toArray());
    }
}
