package dev.headstart.tensor.kernel;

/// The elements of an array from an offset on: an operand or a result of a kernel.
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Slice(float[] data, int offset) {
    /// The elements from a later one on.
    public Slice from(int element) {
        return new Slice(data, offset + element);
    }

    /// An element.
    public float get(int i) {
        return data[offset + i];
    }

    /// Changes an element.
    public void set(int i, float value) {
        data[offset + i] = value;
    }
}
