package dev.headstart.tensor;

import java.util.Arrays;

/// Integers with a shape: token ids, labels, positions. Contiguous, row-major, immutable by convention: the array is not copied.
public final class Indices {
    private final Shape shape;
    private final int[] values;

    private Indices(Shape shape, int[] values) {
        this.shape = shape;
        this.values = values;
    }

    /// Indices over an array, which is not copied and must not be changed afterwards.
    ///
    /// @throws ShapeException when the array's length is not the shape's size
    public static Indices of(Shape shape, int... values) {
        if (values.length != shape.size()) {
            throw new ShapeException("indices: " + shape + " holds " + shape.size() + ", " + values.length + " values were given");
        }
        return new Indices(shape, values);
    }

    /// A row of indices, shape `[values.length]`.
    public static Indices of(int... values) {
        return new Indices(Shape.of(values.length), values);
    }

    /// The shape.
    public Shape shape() {
        return shape;
    }

    /// Number of indices.
    public int size() {
        return values.length;
    }

    /// Index number `i` in row-major order.
    public int at(int i) {
        return values[i];
    }

    /// The same values under another shape of equal size.
    public Indices reshape(int... dims) {
        return of(Shape.of(dims), values);
    }

    /// A copy of the values in row-major order.
    public int[] toArray() {
        return values.clone();
    }

    /// The values themselves, not a copy.
    int[] array() {
        return values;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Indices that && shape.equals(that.shape) && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return 31 * shape.hashCode() + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return "Indices" + shape;
    }
}
