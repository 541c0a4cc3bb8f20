package dev.headstart.zoo.model;

import dev.headstart.nn.Scope;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.ShapeException;
import java.util.Optional;
import java.util.function.Function;

/// What network a weight file belongs to.
///
/// @param name in words: `ResNet-20 for CIFAR, 10 classes`
/// @param builder makes it with random weights, which a file then replaces
public record Architecture(String name, Function<Scope, ? extends Published> builder) {
    /// The network, if the shapes are its. They are compared with those of a network made from [Scope#ofShapes], which has no weights.
    ///
    /// @param name of the network in words
    public static <M extends Published> Optional<Architecture> fitting(TensorShapes shapes, Function<Scope, M> builder,
            Function<M, String> name) {
        try {
            M outline = builder.apply(Scope.ofShapes());
            return shapes.under(outline).fit(outline) ? Optional.of(new Architecture(name.apply(outline), builder)) : Optional.empty();
        } catch (ShapeException e) { // extents that belong to no network
            return Optional.empty();
        }
    }

    /// The network with random weights.
    public Published build(RandomStream random) {
        return builder.apply(Scope.of(random));
    }
}
