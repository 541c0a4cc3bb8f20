package dev.headstart.autograd;

import dev.headstart.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// A value that nothing is learnt about: data, or what was computed from frozen parameters only.
public final class Constant implements Variable {
    private final Tensor value;
    private final @Nullable Node node;

    /// @param node names the frozen parameters it was computed from; null where there are none
    Constant(Tensor value, @Nullable Node node) {
        this.value = value;
        this.node = node;
    }

    @Override
    public Tensor value() {
        return value;
    }

    @Nullable
    Node node() {
        return node;
    }

    @Override
    public boolean requiresGradient() {
        return false;
    }

    @Override
    public String toString() {
        return "Constant " + value.shape();
    }
}
