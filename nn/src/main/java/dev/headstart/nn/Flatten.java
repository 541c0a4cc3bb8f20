package dev.headstart.nn;

import dev.headstart.autograd.Variable;

/// All axes but the first made one. No parameters.
///
/// Images are channels last, so a row is in the order height, width, channels; a published [Linear] weight that follows a flattened image may
/// expect channels first.
public record Flatten() implements Layer {
    /// `[batch, …] → [batch, features]`
    @Override
    public Variable forward(Variable x) {
        int features = 1;
        for (int axis = 1; axis < x.shape().rank(); axis++) {
            features *= x.shape().dim(axis);
        }
        return x.reshape(x.shape().dim(0), features);
    }

    @Override
    public Parts parts() {
        return Parts.none();
    }
}
