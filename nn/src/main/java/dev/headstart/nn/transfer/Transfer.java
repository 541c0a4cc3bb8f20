package dev.headstart.nn.transfer;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Parameters;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/// Weights by name into the parameters of a model. Strict unless told otherwise: every parameter must be found, every tensor wanted, every
/// shape equal. All is checked before anything is changed.
///
/// ```java
/// TransferSource tensors = …;
/// TransferReport report = Transfer.into("Classifier", model.parameters())
///         .rename("bert\\.(.*)", "encoder.$1")
///         .allowMissing("head.**")
///         .allowUnexpected("mlm.**")
///         .from("encoder.safetensors", tensors);
/// ```
public final class Transfer {
    /// What to do with a tensor whose shape is not the parameter's.
    public enum Policy {
        /// Fail.
        REFUSE,
        /// Leave the parameter as it is.
        SKIP,
        /// Copy what both have, from index 0 of each axis on; needs equal rank.
        OVERLAP
    }

    private final String model;
    private final Parameters target;
    private final List<UnaryOperator<String>> renames;
    private final List<String> mayMiss;
    private final List<String> mayRemain;
    private final Policy policy;
    private final Function<String, ? extends AxisOrder> order;

    private Transfer(String model, Parameters target, List<UnaryOperator<String>> renames, List<String> mayMiss, List<String> mayRemain,
            Policy policy, Function<String, ? extends AxisOrder> order) {
        this.model = model;
        this.target = target;
        this.renames = renames;
        this.mayMiss = mayMiss;
        this.mayRemain = mayRemain;
        this.policy = policy;
        this.order = order;
    }

    /// A strict transfer into these parameters.
    ///
    /// @param model what they belong to, for messages
    public static Transfer into(String model, Parameters target) {
        return new Transfer(model, target, List.of(), List.of(), List.of(), Policy.REFUSE, name -> AxisOrder.SAME);
    }

    /// Tensors whose whole name matches the regular expression get another name; `$1` is its first group. The first rule that changes a
    /// name counts.
    public Transfer rename(String regex, String replacement) {
        Pattern pattern = Pattern.compile(regex);
        return rename(name -> {
            var matcher = pattern.matcher(name);
            return matcher.matches() ? matcher.replaceFirst(replacement) : name;
        });
    }

    /// Tensors get the names that this rule gives them; the same name when it has nothing to say. The first rule that changes a name counts.
    public Transfer rename(UnaryOperator<String> rule) {
        return new Transfer(model, target, added(renames, rule), mayMiss, mayRemain, policy, order);
    }

    /// Parameters matching this pattern (as in [Parameters#select]) may keep their values when the source has nothing for them.
    public Transfer allowMissing(String pattern) {
        return new Transfer(model, target, renames, added(mayMiss, pattern), mayRemain, policy, order);
    }

    /// Tensors whose (renamed) name matches this pattern may be left over.
    public Transfer allowUnexpected(String pattern) {
        return new Transfer(model, target, renames, mayMiss, added(mayRemain, pattern), policy, order);
    }

    /// What to do with shapes that differ.
    public Transfer onMismatch(Policy other) {
        return new Transfer(model, target, renames, mayMiss, mayRemain, other, order);
    }

    /// The order of axes the source has for each parameter, by the parameter's name. Messages and the report tell shapes as the source has
    /// them.
    public Transfer ordered(Function<String, ? extends AxisOrder> other) {
        return new Transfer(model, target, renames, mayMiss, mayRemain, policy, other);
    }

    private static <T> List<T> added(List<T> list, T item) {
        List<T> more = new ArrayList<>(list);
        more.add(item);
        return List.copyOf(more);
    }

    /// Transfers tensors that are in memory, by copying them.
    ///
    /// @param source what they come from, for messages
    /// @throws TransferException when something does not fit; then nothing was changed
    public TransferReport fromTensors(String source, Map<String, Tensor> tensors) {
        Plan plan = plan(source, tensors.keySet(), name -> found(tensors, name).shape());
        plan.wanted.forEach((parameter, from) -> parameter.take(ours(from, found(tensors, from.source)).copy()));
        return plan.report;
    }

    private static Tensor found(Map<String, Tensor> tensors, String name) {
        return Objects.requireNonNull(tensors.get(name), name);
    }

    /// Transfers tensors that are read when wanted, one after the other, each at most once. Shapes are checked before any is read; a tensor
    /// that was read becomes the parameter's own without being copied, unless somebody has asked for the parameter's values before.
    ///
    /// @param source what they come from, for messages
    /// @throws TransferException when something does not fit; then nothing was changed
    /// @throws IOException when a tensor cannot be read; then the parameters before it, in their order, have the source's values, and the
    /// others are as they were
    public TransferReport from(String source, TransferSource tensors) throws IOException {
        Plan plan = plan(source, tensors.names(), tensors::shape);
        for (Map.Entry<Parameter, Wanted> entry : plan.wanted.entrySet()) {
            entry.getKey().take(ours(entry.getValue(), tensors.read(entry.getValue().source)));
        }
        return plan.report;
    }

    private Tensor ours(Wanted wanted, Tensor published) {
        Tensor ours = order.apply(wanted.name).toOurs(published);
        return wanted.overlaps ? overlap(target.get(wanted.name).value(), ours) : ours;
    }

    /// What a parameter gets.
    private record Wanted(String name, String source, boolean overlaps) {}

    /// All that is to be done, once everything was found to fit.
    private record Plan(Map<Parameter, Wanted> wanted, TransferReport report) {}

    private Plan plan(String source, Set<String> names, Function<String, Shape> shapes) {
        Map<String, String> sourceNames = sourceNames(source, names);
        Map<Parameter, Wanted> wanted = new LinkedHashMap<>();
        List<TransferReport.Loaded> loaded = new ArrayList<>();
        List<TransferReport.Mismatch> mismatched = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        Set<String> left = new LinkedHashSet<>(sourceNames.keySet());
        target.byName().forEach((name, parameter) -> {
            String from = sourceNames.get(name);
            if (from == null) {
                missing.add(name);
                return;
            }
            left.remove(name);
            Shape shape = order.apply(name).toPublished(parameter.shape());
            Shape found = shapes.apply(from);
            boolean equal = found.equals(shape);
            boolean overlaps = !equal && policy == Policy.OVERLAP && found.rank() == shape.rank();
            if (equal) {
                loaded.add(new TransferReport.Loaded(name, from, shape));
            } else {
                mismatched.add(new TransferReport.Mismatch(name, from, shape, found, overlaps));
            }
            if (equal || overlaps) {
                wanted.put(parameter, new Wanted(name, from, overlaps));
            }
        });
        TransferReport report = new TransferReport(List.copyOf(loaded), List.copyOf(missing), List.copyOf(left), List.copyOf(mismatched));
        refuse(source, report);
        return new Plan(wanted, report);
    }

    /// What the source calls a tensor, by its name here.
    private Map<String, String> sourceNames(String source, Set<String> names) {
        Map<String, String> sourceNames = new LinkedHashMap<>();
        for (String name : names) {
            String other = sourceNames.put(renamed(name), name);
            if (other != null) {
                throw new IllegalArgumentException(
                        "load " + source + " into " + model + ": " + other + " and " + name + " are both renamed to " + renamed(name));
            }
        }
        return sourceNames;
    }

    private String renamed(String name) {
        for (UnaryOperator<String> rename : renames) {
            String other = rename.apply(name);
            if (!other.equals(name)) {
                return other;
            }
        }
        return name;
    }

    private void refuse(String source, TransferReport report) {
        List<String> complaints = new ArrayList<>();
        List<String> missing = without(report.missing(), mayMiss);
        if (!missing.isEmpty()) {
            complaints.add("missing " + names(missing) + hint(missing, report.unexpected()));
        }
        List<String> unexpected = without(report.unexpected(), mayRemain);
        if (!unexpected.isEmpty()) {
            complaints.add("unexpected " + names(unexpected));
        }
        for (TransferReport.Mismatch m : report.mismatched()) {
            if (policy == Policy.REFUSE || (policy == Policy.OVERLAP && !m.overlapped())) {
                complaints.add(m.parameter() + " is " + m.found() + " in the file, " + m.wanted() + " in the layer");
            }
        }
        if (complaints.isEmpty() && report.loaded().isEmpty()
                && report.mismatched().stream().noneMatch(TransferReport.Mismatch::overlapped)) {
            complaints.add("nothing was loaded: no name agrees");
        }
        if (!complaints.isEmpty()) {
            throw new TransferException("load " + source + " into " + model + ": " + String.join("; ", complaints), report);
        }
    }

    private static List<String> without(List<String> names, List<String> patterns) {
        List<Pattern> compiled = patterns.stream().map(Parameters::pattern).toList();
        return names.stream().filter(name -> compiled.stream().noneMatch(p -> p.matcher(name).matches())).toList();
    }

    private static String names(List<String> names) {
        return names.size() <= 6
                ? String.join(", ", names)
                : String.join(", ", names.subList(0, 6)) + " and " + (names.size() - 6) + " more";
    }

    /// Points to a tensor that was left over and ends like the first missing parameter, the usual sign of a prefix.
    private static String hint(List<String> missing, List<String> left) {
        String name = missing.getFirst();
        for (String other : left) {
            if (other.endsWith("." + name) || name.endsWith("." + other)) {
                return " (did you mean " + other + "? rename it)";
            }
        }
        return "";
    }

    /// The parameter's values, but the source's wherever both have an element.
    private static Tensor overlap(Tensor parameter, Tensor source) {
        float[] values = parameter.toArray();
        float[] from = source.toArray();
        Shape wanted = parameter.shape();
        int[] index = new int[wanted.rank()];
        for (int i = 0; i < values.length; i++) {
            int at = 0;
            boolean inside = true;
            for (int axis = 0; axis < index.length; axis++) {
                inside &= index[axis] < source.dim(axis);
                at = at * source.dim(axis) + index[axis];
            }
            if (inside) {
                values[i] = from[at];
            }
            for (int axis = index.length - 1; axis >= 0 && ++index[axis] == wanted.dim(axis); axis--) {
                index[axis] = 0;
            }
        }
        return Tensor.wrap(wanted, values);
    }
}
