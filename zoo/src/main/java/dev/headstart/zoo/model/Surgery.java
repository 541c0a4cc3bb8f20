package dev.headstart.zoo.model;

import dev.headstart.autograd.Parameter;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A model made from another, and what became of each tensor.
///
/// ```java
/// BertForPreTraining pretrained = …;
/// var classifier = new BertForSequenceClassification(BertConfig.read(Path.of("config.json")).withLabels(3), random);
/// System.out.println(Surgery.swapHead(pretrained, classifier)); // a new head on the old encoder
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
        /// for one input channel: the old channels' weights added up, so that a grey image gives what it gave as a colour image of equal
        /// channels
        SUMMED,
        /// for another number of input channels: the old channels' weights in turn, times old / new
        TILED,
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
                case GROWN, CUT, SUMMED, TILED, REPLACED ->
                        String.format(Locale.ROOT, "%-8s %s %s, it was %s", fate.name().toLowerCase(Locale.ROOT), name, after,
                                before);
            };
        }
    }

    /// Carries over what both models have under one name and in one shape, the prefix of models with heads aside. What was frozen stays
    /// frozen.
    ///
    /// @param to the new model, whose other numbers stay
    public static <M extends Published> Surgery<M> carry(Published from, M to) {
        return carry(from, to, true, false);
    }

    /// [#carry] for what is below the heads: the new model's head stays new even if the old one has such a head.
    public static <M extends Published> Surgery<M> swapHead(Published from, M to) {
        return carry(from, to, false, false);
    }

    /// [#carry], and where one axis is longer or shorter, what both have from index 0 on.
    static <M extends Published> Surgery<M> resize(Published from, M to) {
        return carry(from, to, true, true);
    }

    /// A network for images of another number of channels beside the one it was made from: one weight differs, all else they share.
    ///
    /// @param weight name of the one that sees the channels
    public static Surgery<ImageClassifier> channels(ImageClassifier from, ImageClassifier to, String weight) {
        List<Change> changes = new ArrayList<>();
        to.parameters().byName().forEach((name, parameter) -> {
            Shape before = from.parameters().get(name).shape();
            boolean same = before.equals(parameter.shape());
            Fate fate = !name.equals(weight) || same ? Fate.KEPT : parameter.shape().dim(-1) == 1 ? Fate.SUMMED : Fate.TILED;
            changes.add(new Change(name, fate, before, parameter.shape()));
        });
        return new Surgery<>(to, List.copyOf(changes));
    }

    private static <M extends Published> Surgery<M> carry(Published from, M to, boolean heads, boolean overlaps) {
        Map<String, String> oldNames = new LinkedHashMap<>();
        from.parameters().byName().keySet().forEach(name -> oldNames.put(bare(from, name), name));
        List<Change> changes = new ArrayList<>();
        to.parameters().byName().forEach((name, parameter) -> {
            String old = heads || isBody(to, name) ? oldNames.remove(bare(to, name)) : null;
            if (old == null) {
                changes.add(new Change(name, Fate.NEW, null, parameter.shape()));
            } else {
                Parameter before = from.parameters().get(old);
                changes.add(new Change(name, carry(before, parameter, overlaps), before.shape(), parameter.shape()));
            }
        });
        oldNames.values().forEach(name -> changes.add(new Change(name, Fate.DROPPED, from.parameters().get(name).shape(), null)));
        return new Surgery<>(to, List.copyOf(changes));
    }

    private static boolean isBody(Published model, String name) {
        return name.startsWith(model.prefix())
                || model.parameters().byName().keySet().stream().noneMatch(n -> n.startsWith(model.prefix()));
    }

    private static String bare(Published model, String name) {
        return name.startsWith(model.prefix()) ? name.substring(model.prefix().length()) : name;
    }

    private static Fate carry(Parameter from, Parameter to, boolean overlaps) {
        Fate fate = fate(from.shape(), to.shape(), overlaps);
        switch (fate) {
            case KEPT -> to.take(from.value().copy());
            case GROWN -> to.take(lengthened(from.value(), to.value()));
            case CUT -> to.take(shortened(from.value(), to.shape()));
            case NEW, REPLACED, DROPPED, SUMMED, TILED -> {}
        }
        if (!from.isTrainable() && fate != Fate.REPLACED) {
            to.freeze();
        }
        return fate;
    }

    private static Fate fate(Shape before, Shape after, boolean overlaps) {
        if (before.equals(after)) {
            return Fate.KEPT;
        }
        if (!overlaps || before.rank() != after.rank()) {
            return Fate.REPLACED;
        }
        int axis = differing(before, after);
        if (!before.with(axis, after.dim(axis)).equals(after)) {
            return Fate.REPLACED;
        }
        return before.dim(axis) < after.dim(axis) ? Fate.GROWN : Fate.CUT;
    }

    private static int differing(Shape a, Shape b) {
        int axis = 0;
        while (a.dim(axis) == b.dim(axis)) {
            axis++;
        }
        return axis;
    }

    private static Tensor lengthened(Tensor old, Tensor fresh) {
        int axis = differing(old.shape(), fresh.shape());
        return Tensor.concat(axis, old, fresh.slice(axis, old.dim(axis), fresh.dim(axis)));
    }

    private static Tensor shortened(Tensor old, Shape to) {
        int axis = differing(old.shape(), to);
        return old.slice(axis, 0, to.dim(axis)).copy();
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
                .map(e -> e.getValue() + " " + e.getKey().name().toLowerCase(Locale.ROOT)).collect(Collectors.joining(", "));
        return changes.stream().filter(change -> change.fate() != Fate.KEPT).map(change -> "\n  " + change)
                .collect(Collectors.joining("", head, ""));
    }
}
