package dev.headstart.zoo;

import dev.headstart.io.Weights;
import dev.headstart.zoo.model.PublishedFile;
import dev.headstart.zoo.model.TensorShapes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// The parts of a weight file: the tensors whose names begin alike, without that beginning and without what PyTorch's wrappers put into names.
final class WeightParts {
    /// Dots in what the names of a part begin with, at most.
    private static final int DEEPEST = 8;

    /// Tensors that a network has at least.
    private static final int LEAST = 4;

    private static final int MOST_NAMED = 8;

    private final Weights weights;

    /// For each beginning of names, dot included, the rest of each name, with the whole name in the file. The file itself begins with nothing.
    private final Map<String, Map<String, String>> parts = new LinkedHashMap<>();

    private WeightParts(Weights weights) {
        this.weights = weights;
    }

    static WeightParts of(Weights weights) {
        WeightParts all = new WeightParts(weights);
        weights.names().forEach(all::add);
        return all;
    }

    private void add(String inFile) {
        String name = PublishedFile.unwrapped(inFile);
        int end = 0;
        for (int depth = 0; depth <= DEEPEST && end >= 0; depth++) {
            parts.computeIfAbsent(name.substring(0, end), _ -> new LinkedHashMap<>()).putIfAbsent(name.substring(end), inFile);
            end = name.indexOf('.', end) + 1;
            end = end == 0 ? -1 : end;
        }
    }

    /// What the names of each part that may be a network begin with, those of the fewest dots first.
    List<String> prefixes() {
        return parts.entrySet().stream().filter(part -> part.getKey().isEmpty() || part.getValue().size() >= LEAST).map(Map.Entry::getKey)
                .sorted(Comparator.comparingLong(WeightParts::dots)).toList();
    }

    private static long dots(String prefix) {
        return prefix.chars().filter(c -> c == '.').count();
    }

    /// For each name in a part, the name in the file.
    Map<String, String> names(String prefix) {
        return Objects.requireNonNull(parts.get(prefix), "one of the prefixes");
    }

    TensorShapes shapes(String prefix) {
        Map<String, List<Long>> extents = new LinkedHashMap<>();
        names(prefix).forEach((name, inFile) -> extents.put(name, weights.info(inFile).extents()));
        return new TensorShapes(extents);
    }

    /// What the names of a part begin with in the file, wrappers included where all names have them.
    String inFile(String prefix) {
        return inFile(prefix, names(prefix).values());
    }

    /// What some names of a part begin with in the file.
    ///
    /// @param names in the file
    static String inFile(String prefix, Collection<String> names) {
        String longest = names.iterator().next();
        String common = "";
        for (int end = longest.indexOf('.') + 1; end > 0; end = longest.indexOf('.', end) + 1) {
            String beginning = longest.substring(0, end);
            if (PublishedFile.unwrapped(beginning + "x").equals(prefix + "x") && names.stream().allMatch(n -> n.startsWith(beginning))) {
                common = beginning;
            }
        }
        return common.isEmpty() ? prefix : common;
    }

    /// The part that a user names.
    ///
    /// @param given as the names in the file begin, or the last of it: `encoder_q` for `state_dict.module.encoder_q`
    /// @throws PartException when there is none, or there are several
    String named(String given) throws PartException {
        String dotted = given.endsWith(".") ? given : given + ".";
        String whole = weights.wrapper();
        String within = whole.startsWith(dotted) ? "" : dotted.startsWith(whole) ? dotted.substring(whole.length()) : dotted;
        String bare = PublishedFile.unwrapped(within + "x");
        String prefix = bare.substring(0, bare.length() - 1);
        if (parts.containsKey(prefix)) {
            return prefix;
        }
        List<String> found = new ArrayList<>();
        parts.keySet().stream().filter(part -> part.endsWith("." + prefix)).sorted(Comparator.comparingLong(WeightParts::dots))
                .filter(part -> found.stream().noneMatch(part::startsWith)).forEach(found::add);
        if (found.size() == 1) {
            return found.getFirst();
        }
        throw new PartException(weights.file() + (found.isEmpty()
                ? ": no part of it is named " + given + ": " + described()
                : ": several parts of it are named " + given + ": " + String.join(", ", found.stream().map(WeightParts::shown).toList())));
    }

    /// A beginning of names without its last dot.
    static String shown(String prefix) {
        return prefix.endsWith(".") ? prefix.substring(0, prefix.length() - 1) : prefix;
    }

    /// What the file has at the top, with the number of tensors of each.
    String described() {
        Map<String, Integer> tops = new TreeMap<>();
        names("").keySet().forEach(name -> tops.merge(name.contains(".") ? name.substring(0, name.indexOf('.')) : name, 1, Integer::sum));
        List<Map.Entry<String, Integer>> most = tops.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed()).limit(MOST_NAMED).toList();
        String named = String.join(", ", most.stream().map(top -> top.getKey() + " (" + top.getValue() + ")").toList());
        return "it has " + (names("").size() == 1 ? "one tensor, " : names("").size() + " tensors, under ") + named
                + (tops.size() > MOST_NAMED ? " and " + (tops.size() - MOST_NAMED) + " more" : "");
    }
}
