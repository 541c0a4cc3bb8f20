package dev.headstart.tensor.kernel;

/// What a reduction folds with.
public enum Reduction {
    /// sum of elements
    SUM,
    /// sum of squares, each squared by a fused multiply-add into its lane: lane = fma(x, x, lane)
    SUM_OF_SQUARES,
    /// largest element; a NaN gives NaN; of an empty run -∞
    MAX,
    /// smallest element; a NaN gives NaN; of an empty run +∞
    MIN
}
