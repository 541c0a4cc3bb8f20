package dev.headstart.nn.adapt;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Parameters;
import dev.headstart.nn.Linear;
import dev.headstart.nn.Part;
import dev.headstart.tensor.RandomStream;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;

/// What was added to the linear layers of a model that match a pattern. Load the model's weights first; then add; then make the optimiser.
/// Merge or remove before the model is exported or published weights are loaded: those know no additions.
///
/// ```java
/// Additions lora = Additions.lora(model, "**.attention.self.{query,value}", 8, 16, random);
/// Parameters learnt = lora.alone("classifier.**"); // everything else is frozen
/// …
/// lora.merge();                                    // the change is part of the weights from now on
/// ```
public final class Additions {
    private final Part model;
    private final Map<String, Linear> layers;
    private final Map<String, Rank> ranks;

    private Additions(Part model, Map<String, Linear> layers, Map<String, Rank> ranks) {
        this.model = model;
        this.layers = Collections.unmodifiableMap(layers);
        this.ranks = Collections.unmodifiableMap(ranks);
    }

    /// The size of a low-rank change.
    ///
    /// @param rank of the change
    /// @param alpha its factor is alpha / rank
    public record Rank(int rank, double alpha) {}

    /// Adds [LowRank] changes to the layers whose names match a pattern (as in [Parameters#select]).
    ///
    /// @param alpha the change's factor is alpha / rank
    /// @throws IllegalArgumentException when no layer matches, one has an addition already, or the rank is below 1; then nothing was changed
    public static Additions lora(Part model, String pattern, int rank, double alpha, RandomStream random) {
        return lora(model, select(model, List.of(pattern)), _ -> new Rank(rank, alpha), random);
    }

    /// The same for the layers that match any of these patterns, each of which must match one.
    public static Additions lora(Part model, List<String> patterns, int rank, double alpha, RandomStream random) {
        return lora(model, select(model, patterns), _ -> new Rank(rank, alpha), random);
    }

    /// The same for these layers, each with a rank of its own.
    ///
    /// @param ranks by full name of a layer
    public static Additions lora(Part model, Map<String, Rank> ranks, RandomStream random) {
        return lora(model, select(model, List.copyOf(ranks.keySet())), name -> Objects.requireNonNull(ranks.get(name)), random);
    }

    private static Additions lora(Part model, Map<String, Linear> layers, Function<String, Rank> rank, RandomStream random) {
        Map<String, Rank> ranks = new LinkedHashMap<>();
        layers.keySet().forEach(name -> ranks.put(name, rank.apply(name)));
        add(layers, (name, layer) -> new LowRank(layer, rank.apply(name).rank, rank.apply(name).alpha, random.child(name)));
        return new Additions(model, layers, ranks);
    }

    /// Adds an [Adapter] behind each of the layers whose names match a pattern: for BERT `**.output.dense`, for GPT-2 `**.c_proj`.
    ///
    /// @throws IllegalArgumentException when no layer matches, or one has an addition already; then nothing was changed
    public static Additions adapters(Part model, String pattern, int width, RandomStream random) {
        Map<String, Linear> layers = select(model, List.of(pattern));
        add(layers, (name, layer) -> new Adapter(layer, width, random.child(name)));
        return new Additions(model, layers, Map.of());
    }

    private static Map<String, Linear> select(Part model, List<String> patterns) {
        Map<String, Linear> layers = new LinkedHashMap<>();
        for (String pattern : patterns) {
            layers.putAll(model.parts().select(Linear.class, pattern));
        }
        return layers;
    }

    private static void add(Map<String, Linear> layers, BiFunction<String, Linear, Linear.Addition> make) {
        Map<Linear, Linear.Addition> made = new LinkedHashMap<>();
        layers.forEach((name, layer) -> {
            if (layer.addition() != null) {
                throw new IllegalArgumentException("additions: " + name + " has one already: merge or remove it first");
            }
            made.put(layer, make.apply(name, layer));
        });
        made.forEach(Linear::add);
    }

    /// The layers, by full name.
    public Map<String, Linear> layers() {
        return layers;
    }

    /// The sizes of LoRA's changes, by full name of the layer; none for adapters.
    public Map<String, Rank> ranks() {
        return ranks;
    }

    /// What was added, by full name in the model: `encoder.layer.0.attention.self.query.lora_A.weight`.
    public Parameters parameters() {
        Map<String, Parameter> added = new LinkedHashMap<>();
        layers.forEach((name, layer) -> {
            Linear.Addition addition = layer.addition();
            if (addition != null) {
                addition.parameters().byName().forEach((inner, parameter) -> added.put(name + "." + inner, parameter));
            }
        });
        return Parameters.of(added);
    }

    /// Freezes the whole model but what was added, and what matches one of these patterns: a new head.
    ///
    /// @return what is trainable now
    public Parameters alone(String... besides) {
        Parameters all = model.parameters();
        Map<String, Parameter> chosen = new LinkedHashMap<>(parameters().byName());
        for (String pattern : besides) {
            chosen.putAll(all.select(pattern).byName());
        }
        all.freeze();
        chosen.values().forEach(Parameter::unfreeze);
        return all.trainable();
    }

    /// Makes LoRA's changes part of the weights, and removes the additions. Outputs stay the same but for rounding: of the sum of two
    /// products, and of the weight that holds both.
    ///
    /// @throws IllegalStateException when these are adapters, which no weight can hold
    public void merge() {
        for (Map.Entry<String, Linear> entry : layers.entrySet()) {
            if (!(entry.getValue().addition() instanceof LowRank)) {
                throw new IllegalStateException("additions: merge: what " + entry.getKey() + " has is no low-rank change of its weight");
            }
        }
        for (Linear layer : layers.values()) {
            LowRank change = (LowRank) Objects.requireNonNull(layer.addition());
            layer.weight().value().axpyInPlace(1, change.change());
            layer.add(null);
        }
    }

    /// Removes what was added: the model is what it was before.
    public void remove() {
        layers.values().forEach(layer -> layer.add(null));
    }
}
