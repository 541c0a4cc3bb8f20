package dev.headstart.zoo;

import dev.headstart.io.Weights;
import dev.headstart.zoo.model.Architecture;
import dev.headstart.zoo.model.Family;
import dev.headstart.zoo.model.Settings;
import dev.headstart.zoo.model.TensorShapes;
import dev.headstart.zoo.text.bert.BertNetwork;
import dev.headstart.zoo.text.gpt2.Gpt2Network;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// Tells which published network a weight file belongs to, by the names and shapes of its tensors. No tensor is read.
///
/// ```java
/// Weights weights = Weights.open(path);
/// Published model = Architectures.of(weights).orElseThrow().build(RandomStream.of(1));
/// model.load(weights);
/// ```
public final class Architectures {
    /// In the order in which they are asked.
    private static final List<Family> KNOWN = List.of((shapes, config) -> VisionArchitectures.of(shapes), Gpt2Network::recognise,
            BertNetwork::recognise, (shapes, config) -> PretrainedEncoder.of(shapes));

    /// Those with a `config.json`, by its `model_type`.
    private static final Map<String, Family> CONFIGURED = Map.of("gpt2", Gpt2Network::recognise, "bert", BertNetwork::recognise, "roberta",
            BertNetwork::recognise);

    private Architectures() {}

    /// The network these weights look like; nothing when they look like none, or their shapes are not its.
    public static Optional<Architecture> of(Weights weights) {
        TensorShapes shapes = TensorShapes.of(weights);
        for (Family family : KNOWN) {
            Optional<Architecture> architecture = recognised(family, shapes);
            if (architecture.isPresent()) {
                return architecture;
            }
        }
        return Optional.empty();
    }

    private static Optional<Architecture> recognised(Family family, TensorShapes shapes) {
        try {
            return family.recognise(shapes, null);
        } catch (IOException e) {
            throw new UncheckedIOException("no configuration was read", e);
        }
    }

    /// The network for images these weights look like; nothing when they look like none.
    public static Optional<Architecture> ofImages(Weights weights) {
        return VisionArchitectures.of(TensorShapes.of(weights));
    }

    /// The language model these weights are, with the sizes of its `config.json`; nothing when their names and shapes are not its.
    ///
    /// @throws IOException when the configuration cannot be read, or is of no model known here
    public static Optional<Architecture> of(Weights weights, Path config) throws IOException {
        Settings settings = Settings.read(config);
        String type = settings.string("model_type", "bert"); // what older files of BERT leave out
        Family family = CONFIGURED.get(type);
        if (family == null) {
            throw settings.refusal("model_type", type, "the models known are " + String.join(", ", new TreeSet<>(CONFIGURED.keySet())));
        }
        return family.recognise(TensorShapes.of(weights), settings);
    }
}
