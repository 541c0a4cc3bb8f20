package dev.headstart.zoo.keras;

import dev.headstart.autograd.Parameter;
import dev.headstart.nn.Part;
import dev.headstart.nn.Parts;
import dev.headstart.nn.WeightKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A layer of Keras as it is here: it may be used at several places of a graph.
///
/// @param operator what it computes, but for the function after it
/// @param function the name of that; null for none
/// @param after it
/// @param weights in Keras's order
/// @param shaping what becomes of the shapes of its inputs
record BuiltLayer(Operator operator, @Nullable String function, @Nullable Operator after, List<Weight> weights, Shaping shaping) {
    /// A weight.
    ///
    /// @param name what Keras 2 calls it: `kernel:0`
    record Weight(String name, Parameter parameter, WeightKind kind) {}

    /// What becomes of the shapes of a layer's inputs.
    @FunctionalInterface
    interface Shaping {
        Extents of(List<Extents> inputs) throws IOException;
    }

    /// Of one input.
    @FunctionalInterface
    interface OneShaping {
        Extents of(Extents input) throws IOException;
    }

    /// A layer of one input without weights.
    static BuiltLayer of(Operator operator, OneShaping shaping) {
        return new BuiltLayer(operator, null, null, List.of(), in -> shaping.of(in.getFirst()));
    }

    /// A layer that changes no shape.
    static BuiltLayer of(Operator operator) {
        return of(operator, in -> in);
    }

    /// The same with another function after it.
    BuiltLayer then(String name, Operator other) {
        return new BuiltLayer(operator, name, other, weights, shaping);
    }

    BuiltLayer with(List<Weight> others) {
        return new BuiltLayer(operator, function, after, others, shaping);
    }

    /// The parameters of a part of `nn`, those that Keras has.
    ///
    /// @param names in Keras's order, ours and its: `weight`, `kernel:0`, …
    static List<Weight> weights(Part part, String... names) {
        Parts parts = part.parts();
        Map<String, Parameter> own = parts.parameters().byName();
        List<Weight> weights = new ArrayList<>();
        for (int i = 0; i < names.length; i += 2) {
            Parameter parameter = own.get(names[i]);
            if (parameter != null) {
                weights.add(new Weight(names[i + 1], parameter, parts.kind(names[i])));
            }
        }
        return weights;
    }
}
