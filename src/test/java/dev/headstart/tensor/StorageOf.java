package dev.headstart.tensor;

/// Looks under tensors.
public final class StorageOf {
    private StorageOf() {}

    /// The array that holds a tensor's elements, and perhaps others'.
    public static float[] under(Tensor tensor) {
        return tensor.data();
    }
}
