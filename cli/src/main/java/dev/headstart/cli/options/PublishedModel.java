package dev.headstart.cli.options;

import dev.headstart.autograd.Variable;
import dev.headstart.io.Weights;
import dev.headstart.io.data.Filter;
import dev.headstart.io.data.Preprocessing;
import dev.headstart.io.json.Json;
import dev.headstart.io.json.JsonException;
import dev.headstart.task.folder.ImageModelFolder;
import dev.headstart.tensor.RandomStream;
import dev.headstart.zoo.Architectures;
import dev.headstart.zoo.keras.KerasSequential;
import dev.headstart.zoo.model.Architecture;
import dev.headstart.zoo.model.ImageClassifier;
import dev.headstart.zoo.model.Published;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A weight file together with the network it belongs to.
///
/// @param from where the weights are: a file, or a folder with a `model.safetensors`
/// @param weights the file
/// @param architecture the network
public record PublishedModel(Path from, Weights weights, Architecture architecture) {
    /// Opens a weight file and tells its network: by the configuration, if there is one, else by the names and shapes of its tensors.
    ///
    /// @param config Keras's or Hugging Face's configuration; null for the `config.json` in the folder, if there is one
    /// @throws IOException when a file cannot be read, or is of no network known here
    public static PublishedModel open(Path from, @Nullable Path config) throws IOException {
        Weights weights = Weights.open(from);
        Path settings = config != null ? config : folder(from).resolve("config.json");
        Optional<Architecture> told = config == null ? Architectures.ofImages(weights) : Optional.empty();
        Optional<Architecture> architecture = told.isPresent()
                ? told
                : config != null || Files.exists(settings) ? configured(weights, settings) : Architectures.of(weights);
        return new PublishedModel(from, weights, architecture.orElseThrow(() -> new IOException(from
                + ": its tensors are those of no network known here: headstart inspect lists them; a Keras model needs --config with its JSON")));
    }

    private static Optional<Architecture> configured(Weights weights, Path config) throws IOException {
        try {
            Json json = Json.read(config);
            if (json instanceof Json.Obj root && root.find("class_name") != null) {
                String name = KerasSequential.of(json, RandomStream.of(0)).architecture();
                return Optional.of(new Architecture(name, scope -> keras(json, scope.random())));
            }
        } catch (JsonException e) {
            throw new IOException(config + ": " + e.getMessage(), e);
        }
        return Architectures.of(weights, config);
    }

    private static KerasSequential keras(Json json, RandomStream random) {
        try {
            return KerasSequential.of(json, random);
        } catch (IOException e) {
            throw new IllegalStateException("the configuration was read before", e);
        }
    }

    /// The folder the model is in.
    public Path folder() {
        return folder(from);
    }

    /// The folder that a model is in, given the folder or its weight file.
    public static Path folder(Path from) {
        Path parent = from.toAbsolutePath().getParent();
        return Files.isDirectory(from) || parent == null ? from : parent;
    }

    /// The network with the file's weights.
    public Published load() throws IOException {
        Published network = architecture.build(RandomStream.of(0)); // nothing is drawn: all weights come from the file
        network.load(weights);
        return network;
    }

    /// What a network for images computes, and what it sees of an image.
    ///
    /// @param logits `[batch, height, width, channels] → [batch, classes]`
    /// @param preprocessing what it sees
    /// @param classes number of classes; empty where the configuration does not tell
    public record ImageNetwork(UnaryOperator<Variable> logits, Preprocessing preprocessing, OptionalInt classes) {}

    /// The network with the file's weights, as one for images. A Keras model does not say how they are to be prepared: it gets bytes divided by 255.
    ///
    /// @param resize shorter side to resize images to, before a square of it is cut out; null for what the weights expect
    /// @throws IOException when it is no network for images
    public ImageNetwork images(@Nullable Integer resize) throws IOException {
        return images(load(), resize);
    }

    /// [#images(Integer)] of a network that is loaded already.
    public ImageNetwork images(Published loaded, @Nullable Integer resize) throws IOException {
        return switch (loaded) {
            case ImageClassifier known -> new ImageNetwork(known::forward, preprocessing(known, resize), OptionalInt.of(known.classes()));
            case KerasSequential keras -> new ImageNetwork(keras::forward,
                    resize == null ? Preprocessing.UNIT : resized(Preprocessing.UNIT, resize), OptionalInt.empty());
            default -> throw new IOException(from + ": " + architecture.name() + " does not classify images");
        };
    }

    /// What finetune wrote beside these weights, if it did.
    private Optional<ImageModelFolder> settings(ImageClassifier network) throws IOException {
        return ImageModelFolder.find(folder()).filter(settings -> settings.architecture().equals(network.architecture())
                && settings.classNames().size() == network.classes());
    }

    /// The names of the classes, where they are known.
    public Optional<List<String>> classNames() throws IOException {
        return architecture.build(RandomStream.of(0)) instanceof ImageClassifier network
                ? settings(network).map(ImageModelFolder::classNames)
                : Optional.empty();
    }

    /// What a network sees of an image: what it was fine-tuned with, else what the published weights expect.
    ///
    /// @param resize shorter side to resize images to instead, before a square of it is cut out; null for none
    public Preprocessing preprocessing(ImageClassifier network, @Nullable Integer resize) throws IOException {
        Preprocessing own = settings(network).map(ImageModelFolder::preprocessing).orElse(network.preprocessing());
        return resize == null ? own : resized(own, resize);
    }

    /// The network with the file's weights, as one whose head can be replaced.
    ///
    /// @throws IOException when it is none
    public ImageClassifier classifier() throws IOException {
        if (load() instanceof ImageClassifier network) {
            return network;
        }
        throw withoutHead();
    }

    /// The same with random weights.
    public ImageClassifier classifier(RandomStream random) throws IOException {
        if (architecture.build(random) instanceof ImageClassifier network) {
            return network;
        }
        throw withoutHead();
    }

    private IOException withoutHead() {
        return new IOException(from + ": " + architecture.name() + " has no head for images that could be replaced");
    }

    /// Squares of this side out of images of this shorter side.
    private static Preprocessing resized(Preprocessing preprocessing, int side) {
        return preprocessing.resized(side, Filter.BILINEAR).cropped(side);
    }
}
