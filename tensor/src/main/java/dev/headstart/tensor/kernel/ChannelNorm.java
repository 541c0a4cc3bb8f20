package dev.headstart.tensor.kernel;

import org.jspecify.annotations.Nullable;

/// Normalisation of each channel: sums over the rows of a contiguous [rows, n] matrix, and maps with numbers of their own for each channel.
///
/// Those numbers lie one after the other, n of each: centre, scale, shift, and for the gradient slope and offset. An element's normal form
/// is `h = fma(x - centre, scale, shift)`.
public interface ChannelNorm {
    /// `sums[j] = Σ x[i, j]`, a chain of additions from +0 over the rows.
    void sums(Slice x, Slice sums, int rows, int n);

    /// With `d = x[i, j] - centre[j]`: `sums[j] = Σ d` and `sums[n + j] = Σ d²`, chains from +0 over the rows, the latter of fused
    /// multiply-adds.
    void deviations(Slice x, Slice centre, Slice sums, int rows, int n);

    /// `y = h + addend`, and with relu its positive part: `max(y, 0)`. May work in place, over x or the addend.
    ///
    /// @param addend left out when null
    void apply(Slice x, Slice numbers, @Nullable Slice addend, boolean relu, Slice y, int rows, int n);

    /// With g = dY, or with relu dY where h > 0 and else +0: `sums[j] = Σ g` and `sums[n + j] = Σ g · (x - centre)`, chains from +0 over
    /// the rows, the latter of fused multiply-adds.
    void gradientSums(Slice x, Slice numbers, Slice dY, boolean relu, Slice sums, int rows, int n);

    /// `dX = fma(g, scale, fma(x - centre, slope, offset))`, with g as above. May overwrite x or dY.
    void gradient(Slice x, Slice numbers, Slice dY, boolean relu, Slice dX, int rows, int n);
}
