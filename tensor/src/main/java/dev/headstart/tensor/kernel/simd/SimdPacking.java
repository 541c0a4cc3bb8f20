package dev.headstart.tensor.kernel.simd;

/// Copies parts of a matrix into the order in which the micro-kernels read them.
///
/// Both operands are packed alike, as *strips*: `strip[p * width + i]`, where p runs along k and i across the strip's rows of A or columns of B.
final class SimdPacking {
    private SimdPacking() {}

    /// Packs one strip; what lies between `count` and `width` is left as it is.
    ///
    /// @param from element (i, p) is at `start + i * acrossStride + p * alongStride`
    /// @param count rows of A or columns of B to copy
    /// @param width elements of the strip for each p
    static void pack(float[] from, int start, int acrossStride, int alongStride, int count, int depth, float[] to, int toStart, int width) {
        for (int p = 0; p < depth; p++) {
            for (int i = 0; i < count; i++) {
                to[toStart + p * width + i] = from[start + p * alongStride + i * acrossStride];
            }
        }
    }
}
