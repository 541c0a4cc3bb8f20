package dev.headstart.tensor.kernel;

/// What a reduction folds with.
public enum Reduction {
    /// sum of elements
    SUM,
    /// sum of squares, each squared by a fused multiply-add into its lane: lane = fma(x, x, lane)
    SUM_OF_SQUARES,
    /// largest element; of zeros +0 is the larger; a NaN gives NaN; of an empty run -∞
    MAX,
    /// smallest element; of zeros -0 is the smaller; a NaN gives NaN; of an empty run +∞
    MIN;

    /// What a lane starts from, and the result of an empty run.
    public float neutral() {
        return switch (this) {
            case SUM, SUM_OF_SQUARES -> 0f;
            case MAX -> Float.NEGATIVE_INFINITY;
            case MIN -> Float.POSITIVE_INFINITY;
        };
    }

    /// Two results of this reduction made one: what the trees fold with.
    public float fold(float a, float b) {
        return switch (this) {
            case SUM, SUM_OF_SQUARES -> a + b;
            case MAX -> Math.max(a, b);
            case MIN -> Math.min(a, b);
        };
    }
}
