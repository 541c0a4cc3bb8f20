package dev.headstart.nn.conv;

import dev.headstart.autograd.Variable;
import dev.headstart.nn.Layer;
import dev.headstart.nn.Parts;
import dev.headstart.tensor.geometry.Pool2dGeometry;

/// The largest element of each window of sequences, for each channel. No parameters.
///
/// @param geometry the windows: of which width, stride and padding along x count (left is before the sequence, right behind it), and ceil mode
public record MaxPool1d(Pool2dGeometry geometry) implements Layer {
    public MaxPool1d {
        geometry = geometry.line();
    }

    /// Windows side by side.
    public MaxPool1d(int kernel) {
        this(Pool2dGeometry.of(1, kernel));
    }

    /// `[batch, length, channels] → [batch, outLength, channels]`
    @Override
    public Variable forward(Variable x) {
        return Sequences.forward("maxPool1d", x, lines -> lines.maxPool2d(geometry));
    }

    @Override
    public Parts parts() {
        return Parts.none();
    }
}
