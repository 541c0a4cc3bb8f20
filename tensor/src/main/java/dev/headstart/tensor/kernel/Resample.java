package dev.headstart.tensor.kernel;

/// Separable resampling of contiguous NHWC images: average pooling, enlarging, and the gradients of both, whose bands are the transposed.
public interface Resample {
    /// Computes lines `fromLine` up to, not including, `toLine` of y; a line is one row of one image, counted through the batch.
    ///
    /// With w(oy, iy) and v(ox, ix) the weights of the bands, `y[n, oy, ox, c]` is one chain of fused multiply-adds from +0 over the inputs
    /// of the band of oy, and for each over those of ox, ascending: `(w(oy, iy) · v(ox, ix)) · x[n, iy, ix, c]`. When that is more than
    /// [Gemm#K_BLOCK] inputs, those of each iy are a chain of their own, cut at multiples of it, and the chains' results are added from +0 in
    /// order.
    void resample(Windows windows, Slice x, Slice y, int fromLine, int toLine);
}
