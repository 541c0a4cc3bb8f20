package dev.headstart.tensor.kernel;

/// The extents of a convolution: images `x [batch, height, width, channels]`, weights `[outChannels, kernelHeight, kernelWidth,
/// channels / groups]`, results `y [batch, outHeight, outWidth, outChannels]`.
///
/// Tap (ky, kx) of output position (oy, ox) is at row `oy · strideY + ky · dilationY - top` and column
/// `ox · strideX + kx · dilationX - left` of x.
public record ConvShape(int batch, int height, int width, int channels, int outHeight, int outWidth, int outChannels,
        int kernelHeight, int kernelWidth, int strideY, int strideX, int dilationY, int dilationX, int top, int left, int groups) {
    /// Input channels of a group.
    public int groupChannels() {
        return channels / groups;
    }

    /// Output channels of a group.
    public int groupOutChannels() {
        return outChannels / groups;
    }

    /// Positions of the kernel.
    public int taps() {
        return kernelHeight * kernelWidth;
    }

    /// Steps of an output's chain.
    public int steps() {
        return taps() * groupChannels();
    }

    /// Output positions of the whole batch.
    public int positions() {
        return batch * outHeight * outWidth;
    }
}
