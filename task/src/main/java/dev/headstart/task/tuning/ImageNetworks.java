package dev.headstart.task.tuning;

import dev.headstart.autograd.Variable;
import dev.headstart.io.Weights;
import dev.headstart.io.data.Augmentation;
import dev.headstart.io.data.Preprocessing;
import dev.headstart.nn.Part;
import dev.headstart.task.data.ChosenImages;
import dev.headstart.task.folder.ImageModelFolder;
import dev.headstart.task.model.Finite;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.measure.HeadStart;
import dev.headstart.zoo.model.Architecture;
import dev.headstart.zoo.model.ImageClassifier;
import dev.headstart.zoo.model.Surgery;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// A published network for images.
///
/// @param architecture of the network: an [ImageClassifier]
/// @param weights its file
/// @param name of the file or folder, for messages
/// @param preprocessing what the network takes of an image
/// @param channels of the images, where they are others than the network was made for
public record ImageNetworks(Architecture architecture, Weights weights, String name, Preprocessing preprocessing, OptionalInt channels)
        implements
            HeadedNetworks<Tensor> {
    /// The name of the fact that says which images a network was trained on.
    public static final String DATA = "SHA-256 of the images";

    /// A network as it was published.
    public static ImageNetworks of(Architecture architecture, Weights weights, Preprocessing preprocessing) {
        return new ImageNetworks(architecture, weights, weights.file().toString(), preprocessing, OptionalInt.empty());
    }

    /// Images to fine-tune on.
    ///
    /// @param images to train on
    /// @param others to measure on; null to hold out some
    /// @param old of the task that the network was trained for; null for none
    /// @param share of each class to hold out
    /// @param augmentation of those to train on
    /// @param mixing whether these are mixed with one another
    /// @param hash SHA-256 of the images
    /// @throws IOException when there are fewer than two classes, or one to measure on is not among them
    public FinetuneTask.Data<Tensor> data(ChosenImages images, @Nullable ChosenImages others, @Nullable ChosenImages old, double share,
            Augmentation augmentation, boolean mixing, String hash) throws IOException {
        List<String> classes = images.classNames();
        if (classes.size() < 2) {
            throw new IOException("the images to train on are of the classes " + classes + ": at least 2 are needed");
        }
        return new FinetuneTask.Data<>(classes, new EncodedImages(images, preprocessing, augmentation, mixing),
                others == null ? null : EncodedImages.of(others.numberedAs(images), preprocessing),
                old == null ? null : EncodedImages.of(old, preprocessing), share, hash);
    }

    @Override
    public String noun() {
        return "images";
    }

    @Override
    public Rates usualRates() {
        return new Rates(3e-4, 3e-3, 3e-3);
    }

    @Override
    public Loaded<Tensor> build(List<String> labels, Initialization initialization, HeadChoice head, Streams random) throws IOException {
        ImageClassifier network = network(random.weights());
        String transfer = "random weights: of " + name + " only the shapes were taken";
        if (initialization != Initialization.RANDOM) {
            network.load(weights);
            transfer = "loaded " + architecture.name() + " from " + name;
        }
        Finite.weights(name, network.parameters());
        if (initialization == Initialization.SHUFFLED) {
            HeadStart.shuffled(network.parameters(), random.shuffle());
        }
        if (channels.isPresent()) {
            Surgery<ImageClassifier> changed = changed(network, channels.getAsInt());
            network = changed.model();
            transfer += "\n" + changed;
        }
        boolean kept = head == HeadChoice.KEPT;
        if (kept && network.isHeadless()) {
            throw new SettingException(Setting.KEEP_HEAD, network.architecture() + " of " + name + " has no head to keep");
        }
        if (kept && network.classes() != labels.size()) {
            throw new SettingException(Setting.KEEP_HEAD, "the network's head is of " + network.classes() + " classes, the images are of "
                    + labels.size() + ": they must be the same");
        }
        ImageClassifier headed = kept ? network : network.withHead(labels.size(), random.head());
        String made = kept ? "*: the head of these classes learns on" : "*: a new head of " + labels.size() + " classes";
        return new Loaded<>(new Network(headed, preprocessing), kept, transfer + "\n" + String.join("*, ", headed.head()) + made);
    }

    private ImageClassifier network(RandomStream random) {
        return (ImageClassifier) architecture.build(random);
    }

    private static Surgery<ImageClassifier> changed(ImageClassifier network, int channels) throws IOException {
        try {
            return network.withChannels(channels);
        } catch (IllegalArgumentException e) {
            throw (IOException) new SettingException(Setting.CHANNELS, String.valueOf(e.getMessage())).initCause(e);
        }
    }

    @Override
    public Optional<HeadedNetwork<Tensor>> published(RandomStream random) throws IOException {
        ImageClassifier network = network(random);
        network.load(weights);
        return network.classes() == 0 ? Optional.empty() : Optional.of(new Network(network, preprocessing));
    }

    /// Of each tensor.
    @Override
    public String transfer(List<String> labels, Streams random) throws IOException {
        ImageClassifier network = network(random.weights());
        String loaded = network.load(weights).toString();
        return loaded + "\n" + String.join("*, ", network.head()) + "* is replaced by a new head of " + labels.size() + " classes";
    }

    private record Network(ImageClassifier network, Preprocessing preprocessing) implements HeadedNetwork<Tensor> {
        @Override
        public Part part() {
            return network;
        }

        @Override
        public String architecture() {
            return network.architecture();
        }

        @Override
        public String head() {
            List<String> names = network.head().stream().map(name -> name.substring(0, name.length() - 1)).toList();
            return (names.size() == 1 ? names.getFirst() : "{" + String.join(",", names) + "}") + ".**";
        }

        @Override
        public Variable features(Tensor batch) {
            return network.features(Variable.of(batch));
        }

        @Override
        public Variable classify(Variable features) {
            return network.classify(features);
        }

        @Override
        public String noun() {
            return "images";
        }

        @Override
        public double usualRate() {
            return 3e-4;
        }

        @Override
        public double usualHeadRate(double rate) {
            return Math.max(rate, 1e-3);
        }

        @Override
        public String reading() {
            return network.architecture() + ", " + preprocessing;
        }

        @Override
        public void save(Path folder, List<String> labels, Map<String, String> card) throws IOException {
            new ImageModelFolder(folder, network.architecture(), labels, preprocessing).save(network, card);
        }
    }
}
