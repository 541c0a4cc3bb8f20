package dev.headstart.autograd;

import dev.headstart.tensor.Tensor;
import java.util.List;

/// A value computed from trainable parameters, with the operator and the inputs it came from.
public final class Result implements Variable {
    private final Tensor value;
    private final Op op;
    private final List<Variable> inputs;

    Result(Tensor value, Op op, List<Variable> inputs) {
        this.value = value;
        this.op = op;
        this.inputs = inputs;
    }

    @Override
    public Tensor value() {
        return value;
    }

    /// The operator, with what it kept for backward.
    public Op op() {
        return op;
    }

    /// What the operator was applied to.
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
