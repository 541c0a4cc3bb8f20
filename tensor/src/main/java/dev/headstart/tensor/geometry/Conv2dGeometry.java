package dev.headstart.tensor.geometry;

import dev.headstart.tensor.ShapeException;

/// How a two-dimensional convolution goes over its images: everything but the extents of images and weights.
///
/// ```java
/// Conv2dGeometry geometry = Conv2dGeometry.DEFAULT.stride(2).padding(1);
/// ```
///
/// @param strideY rows from one output row to the next
/// @param strideX columns from one output column to the next
/// @param dilationY rows from one tap to the next
/// @param dilationX columns from one tap to the next
/// @param top rows of zeros above the image
/// @param bottom rows of zeros below it
/// @param left columns of zeros left of it
/// @param right columns of zeros right of it
/// @param groups parts into which the channels are cut: each output channel sees the input channels of its own part
public record Conv2dGeometry(int strideY, int strideX, int dilationY, int dilationX, int top, int bottom, int left, int right,
        int groups) {
    /// Stride 1, no dilation, no padding, one group.
    public static final Conv2dGeometry DEFAULT = new Conv2dGeometry(1, 1, 1, 1, 0, 0, 0, 0, 1);

    /// @throws ShapeException when a stride, a dilation or the number of groups is below 1, or a padding below 0
    public Conv2dGeometry {
        if (Math.min(Math.min(strideY, strideX), Math.min(dilationY, dilationX)) < 1 || groups < 1) {
            throw new ShapeException("conv2d: stride [" + strideY + ", " + strideX + "], dilation [" + dilationY + ", " + dilationX
                    + "], " + groups + " groups: each must be at least 1");
        }
        if (Math.min(Math.min(top, bottom), Math.min(left, right)) < 0) {
            throw new ShapeException("conv2d: padding: top " + top + ", bottom " + bottom + ", left " + left + ", right " + right
                    + ": none may be negative");
        }
    }

    /// This geometry with one stride for rows and columns.
    public Conv2dGeometry stride(int stride) {
        return stride(stride, stride);
    }

    /// This geometry with other strides.
    public Conv2dGeometry stride(int y, int x) {
        return new Conv2dGeometry(y, x, dilationY, dilationX, top, bottom, left, right, groups);
    }

    /// This geometry with one dilation for rows and columns.
    public Conv2dGeometry dilation(int dilation) {
        return dilation(dilation, dilation);
    }

    /// This geometry with other dilations.
    public Conv2dGeometry dilation(int y, int x) {
        return new Conv2dGeometry(strideY, strideX, y, x, top, bottom, left, right, groups);
    }

    /// This geometry with as many zeros on all four sides.
    public Conv2dGeometry padding(int padding) {
        return padding(padding, padding, padding, padding);
    }

    /// This geometry with other paddings.
    public Conv2dGeometry padding(int above, int below, int before, int behind) {
        return new Conv2dGeometry(strideY, strideX, dilationY, dilationX, above, below, before, behind, groups);
    }

    /// This geometry with so many groups.
    public Conv2dGeometry groups(int number) {
        return new Conv2dGeometry(strideY, strideX, dilationY, dilationX, top, bottom, left, right, number);
    }

    /// Output rows of images so high; below 1 when the kernel does not fit.
    public long outHeight(int height, int kernel) {
        return Math.floorDiv((long) height + top + bottom - (kernel - 1L) * dilationY - 1, (long) strideY) + 1;
    }

    /// Output columns of images so wide; below 1 when the kernel does not fit.
    public long outWidth(int width, int kernel) {
        return Math.floorDiv((long) width + left + right - (kernel - 1L) * dilationX - 1, (long) strideX) + 1;
    }

    /// Fewest rows of images that a convolution makes so high.
    public long spreadHeight(int height, int kernel) {
        return (height - 1L) * strideY - top - bottom + (kernel - 1L) * dilationY + 1;
    }

    /// Fewest columns of images that a convolution makes so wide.
    public long spreadWidth(int width, int kernel) {
        return (width - 1L) * strideX - left - right + (kernel - 1L) * dilationX + 1;
    }
}
