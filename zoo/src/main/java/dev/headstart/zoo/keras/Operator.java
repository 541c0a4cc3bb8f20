package dev.headstart.zoo.keras;

import dev.headstart.autograd.Variable;
import dev.headstart.nn.Layer;
import java.util.List;
import java.util.function.UnaryOperator;

/// What a node of a graph computes from its inputs.
@FunctionalInterface
interface Operator {
    Variable apply(List<Variable> inputs);

    /// Of one input.
    static Operator of(UnaryOperator<Variable> function) {
        return inputs -> function.apply(inputs.getFirst());
    }

    static Operator of(Layer layer) {
        return of(layer::forward);
    }
}
