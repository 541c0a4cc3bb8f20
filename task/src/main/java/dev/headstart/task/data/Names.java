package dev.headstart.task.data;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Names in messages: lists of them, and the one that was meant.
public final class Names {
    private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cf}\\p{Cc}&&[^\\s]]");

    private Names() {}

    /// The name most like the one wanted, if any is like it.
    public static Optional<String> nearest(String wanted, List<String> names) {
        String lower = wanted.toLowerCase(Locale.ROOT);
        return names.stream().filter(name -> !name.isBlank())
                .filter(name -> distance(lower, name.toLowerCase(Locale.ROOT)) <= Math.max(1, wanted.length() / 3))
                .min(Comparator.comparingInt(name -> distance(lower, name.toLowerCase(Locale.ROOT))));
    }

    /// How many characters must be put in, left out or replaced (Levenshtein 1966).
    private static int distance(String a, String b) {
        int[] row = IntStream.rangeClosed(0, b.length()).toArray();
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }

    /// The names in quotes, with commas; of many the first 20.
    public static String listed(List<String> names) {
        int most = 20;
        String shown = names.stream().limit(most).map(name -> "'" + name + "'").collect(Collectors.joining(", "));
        return names.size() <= most ? shown : shown + ", … (" + names.size() + " in all)";
    }

    /// Which names look alike although they differ: in case, in spaces, in forms of the same letters (Unicode's NFKC), in characters that
    /// cannot be seen. A sentence for each such group.
    ///
    /// @param where the names are, for the sentences
    public static List<String> alike(String where, List<String> names) {
        Map<String, List<String>> groups = new LinkedHashMap<>();
        names.forEach(name -> groups.computeIfAbsent(seen(name), _ -> new ArrayList<>()).add(name));
        return groups.values().stream().filter(group -> group.size() > 1)
                .map(group -> where + ": the labels "
                        + group.stream().map(name -> "'" + spelled(name) + "'").collect(Collectors.joining(", "))
                        + " look alike, and are taken for different ones")
                .toList();
    }

    /// What is seen of a name.
    private static String seen(String name) {
        return INVISIBLE.matcher(Normalizer.normalize(name, Normalizer.Form.NFKC)).replaceAll("").toLowerCase(Locale.ROOT)
                .replaceAll("[\\s\\p{Z}_-]+", " ").strip();
    }

    /// A name in which what is not ASCII is spelled out.
    private static String spelled(String name) {
        return name.chars().mapToObj(c -> c >= ' ' && c < 127 ? String.valueOf((char) c) : String.format(Locale.ROOT, "\\u%04x", c))
                .collect(Collectors.joining());
    }
}
