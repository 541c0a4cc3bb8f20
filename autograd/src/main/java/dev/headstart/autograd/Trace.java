package dev.headstart.autograd;

import dev.headstart.tensor.Tensor;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/// A computation with the values of all its recorded operators, which a graph by itself does not hold: for a diagnosis, or to count them.
///
/// It runs as what has run before ([Mode#isRepeating]): running statistics stay as they are.
public final class Trace {
    private final IdentityHashMap<Node, Step> steps = new IdentityHashMap<>();
    private final Variable result;

    /// An operator that was applied.
    ///
    /// @param op the operator
    /// @param value its result
    /// @param inputs what it was applied to
    public record Step(Recorded op, Tensor value, List<Variable> inputs) {}

    private Trace(Supplier<Variable> computation) {
        this.result = Mode.current().traced(this).call(computation);
    }

    /// Runs a computation and keeps its values.
    public static Trace of(Supplier<Variable> computation) {
        return new Trace(computation);
    }

    void add(Node node, Step step) {
        steps.put(node, step);
    }

    /// What the computation gave.
    public Variable result() {
        return result;
    }

    /// The operators that the result depends on, each after its inputs.
    public List<Step> steps() {
        return steps(result);
    }

    List<Step> steps(Variable variable) {
        return variable instanceof Result root
                ? Backward.ordered(root.node(), null).stream().map(steps::get).filter(Objects::nonNull).toList()
                : List.of();
    }
}
