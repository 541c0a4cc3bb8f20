package dev.headstart.tensor;

/// float32 numbers with a shape.
public final class Tensor {
    private final float[] data;
    private final Shape shape;

    private Tensor(float[] data, Shape shape) {
        this.data = data;
        this.shape = shape;
    }

    /// A tensor over an array of its own: the values are copied.
    public static Tensor of(Shape shape, float... values) {
        return wrap(shape, values.clone());
    }

    /// A tensor over this very array, which is not copied: it belongs to the tensor from now on.
    public static Tensor wrap(Shape shape, float[] values) {
        if (values.length != shape.size()) {
            throw new ShapeException("tensor: " + shape + " holds " + shape.size() + ", " + values.length + " values were given");
        }
        return new Tensor(values, shape);
    }

    /// The shape.
    public Shape shape() {
        return shape;
    }

    /// A copy of the elements in row-major order.
    public float[] toArray() {
        return data.clone();
    }
}
