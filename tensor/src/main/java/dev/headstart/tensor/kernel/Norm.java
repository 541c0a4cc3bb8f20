package dev.headstart.tensor.kernel;

/// Layer normalisation over contiguous rows (Ba, Kiros, Hinton 2016, arXiv 1607.06450; biased variance, as PyTorch's LayerNorm).
public interface Norm {
    /// `y = (x - mean) · rstd · gamma + beta` per row of n.
    ///
    /// mean = Σx · (1/n); variance = Σ(x - mean)² · (1/n), summed as a sum of squares in the lanes of [Reduce];
    /// rstd = 1 / √(variance + eps); y = fma((x - mean) · rstd, gamma, beta). The 1/n is a float.
    ///
    /// @param mean receives the mean of each row, at meano
    /// @param rstd receives 1 / standard deviation of each row, at rstdo
    void layerNorm(float[] x, int xo, float[] gamma, int gammao, float[] beta, int betao, float eps,
            float[] y, int yo, float[] mean, int meano, float[] rstd, int rstdo, int rows, int n);

    /// Gradient with respect to x: with g = dY · gamma and h = (x - mean) · rstd:
    /// `dX = (g - fma(h, Σ(g h)/n, Σg/n)) · rstd`, sums as in [Reduce] (Σ(g h) as fma(g, h, lane)).
    void layerNormGradient(float[] x, int xo, float[] gamma, int gammao, float[] mean, int meano, float[] rstd, int rstdo,
            float[] dY, int dYo, float[] dX, int dXo, int rows, int n);

    /// `h = (x - mean) · rstd`, the normalised rows, from which the gradients of gamma and beta follow by a reduction over rows.
    void normalise(float[] x, int xo, float[] mean, int meano, float[] rstd, int rstdo, float[] h, int ho, int rows, int n);
}
