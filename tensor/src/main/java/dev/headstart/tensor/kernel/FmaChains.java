package dev.headstart.tensor.kernel;

/// The fastest arithmetic there is: chains of fused multiply-adds that wait for no memory. Not for computing anything, but as the ceiling
/// that other kernels are measured against.
public interface FmaChains {
    /// The number of elements is a multiple of this: twelve of the widest vectors, enough to hide the latency of each.
    int WIDTH = 192;

    /// `x[xo + i] = fma(x[xo + i], scale, shift)` for 0 ≤ i < n, all of it `times` times. n is a multiple of [#WIDTH].
    void run(float scale, float shift, float[] x, int xo, int n, int times);
}
