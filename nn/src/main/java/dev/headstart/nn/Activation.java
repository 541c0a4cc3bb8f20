package dev.headstart.nn;

import dev.headstart.autograd.Variable;
import java.util.function.UnaryOperator;

/// The element-wise functions between layers, as layers without parameters.
public enum Activation implements Layer {
    /// max(x, 0)
    RELU(Variable::relu),
    /// x · Φ(x), by the error function
    GELU(Variable::gelu),
    /// GELU in its tanh form
    GELU_TANH(Variable::geluTanh),
    /// hyperbolic tangent
    TANH(Variable::tanh),
    /// 1 / (1 + e^-x)
    SIGMOID(Variable::sigmoid),
    /// x
    IDENTITY(x -> x);

    @SuppressWarnings("ImmutableEnumChecker") // method references and a lambda without state
    private final UnaryOperator<Variable> function;

    Activation(UnaryOperator<Variable> function) {
        this.function = function;
    }

    @Override
    public Variable forward(Variable x) {
        return function.apply(x);
    }

    @Override
    public Parts parts() {
        return Parts.none();
    }
}
