package dev.headstart.zoo;

import dev.headstart.io.Weights;
import dev.headstart.zoo.model.Architecture;
import dev.headstart.zoo.model.Recogniser;
import dev.headstart.zoo.model.Settings;
import dev.headstart.zoo.model.TensorShapes;
import dev.headstart.zoo.own.PretrainedEncoder;
import dev.headstart.zoo.text.bert.BertRecogniser;
import dev.headstart.zoo.text.gpt2.Gpt2Recogniser;
import dev.headstart.zoo.vision.CifarResNet;
import dev.headstart.zoo.vision.MnistCnn;
import dev.headstart.zoo.vision.ResNet;
import dev.headstart.zoo.vision.Vgg;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The list of architectures, and which of them a weight file belongs to, by the names and shapes of its tensors. No tensor is read.
///
/// ```java
/// Weights weights = Weights.open(Path.of("pytorch_model.bin"));
/// Published model = Architectures.of(weights).orElseThrow().build(RandomStream.of(1));
/// model.load(weights);
/// ```
public final class Architectures {
    /// For images, in the order in which they are asked.
    private static final List<Recogniser> IMAGES = List.of(ResNet::recognise, CifarResNet::recognise, Vgg::recognise, MnistCnn::recognise);

    /// The others, asked after them.
    private static final List<Recogniser> OTHERS = List.of(new Gpt2Recogniser(), new BertRecogniser(), PretrainedEncoder::recognise);

    /// Those with a `config.json`, by its `model_type`.
    private static final SortedMap<String, Recogniser> CONFIGURED = new TreeMap<>();

    static {
        OTHERS.forEach(recogniser -> recogniser.modelTypes().forEach(type -> CONFIGURED.put(type, recogniser)));
    }

    private Architectures() {}

    /// The network these weights look like; nothing when they look like none, or their shapes are not its.
    public static Optional<Architecture> of(Weights weights) {
        return recognised(Stream.of(IMAGES, OTHERS).flatMap(List::stream), weights);
    }

    private static Optional<Architecture> recognised(Stream<Recogniser> recognisers, Weights weights) {
        TensorShapes shapes = TensorShapes.of(weights);
        return recognisers.flatMap(recogniser -> recogniser.recognise(shapes).stream()).findFirst();
    }

    /// The network for images these weights look like; nothing when they look like none.
    public static Optional<Architecture> ofImages(Weights weights) {
        return recognised(IMAGES.stream(), weights);
    }

    /// The language model these weights are, with the sizes of its `config.json`; nothing when their names and shapes are not its.
    ///
    /// @throws IOException when the configuration cannot be read, or is of no model known here
    public static Optional<Architecture> of(Weights weights, Path config) throws IOException {
        Settings settings = Settings.read(config);
        String type = settings.string("model_type", "bert"); // what older files of BERT leave out
        Recogniser recogniser = CONFIGURED.get(type);
        if (recogniser == null) {
            throw settings.refusal("model_type", type, "the models known are " + String.join(", ", CONFIGURED.keySet()));
        }
        return recogniser.recognise(TensorShapes.of(weights), settings);
    }
}
