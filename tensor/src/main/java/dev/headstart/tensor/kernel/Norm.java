package dev.headstart.tensor.kernel;

/// Layer normalisation over contiguous rows (Ba, Kiros, Hinton 2016, arXiv 1607.06450; biased variance, as PyTorch's LayerNorm).
///
/// Sums are those of [Reduce]; 1/n is a float.
public interface Norm {
    /// Statistics of rows.
    ///
    /// @param mean the mean of each row
    /// @param rstd 1 / standard deviation of each row
    record Statistics(Slice mean, Slice rstd) {}

    /// `y = (x - mean) · rstd · gamma + beta` per row of n. May work in place.
    ///
    /// mean = Σx · (1/n); variance = Σ(x - mean)² · (1/n), summed as a sum of squares in the lanes of [Reduce];
    /// rstd = 1 / √(variance + eps); y = fma((x - mean) · rstd, gamma, beta).
    ///
    /// @param statistics receives those of the rows
    void layerNorm(Slice x, Slice gamma, Slice beta, float eps, Slice y, Statistics statistics, int rows, int n);

    /// Gradient with respect to x: with g = dY · gamma and h = (x - mean) · rstd:
    /// `dX = (g - fma(h, Σ(g h) · (1/n), Σg · (1/n))) · rstd`, Σ(g h) as [Reduce#dot]. May overwrite dY or x.
    void layerNormGradient(Slice x, Slice gamma, Statistics statistics, Slice dY, Slice dX, int rows, int n);

    /// What rows add to the gradients of gamma and beta: with h = (x - mean) · rstd, `sums[j] = Σ dY h`, each product entering by a fused
    /// multiply-add, and `sums[n + j] = Σ dY`, over the rows from first to last, starting from +0.
    void parameterGradients(Slice x, Statistics statistics, Slice dY, Slice sums, int rows, int n);
}
