package dev.headstart.io.format;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// The order in which the elements of a strided tensor lie in its file.
///
/// Axes along which nothing moves (one element, or stride 0) are read once. The others are sorted by stride, the longest first: in that
/// order elements come as they lie in the file, each once, unless axes overlap. `steps` leads back: how far the element moves in file order
/// for one index of each of the tensor's own axes.
///
/// @param extents extents of the axes in file order, outermost first
/// @param strides elements in the file from one index to the next, of these axes
/// @param steps for each axis of the tensor, elements in file order from one index to the next
public record Striding(long[] extents, long[] strides, long[] steps) {
    public static Striding of(Entry entry) {
        List<Long> extents = entry.info().extents();
        if (extents.contains(0L)) {
            return new Striding(new long[] {0}, new long[] {1}, new long[extents.size()]);
        }
        List<Long> strides = entry.strides().isEmpty() ? rowMajor(extents) : entry.strides();
        int[] axes = IntStream.range(0, extents.size()).filter(axis -> extents.get(axis) != 1 && strides.get(axis) > 0).boxed()
                .sorted(Comparator.comparing(strides::get, Comparator.reverseOrder())).mapToInt(axis -> axis).toArray();
        long[] steps = new long[extents.size()];
        long step = 1;
        for (int i = axes.length - 1; i >= 0; i--) {
            steps[axes[i]] = step;
            step *= extents.get(axes[i]);
        }
        return new Striding(pick(extents, axes), pick(strides, axes), steps);
    }

    private static long[] pick(List<Long> values, int[] axes) {
        return IntStream.of(axes).mapToLong(values::get).toArray();
    }

    /// Number of elements in file order: those repeated along an axis of stride 0 count once.
    long elements() {
        long elements = 1;
        for (long extent : extents) {
            elements *= extent;
        }
        return elements;
    }

    /// Whether the elements fill their part of the file without gap or overlap.
    public boolean isDense() {
        return isApart(true);
    }

    /// Whether no two elements in file order may be the same: each axis steps over all that the axes after it reach.
    boolean isAscending() {
        return isApart(false);
    }

    private boolean isApart(boolean exactly) {
        long reach = 1;
        for (int i = extents.length - 1; i >= 0; i--) {
            if (strides[i] < reach || (exactly && strides[i] > reach)) {
                return false;
            }
            reach += (extents[i] - 1) * strides[i];
        }
        return true;
    }

    /// Whether the order of the file is the tensor's own, and nothing is repeated.
    public boolean isRowMajor(List<Long> tensorExtents) {
        long step = 1;
        for (int axis = steps.length - 1; axis >= 0; axis--) {
            if (tensorExtents.get(axis) != 1 && steps[axis] != step) {
                return false;
            }
            step *= tensorExtents.get(axis);
        }
        return true;
    }

    /// Where the element of this number in file order lies: elements from the first.
    long position(long element) {
        long position = 0;
        long rest = element;
        for (int i = extents.length - 1; i >= 0; i--) {
            position += rest % extents[i] * strides[i];
            rest /= extents[i];
        }
        return position;
    }

    /// Elements from the first to the last in the file, inclusive, or beyond [Long#MAX_VALUE] as -1. Empty tensors have none.
    public static long span(List<Long> extents, List<Long> strides) {
        try {
            long span = 1;
            for (int axis = 0; axis < extents.size(); axis++) {
                if (extents.get(axis) == 0) {
                    return 0;
                }
                span = Math.addExact(span, Math.multiplyExact(extents.get(axis) - 1, strides.get(axis)));
            }
            return span;
        } catch (ArithmeticException e) {
            return -1;
        }
    }

    /// Row-major strides.
    public static List<Long> rowMajor(List<Long> extents) {
        Long[] strides = new Long[extents.size()];
        long stride = 1;
        for (int axis = extents.size() - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= Math.max(1, extents.get(axis));
        }
        return List.of(strides);
    }

    /// Copies elements from file order into the tensor's row-major order.
    interface Move {
        void element(int to, int from);
    }

    /// Calls `move` for each element of the tensor, in row-major order.
    void rearrange(List<Long> tensorExtents, int elements, Move move) {
        long[] limits = tensorExtents.stream().mapToLong(Long::longValue).toArray();
        int rank = steps.length;
        long[] index = new long[rank];
        long from = 0;
        for (int to = 0; to < elements; to++) {
            move.element(to, (int) from);
            for (int axis = rank - 1; axis >= 0; axis--) {
                from += steps[axis];
                if (++index[axis] < limits[axis]) {
                    break;
                }
                from -= index[axis] * steps[axis];
                index[axis] = 0;
            }
        }
    }
}
