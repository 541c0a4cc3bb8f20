package dev.headstart.nn.conv;

import dev.headstart.autograd.Variable;
import dev.headstart.nn.Layer;
import dev.headstart.nn.Parts;
import dev.headstart.tensor.geometry.Pool2dGeometry;

/// The mean of each window of images, for each channel. No parameters.
///
/// @param geometry the windows
/// @param countPadding whether padding counts, as zeros (PyTorch's default), or the mean is that of the window's pixels
public record AvgPool2d(Pool2dGeometry geometry, boolean countPadding) implements Layer {
    /// Square windows side by side.
    public AvgPool2d(int kernel) {
        this(Pool2dGeometry.of(kernel), true);
    }

    /// `[batch, height, width, channels] → [batch, outHeight, outWidth, channels]`
    @Override
    public Variable forward(Variable x) {
        return x.avgPool2d(geometry, countPadding);
    }

    @Override
    public Parts parts() {
        return Parts.none();
    }
}
