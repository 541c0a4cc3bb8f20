package dev.headstart.tensor.geometry;

import dev.headstart.tensor.ShapeException;

/// The windows of a two-dimensional pooling.
///
/// ```java
/// Pool2dGeometry geometry = Pool2dGeometry.of(3).stride(2).padding(1);
/// ```
///
/// @param kernelHeight rows of a window
/// @param kernelWidth columns of a window
/// @param strideY rows from one window to the next
/// @param strideX columns from one window to the next
/// @param top rows of padding above the image; each padding is less than the window, so that no window is without a pixel
/// @param bottom rows of padding below it
/// @param left columns of padding left of it
/// @param right columns of padding right of it
/// @param ceilMode whether a last window may reach beyond the padding below or right, so that every pixel is in one if strides leave no
///     gaps; a window that would begin behind the image is left out
public record Pool2dGeometry(int kernelHeight, int kernelWidth, int strideY, int strideX, int top, int bottom, int left, int right,
        boolean ceilMode) {
    /// Positions of a window, at most: their numbers are exact as floats.
    public static final int MOST_POSITIONS = 1 << 24;

    /// @throws ShapeException when a window or stride is below 1, a window is larger than 2²⁴, or a padding is not within [0, window)
    public Pool2dGeometry {
        if (Math.min(Math.min(kernelHeight, kernelWidth), Math.min(strideY, strideX)) < 1
                || (long) kernelHeight * kernelWidth > MOST_POSITIONS) {
            throw new ShapeException("pool2d: window [" + kernelHeight + ", " + kernelWidth + "], stride [" + strideY + ", " + strideX
                    + "]: each must be at least 1, a window at most 2^24 large");
        }
        if (Math.min(Math.min(top, bottom), Math.min(left, right)) < 0 || Math.max(top, bottom) >= kernelHeight
                || Math.max(left, right) >= kernelWidth) {
            throw new ShapeException("pool2d: window [" + kernelHeight + ", " + kernelWidth + "], padding: top " + top + ", bottom "
                    + bottom + ", left " + left + ", right " + right + ": none may be negative or as large as the window");
        }
    }

    /// Square windows side by side, without padding.
    public static Pool2dGeometry of(int kernel) {
        return of(kernel, kernel);
    }

    /// Windows side by side, without padding.
    public static Pool2dGeometry of(int kernelHeight, int kernelWidth) {
        return new Pool2dGeometry(kernelHeight, kernelWidth, kernelHeight, kernelWidth, 0, 0, 0, 0, false);
    }

    /// This geometry with one stride for rows and columns.
    public Pool2dGeometry stride(int stride) {
        return stride(stride, stride);
    }

    /// This geometry with other strides.
    public Pool2dGeometry stride(int y, int x) {
        return new Pool2dGeometry(kernelHeight, kernelWidth, y, x, top, bottom, left, right, ceilMode);
    }

    /// This geometry with as much padding on all four sides.
    public Pool2dGeometry padding(int padding) {
        return padding(padding, padding, padding, padding);
    }

    /// This geometry with other paddings.
    public Pool2dGeometry padding(int above, int below, int before, int behind) {
        return new Pool2dGeometry(kernelHeight, kernelWidth, strideY, strideX, above, below, before, behind, ceilMode);
    }

    /// This geometry with or without windows that reach beyond the padding.
    public Pool2dGeometry ceilMode(boolean wanted) {
        return new Pool2dGeometry(kernelHeight, kernelWidth, strideY, strideX, top, bottom, left, right, wanted);
    }

    /// What this geometry is for sequences, images of one row: that of its columns.
    public Pool2dGeometry line() {
        return new Pool2dGeometry(1, kernelWidth, 1, strideX, 0, 0, left, right, ceilMode);
    }

    /// Output rows of images so high; below 1 when no window fits.
    public long outHeight(int height) {
        return outputs(height, kernelHeight, strideY, top, bottom);
    }

    /// Output columns of images so wide; below 1 when no window fits.
    public long outWidth(int width) {
        return outputs(width, kernelWidth, strideX, left, right);
    }

    private long outputs(long inputs, int kernel, int stride, int before, int after) {
        long steps = inputs + before + after - kernel;
        if (!ceilMode) {
            return Math.floorDiv(steps, stride) + 1;
        }
        long last = Math.ceilDiv(steps, stride); // window
        return last * stride < inputs + before ? last + 1 : last;
    }
}
