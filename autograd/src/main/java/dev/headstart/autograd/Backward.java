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
/// Nodes are put into an order in which every one comes after its inputs; then they are visited backwards, each when the gradients of all
/// its uses have been added up, in the order in which those uses are visited. The order depends on the graph alone, so the sums have
/// the same bits every time.
final class Backward {
    private Backward() {}

    /// @param root null where there is nothing to go back to
    static Gradients run(@Nullable Source root, Tensor seed) {
        IdentityHashMap<Parameter, Tensor> gradients = new IdentityHashMap<>();
        accumulate(root, seed, gradients);
        return new Gradients(gradients);
    }

    private static void accumulate(@Nullable Source root, Tensor seed, IdentityHashMap<Parameter, Tensor> gradients) {
        IdentityHashMap<Node, Tensor> pending = new IdentityHashMap<>();
        give(root, seed, pending, gradients);
        if (!(root instanceof Node last)) {
            return;
        }
        List<Node> order = ordered(last, null);
        order.forEach(Node::refuseUnfrozen);
        for (Node node : order.reversed()) {
            Tensor dY = pending.remove(node);
            if (dY == null) {
                continue; // its users passed nothing down
            }
            switch (node.op()) {
                case Op op -> accumulate(op, node, dY, pending, gradients);
                case Recompute block -> accumulate(block, node.input(0), dY, pending, gradients);
            }
        }
    }

    private static void accumulate(Op op, Node node, Tensor dY, IdentityHashMap<Node, Tensor> pending,
            IdentityHashMap<Parameter, Tensor> gradients) {
        @Nullable
        Tensor[] given = op.gradients(node.wanted(), dY);
        for (int i = 0; i < given.length; i++) {
            Tensor gradient = given[i];
            if (gradient != null) {
                give(node.input(i), gradient, pending, gradients);
            }
        }
    }

    /// Differentiates a block that is computed again. What x and the parameters were given so far is what the sums inside go on from, so
    /// that they have the bits they would have without the block.
    private static void accumulate(Recompute block, @Nullable Source x, Tensor dY, IdentityHashMap<Node, Tensor> pending,
            IdentityHashMap<Parameter, Tensor> gradients) {
        Tensor given = x instanceof Parameter ? gradients.remove(x) : pending.remove(x);
        if (given != null) {
            gradients.put(block.input(), given);
        }
        accumulate(Source.of(block.again()), dY, gradients);
        Tensor dX = gradients.remove(block.input());
        if (dX != null) {
            give(x, dX, pending, gradients);
        }
    }

    private static void give(@Nullable Source input, Tensor gradient, IdentityHashMap<Node, Tensor> pending,
            IdentityHashMap<Parameter, Tensor> gradients) {
        switch (input) {
            case Parameter parameter -> {
                if (parameter.isTrainable()) {
                    gradients.merge(parameter, gradient, Tensor::plus);
                }
            }
            case Node node -> pending.merge(node, gradient, Tensor::plus);
            case null -> {}
        }
    }

    private record Visit(Node node, int next) {}

    /// All nodes the root depends on, each after its inputs.
    ///
    /// @param below where to stop: that node and what it alone depends on are left out
    static List<Node> ordered(Node root, @Nullable Source below) {
        List<Node> order = new ArrayList<>();
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        ArrayDeque<Visit> open = new ArrayDeque<>();
        if (below != null) {
            seen.add(below);
        }
        if (seen.add(root)) {
            open.push(new Visit(root, 0));
        }
        while (!open.isEmpty()) {
            Visit visit = open.pop();
            if (visit.next == visit.node.inputs()) {
                order.add(visit.node);
                continue;
            }
            open.push(new Visit(visit.node, visit.next + 1));
            if (visit.node.input(visit.next) instanceof Node input && seen.add(input)) {
                open.push(new Visit(input, 0));
            }
        }
        return order;
    }
}
