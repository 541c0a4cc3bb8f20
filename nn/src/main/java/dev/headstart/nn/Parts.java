package dev.headstart.nn;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Parameters;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The named parameters and parts of a [Part], in order. Immutable. A [Scope] records them; who puts finished layers together writes them:
///
/// ```java
/// record Translator(Layer encoder, Layer decoder) implements Part {
///     public Parts parts() {
///         return Parts.none().with("encoder", encoder).with("decoder", decoder);
///     }
/// }
/// ```
public final class Parts {
    private static final Parts NONE = new Builder().build();

    private final Map<String, Parameter> parameters;
    private final Map<String, WeightKind> kinds; // of those that are not OTHER
    private final Map<String, Parameter> aliases;
    private final Map<String, Part> children;

    private Parts(Builder builder) {
        this.parameters = builder.parameters;
        this.kinds = builder.kinds;
        this.aliases = builder.aliases;
        this.children = builder.children;
    }

    /// Parts that are being put together.
    static final class Builder {
        private final Map<String, Parameter> parameters = new LinkedHashMap<>();
        private final Map<String, WeightKind> kinds = new HashMap<>();
        private final Map<String, Parameter> aliases = new LinkedHashMap<>();
        private final Map<String, Part> children = new LinkedHashMap<>();

        Builder add(String name, Parameter parameter, WeightKind kind) {
            check(name);
            parameters.put(name, parameter);
            if (kind != WeightKind.OTHER) {
                kinds.put(name, kind);
            }
            return this;
        }

        Builder add(String name, Part part) {
            check(name);
            Parts below = part.parts();
            below.parameters.forEach((inner, parameter) -> parameters.put(name + "." + inner, parameter));
            below.kinds.forEach((inner, kind) -> kinds.put(name + "." + inner, kind));
            below.aliases.forEach((inner, parameter) -> aliases.put(name + "." + inner, parameter));
            children.put(name, part);
            return this;
        }

        Builder alias(String name, Parameter first) {
            check(name);
            aliases.put(name, first);
            return this;
        }

        Builder addAll(Parts parts) {
            parameters.putAll(parts.parameters);
            kinds.putAll(parts.kinds);
            aliases.putAll(parts.aliases);
            children.putAll(parts.children);
            return this;
        }

        Parts build() {
            return new Parts(this);
        }

        private void check(String name) {
            checkSegment(name);
            if (parameters.containsKey(name) || children.containsKey(name) || aliases.containsKey(name)) {
                throw new IllegalArgumentException("parts: '" + name + "' is there already");
            }
        }
    }

    static void checkSegment(String name) {
        if (name.isEmpty() || name.contains(".")) {
            throw new IllegalArgumentException("parts: '" + name + "': a name is one segment, not empty and without a dot");
        }
    }

    /// Nothing yet.
    public static Parts none() {
        return NONE;
    }

    /// These and a parameter whose axes are in the same order everywhere.
    ///
    /// @throws IllegalArgumentException when the name is taken or is not a single segment
    public Parts with(String name, Parameter parameter) {
        return with(name, parameter, WeightKind.OTHER);
    }

    /// These and a parameter.
    ///
    /// @throws IllegalArgumentException when the name is taken or is not a single segment
    public Parts with(String name, Parameter parameter, WeightKind kind) {
        return new Builder().addAll(this).add(name, parameter, kind).build();
    }

    /// These and a part, whose own names follow after a dot.
    ///
    /// @throws IllegalArgumentException when the name is taken or is not a single segment
    public Parts with(String name, Part part) {
        return new Builder().addAll(this).add(name, part).build();
    }

    /// These and the parts directly below another, under the names they have there.
    public Parts withChildren(Part part) {
        Parts all = this;
        for (Map.Entry<String, Part> child : part.parts().children.entrySet()) {
            all = all.with(child.getKey(), child.getValue());
        }
        return all;
    }

    /// These and parts numbered from 0 under one name: `name.0`, `name.1`, …
    public Parts withAll(String name, Iterable<? extends Part> parts) {
        Builder numbered = new Builder();
        int i = 0;
        for (Part part : parts) {
            numbered.add(String.valueOf(i++), part);
        }
        Parts all = numbered.build();
        return with(name, () -> all);
    }

    /// What a parameter of this full name is to its layer.
    public WeightKind kind(String name) {
        return kinds.getOrDefault(name, WeightKind.OTHER);
    }

    /// Other names of parameters that are used twice, each with the parameter's own name, both full names from here.
    public Map<String, String> aliases() {
        Map<Parameter, String> names = new HashMap<>();
        parameters.forEach((name, parameter) -> names.putIfAbsent(parameter, name));
        Map<String, String> found = new LinkedHashMap<>();
        aliases.forEach((other, parameter) -> {
            String name = names.get(parameter);
            if (name != null) {
                found.put(other, name);
            }
        });
        return found;
    }

    /// The parts directly below, by name.
    public Map<String, Part> children() {
        return Collections.unmodifiableMap(children);
    }

    /// All parts below of a kind, by full name from here.
    public <P extends Part> Map<String, P> all(Class<P> kind) {
        Map<String, P> found = new LinkedHashMap<>();
        children.forEach((name, part) -> {
            if (kind.isInstance(part)) {
                found.put(name, kind.cast(part));
            }
            part.parts().all(kind).forEach((inner, below) -> found.put(name + "." + inner, below));
        });
        return found;
    }

    /// The parts below of a kind whose full names match a pattern, as in [Parameters#select].
    ///
    /// @throws IllegalArgumentException when none does
    public <P extends Part> Map<String, P> select(Class<P> kind, String pattern) {
        Map<String, P> found = all(kind);
        Set<String> names = Set.copyOf(found.keySet());
        Pattern compiled = Parameters.pattern(pattern);
        found.keySet().removeIf(name -> !compiled.matcher(name).matches());
        if (found.isEmpty()) {
            throw new IllegalArgumentException("parts: the pattern '" + pattern + "' matches none of " + names.size() + " "
                    + kind.getSimpleName() + " layers: " + names.stream().sorted().limit(12).collect(Collectors.joining(", ")));
        }
        return found;
    }

    /// All parameters, by full name from here.
    public Parameters parameters() {
        return Parameters.of(parameters);
    }
}
