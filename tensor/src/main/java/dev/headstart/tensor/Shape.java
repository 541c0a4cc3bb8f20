package dev.headstart.tensor;

import java.util.Arrays;
import java.util.stream.Collectors;

/// The extents of a tensor's axes, outermost first. A scalar has rank 0; an axis may be 0 long. Value equality.
public final class Shape {
    /// The shape of a single number: `[]`.
    public static final Shape SCALAR = new Shape(new int[0]);

    private final int[] dims;
    private final int size;

    private Shape(int[] dims) {
        this.dims = dims;
        long size = 1;
        for (int dim : dims) {
            if (dim < 0) {
                throw new ShapeException("shape: " + text(dims) + ": an axis cannot be negative");
            }
            size *= dim;
            if (size > Integer.MAX_VALUE - 8) {
                throw new ShapeException("shape: " + text(dims) + ": more elements than one array holds (2³¹ - 9)");
            }
        }
        this.size = (int) size;
    }

    /// The shape with these extents.
    ///
    /// @throws ShapeException when an extent is negative, or the elements are more than an array holds
    public static Shape of(int... dims) {
        return dims.length == 0 ? SCALAR : new Shape(dims.clone());
    }

    /// Number of axes.
    public int rank() {
        return dims.length;
    }

    /// Extent of an axis; negative axes count from the end, -1 is the last.
    public int dim(int axis) {
        return dims[axis(axis)];
    }

    /// Number of elements: the product of the extents, 1 for a scalar.
    public int size() {
        return size;
    }

    /// The extents, as a new array.
    public int[] dims() {
        return dims.clone();
    }

    /// An axis counted from the front: negative ones count from the end.
    ///
    /// @throws ShapeException when there is no such axis
    public int axis(int axis) {
        int resolved = axis < 0 ? axis + dims.length : axis;
        if (resolved < 0 || resolved >= dims.length) {
            throw new ShapeException("axis: " + this + ": there is no axis " + axis + ": the rank is " + dims.length);
        }
        return resolved;
    }

    /// This shape with one extent changed.
    public Shape with(int axis, int dim) {
        int[] changed = dims.clone();
        changed[axis(axis)] = dim;
        return new Shape(changed);
    }

    /// Strides of a contiguous (row-major) layout, in elements.
    int[] contiguousStrides() {
        int[] strides = new int[dims.length];
        int stride = 1;
        for (int axis = dims.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= dims[axis];
        }
        return strides;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape that && Arrays.equals(dims, that.dims);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dims);
    }

    /// `[2, 3]`
    @Override
    public String toString() {
        return text(dims);
    }

    private static String text(int[] dims) {
        return Arrays.stream(dims).mapToObj(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
    }
}
