package dev.headstart.autograd;

import dev.headstart.tensor.Tensor;

/// A leaf that is learnt: a tensor of its own that optimisers change in place. Trainable until frozen.
///
/// A frozen parameter gets no gradient, and operators whose inputs are all frozen are not recorded. A *buffer* is named, saved and loaded as a
/// parameter but never learnt: running statistics.
public final class Parameter implements Variable {
    private final Tensor value;
    private final boolean buffer;
    private volatile boolean trainable;

    /// A parameter that starts from a copy of these values.
    public Parameter(Tensor initial) {
        this(initial, false);
    }

    private Parameter(Tensor initial, boolean buffer) {
        this.value = initial.copy();
        this.buffer = buffer;
        this.trainable = !buffer;
    }

    /// A parameter that starts from a copy of these values.
    public static Parameter of(Tensor initial) {
        return new Parameter(initial);
    }

    /// A buffer that starts from a copy of these values.
    public static Parameter buffer(Tensor initial) {
        return new Parameter(initial, true);
    }

    /// Whether this is never learnt.
    public boolean isBuffer() {
        return buffer;
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

    /// Learnt from now on, unless it is a buffer.
    public void unfreeze() {
        trainable = !buffer;
    }

    @Override
    public boolean requiresGradient() {
        return trainable;
    }

    @Override
    public String toString() {
        return (buffer ? "Buffer " : "Parameter ") + value.shape() + (trainable || buffer ? "" : " frozen");
    }
}
