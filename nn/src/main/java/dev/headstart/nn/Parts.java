package dev.headstart.nn;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Parameters;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The named parameters and parts of a [Part], in order. Immutable.
///
/// ```java
/// public Parts parts() {
///     return Parts.none().with("weight", weight).with("bias", bias);
/// }
/// ```
public final class Parts {
    private static final Parts NONE = new Parts(Map.of(), Map.of());

    private final Map<String, Parameter> parameters;
    private final Map<String, Part> children;

    private Parts(Map<String, Parameter> parameters, Map<String, Part> children) {
        this.parameters = parameters;
        this.children = children;
    }

    /// Nothing yet.
    public static Parts none() {
        return NONE;
    }

    /// These and a parameter.
    ///
    /// @throws IllegalArgumentException when the name is taken or is not a single segment
    public Parts with(String name, Parameter parameter) {
        check(name);
        Map<String, Parameter> more = new LinkedHashMap<>(parameters);
        more.put(name, parameter);
        return new Parts(more, children);
    }

    /// These and a part, whose own names follow after a dot.
    ///
    /// @throws IllegalArgumentException when the name is taken or is not a single segment
    public Parts with(String name, Part part) {
        check(name);
        Map<String, Parameter> more = new LinkedHashMap<>(parameters);
        part.parts().parameters.forEach((inner, parameter) -> more.put(name + "." + inner, parameter));
        Map<String, Part> moreChildren = new LinkedHashMap<>(children);
        moreChildren.put(name, part);
        return new Parts(more, moreChildren);
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
        Parts numbered = NONE;
        int i = 0;
        for (Part part : parts) {
            numbered = numbered.with(String.valueOf(i++), part);
        }
        Parts all = numbered;
        return with(name, () -> all);
    }

    private void check(String name) {
        if (name.isEmpty() || name.contains(".")) {
            throw new IllegalArgumentException("parts: '" + name + "': a name is one segment, not empty and without a dot");
        }
        if (parameters.containsKey(name) || children.containsKey(name)) {
            throw new IllegalArgumentException("parts: '" + name + "' is there already");
        }
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
