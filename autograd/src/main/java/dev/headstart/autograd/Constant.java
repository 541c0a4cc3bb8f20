package dev.headstart.autograd;

import dev.headstart.tensor.Tensor;

/// A value that nothing is learnt about: data, or what was computed from frozen parameters only.
///
/// @param value the value
public record Constant(Tensor value) implements Variable {
    @Override
    public boolean requiresGradient() {
        return false;
    }
}
