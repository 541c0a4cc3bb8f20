package dev.headstart.tensor.kernel;

/// Softmax and log-softmax over contiguous rows, forward and backward.
///
/// m is the row's maximum, sums are those of [Reduce], exp and log those of [Unary]. A row that is -∞ throughout has softmax 0
/// (nothing to attend to), and log-softmax -∞. `exp(x - m)` below `-87` is taken as +0, so that peaked rows make no denormals.
public interface Softmax {
    /// `y = exp(x - m) / Σ exp(x - m)`, the division as a product with 1 / Σ. May work in place.
    void softmax(float[] x, int xo, float[] y, int yo, int rows, int n);

    /// From softmax's output: `dX = y · (dY - Σ y dY)`: the sum by [Reduce#dot], the product of y and (dY - s). May overwrite dY.
    void softmaxGradient(float[] y, int yo, float[] dY, int dYo, float[] dX, int dXo, int rows, int n);

    /// `y = x - m - log Σ exp(x - m)`, as (x - m) - log(…). May work in place.
    void logSoftmax(float[] x, int xo, float[] y, int yo, int rows, int n);

    /// From log-softmax's output: `dX = dY - exp(y) Σ dY`, as fma(-exp(y), s, dY). May overwrite dY.
    void logSoftmaxGradient(float[] y, int yo, float[] dY, int dYo, float[] dX, int dXo, int rows, int n);
}
