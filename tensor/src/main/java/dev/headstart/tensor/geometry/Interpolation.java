package dev.headstart.tensor.geometry;

/// How a resized image gets its pixels, along each axis; i counts output pixels, `scale = in / out`.
public enum Interpolation {
    /// the pixel at ⌊i · scale⌋
    NEAREST,
    /// between the two pixels around (i + ½) · scale - ½, the outermost beyond them
    BILINEAR,
    /// between the two pixels around i · (in - 1) / (out - 1): corners stay where they are
    BILINEAR_ALIGNED
}
