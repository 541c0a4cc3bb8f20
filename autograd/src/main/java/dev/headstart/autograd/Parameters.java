package dev.headstart.autograd;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Parameters and buffers by full name, in the order the model names them. Immutable; selections are views onto the same parameters.
///
/// ```java
/// model.parameters().select("encoder.block.[0-1].**").freeze();
/// ```
///
/// **Patterns.** Names are segments joined by dots. `*` stands for any characters within a segment, `?` for one; `[0-5]` for a number in a
/// range (also of several digits), `[abc]` for one of the characters; `{weight,bias}` for one of the alternatives; `**` as a segment for
/// any number of segments, also none.
public final class Parameters implements Iterable<Parameter> {
    private final Map<String, Parameter> byName;

    private Parameters(Map<String, Parameter> byName) {
        this.byName = byName;
    }

    /// Parameters by name, in the map's order.
    public static Parameters of(Map<String, Parameter> byName) {
        return new Parameters(new LinkedHashMap<>(byName));
    }

    /// Name to parameter, in order.
    public Map<String, Parameter> byName() {
        return java.util.Collections.unmodifiableMap(byName);
    }

    /// The parameters, in order.
    @Override
    public Iterator<Parameter> iterator() {
        return byName.values().iterator();
    }

    /// The parameters, in order.
    public Stream<Parameter> stream() {
        return byName.values().stream();
    }

    /// The parameter of this name.
    ///
    /// @throws IllegalArgumentException when there is none
    public Parameter get(String name) {
        Parameter parameter = byName.get(name);
        if (parameter == null) {
            throw new IllegalArgumentException("parameters: there is no " + name + ": there are " + names());
        }
        return parameter;
    }

    /// Number of parameters and buffers (tensors).
    public int size() {
        return byName.size();
    }

    /// Number of elements of all parameters together, buffers not counted.
    public long count() {
        return stream().filter(p -> !p.isBuffer()).mapToLong(p -> p.shape().size()).sum();
    }

    /// The parameters whose names match a pattern.
    ///
    /// @throws IllegalArgumentException when none does, or the pattern cannot be read
    public Parameters select(String pattern) {
        Pattern compiled = pattern(pattern);
        Parameters selected = filter(name -> compiled.matcher(name).matches());
        if (selected.size() == 0) {
            throw new IllegalArgumentException("parameters: the pattern '" + pattern + "' matches none of " + names());
        }
        return selected;
    }

    /// The parameters whose names do not match a pattern.
    ///
    /// @throws IllegalArgumentException when all stay, since then the pattern says nothing
    public Parameters without(String pattern) {
        Parameters gone = select(pattern);
        return filter(name -> !gone.byName.containsKey(name));
    }

    /// The parameters that are trainable now.
    public Parameters trainable() {
        Map<String, Parameter> kept = new LinkedHashMap<>(byName);
        kept.values().removeIf(p -> !p.isTrainable());
        return new Parameters(kept);
    }

    private Parameters filter(Predicate<String> test) {
        Map<String, Parameter> kept = new LinkedHashMap<>(byName);
        kept.keySet().removeIf(test.negate());
        return new Parameters(kept);
    }

    /// Freezes all of them.
    public Parameters freeze() {
        forEach(Parameter::freeze);
        return this;
    }

    /// Makes all of them trainable.
    public Parameters unfreeze() {
        forEach(Parameter::unfreeze);
        return this;
    }

    /// Freezes all but those that match one of these patterns, which become trainable: `parameters.only("**.bias", "classifier.**")`.
    ///
    /// @return those that are trainable now
    /// @throws IllegalArgumentException when a pattern matches none; then nothing was changed
    public Parameters only(String... patterns) {
        Map<String, Parameter> chosen = new LinkedHashMap<>();
        Stream.of(patterns).map(this::select).forEach(selected -> chosen.putAll(selected.byName));
        freeze();
        chosen.values().forEach(Parameter::unfreeze);
        return trainable();
    }

    private String names() {
        return byName.size() <= 12
                ? String.join(", ", byName.keySet())
                : byName.keySet().stream().limit(12).collect(Collectors.joining(", ")) + ", … (" + byName.size() + " in all)";
    }

    /// The regular expression of a name pattern.
    public static Pattern pattern(String pattern) {
        StringBuilder regex = new StringBuilder();
        String once = pattern.replaceAll("(?<![^.])\\*\\*(?:\\.\\*\\*)+(?![^.])", "**"); // `**.**` says no more than `**`
        String[] segments = once.split("\\.", -1);
        for (int i = 0; i < segments.length; i++) {
            String segment = segments[i];
            if (segment.isEmpty()) {
                throw new IllegalArgumentException(
                        "parameters: the pattern '" + pattern + "' has an empty segment: names are joined by single dots");
            }
            if (segment.equals("**")) {
                // any number of whole segments, each with the dot that separates it
                regex.append(i > 0 ? "(?:\\.[^.]+)*" : segments.length == 1 ? ".*" : "(?:[^.]+\\.)*");
            } else {
                regex.append(i == 0 || (i == 1 && segments[0].equals("**")) ? "" : "\\.").append(segment(pattern, segment));
            }
        }
        return Pattern.compile(regex.toString());
    }

    private static String segment(String pattern, String segment) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < segment.length(); i++) {
            char c = segment.charAt(i);
            switch (c) {
                case '*' -> regex.append("[^.]*");
                case '?' -> regex.append("[^.]");
                case '[', '{' -> {
                    int end = segment.indexOf(c == '[' ? ']' : '}', i);
                    if (end < 0) {
                        throw new IllegalArgumentException(
                                "parameters: the pattern '" + pattern + "' opens a '" + c + "' that it does not close");
                    }
                    String inner = segment.substring(i + 1, end);
                    regex.append(c == '['
                            ? set(pattern, inner)
                            : Stream.of(inner.split(",", -1)).map(Pattern::quote).collect(Collectors.joining("|", "(?:", ")")));
                    i = end;
                }
                default -> regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return regex.toString();
    }

    private static String set(String pattern, String inner) {
        if (inner.matches("\\d{1,6}-\\d{1,6}")) {
            int dash = inner.indexOf('-');
            int from = Integer.parseInt(inner.substring(0, dash));
            int to = Integer.parseInt(inner.substring(dash + 1));
            if (to < from || to - from > 10_000) {
                throw new IllegalArgumentException(
                        "parameters: the pattern '" + pattern + "' has the range [" + inner + "]: it runs backwards or is too long");
            }
            return java.util.stream.IntStream.rangeClosed(from, to).mapToObj(String::valueOf).collect(Collectors.joining("|", "(?:", ")"));
        }
        if (inner.isEmpty()) {
            throw new IllegalArgumentException("parameters: the pattern '" + pattern + "' has empty brackets");
        }
        return inner.chars().mapToObj(c -> Pattern.quote(String.valueOf((char) c))).collect(Collectors.joining("|", "(?:", ")"));
    }
}
