package dev.headstart.autograd;

import dev.headstart.tensor.Tensor;
import java.util.List;

/// A value computed from trainable parameters, with how it was computed and the inputs it came from.
public final class Result implements Variable {
    private final Tensor value;
    private final Recorded op;
    private final List<Variable> inputs;

    Result(Tensor value, Recorded op, List<Variable> inputs) {
        this.value = value;
        this.op = op;
        this.inputs = inputs;
    }

    @Override
    public Tensor value() {
        return value;
    }

    /// How it was computed, with what is kept for backward.
    public Recorded op() {
        return op;
    }

    /// What it was computed from.
    public List<Variable> inputs() {
        return inputs;
    }

    @Override
    public boolean requiresGradient() {
        return true;
    }

    @Override
    public String toString() {
        return "Result " + op.operator() + " " + value.shape();
    }
}
