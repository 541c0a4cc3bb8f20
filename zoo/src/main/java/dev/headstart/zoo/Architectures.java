package dev.headstart.zoo;

import dev.headstart.io.Weights;
import dev.headstart.zoo.model.Architecture;
import dev.headstart.zoo.model.Settings;
import dev.headstart.zoo.model.TensorShapes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Tells which published network a weight file belongs to, by the names and shapes of its tensors. No tensor is read.
///
/// ```java
/// Weights weights = Weights.open(path);
/// Published model = Architectures.of(weights).orElseThrow().build(RandomStream.of(1));
/// model.load(weights);
/// ```
public final class Architectures {
    private static final List<Function<TensorShapes, Optional<Architecture>>> KNOWN = List.of(VisionArchitectures::of,
            LanguageArchitectures::of, PretrainedEncoder::of);

    private Architectures() {}

    /// The network these weights look like; nothing when they look like none, or their shapes are not its.
    public static Optional<Architecture> of(Weights weights) {
        TensorShapes shapes = TensorShapes.of(weights);
        for (Function<TensorShapes, Optional<Architecture>> known : KNOWN) {
            Optional<Architecture> architecture = known.apply(shapes);
            if (architecture.isPresent()) {
                return architecture;
            }
        }
        return Optional.empty();
    }

    /// The network for images these weights look like; nothing when they look like none.
    public static Optional<Architecture> ofImages(Weights weights) {
        return VisionArchitectures.of(TensorShapes.of(weights));
    }

    /// The language model these weights are, with the sizes of its `config.json`; nothing when their names and shapes are not its.
    ///
    /// @throws IOException when the configuration cannot be read, or is of no model known here
    public static Optional<Architecture> of(Weights weights, Path config) throws IOException {
        return LanguageArchitectures.of(TensorShapes.of(weights), Settings.read(config));
    }
}
