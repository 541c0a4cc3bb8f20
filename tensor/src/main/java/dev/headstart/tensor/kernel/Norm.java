package dev.headstart.tensor.kernel;

/// Layer normalisation over contiguous rows (Ba, Kiros, Hinton 2016, arXiv 1607.06450; biased variance, as PyTorch's LayerNorm).
///
/// Sums are those of [Reduce]; 1/n is a float.
public interface Norm {
    /// `y = (x - mean) · rstd · gamma + beta` per row of n. May work in place.
    ///
    /// mean = Σx · (1/n); variance = Σ(x - mean)² · (1/n), summed as a sum of squares in the lanes of [Reduce];
    /// rstd = 1 / √(variance + eps); y = fma((x - mean) · rstd, gamma, beta).
    ///
    /// @param mean receives the mean of each row, at meano
    /// @param rstd receives 1 / standard deviation of each row, at rstdo
    void layerNorm(float[] x, int xo, float[] gamma, int gammao, float[] beta, int betao, float eps,
            float[] y, int yo, float[] mean, int meano, float[] rstd, int rstdo, int rows, int n);

    /// Gradient with respect to x: with g = dY · gamma and h = (x - mean) · rstd:
    /// `dX = (g - fma(h, Σ(g h) · (1/n), Σg · (1/n))) · rstd`, Σ(g h) as [Reduce#dot]. May overwrite dY or x.
    void layerNormGradient(float[] x, int xo, float[] gamma, int gammao, float[] mean, int meano, float[] rstd, int rstdo,
            float[] dY, int dYo, float[] dX, int dXo, int rows, int n);

    /// What rows add to the gradients of gamma and beta: with h = (x - mean) · rstd, `sums[j] = Σ dY h`, each product entering by a fused
    /// multiply-add, and `sums[n + j] = Σ dY`, over the rows from first to last, starting from +0.
    void parameterGradients(float[] x, int xo, float[] mean, int meano, float[] rstd, int rstdo, float[] dY, int dYo, float[] sums, int so,
            int rows, int n);
}
