package dev.headstart.tensor.kernel;

import org.jspecify.annotations.Nullable;

/// Normalisation of each channel: sums over the rows of a contiguous [rows, n] matrix, and maps with numbers of their own for each channel.
///
/// Those numbers lie one after the other, n of each: centre, scale, shift, and for the gradient slope and offset. An element's normal form
/// is `h = fma(x - centre, scale, shift)`.
public interface ChannelNorm {
    /// `sums[so + j] = Σ x[i, j]`, a chain of additions from +0 over the rows.
    void sums(float[] x, int xo, float[] sums, int so, int rows, int n);

    /// With `d = x[i, j] - centre[j]`: `sums[so + j] = Σ d` and `sums[so + n + j] = Σ d²`, chains from +0 over the rows, the latter of fused
    /// multiply-adds.
    void deviations(float[] x, int xo, float[] centre, int co, float[] sums, int so, int rows, int n);

    /// `y = h + addend`, and with relu its positive part: `max(y, 0)`. May work in place, over x or the addend.
    ///
    /// @param addend left out when null
    void apply(float[] x, int xo, float[] numbers, int no, float @Nullable [] addend, int ao, boolean relu, float[] y, int yo, int rows,
            int n);

    /// With g = dY, or with relu dY where h > 0 and else +0: `sums[so + j] = Σ g` and `sums[so + n + j] = Σ g · (x - centre)`, chains from
    /// +0 over the rows, the latter of fused multiply-adds.
    void gradientSums(float[] x, int xo, float[] numbers, int no, float[] dY, int dYo, boolean relu, float[] sums, int so, int rows, int n);

    /// `dX = fma(g, scale, fma(x - centre, slope, offset))`, with g as above. May overwrite x or dY.
    void gradient(float[] x, int xo, float[] numbers, int no, float[] dY, int dYo, boolean relu, float[] dX, int dXo, int rows, int n);
}
