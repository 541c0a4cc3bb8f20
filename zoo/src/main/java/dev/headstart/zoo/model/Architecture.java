package dev.headstart.zoo.model;

import dev.headstart.nn.Scope;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.ShapeException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// What network a weight file belongs to.
///
/// @param name in words: `ResNet-20 for CIFAR, 10 classes`
/// @param builder makes it with random weights, which a file then replaces
/// @param unknown tensors of the file that the network has no use for, by their names in it
/// @param headless whether it is a body without the head that its kind usually has
public record Architecture(String name, Function<Scope, ? extends Published> builder, List<String> unknown, boolean headless) {
    /// An architecture that its configuration names, whatever its file has.
    public Architecture(String name, Function<Scope, ? extends Published> builder) {
        this(name, builder, List.of(), false);
    }

    /// The network, if the shapes are its. They are compared with those of a network made from [Scope#ofShapes], which has no weights.
    ///
    /// @param name of the network in words
    public static <M extends Published> Optional<Architecture> fitting(TensorShapes shapes, Function<Scope, M> builder,
            Function<M, String> name) {
        try {
            M outline = builder.apply(Scope.ofShapes());
            Map<String, String> resolved = PublishedFile.resolved(outline, shapes.extents().keySet());
            return shapes.renamed(resolved).fit(outline)
                    ? Optional.of(new Architecture(name.apply(outline), builder, unknown(resolved, outline), outline.isHeadless()))
                    : Optional.empty();
        } catch (ShapeException e) { // extents that belong to no network
            return Optional.empty();
        }
    }

    private static List<String> unknown(Map<String, String> resolved, Published outline) {
        Set<String> known = new HashSet<>(outline.parameters().byName().keySet());
        known.addAll(outline.aliases().keySet());
        return resolved.entrySet().stream().filter(entry -> !known.contains(entry.getValue()))
                .filter(entry -> !PublishedFile.isLeft(outline, entry.getValue())).map(Map.Entry::getKey).toList();
    }

    /// The network with random weights.
    public Published build(RandomStream random) {
        return builder.apply(Scope.of(random));
    }
}
