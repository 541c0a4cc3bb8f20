package dev.headstart.zoo;

import dev.headstart.autograd.Parameter;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A model made from another, and what became of each tensor.
///
/// ```java
/// var classifier = new BertForSequenceClassification(config.withLabels(3), random);
/// Surgery<?> swapped = Surgery.carry(pretrained, classifier); // a new head on the old encoder
/// ```
///
/// @param model the new model
/// @param changes one for each of its parameters, in order, then those of the old model that it has no place for
public record Surgery<M extends Published>(M model, List<Change> changes) {
    /// What became of a tensor.
    public enum Fate {
        /// all numbers carried over
        KEPT,
        /// longer than it was: the old numbers, then new ones from the new model
        GROWN,
        /// shorter than it was: the first of the old numbers
        CUT,
        /// not in the old model: the new model's numbers
        NEW,
        /// of another kind than the old one's: the new model's numbers
        REPLACED,
        /// not in the new model
        DROPPED
    }

    /// What became of one tensor.
    ///
    /// @param name in the new model, or in the old where the new has none
    /// @param before its shape in the old model; null when it was not there
    /// @param after its shape in the new; null when it is not there
    public record Change(String name, Fate fate, @Nullable Shape before, @Nullable Shape after) {
        @Override
        public String toString() {
            return switch (fate) {
                case KEPT -> "kept     " + name + " " + after;
                case NEW -> "new      " + name + " " + after;
                case DROPPED -> "dropped  " + name + " " + before;
                case GROWN, CUT, REPLACED -> "%-8s %s %s, it was %s".formatted(fate.name().toLowerCase(java.util.Locale.ROOT), name, after,
                        before);
            };
        }
    }

    /// Carries over what both models have under one name, the prefix of models with heads aside: equal shapes as they are; where one axis is
    /// longer or shorter, what both have from index 0 on; other shapes not at all. What was frozen stays frozen.
    ///
    /// @param to the new model, whose other numbers stay
    public static <M extends Published> Surgery<M> carry(Published from, M to) {
        Map<String, Parameter> old = new LinkedHashMap<>();
        from.parameters().byName().forEach((name, parameter) -> old.put(bare(from, name), parameter));
        Map<String, String> oldNames = new LinkedHashMap<>();
        from.parameters().byName().keySet().forEach(name -> oldNames.put(bare(from, name), name));
        List<Change> changes = new ArrayList<>();
        to.parameters().byName().forEach((name, parameter) -> {
            Parameter before = old.get(bare(to, name));
            oldNames.remove(bare(to, name));
            changes.add(before == null
                    ? new Change(name, Fate.NEW, null, parameter.shape())
                    : new Change(name, carry(before, parameter), before.shape(), parameter.shape()));
        });
        oldNames.forEach((bare, name) -> changes.add(
                new Change(name, Fate.DROPPED, Objects.requireNonNull(old.get(bare)).shape(), null)));
        return new Surgery<>(to, List.copyOf(changes));
    }

    private static String bare(Published model, String name) {
        return name.startsWith(model.prefix()) ? name.substring(model.prefix().length()) : name;
    }

    private static Fate carry(Parameter from, Parameter to) {
        Fate fate = fate(from.shape(), to.shape());
        switch (fate) {
            case KEPT -> to.value().copyInPlace(from.value());
            case GROWN, CUT -> to.value().copyInPlace(overlaid(to.value(), from.value()));
            case NEW, REPLACED, DROPPED -> {}
        }
        if (!from.isTrainable() && fate != Fate.REPLACED) {
            to.freeze();
        }
        return fate;
    }

    private static Fate fate(Shape before, Shape after) {
        if (before.equals(after)) {
            return Fate.KEPT;
        }
        if (before.rank() != after.rank()) {
            return Fate.REPLACED;
        }
        int axis = 0;
        while (before.dim(axis) == after.dim(axis)) {
            axis++;
        }
        if (!before.with(axis, after.dim(axis)).equals(after)) {
            return Fate.REPLACED;
        }
        return before.dim(axis) < after.dim(axis) ? Fate.GROWN : Fate.CUT;
    }

    /// The first tensor, but the second one's numbers wherever both have one; they differ in one axis.
    private static Tensor overlaid(Tensor under, Tensor over) {
        int axis = 0;
        while (under.dim(axis) == over.dim(axis)) {
            axis++;
        }
        return over.dim(axis) > under.dim(axis)
                ? over.slice(axis, 0, under.dim(axis))
                : Tensor.concat(axis, over, under.slice(axis, over.dim(axis), under.dim(axis)));
    }

    /// What became of a parameter.
    ///
    /// @throws IllegalArgumentException when neither model has one of this name
    public Change change(String name) {
        return changes.stream().filter(change -> change.name().equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("surgery: neither model has " + name));
    }

    /// How many of each, and every tensor that is not as it was.
    @Override
    public String toString() {
        Map<Fate, Long> counts = changes.stream().collect(Collectors.groupingBy(Change::fate, java.util.TreeMap::new,
                Collectors.counting()));
        String head = model.architecture() + ": " + counts.entrySet().stream()
                .map(e -> e.getValue() + " " + e.getKey().name().toLowerCase(java.util.Locale.ROOT)).collect(Collectors.joining(", "));
        return changes.stream().filter(change -> change.fate() != Fate.KEPT).map(change -> "\n  " + change)
                .collect(Collectors.joining("", head, ""));
    }
}
