package dev.headstart.tensor.kernel;

/// Softmax and log-softmax over contiguous rows, forward and backward.
///
/// m is the row's maximum, sums are those of [Reduce], exp and log those of [Unary]; but an exp here is +0 where its argument is below
/// -87, so that peaked rows make no denormals. A row that is -∞ throughout has softmax +0 (nothing to attend to), and log-softmax -∞.
public interface Softmax {
    /// `y = exp(x - m) · (1 / Σ exp(x - m))`. May work in place.
    void softmax(float[] x, int xo, float[] y, int yo, int rows, int n);

    /// From softmax's output: `dX = y · (dY - s)`, s = Σ y dY by [Reduce#dot]. May overwrite dY.
    void softmaxGradient(float[] y, int yo, float[] dY, int dYo, float[] dX, int dXo, int rows, int n);

    /// `y = (x - m) - log Σ exp(x - m)`. May work in place.
    void logSoftmax(float[] x, int xo, float[] y, int yo, int rows, int n);

    /// From log-softmax's output: `dX = fma(-exp(y), s, dY)`, s = Σ dY. May overwrite dY.
    void logSoftmaxGradient(float[] y, int yo, float[] dY, int dYo, float[] dX, int dXo, int rows, int n);
}
