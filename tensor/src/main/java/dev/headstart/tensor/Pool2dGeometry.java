package dev.headstart.tensor;

/// The windows of a two-dimensional pooling.
///
/// ```java
/// Pool2dGeometry.of(3).stride(2).padding(1)
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
public record Pool2dGeometry(int kernelHeight, int kernelWidth, int strideY, int strideX, int top, int bottom, int left, int right) {
    private static final int MOST_POSITIONS = 1 << 24;

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
        return new Pool2dGeometry(kernelHeight, kernelWidth, kernelHeight, kernelWidth, 0, 0, 0, 0);
    }

    /// This geometry with one stride for rows and columns.
    public Pool2dGeometry stride(int stride) {
        return stride(stride, stride);
    }

    /// This geometry with other strides.
    public Pool2dGeometry stride(int y, int x) {
        return new Pool2dGeometry(kernelHeight, kernelWidth, y, x, top, bottom, left, right);
    }

    /// This geometry with as much padding on all four sides.
    public Pool2dGeometry padding(int padding) {
        return padding(padding, padding, padding, padding);
    }

    /// This geometry with other paddings.
    public Pool2dGeometry padding(int above, int below, int before, int behind) {
        return new Pool2dGeometry(kernelHeight, kernelWidth, strideY, strideX, above, below, before, behind);
    }

    /// Output rows of images so high; below 1 when no window fits.
    long outHeight(int height) {
        return Math.floorDiv((long) height + top + bottom - kernelHeight, (long) strideY) + 1;
    }

    /// Output columns of images so wide; below 1 when no window fits.
    long outWidth(int width) {
        return Math.floorDiv((long) width + left + right - kernelWidth, (long) strideX) + 1;
    }
}
