package dev.headstart.nn.transfer;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Parameters;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// Weights by name into the parameters of a model. Strict unless told otherwise: every parameter must be found, every tensor wanted, every
/// shape equal. All is checked before anything is changed.
///
/// ```java
/// TransferReport report = Transfer.into("Classifier", classifier.parameters())
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

    private record Rename(Pattern from, String to) {}

    private final String model;
    private final Parameters target;
    private final List<Rename> renames;
    private final List<String> mayMiss;
    private final List<String> mayRemain;
    private final Policy policy;

    private Transfer(String model, Parameters target, List<Rename> renames, List<String> mayMiss, List<String> mayRemain, Policy policy) {
        this.model = model;
        this.target = target;
        this.renames = renames;
        this.mayMiss = mayMiss;
        this.mayRemain = mayRemain;
        this.policy = policy;
    }

    /// A strict transfer into these parameters.
    ///
    /// @param model what they belong to, for messages
    public static Transfer into(String model, Parameters target) {
        return new Transfer(model, target, List.of(), List.of(), List.of(), Policy.REFUSE);
    }

    /// Tensors whose whole name matches the regular expression get another name; `$1` is its first group. The first rule that matches
    /// counts.
    public Transfer rename(String regex, String replacement) {
        return new Transfer(model, target, added(renames, new Rename(Pattern.compile(regex), replacement)), mayMiss, mayRemain, policy);
    }

    /// Parameters matching this pattern (as in [Parameters#select]) may keep their values when the source has nothing for them.
    public Transfer allowMissing(String pattern) {
        return new Transfer(model, target, renames, added(mayMiss, pattern), mayRemain, policy);
    }

    /// Tensors whose (renamed) name matches this pattern may be left over.
    public Transfer allowUnexpected(String pattern) {
        return new Transfer(model, target, renames, mayMiss, added(mayRemain, pattern), policy);
    }

    /// What to do with shapes that differ.
    public Transfer onMismatch(Policy other) {
        return new Transfer(model, target, renames, mayMiss, mayRemain, other);
    }

    private static <T> List<T> added(List<T> list, T item) {
        List<T> more = new ArrayList<>(list);
        more.add(item);
        return List.copyOf(more);
    }

    /// Transfers tensors that are in memory.
    ///
    /// @param source what they come from, for messages
    /// @throws TransferException when something does not fit; then nothing was changed
    public TransferReport fromTensors(String source, Map<String, Tensor> tensors) {
        Map<String, Supplier<Tensor>> lazy = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> lazy.put(name, () -> tensor));
        return from(source, lazy);
    }

    /// Transfers tensors that are read when wanted, each at most once.
    ///
    /// @param source what they come from, for messages
    /// @throws TransferException when something does not fit; then nothing was changed
    public TransferReport from(String source, Map<String, Supplier<Tensor>> tensors) {
        Map<String, String> sourceNames = new LinkedHashMap<>();
        for (String name : tensors.keySet()) {
            String other = sourceNames.put(renamed(name), name);
            if (other != null) {
                throw new IllegalArgumentException(
                        "load " + source + " into " + model + ": " + other + " and " + name + " are both renamed to " + renamed(name));
            }
        }
        Map<Parameter, Tensor> values = new LinkedHashMap<>();
        List<TransferReport.Loaded> loaded = new ArrayList<>();
        List<TransferReport.Mismatch> mismatched = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        Set<String> left = new LinkedHashSet<>(sourceNames.keySet());
        target.byName().forEach((name, parameter) -> {
            String from = sourceNames.get(name);
            Supplier<Tensor> supplier = from == null ? null : tensors.get(from);
            if (from == null || supplier == null) {
                missing.add(name);
                return;
            }
            left.remove(name);
            Tensor tensor = supplier.get();
            if (tensor.shape().equals(parameter.shape())) {
                values.put(parameter, tensor);
                loaded.add(new TransferReport.Loaded(name, from, tensor.shape()));
            } else {
                boolean overlaps = policy == Policy.OVERLAP && tensor.rank() == parameter.shape().rank();
                if (overlaps) {
                    values.put(parameter, overlap(parameter.value(), tensor));
                }
                mismatched.add(new TransferReport.Mismatch(name, from, parameter.shape(), tensor.shape(), overlaps));
            }
        });
        TransferReport report = new TransferReport(List.copyOf(loaded), List.copyOf(missing), List.copyOf(left), List.copyOf(mismatched));
        refuse(source, report);
        values.forEach((parameter, tensor) -> parameter.value().copyInPlace(tensor));
        return report;
    }

    private String renamed(String name) {
        for (Rename rename : renames) {
            var matcher = rename.from.matcher(name);
            if (matcher.matches()) {
                return matcher.replaceFirst(rename.to);
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
