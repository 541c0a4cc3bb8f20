package dev.headstart.tensor.kernel;

/// One implementation of each kernel family.
///
/// @param name `"simd"` or `"scalar"`
/// @param vectorBits width of the vectors used, in bits; 0 for scalar kernels
public record Kernels(String name, int vectorBits, Gemm gemm, Elementwise elementwise, Reduce reduce, Softmax softmax, Norm norm,
        Conv conv, ChannelNorm channelNorm, MaxPool maxPool, Resample resample, Gather gather, Update update, FmaChains fmaChains) {}
