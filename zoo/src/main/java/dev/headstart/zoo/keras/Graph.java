package dev.headstart.zoo.keras;

import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Variable;
import dev.headstart.zoo.keras.BuiltLayer.Weight;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The layers of a model and how they hang together: an acyclic graph from one input to one output, models within models included.
///
/// @param input what is known of the shape of an example
/// @param nodes in an order in which each comes after its inputs; the first is the input
/// @param output the number of the node whose value is the model's
/// @param extents of the output
/// @param members the layers of the model as Keras lists them
record Graph(Extents input, List<Node> nodes, int output, Extents extents, List<Member> members) {
    /// Layers that leave pixels their range.
    private static final Set<String> UNCHANGING = Set.of("Identity", "Resizing", "ZeroPadding2D", "Cropping2D", "RandomFlip",
            "RandomRotation", "RandomZoom", "RandomTranslation", "RandomContrast", "RandomBrightness", "GaussianNoise", "Dropout");

    /// An application of a layer.
    ///
    /// @param layer its name, behind those of the models it is in
    /// @param kind its class; of the function after a layer, the function's name
    /// @param inputs numbers of nodes
    /// @param evaluates whether it computes as outside training, always
    record Node(String layer, String kind, Operator operator, int[] inputs, boolean evaluates) {
        private Variable apply(List<Variable> values) {
            return evaluates ? Mode.evaluation(() -> operator.apply(values)) : operator.apply(values);
        }
    }

    /// A layer of a model, which may be a model itself.
    ///
    /// @param path its name, behind those of the models it is in
    /// @param kind its class
    /// @param weights its own
    /// @param inner the layers of a model; null for a plain layer
    record Member(String path, String kind, List<Weight> weights, @Nullable List<Member> inner) {
        boolean hasWeights() {
            return !weights.isEmpty() || (inner != null && inner.stream().anyMatch(Member::hasWeights));
        }

        /// All weights in it and below, each with its layer.
        void each(BiConsumer<Member, Weight> visitor) {
            weights.forEach(weight -> visitor.accept(this, weight));
            if (inner != null) {
                inner.forEach(member -> member.each(visitor));
            }
        }
    }

    Node outputNode() {
        return nodes.get(output);
    }

    /// The value of a node, computed from that of another. Values are let go after their last use.
    Variable value(int node, int from, Variable start) {
        boolean[] needed = needed(node, from);
        int[] uses = new int[nodes.size()];
        for (int i = 0; i < nodes.size(); i++) {
            for (int input : needed[i] && i != from ? nodes.get(i).inputs : new int[0]) {
                uses[input]++;
            }
        }
        List<@Nullable Variable> values = new ArrayList<>(Collections.nCopies(nodes.size(), null));
        values.set(from, start);
        for (int i = from + 1; i <= node; i++) {
            if (needed[i]) {
                values.set(i, apply(nodes.get(i), values, uses));
            }
        }
        return Objects.requireNonNull(values.get(node));
    }

    private static Variable apply(Node node, List<@Nullable Variable> values, int[] uses) {
        List<Variable> inputs = new ArrayList<>();
        for (int input : node.inputs) {
            inputs.add(Objects.requireNonNull(values.get(input), "a node comes after its inputs"));
        }
        for (int input : node.inputs) {
            if (--uses[input] == 0) {
                values.set(input, null);
            }
        }
        return node.apply(inputs);
    }

    /// The nodes that lead from one to another, both included.
    private boolean[] needed(int node, int from) {
        boolean[] needed = new boolean[nodes.size()];
        needed[node] = true;
        for (int i = node; i > from; i--) {
            for (int input : needed[i] ? nodes.get(i).inputs : new int[0]) {
                needed[input] = true;
            }
        }
        return needed;
    }

    /// The node of one of these kinds that takes the input before anything changes its values; nothing when another does.
    Optional<Node> firstOf(String... kinds) {
        Set<Integer> unchanged = new HashSet<>(Set.of(0));
        for (int i = 1; i < nodes.size(); i++) {
            Node node = nodes.get(i);
            if (unchanged.contains(node.inputs[0])) {
                if (List.of(kinds).contains(node.kind)) {
                    return Optional.of(node);
                }
                if (!UNCHANGING.contains(node.kind)) {
                    return Optional.empty();
                }
                unchanged.add(i);
            }
        }
        return Optional.empty();
    }
}
