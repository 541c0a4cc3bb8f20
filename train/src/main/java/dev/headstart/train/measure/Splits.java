package dev.headstart.train.measure;

import dev.headstart.tensor.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// Disjoint sets of examples: for training, validation, test, or the folds of a cross-validation.
///
/// @param parts numbers of examples, ascending in each part
public record Splits(List<int[]> parts) {
    public Splits {
        parts = List.copyOf(parts);
    }

    /// Parts of these shares in which each class has its share, rounded so that all examples are used: the remainder goes to the parts whose
    /// share was cut most.
    ///
    /// @param labels class of each example
    /// @param shares of the parts, positive, adding up to 1
    public static Splits stratified(int[] labels, RandomStream random, double... shares) {
        if (shares.length < 1 || Arrays.stream(shares).anyMatch(share -> !(share > 0))
                || Math.abs(Arrays.stream(shares).sum() - 1) > 1e-9) {
            throw new IllegalArgumentException("split: shares " + Arrays.toString(shares) + ": they must be positive and add up to 1");
        }
        List<List<Integer>> parts = new ArrayList<>();
        IntStream.range(0, shares.length).forEach(i -> parts.add(new ArrayList<>()));
        byClass(labels, random).forEach((label, members) -> {
            int[] counts = counts(members.length, shares);
            int at = 0;
            for (int part = 0; part < counts.length; part++) {
                for (int i = 0; i < counts[part]; i++) {
                    parts.get(part).add(members[at++]);
                }
            }
        });
        return of(parts);
    }

    /// k folds of (nearly) the same size, in each of which each class has (nearly) its share.
    ///
    /// @param k at least 2, at most the number of examples
    public static Splits folds(int[] labels, int k, RandomStream random) {
        if (k < 2 || k > labels.length) {
            throw new IllegalArgumentException("folds: " + k + " of " + labels.length + " examples: from 2 to one for each");
        }
        List<List<Integer>> parts = new ArrayList<>();
        IntStream.range(0, k).forEach(i -> parts.add(new ArrayList<>()));
        int next = 0;
        for (int[] members : byClass(labels, random).values()) {
            for (int member : members) {
                parts.get(next++ % k).add(member);
            }
        }
        return of(parts);
    }

    private static Map<Integer, int[]> byClass(int[] labels, RandomStream random) {
        Map<Integer, int[]> byClass = new TreeMap<>();
        for (int label : IntStream.of(labels).distinct().toArray()) {
            int[] members = IntStream.range(0, labels.length).filter(i -> labels[i] == label).toArray();
            byClass.put(label, Arrays.stream(random.child(label).permutation(members.length)).map(i -> members[i]).toArray());
        }
        return byClass;
    }

    private static int[] counts(int n, double... shares) {
        int[] counts = Arrays.stream(shares).mapToInt(share -> (int) Math.floor(share * n + 1e-9)).toArray();
        for (int left = n - Arrays.stream(counts).sum(); left > 0; left--) {
            int most = IntStream.range(0, counts.length).boxed()
                    .max(Comparator.comparingDouble(i -> shares[i] * n - counts[i])).orElse(0);
            counts[most]++;
        }
        return counts;
    }

    private static Splits of(List<List<Integer>> parts) {
        return new Splits(parts.stream().map(part -> part.stream().mapToInt(Integer::intValue).sorted().toArray()).toList());
    }

    /// All examples but those of one part: what a fold's model learns from.
    public int[] without(int part) {
        return IntStream.range(0, parts.size()).filter(i -> i != part).flatMap(i -> Arrays.stream(parts.get(i))).sorted().toArray();
    }

    /// Two examples with the same content in different parts.
    ///
    /// @param first number of the one
    /// @param second number of the other
    public record Leak(int first, int second) {}

    /// Examples of later parts whose content is in an earlier part too: a model that saw the one knows the other.
    ///
    /// @param hash of an example's content: [dev.headstart.io.Hashes#sha256(byte[])] of its bytes
    public List<Leak> leaks(IntFunction<String> hash) {
        Map<String, Integer> seen = new HashMap<>();
        List<Leak> leaks = new ArrayList<>();
        for (int[] part : parts) {
            Map<String, Integer> own = new HashMap<>();
            for (int example : part) {
                String content = hash.apply(example);
                Integer earlier = seen.get(content);
                if (earlier != null) {
                    leaks.add(new Leak(earlier, example));
                }
                own.putIfAbsent(content, example);
            }
            own.forEach(seen::putIfAbsent);
        }
        return leaks;
    }
}
