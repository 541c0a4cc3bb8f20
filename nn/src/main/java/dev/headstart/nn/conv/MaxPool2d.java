package dev.headstart.nn.conv;

import dev.headstart.autograd.Variable;
import dev.headstart.nn.Layer;
import dev.headstart.nn.Parts;
import dev.headstart.tensor.geometry.Pool2dGeometry;

/// The largest element of each window of images, for each channel. No parameters.
///
/// @param geometry the windows
public record MaxPool2d(Pool2dGeometry geometry) implements Layer {
    /// Square windows side by side.
    public MaxPool2d(int kernel) {
        this(Pool2dGeometry.of(kernel));
    }

    /// `[batch, height, width, channels] → [batch, outHeight, outWidth, channels]`
    @Override
    public Variable forward(Variable x) {
        return x.maxPool2d(geometry);
    }

    @Override
    public Parts parts() {
        return Parts.none();
    }
}
