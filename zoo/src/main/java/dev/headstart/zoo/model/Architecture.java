package dev.headstart.zoo.model;

import dev.headstart.tensor.RandomStream;
import java.util.function.Function;

/// What network a weight file belongs to.
///
/// @param name in words: `ResNet-20 for CIFAR, 10 classes`
/// @param builder makes it with random weights, which a file then replaces
public record Architecture(String name, Function<RandomStream, Published> builder) {
    /// The network with random weights.
    public Published build(RandomStream random) {
        return builder.apply(random);
    }
}
