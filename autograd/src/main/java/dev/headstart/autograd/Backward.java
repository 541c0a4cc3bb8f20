package dev.headstart.autograd;

import dev.headstart.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reverse-mode differentiation over a recorded graph, without recursion: a chain of any length fits on the stack.
///
/// Results are put into an order in which every one comes after its inputs; then they are visited backwards, each when the gradients of all
/// its uses have been added up, in the order in which those uses are visited. The order depends on the graph alone, so the sums have
/// the same bits every time.
final class Backward {
    private Backward() {}

    static Gradients run(Result root, Tensor seed) {
        IdentityHashMap<Parameter, Tensor> gradients = new IdentityHashMap<>();
        accumulate(root, seed, gradients);
        return new Gradients(gradients);
    }

    private static void accumulate(Result root, Tensor seed, IdentityHashMap<Parameter, Tensor> gradients) {
        IdentityHashMap<Variable, Tensor> pending = new IdentityHashMap<>();
        pending.put(root, seed);
        for (Result result : ordered(root).reversed()) {
            Tensor dY = pending.remove(result);
            if (dY == null) {
                continue; // its users passed nothing down
            }
            switch (result.op()) {
                case Op op -> accumulate(op, result.inputs(), dY, pending, gradients);
                case Recompute block -> accumulate(block, result.inputs().getFirst(), dY, pending, gradients);
            }
        }
    }

    private static void accumulate(Op op, List<Variable> inputs, Tensor dY, IdentityHashMap<Variable, Tensor> pending,
            IdentityHashMap<Parameter, Tensor> gradients) {
        boolean[] wanted = new boolean[inputs.size()];
        for (int i = 0; i < wanted.length; i++) {
            wanted[i] = inputs.get(i).requiresGradient();
        }
        @Nullable
        Tensor[] given = op.gradients(wanted, dY);
        for (int i = 0; i < wanted.length; i++) {
            Tensor gradient = given[i];
            if (gradient != null) {
                give(inputs.get(i), gradient, pending, gradients);
            }
        }
    }

    /// Differentiates a block that is computed again. What x and the parameters were given so far is what the sums inside go on from, so
    /// that they have the bits they would have without the block.
    private static void accumulate(Recompute block, Variable x, Tensor dY, IdentityHashMap<Variable, Tensor> pending,
            IdentityHashMap<Parameter, Tensor> gradients) {
        Tensor given = x instanceof Parameter ? gradients.remove(x) : pending.remove(x);
        if (given != null) {
            gradients.put(block.input(), given);
        }
        switch (block.again()) {
            case Result y -> accumulate(y, dY, gradients);
            case Variable y -> give(y, dY, pending, gradients); // a block that does nothing
        }
        Tensor dX = gradients.remove(block.input());
        if (dX != null) {
            give(x, dX, pending, gradients);
        }
    }

    private static void give(Variable input, Tensor gradient, IdentityHashMap<Variable, Tensor> pending,
            IdentityHashMap<Parameter, Tensor> gradients) {
        switch (input) {
            case Parameter parameter -> {
                if (parameter.isTrainable()) {
                    gradients.merge(parameter, gradient, Tensor::plus);
                }
            }
            case Result result -> pending.merge(result, gradient, Tensor::plus);
            case Constant constant -> {}
        }
    }

    private record Visit(Result result, int next) {}

    /// All results the root depends on, each after its inputs.
    static List<Result> ordered(Result root) {
        List<Result> order = new ArrayList<>();
        Set<Result> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        ArrayDeque<Visit> open = new ArrayDeque<>();
        seen.add(root);
        open.push(new Visit(root, 0));
        while (!open.isEmpty()) {
            Visit visit = open.pop();
            if (visit.next == visit.result.inputs().size()) {
                order.add(visit.result);
                continue;
            }
            open.push(new Visit(visit.result, visit.next + 1));
            if (visit.result.inputs().get(visit.next) instanceof Result input && seen.add(input)) {
                open.push(new Visit(input, 0));
            }
        }
        return order;
    }
}
