package dev.headstart.tensor.kernel;

/// Element-wise loops over runs of n elements. One run is one call on one thread; cutting into runs is the caller's.
///
/// Every element is computed by the same sequence of IEEE operations and fused multiply-adds, whatever its place in the run: no element's
/// bits depend on n, on an offset or on the vector width. Source and target may be the same run; otherwise they do not overlap.
public interface Elementwise {
    /// `y[yo + i] = f(x[xo + i * xs])` for 0 ≤ i < n. xs may be any stride, 0 and 1 are the fast ones.
    void unary(Unary f, float[] x, int xo, int xs, float[] y, int yo, int n);

    /// `y[yo + i] = f(a[ao + i * as], b[bo + i * bs])` for 0 ≤ i < n. Strides may be anything; combinations of 0 and 1 are the fast ones.
    void binary(Binary f, float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n);

    /// `y[yo + i] = x[xo + i * xs]`
    void copy(float[] x, int xo, int xs, float[] y, int yo, int n);

    /// `y[yo + i] = fma(x[xo + i], scale, shift)`
    void affine(float[] x, int xo, float scale, float shift, float[] y, int yo, int n);

    /// `y[yo + i] = fma(a, x[xo + i], y[yo + i])`
    void axpy(float a, float[] x, int xo, float[] y, int yo, int n);

    /// `y[yo + i] = where(condition[co + i] != 0) a[ao + i] else otherwise`
    void select(float[] condition, int co, float[] a, int ao, float otherwise, float[] y, int yo, int n);

    /// Inverted dropout: `y[yo + i] = x[xo + i] * scale` where the random word of index `first + i` of the stream, taken as an unsigned
    /// 32-bit number, is at or above `threshold` (unsigned), else +0. Random words: [dev.headstart.tensor.kernel.Philox].
    void dropout(long key, long first, int threshold, float scale, float[] x, int xo, float[] y, int yo, int n);
}
