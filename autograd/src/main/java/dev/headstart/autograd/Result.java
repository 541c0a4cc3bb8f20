package dev.headstart.autograd;

import dev.headstart.tensor.Tensor;

/// A value computed from trainable parameters, with how it was computed. It does not hold what it was computed from, but for what the
/// operators keep.
public final class Result implements Variable {
    private final Tensor value;
    private final Node node;

    Result(Tensor value, Node node) {
        this.value = value;
        this.node = node;
    }

    @Override
    public Tensor value() {
        return value;
    }

    /// How it was computed, with what is kept for backward.
    public Recorded op() {
        return node.op();
    }

    Node node() {
        return node;
    }

    @Override
    public boolean requiresGradient() {
        return true;
    }

    @Override
    public String toString() {
        return "Result " + op().operator() + " " + value.shape();
    }
}
