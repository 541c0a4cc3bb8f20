package dev.headstart.nn;

import dev.headstart.autograd.Parameter;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Where a layer gets its parameters from: one place gives a parameter its name, its first value, and its place in [Part#parts].
///
/// ```java
/// final class Block implements Part {
///     final LayerNorm norm;
///     final Parameter scale;
///     private final Scope scope;
///
///     Block(int width, Scope scope) {
///         this.norm = new LayerNorm(width, scope.child("norm"));
///         this.scale = scope.parameter("scale", WeightKind.OTHER, Shape.of(width), Initialiser.zeros());
///         this.scope = scope.ownedBy(this);
///     }
///
///     public Parts parts() {
///         return scope.parts(); // norm.weight, norm.bias, scale
///     }
/// }
/// ```
///
/// Names are relative; the parent's are put before them. They are recorded in the order in which they are asked for. A parameter draws from
/// the stream of its scope's child of its name, so that no parameter's first value depends on another's. A name that is refused changes
/// nothing.
///
/// A scope is filled while a network is constructed, by one thread, and only read afterwards.
public final class Scope {
    /// What was recorded at a place.
    private sealed interface Entry {}

    private record Own(Parameter parameter, WeightKind kind) implements Entry {}

    private record Alias(Parameter parameter) implements Entry {}

    private record Below(Node node) implements Entry {}

    /// A part of the network that a scope was renewed from: nothing is added to it here.
    private record Shared(Part part) implements Entry {}

    private static final class Node {
        final String path;
        final Map<String, Entry> entries = new LinkedHashMap<>();
        @Nullable
        Part owner;

        Node(String path) {
            this.path = path;
        }

        void put(String name, Entry entry) {
            Parts.checkSegment(name);
            Entry before = entries.get(name);
            if (before != null && !(before instanceof Below(Node node) && node.entries.isEmpty() && node.owner == null)) {
                throw new IllegalArgumentException("scope: '" + below(name) + "' is there already");
            }
            entries.put(name, entry);
        }

        Node child(String name) {
            Entry here = entries.get(name);
            if (here instanceof Below(Node node)) {
                return node;
            }
            Node fresh = new Node(below(name));
            put(name, new Below(fresh));
            return fresh;
        }

        String below(String name) {
            return path.isEmpty() ? name : path + "." + name;
        }

        /// The names recorded here and below, but for parts that have an owner, which are its own to change.
        Node copied() {
            Node copy = new Node(path);
            entries.forEach((name, entry) -> copy.entries.put(name, entry instanceof Below(Node node) ? node.kept() : entry));
            return copy;
        }

        private Entry kept() {
            Part part = owner;
            return part == null ? new Below(copied()) : new Shared(part);
        }

        /// A copy without what is at a path, whose place is kept.
        Node renewed(String at) {
            int dot = at.indexOf('.');
            String first = dot < 0 ? at : at.substring(0, dot);
            if (!entries.containsKey(first)) {
                throw new IllegalArgumentException("scope: there is no '" + below(first) + "': there are " + entries.keySet());
            }
            Node copy = copied();
            copy.entries.put(first, new Below(dot < 0 ? new Node(below(first)) : group(first).renewed(at.substring(dot + 1))));
            return copy;
        }

        /// What is below a name that has no owner, and so can be renewed in part.
        private Node group(String name) {
            if (entries.get(name) instanceof Below(Node node) && node.owner == null) {
                return node;
            }
            throw new IllegalArgumentException(
                    "scope: '" + below(name) + "' is a parameter or a part with an owner: it is renewed as a whole");
        }

        Part part() {
            return owner == null ? this::parts : owner;
        }

        Parts parts() {
            Parts.Builder parts = new Parts.Builder();
            entries.forEach((name, entry) -> {
                switch (entry) {
                    case Own(Parameter parameter, WeightKind kind) -> parts.add(name, parameter, kind);
                    case Alias(Parameter parameter) -> parts.alias(name, parameter);
                    case Below(Node node) -> parts.add(name, node.part());
                    case Shared(Part part) -> parts.add(name, part);
                }
            });
            return parts.build();
        }
    }

    private final Node node;
    private final @Nullable RandomStream random;

    private Scope(Node node, @Nullable RandomStream random) {
        this.node = node;
        this.random = random;
    }

    /// The scope of a whole network, whose parameters start from these random numbers.
    public static Scope of(RandomStream random) {
        return new Scope(new Node(""), random);
    }

    /// A scope for names and shapes only: its parameters have no values, and nothing is allocated for them. A network made from it cannot compute.
    public static Scope ofShapes() {
        return new Scope(new Node(""), null);
    }

    /// The scope of a part below this one. It draws from this scope's stream of the same name.
    ///
    /// @param path one segment, or several joined by dots: `layer1.0`. The stream's name is the whole of it
    public Scope child(String path) {
        return new Scope(descend(path), random == null ? null : random.child(path));
    }

    /// The scope of a numbered part below this one. It draws from this scope's stream of that number.
    public Scope child(int number) {
        return new Scope(descend(String.valueOf(number)), random == null ? null : random.child(number));
    }

    /// The scope of a part below this one that draws from a stream of another name.
    ///
    /// @param path one segment, or several joined by dots
    /// @param stream the child's stream, of this scope's
    public Scope child(String path, UnaryOperator<RandomStream> stream) {
        return new Scope(descend(path), random == null ? null : stream.apply(random));
    }

    /// The stream that parameters draw from; any one when nothing is drawn.
    public RandomStream random() {
        return random == null ? RandomStream.of(0) : random;
    }

    private Node descend(String path) {
        String[] segments = path.split("\\.", -1);
        for (String segment : segments) {
            Parts.checkSegment(segment);
        }
        Node here = node;
        for (String segment : segments) {
            here = here.child(segment);
        }
        return here;
    }

    /// A new parameter of this name, whose first value is drawn when it is first asked for.
    ///
    /// @param fanIn inputs that meet in one output
    /// @param fanOut outputs that one input reaches
    /// @throws IllegalArgumentException when the name is taken or is not a single segment
    public Parameter parameter(String name, WeightKind kind, Shape shape, Initialiser initialiser, int fanIn, int fanOut) {
        RandomStream stream = random;
        Supplier<Tensor> first = stream == null ? nothing(name) : () -> initialiser.draw(shape, fanIn, fanOut, stream.child(name));
        return parameter(name, kind, Parameter.of(shape, first));
    }

    /// A new parameter of this name whose first value does not depend on numbers of inputs and outputs.
    public Parameter parameter(String name, WeightKind kind, Shape shape, Initialiser initialiser) {
        return parameter(name, kind, shape, initialiser, 1, 1);
    }

    /// Names a parameter that is there already: one of another network, which is to be this network's too.
    public Parameter parameter(String name, WeightKind kind, Parameter existing) {
        node.put(name, new Own(existing, kind));
        return existing;
    }

    /// A new buffer of this name: saved and loaded, never learnt.
    ///
    /// @throws IllegalArgumentException when the name is taken or is not a single segment
    public Parameter buffer(String name, Shape shape, float first) {
        Supplier<Tensor> value = random == null ? nothing(name) : () -> Tensor.full(shape, first);
        return parameter(name, WeightKind.OTHER, Parameter.buffer(shape, value));
    }

    private Supplier<Tensor> nothing(String name) {
        return () -> {
            throw new IllegalStateException(
                    "scope: " + node.below(name) + " has no value: the network was made for its names and shapes only");
        };
    }

    /// Another name for a parameter that is named elsewhere in the network: a tied weight. It is no parameter of its own; files may have it
    /// under either name.
    ///
    /// @param path one segment, or several joined by dots
    public void alias(String path, Parameter first) {
        int dot = path.lastIndexOf('.');
        Parts.checkSegment(path.substring(dot + 1));
        (dot < 0 ? node : descend(path.substring(0, dot))).put(path.substring(dot + 1), new Alias(first));
    }

    /// Says whose scope this is: what stands in the parent's [Parts#children] under this scope's name.
    ///
    /// @return this scope
    /// @throws IllegalStateException when it is another's
    public Scope ownedBy(Part part) {
        if (node.owner != null) {
            throw new IllegalStateException("scope: '" + node.path + "' has an owner, a " + node.owner.getClass().getSimpleName());
        }
        node.owner = part;
        return this;
    }

    /// A scope with the same parts and parameters, not copies, but for those at some paths, which are to be asked for anew and keep their
    /// place: a new head on an old body. What is named in one of the two scopes later is not named in the other.
    ///
    /// @param other streams of what is asked for anew are below this
    /// @throws IllegalArgumentException when there is nothing at a path, or it is within a part that has an owner
    public Scope renewed(RandomStream other, String... paths) {
        Node changed = node;
        for (String path : paths) {
            changed = changed.renewed(path);
        }
        return new Scope(changed, other);
    }

    /// What was recorded here and below, in order.
    public Parts parts() {
        return node.parts();
    }
}
