package dev.headstart.nn.conv;

import dev.headstart.autograd.Variable;
import dev.headstart.nn.Layer;
import dev.headstart.nn.Parts;
import dev.headstart.tensor.geometry.Pool2dGeometry;

/// The mean of each window of sequences, for each channel. No parameters.
///
/// @param geometry the windows: of which width, stride and padding along x count (left is before the sequence, right behind it), and ceil mode
/// @param countPadding whether padding counts, as zeros (PyTorch's default), or the mean is that of the window's elements
public record AvgPool1d(Pool2dGeometry geometry, boolean countPadding) implements Layer {
    public AvgPool1d {
        geometry = geometry.line();
    }

    /// Windows side by side.
    public AvgPool1d(int kernel) {
        this(Pool2dGeometry.of(1, kernel), true);
    }

    /// `[batch, length, channels] → [batch, outLength, channels]`
    @Override
    public Variable forward(Variable x) {
        return Sequences.forward("avgPool1d", x, lines -> lines.avgPool2d(geometry, countPadding));
    }

    @Override
    public Parts parts() {
        return Parts.none();
    }
}
