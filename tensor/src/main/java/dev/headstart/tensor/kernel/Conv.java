package dev.headstart.tensor.kernel;

import dev.headstart.tensor.Workers;

/// Two-dimensional convolutions (cross-correlations, as everywhere in deep learning) over contiguous NHWC images, forward and backward.
///
/// **The contract, bit by bit.** Every element of a result is one chain of fused multiply-adds, starting from the value already there (or
/// what [InitialRows] says), and cut at multiples of [Gemm#K_BLOCK] of its steps exactly as a matrix product's. The steps, in this order:
///
/// - `y[n, oy, ox, o]`: over (ky, kx, c) of the group of o: `x[n, iy, ix, c] · w[o, ky, kx, c]`;
/// - `dX[n, iy, ix, c]`: over (ky, kx, o) of the group of c, those taps only for which `iy + top - ky · dilationY` is a multiple of
///   strideY, likewise in x: `dY[n, oy, ox, o] · w[o, ky, kx, c]`, where (oy, ox) are the quotients;
/// - `dW[o, ky, kx, c]`: over (n, oy, ox): `dY[n, oy, ox, o] · x[n, iy, ix, c]`.
///
/// What lies outside x or dY is +0, and its steps are made and counted like all others. So each is a matrix product over the patches of an
/// image that is surrounded by zeros; no algorithm, tile, or number of workers may show in the result.
public interface Conv {
    /// `y = start + x * w`
    ///
    /// @param start what the channels of a pixel begin from
    void forward(Workers workers, ConvShape shape, Slice x, Slice w, Slice y, InitialRows start);

    /// Adds the gradient of x to dX.
    void inputGradient(Workers workers, ConvShape shape, Slice dY, Slice w, Slice dX);

    /// Adds the gradient of w to dW.
    void weightGradient(Workers workers, ConvShape shape, Slice x, Slice dY, Slice dW);
}
