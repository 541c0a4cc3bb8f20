package dev.headstart.autograd;

import dev.headstart.tensor.Tensor;

/// A leaf that is learnt: a tensor of its own that optimisers change in place. Trainable until frozen.
///
/// A frozen parameter gets no gradient, and operators whose inputs are all frozen are not recorded.
public final class Parameter implements Variable {
    private final Tensor value;
    private volatile boolean trainable = true;

    /// A parameter that starts from a copy of these values.
    public Parameter(Tensor initial) {
        this.value = initial.copy();
    }

    /// A parameter that starts from a copy of these values.
    public static Parameter of(Tensor initial) {
        return new Parameter(initial);
    }

    /// The values, which optimisers change in place.
    @Override
    public Tensor value() {
        return value;
    }

    /// Whether the parameter is learnt, that is, not frozen.
    public boolean isTrainable() {
        return trainable;
    }

    /// No gradient, no decay, no optimiser state from now on.
    public void freeze() {
        trainable = false;
    }

    /// Learnt from now on.
    public void unfreeze() {
        trainable = true;
    }

    @Override
    public boolean requiresGradient() {
        return trainable;
    }

    @Override
    public String toString() {
        return "Parameter " + value.shape() + (trainable ? "" : " frozen");
    }
}
