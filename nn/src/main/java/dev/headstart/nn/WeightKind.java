package dev.headstart.nn;

/// What a weight is to its layer. The order of a published weight's axes follows from this and from the family of files it is in.
public enum WeightKind {
    /// A fully connected layer's, `[out, in]`.
    LINEAR,
    /// A convolution's along sequences, `[out, kernel, in / groups]`.
    CONV1D,
    /// A convolution's over images, `[out, height, width, in / groups]`.
    CONV2D,
    /// A convolution's of each channel of images by itself, `[in, height, width, multiplier]`.
    DEPTHWISE_CONV2D,
    /// A transposed convolution's over images, `[in, height, width, out / groups]`.
    CONV_TRANSPOSE2D,
    /// A table of vectors, `[count, width]`.
    EMBEDDING,
    /// Biases, norms, statistics: what has the same order of axes everywhere.
    OTHER
}
