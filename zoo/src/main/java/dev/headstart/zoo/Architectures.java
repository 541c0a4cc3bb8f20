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
import org.jspecify.annotations.Nullable;

/// The list of architectures, and which of them a weight file belongs to, by the names and shapes of its tensors. No tensor is read.
///
/// ```java
/// Weights weights = Weights.open(Path.of("pytorch_model.bin"));
/// FoundNetwork found = Architectures.find(weights, null).orElseThrow();
/// Published model = found.architecture().build(RandomStream.of(1));
/// model.load(found.weights());
/// ```
public final class Architectures {
    /// For images, in the order in which they are asked.
    private static final List<Recogniser> IMAGES = List.of(ResNet::recognise, CifarResNet::recognise, Vgg::recognise, MnistCnn::recognise);

    /// The others, asked after them.
    private static final List<Recogniser> OTHERS = List.of(new Gpt2Recogniser(), new BertRecogniser());

    /// What Headstart itself pre-trains, asked last.
    private static final List<Recogniser> OWN = List.of(PretrainedEncoder::recognise);

    /// Those with a `config.json`, by its `model_type`.
    private static final SortedMap<String, Recogniser> CONFIGURED = new TreeMap<>();

    static {
        OTHERS.forEach(recogniser -> recogniser.modelTypes().forEach(type -> CONFIGURED.put(type, recogniser)));
    }

    private Architectures() {}

    /// The network these weights look like as a whole; nothing when they look like none, or their shapes are not its. [#find] also looks
    /// into parts of a file.
    public static Optional<Architecture> of(Weights weights) {
        return any(TensorShapes.of(weights), true);
    }

    private static Optional<Architecture> any(TensorShapes shapes, boolean whole) {
        return Stream.of(IMAGES, OTHERS, whole ? OWN : List.<Recogniser>of()).flatMap(List::stream)
                .flatMap(recogniser -> recogniser.recognise(shapes).stream()).findFirst();
    }

    private static Optional<Architecture> image(TensorShapes shapes) {
        return IMAGES.stream().flatMap(recogniser -> recogniser.recognise(shapes).stream()).findFirst();
    }

    /// The network for images these weights look like; nothing when they look like none.
    public static Optional<Architecture> ofImages(Weights weights) {
        return image(TensorShapes.of(weights));
    }

    /// The part of a file that makes a known network, with what was left off its names and what is left out beside it.
    ///
    /// @param part what the names of the part begin with, `state_dict_ema`; null to look at all
    /// @throws PartException when several parts fit that no order is known of, or there is none of this name
    public static Optional<FoundNetwork> find(Weights weights, @Nullable String part) throws IOException {
        Optional<FoundNetwork> found = new NetworkSearch(weights).find(part, shapes -> any(shapes, false));
        return found.isEmpty() && part == null ? own(weights) : found;
    }

    /// What Headstart pre-trains is looked for in whole files only: its names (`encoder.0.weight`) are those of many others' parts.
    private static Optional<FoundNetwork> own(Weights weights) {
        TensorShapes shapes = TensorShapes.of(weights);
        return OWN.stream().flatMap(recogniser -> recogniser.recognise(shapes).stream()).findFirst()
                .map(found -> new FoundNetwork(found, weights, List.of()));
    }

    /// [#find] for networks for images alone.
    ///
    /// @throws PartException as [#find]
    public static Optional<FoundNetwork> findImages(Weights weights, @Nullable String part) throws IOException {
        return new NetworkSearch(weights).find(part, Architectures::image);
    }

    /// [#find] for networks with the sizes of a `config.json`.
    ///
    /// @throws IOException when the configuration cannot be read, or is of no model known here
    public static Optional<FoundNetwork> find(Weights weights, @Nullable String part, Path config) throws IOException {
        Settings settings = Settings.read(config);
        Recogniser recogniser = recogniser(settings);
        return new NetworkSearch(weights).find(part, shapes -> recogniser.recognise(shapes, settings));
    }

    /// What a file holds, in words, for a refusal: its parts with the number of tensors of each.
    public static String parts(Weights weights) {
        return WeightParts.of(weights).described();
    }

    /// The language model these weights are, with the sizes of its `config.json`; nothing when their names and shapes are not its.
    ///
    /// @throws IOException when the configuration cannot be read, or is of no model known here
    public static Optional<Architecture> of(Weights weights, Path config) throws IOException {
        Settings settings = Settings.read(config);
        return recogniser(settings).recognise(TensorShapes.of(weights), settings);
    }

    private static Recogniser recogniser(Settings settings) throws IOException {
        String type = settings.string("model_type", "bert"); // what older files of BERT leave out
        Recogniser recogniser = CONFIGURED.get(type);
        if (recogniser == null) {
            throw settings.refusal("model_type", type, "the models known are " + String.join(", ", CONFIGURED.keySet()));
        }
        return recogniser;
    }
}
