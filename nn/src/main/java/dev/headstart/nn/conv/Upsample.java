package dev.headstart.nn.conv;

import dev.headstart.autograd.Variable;
import dev.headstart.nn.Layer;
import dev.headstart.nn.Parts;
import dev.headstart.tensor.geometry.Interpolation;

/// Images a number of times as high and wide. No parameters.
///
/// @param factor at least 1
/// @param how nearest pixels or weighted means of neighbours
public record Upsample(int factor, Interpolation how) implements Layer {
    /// @throws IllegalArgumentException when the factor is below 1
    public Upsample {
        if (factor < 1) {
            throw new IllegalArgumentException("upsample: factor " + factor + ": it must be at least 1");
        }
    }

    /// `[batch, height, width, channels] → [batch, factor · height, factor · width, channels]`
    @Override
    public Variable forward(Variable x) {
        return x.resize(factor * x.shape().dim(1), factor * x.shape().dim(2), how);
    }

    @Override
    public Parts parts() {
        return Parts.none();
    }
}
