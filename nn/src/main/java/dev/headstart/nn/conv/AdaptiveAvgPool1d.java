package dev.headstart.nn.conv;

import dev.headstart.autograd.Variable;
import dev.headstart.nn.Layer;
import dev.headstart.nn.Parts;

/// The means of a given number of bins of sequences of any length, for each channel. No parameters.
///
/// @param outLength bins along the sequence
public record AdaptiveAvgPool1d(int outLength) implements Layer {
    /// `[batch, length, channels] → [batch, outLength, channels]`
    @Override
    public Variable forward(Variable x) {
        return Sequences.forward("adaptiveAvgPool1d", x, lines -> lines.adaptiveAvgPool2d(1, outLength));
    }

    @Override
    public Parts parts() {
        return Parts.none();
    }
}
