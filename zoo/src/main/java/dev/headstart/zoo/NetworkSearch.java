package dev.headstart.zoo;

import dev.headstart.io.Weights;
import dev.headstart.io.weights.TensorInfo;
import dev.headstart.zoo.model.Architecture;
import dev.headstart.zoo.model.PublishedFile;
import dev.headstart.zoo.model.TensorShapes;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Finds the part of a weight file that makes a known network: a checkpoint of a training run has more beside it, and wrappers of all kinds
/// put something before the names.
///
/// A part within one that fits is not looked at. What stands beside the part is left out and counted. What stands within it has to be
/// understood: tensors that no network has use for are left out only when they are no weights (integers, single numbers), are an optimiser's
/// or the like, or are another head beside a body without one.
final class NetworkSearch {
    /// What training programs keep beside weights.
    private static final Pattern STATE = Pattern.compile(".*(optim|sched|scaler|rng|random_state|loss_fn|criterion).*");

    private final Weights weights;
    private final WeightParts parts;

    /// A way to recognise a network.
    interface Recognition {
        /// The network whose names and shapes these are.
        Optional<Architecture> of(TensorShapes shapes) throws IOException;
    }

    NetworkSearch(Weights weights) {
        this.weights = weights;
        this.parts = WeightParts.of(weights);
    }

    /// The network, if there is one.
    ///
    /// @param part that is to be looked at alone; null for the whole file
    /// @throws PartException when several parts fit that no order is known of
    Optional<FoundNetwork> find(@Nullable String part, Recognition recognition) throws IOException {
        String within = part == null ? "" : parts.named(part);
        Map<String, Architecture> fitting = new LinkedHashMap<>();
        for (String prefix : parts.prefixes()) {
            if (prefix.startsWith(within) && fitting.keySet().stream().noneMatch(prefix::startsWith)) {
                recognition.of(parts.shapes(prefix)).ifPresent(found -> fitting.put(prefix, found));
            }
        }
        return fitting.isEmpty() ? Optional.empty() : Optional.of(chosen(fitting));
    }

    private FoundNetwork chosen(Map<String, Architecture> fitting) throws PartException {
        List<String> prefixes = List.copyOf(fitting.keySet());
        String first = PartOrder.first(prefixes).orElseThrow(() -> new PartException(weights.file() + ": " + prefixes.size()
                + " parts of it make a network, and which is meant is not known: " + fitting.entrySet().stream()
                        .map(entry -> name(entry.getKey()) + " (" + entry.getValue().name() + ")").collect(Collectors.joining(", "))));
        Architecture architecture = Objects.requireNonNull(fitting.get(first), "one of the prefixes");
        Map<String, String> names = new LinkedHashMap<>(parts.names(first));
        names.keySet().removeAll(left(first, architecture, names));
        List<String> others = prefixes.stream().filter(prefix -> !prefix.equals(first)).toList();
        List<String> notes = notes(first, names, others);
        return new FoundNetwork(architecture, notes.isEmpty() ? weights : weights.part(names), notes);
    }

    private String name(String prefix) {
        return weights.wrapper() + WeightParts.shown(parts.inFile(prefix));
    }

    // ---- what is left out of a part ----

    private Set<String> left(String prefix, Architecture architecture, Map<String, String> names) {
        Set<String> unknown = new HashSet<>(architecture.unknown());
        Map<String, String> known = new LinkedHashMap<>(names);
        known.keySet().removeIf(name -> unknown.contains(name) || PublishedFile.isBookkeeping(name));
        String beginning = WeightParts.inFile(prefix, known.values());
        Set<String> modules = known.keySet().stream().map(NetworkSearch::module).collect(Collectors.toSet());
        Set<String> heads = architecture.headless()
                ? unknown.stream().filter(name -> info(names, name).extents().size() == 2).map(NetworkSearch::module)
                        .collect(Collectors.toSet())
                : Set.of();
        Predicate<String> within = name -> names.getOrDefault(name, name).startsWith(beginning);
        Predicate<String> own = name -> modules.contains(module(name));
        Predicate<String> left = name -> isNoWeight(info(names, name)) || STATE.matcher(module(name)).matches()
                || heads.contains(module(name));
        return unknown.stream().filter(within.negate().or(own.negate().and(left))).collect(Collectors.toSet());
    }

    private TensorInfo info(Map<String, String> names, String name) {
        return weights.info(names.getOrDefault(name, name));
    }

    private static boolean isNoWeight(TensorInfo info) {
        return info.dtype().isInteger() || info.extents().isEmpty();
    }

    private static String module(String name) {
        return name.contains(".") ? name.substring(0, name.indexOf('.')) : name;
    }

    // ---- what is said of it ----

    private List<String> notes(String prefix, Map<String, String> names, List<String> others) {
        Set<String> taken = new HashSet<>(names.values());
        List<String> beside = weights.names().stream().filter(name -> !taken.contains(name)).toList();
        String named = weights.wrapper() + WeightParts.shown(WeightParts.inFile(prefix, taken));
        String note = others.isEmpty()
                ? beside.isEmpty() ? changed(prefix, names) : (named.isEmpty() ? "" : "the network is " + named + "; ") + left(beside)
                : "of the parts that make a network, " + named + " is taken, not "
                        + others.stream().map(this::name).collect(Collectors.joining(", ")) + "; " + left(beside);
        return note.isEmpty() ? List.of() : List.of(weights.file() + ": " + note);
    }

    private String left(List<String> beside) {
        String first = weights.wrapper() + beside.getFirst();
        return beside.size() == 1
                ? "a tensor that is none of the network's is left out (" + first + ")"
                : beside.size() + " tensors that are none of the network's are left out (" + first + ", …)";
    }

    /// What the whole file's names are without.
    private String changed(String prefix, Map<String, String> names) {
        String beginning = parts.inFile(prefix);
        if (!beginning.isEmpty()) {
            return "the names begin with " + beginning + ", which is left off";
        }
        return names.entrySet().stream().filter(name -> !name.getKey().equals(name.getValue())).map(Map.Entry::getValue).findFirst()
                .map(name -> "what PyTorch's wrappers put into names is left off (" + name + ")").orElse("");
    }
}
