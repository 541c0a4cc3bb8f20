package dev.headstart.autograd;

import dev.headstart.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a value was computed, without the value: what backward walks over. The only tensors it holds are those its operator keeps; results
/// and inputs are garbage as soon as nobody else has them.
///
/// What is wanted is settled when the operator is applied: that decides what it keeps. A parameter that is frozen afterwards gets no
/// gradient; one that is unfrozen afterwards is refused by backward ([#refuseUnfrozen]). So that it is noticed, what was computed from
/// frozen parameters alone has a node too, with the operator's name in place of the operator.
final class Node implements Source {
    private final Recorded op;
    private final @Nullable Source[] inputs;
    private final boolean[] wanted;

    private Node(Recorded op, @Nullable Source[] inputs, boolean[] wanted) {
        this.op = op;
        this.inputs = inputs;
        this.wanted = wanted;
    }

    /// Stands for an operator of which nothing was wanted.
    private record Frozen(Class<? extends Recorded> type) implements Op {
        static Frozen of(Recorded op) {
            return op instanceof Frozen frozen ? frozen : new Frozen(op.getClass());
        }

        @Override
        public Tensor gradient(int input, Tensor dY) {
            throw new AssertionError(operator() + ": nothing was wanted of it");
        }

        @Override
        public String operator() {
            return Recorded.name(type);
        }
    }

    /// The result of an operator, as [Variable#of] gives it.
    static Variable result(Tensor value, Recorded op, Variable... variables) {
        Mode mode = Mode.current();
        if (!mode.isRecording()) {
            return new Constant(value, null);
        }
        @Nullable
        Source[] inputs = new Source[variables.length];
        boolean[] wanted = new boolean[variables.length];
        boolean any = false;
        boolean data = true;
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = Source.of(variables[i]);
            wanted[i] = variables[i].requiresGradient();
            any |= wanted[i];
            data &= inputs[i] == null;
        }
        if (any) {
            return mode.recorded(new Result(value, new Node(op, inputs, wanted)), variables);
        }
        return new Constant(value, data ? null : new Node(Frozen.of(op), inputs, wanted));
    }

    /// The result of a block that will be computed again. What was frozen within is among its inputs.
    ///
    /// @param y what the block gave, with its graph
    static Result result(Recompute block, Variable x, Result y) {
        List<@Nullable Source> inputs = new ArrayList<>();
        inputs.add(Source.of(x));
        for (Node inside : Backward.ordered(y.node(), Source.of(x))) {
            if (inside.hasFrozen()) {
                inputs.add(inside.frozenPart());
            }
        }
        boolean[] wanted = new boolean[inputs.size()];
        wanted[0] = x.requiresGradient();
        return Mode.current().recorded(new Result(y.value(), new Node(block, inputs.toArray(Source[]::new), wanted)), x);
    }

    private boolean hasFrozen() {
        for (int i = 0; i < wanted.length; i++) {
            if (isFrozen(i)) {
                return true;
            }
        }
        return false;
    }

    private boolean isFrozen(int input) {
        return !wanted[input] && inputs[input] instanceof Parameter;
    }

    private Node frozenPart() {
        @Nullable
        Source[] frozen = new Source[inputs.length];
        for (int i = 0; i < frozen.length; i++) {
            frozen[i] = isFrozen(i) ? inputs[i] : null;
        }
        return new Node(Frozen.of(op), frozen, new boolean[frozen.length]);
    }

    /// @throws IllegalStateException when an input that was frozen when the operator was applied is trainable now
    void refuseUnfrozen() {
        for (int i = 0; i < wanted.length; i++) {
            if (!wanted[i] && inputs[i] instanceof Parameter parameter && parameter.isTrainable()) {
                throw new IllegalStateException(op.operator() + ": input " + i + " " + parameter.shape()
                        + " was frozen when the operator was applied and is not now: compute the value again");
            }
        }
    }

    /// The operator, with what it keeps.
    Recorded op() {
        return op;
    }

    /// Number of inputs.
    int inputs() {
        return inputs.length;
    }

    /// Where an input came from.
    @Nullable
    Source input(int number) {
        return inputs[number];
    }

    /// For each input whether its gradient is wanted. Not to be changed.
    boolean[] wanted() {
        return wanted;
    }
}
