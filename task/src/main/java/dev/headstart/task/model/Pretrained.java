package dev.headstart.task.model;

import dev.headstart.io.Weights;
import dev.headstart.io.data.Filter;
import dev.headstart.io.data.Preprocessing;
import dev.headstart.io.text.Options;
import dev.headstart.io.text.Tokenizer;
import dev.headstart.nn.Scope;
import dev.headstart.task.folder.ImageModelFolder;
import dev.headstart.task.folder.Manifest;
import dev.headstart.task.folder.MissingFileException;
import dev.headstart.task.folder.TextModelFolder;
import dev.headstart.task.folder.Tokenizers;
import dev.headstart.task.folder.WrongKindException;
import dev.headstart.tensor.RandomStream;
import dev.headstart.zoo.Architectures;
import dev.headstart.zoo.keras.KerasModel;
import dev.headstart.zoo.model.Architecture;
import dev.headstart.zoo.model.ImageClassifier;
import dev.headstart.zoo.model.Published;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A pre-trained network and what belongs to it: weights, configuration, tokenizer or preprocessing, labels.
///
/// It is immutable, and every run builds a network of its own from it, so that two runs share nothing. Any number of threads may use one.
///
/// ```java
/// Pretrained resnet = Pretrained.open(Path.of("resnet50.safetensors"));
/// Pretrained bert = Pretrained.open(Path.of("bert-base-uncased")).withTokenizer(Path.of("vocab.txt"));
/// ```
public final class Pretrained {
    private static final int DEFAULT_LENGTH = 128;

    private final Path from;
    private final @Nullable Path config;
    private final @Nullable Path tokenizer;
    private final @Nullable String part;
    private final @Nullable OpenedFile file;

    private Pretrained(Path from, @Nullable Path config, @Nullable Path tokenizer, @Nullable String part, @Nullable OpenedFile file) {
        this.from = from;
        this.config = config;
        this.tokenizer = tokenizer;
        this.part = part;
        this.file = file;
    }

    /// Opens a network: a published weight file or folder, a folder that Headstart wrote, or a model's folder in a hub's local cache
    /// (`models--bert-base-uncased`).
    ///
    /// @throws IOException when it cannot be read, or is none of these
    public static Pretrained open(Path from) throws IOException {
        return open(from, null);
    }

    /// Opens a network whose configuration is elsewhere.
    ///
    /// @param config Keras's or Hugging Face's configuration; null for the `config.json` in the folder, if there is one
    public static Pretrained open(Path from, @Nullable Path config) throws IOException {
        return open(from, config, null);
    }

    /// Opens a network that is a part of its file, as in a checkpoint of a training run. Where no part is given, the one that makes a known
    /// network is taken, and [#notes] say which: several that fit are refused, unless programs agree on their order (an average of the
    /// weights comes before the weights).
    ///
    /// @param config Keras's or Hugging Face's configuration; null for the `config.json` in the folder, if there is one
    /// @param part what the names of its tensors begin with, `state_dict_ema`, `encoder_q`; null for the one that fits
    /// @throws IOException when it cannot be read, is none of these, or it is not known which part is meant
    public static Pretrained open(Path from, @Nullable Path config, @Nullable String part) throws IOException {
        Path place = snapshot(from);
        if (Files.isDirectory(place)) {
            Manifest.check(place);
        }
        boolean characters = config == null && TextModelFolder.isFolder(place) && !Files.exists(place.resolve(ImageModelFolder.WEIGHTS));
        if (characters && part != null) {
            throw new IOException(place + ": a folder of a character model has no parts");
        }
        Path settings = config != null ? config : folder(place).resolve("config.json");
        return new Pretrained(place, config, null, part, characters ? null : OpenedFile.open(place, settings, config != null, part));
    }

    /// The newest snapshot of a hub's local cache, or the only one where nothing says which is the newest; other places are what they are.
    private static Path snapshot(Path from) throws IOException {
        Path snapshots = from.resolve("snapshots");
        if (!Files.isDirectory(snapshots)) {
            return from;
        }
        Path main = from.resolve("refs").resolve("main");
        Path newest = Files.isRegularFile(main) ? snapshots.resolve(Files.readString(main).strip()) : from;
        if (newest != from && Files.isDirectory(newest)) {
            return newest;
        }
        try (Stream<Path> all = Files.list(snapshots)) {
            List<Path> folders = all.filter(Files::isDirectory).sorted().toList();
            if (folders.size() > 1) {
                throw new IOException(from + ": there are " + folders.size() + " snapshots, and refs/main names none of them: give one, "
                        + String.join(" or ", folders.stream().map(Path::toString).toList()));
            }
            return folders.isEmpty() ? from : folders.getFirst();
        }
    }

    /// The same network with another tokenizer.
    ///
    /// @param other a `tokenizer.json`, a `vocab.txt`, or a folder of one
    public Pretrained withTokenizer(Path other) {
        return new Pretrained(from, config, other, part, file);
    }

    /// Where it is: a file or a folder.
    public Path from() {
        return from;
    }

    /// The folder it is in.
    public Path folder() {
        return folder(from);
    }

    /// The folder that a model is in, given the folder or its weight file.
    public static Path folder(Path from) {
        Path parent = from.toAbsolutePath().getParent();
        return Files.isDirectory(from) || parent == null ? from : parent;
    }

    /// The folder of a character model that Headstart pre-trained; empty for any other network.
    ///
    /// @throws IOException when it cannot be read
    public Optional<TextModelFolder> characters() throws IOException {
        return file == null ? Optional.of(TextModelFolder.open(from)) : Optional.empty();
    }

    /// The part of the weight file that was asked for; empty where none was.
    public Optional<String> part() {
        return Optional.ofNullable(part);
    }

    /// The network's tensors, under the names that it has for them: of a file that holds more, a part.
    ///
    /// @throws IOException when it is a folder without a weight file; a [WrongKindException] when it is that of a character encoder
    public Weights weights() throws IOException {
        if (file != null) {
            return file.weights();
        }
        if (TextModelFolder.isWritten(from)) {
            throw new WrongKindException(from.toString(), "character encoder", WrongKindException.Reads.TEXTS);
        }
        return Weights.open(from);
    }

    /// Refuses a network for images where texts are to be read.
    ///
    /// @throws IOException when it is one, or cannot be read
    public void demandTexts() throws IOException {
        @Nullable
        Architecture known = file == null ? null : file.architecture();
        if (known != null && config == null && !Files.exists(folder().resolve("config.json")) && outline().classifier().isPresent()) {
            throw new WrongKindException(from.toString(), known.name(), WrongKindException.Reads.IMAGES);
        }
    }

    /// What a user should know of what was opened: which part of the file is the network, and what is left out. Sentences, none for most files.
    public List<String> notes() {
        return file == null ? List.of() : file.notes();
    }

    /// The configuration of a network for texts.
    ///
    /// @throws IOException when there is none
    public Path configuration() throws IOException {
        Path file = config != null ? config : folder().resolve("config.json");
        if (!Files.exists(file)) {
            throw new MissingFileException(MissingFileException.Kind.CONFIGURATION, from + ": there is no config.json beside it");
        }
        return file;
    }

    /// The file or folder of the tokenizer.
    public Path tokenizerFiles() {
        return tokenizer != null ? tokenizer : folder();
    }

    /// The tokenizer, which cuts texts to a length.
    ///
    /// @param maxLength tokens of a text at most; null for as many as the network was fine-tuned with, else 128
    /// @param positions of the network
    /// @param rows of the network's table of tokens
    /// @throws IOException when there is none, it cannot be read, or it has tokens for which the network has no vector
    public Tokenizer tokenizer(@Nullable Integer maxLength, int positions, int rows) throws IOException {
        int length = maxLength != null ? maxLength : Tokenizers.maxLength(folder()).orElse(DEFAULT_LENGTH);
        return Tokenizers.demandRows(Tokenizers.open(tokenizerFiles()), tokenizerFiles(), rows)
                .with(Options.DEFAULT.truncate(Math.min(length, positions)));
    }

    /// The network, as its configuration, or the names and shapes of its tensors, say.
    ///
    /// @throws IOException when a file cannot be read, or it is no network known here
    public Architecture architecture() throws IOException {
        @Nullable
        Architecture known = file == null ? null : file.architecture();
        if (known == null) {
            throw new MissingFileException(MissingFileException.Kind.NETWORK,
                    from + ": its tensors are those of no network known here: " + Architectures.parts(weights()));
        }
        return known;
    }

    /// A network of its own with the file's weights, as what it can do.
    ///
    /// @throws IOException when it cannot be read, or is no network known here
    public Capabilities load() throws IOException {
        Architecture known = architecture();
        Published network = known.build(RandomStream.of(0)); // nothing is drawn: all weights come from the file
        network.load(weights());
        Finite.weights(from.toString(), network.parameters());
        return new Capabilities(this, known.name(), network);
    }

    /// The network without weights: what it is and can do, not what it computes.
    ///
    /// @throws IOException when it is no network known here
    public Capabilities outline() throws IOException {
        Architecture known = architecture();
        return new Capabilities(this, known.name(), known.builder().apply(Scope.ofShapes()));
    }

    /// What fine-tuning wrote beside these weights, if it did.
    private Optional<ImageModelFolder> settings(ImageClassifier network) throws IOException {
        return ImageModelFolder.find(folder()).filter(settings -> settings.architecture().equals(network.architecture())
                && settings.classNames().size() == network.classes());
    }

    Optional<List<String>> classNames(Capabilities loaded) throws IOException {
        Optional<ImageClassifier> network = loaded.classifier();
        return network.isEmpty() ? Optional.empty() : settings(network.get()).map(ImageModelFolder::classNames);
    }

    /// What a network sees of an image: what it was fine-tuned with, else what the published weights expect.
    ///
    /// @param resize shorter side to resize images to instead, before a square of it is cut out; null for none
    public Preprocessing preprocessing(ImageClassifier network, @Nullable Integer resize) throws IOException {
        Preprocessing own = settings(network).map(ImageModelFolder::preprocessing).orElse(network.preprocessing());
        return resized(own, resize);
    }

    /// What a network for images computes, and what it sees of an image. Of a Keras model [KerasModel#preprocessing] guesses how
    /// they are to be prepared, and [Capabilities#notes] say so.
    ///
    /// @param resize shorter side to resize images to, before a square of it is cut out; null for what the weights expect
    /// @throws IOException when it is no network for images
    ImageNetwork images(Capabilities loaded, @Nullable Integer resize) throws IOException {
        Optional<ImageClassifier> known = loaded.classifier();
        if (known.isPresent()) {
            ImageClassifier network = known.get();
            if (network.isHeadless()) {
                throw new UntrainedException(from, network.architecture());
            }
            return new ImageNetwork(network::forward, preprocessing(network, resize), OptionalInt.of(network.classes()), known);
        }
        KerasModel keras = loaded.keras()
                .orElseThrow(() -> new IOException(from + ": " + loaded.architecture() + " does not classify images"));
        keras.demandClasses();
        return new ImageNetwork(keras::classScores, resized(keras.preprocessing(), resize), OptionalInt.empty(), Optional.empty());
    }

    /// Squares of this side out of images of this shorter side.
    private static Preprocessing resized(Preprocessing preprocessing, @Nullable Integer side) {
        return side == null ? preprocessing : preprocessing.resized(side, Filter.BILINEAR).cropped(side);
    }
}
