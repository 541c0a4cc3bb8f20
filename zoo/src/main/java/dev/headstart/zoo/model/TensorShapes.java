package dev.headstart.zoo.model;

import dev.headstart.io.Weights;
import dev.headstart.io.weights.TensorInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Names and shapes of a weight file, without what PyTorch's wrappers put before the names.
///
/// @param extents of each tensor
public record TensorShapes(Map<String, List<Long>> extents) {
    /// Those of a weight file.
    public static TensorShapes of(Weights weights) {
        Map<String, List<Long>> extents = new LinkedHashMap<>();
        for (TensorInfo info : weights.infos().values()) {
            extents.put(PublishedFile.unwrapped(info.name()), info.extents());
        }
        return new TensorShapes(extents);
    }

    /// Whether a tensor of this name is there.
    public boolean has(String name) {
        return extents.containsKey(name);
    }

    /// Whether a tensor of this name is there with these extents; -1 stands for any.
    public boolean has(String name, long... wanted) {
        List<Long> found = extents.get(name);
        if (found == null || found.size() != wanted.length) {
            return false;
        }
        for (int axis = 0; axis < wanted.length; axis++) {
            if (wanted[axis] >= 0 && wanted[axis] != found.get(axis)) {
                return false;
            }
        }
        return true;
    }

    /// The first of these prefixes under which a matrix of this name is there; empty when it is under none.
    public String prefix(String matrix, String... prefixes) {
        for (String prefix : prefixes) {
            if (has(prefix + matrix, -1, -1)) {
                return prefix;
            }
        }
        return "";
    }

    /// An extent of a tensor that is there; at most 2³¹ - 1.
    public int extent(String name, int axis) {
        List<Long> found = extents.get(name);
        return found == null || axis >= found.size() ? 0 : (int) Math.min(found.get(axis), Integer.MAX_VALUE);
    }

    /// How many numbers 0, 1, 2, … in a row there are that, put for `#`, make the name of a tensor.
    public int counted(String name) {
        int count = 0;
        while (has(name.replace("#", String.valueOf(count)))) {
            count++;
        }
        return count;
    }

    /// How many tensors of this rank have a name that matches.
    public int matching(Pattern name, int rank) {
        return (int) extents.entrySet().stream().filter(entry -> entry.getValue().size() == rank).map(Map.Entry::getKey).map(name::matcher)
                .filter(Matcher::matches).count();
    }

    /// These under other names.
    ///
    /// @param names for each of the names here, the other
    public TensorShapes renamed(Map<String, String> names) {
        Map<String, List<Long>> renamed = new LinkedHashMap<>();
        names.forEach((name, other) -> renamed.put(other, extents.get(name)));
        return new TensorShapes(renamed);
    }

    /// Whether a model's parameters are all there, in their published shapes; those it is [Published#isOptional] about may be missing,
    /// and a counter may be of any shape.
    public boolean fit(Published model) {
        Function<String, Layout> layouts = model.layouts();
        return model.parameters().byName().entrySet().stream().allMatch(entry -> {
            String name = entry.getKey();
            int[] dims = layouts.apply(name).toPublished(entry.getValue().shape()).dims();
            long[] wanted = new long[dims.length];
            for (int i = 0; i < dims.length; i++) {
                wanted[i] = dims[i];
            }
            return has(name, wanted) || (model.isOptional(name) && (!has(name) || PublishedFile.isCounter(name)));
        });
    }
}
