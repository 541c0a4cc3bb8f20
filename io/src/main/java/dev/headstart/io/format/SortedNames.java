package dev.headstart.io.format;

import dev.headstart.io.file.Source;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// The order in which named things are written: by code points, as UTF-8 sorts, so that a file does not depend on the order of a map.
public final class SortedNames {
    private static final Comparator<String> BY_CODE_POINT = (a, b) -> Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8),
            b.getBytes(StandardCharsets.UTF_8));

    private SortedNames() {}

    /// The same, sorted.
    ///
    /// @throws IllegalArgumentException when a name has half a surrogate pair: UTF-8 has no bytes for it
    public static <T> SortedMap<String, T> sorted(Map<String, T> named) {
        CharsetEncoder utf8 = StandardCharsets.UTF_8.newEncoder();
        for (String name : named.keySet()) {
            if (!utf8.canEncode(name)) {
                throw new IllegalArgumentException("names: \"" + Source.abridged(name) + "\" has half a surrogate pair");
            }
        }
        SortedMap<String, T> sorted = new TreeMap<>(BY_CODE_POINT);
        sorted.putAll(named);
        return sorted;
    }
}
