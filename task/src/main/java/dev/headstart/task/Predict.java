package dev.headstart.task;

import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Variable;
import dev.headstart.io.data.Image;
import dev.headstart.io.data.LabelledImages;
import dev.headstart.io.data.Preprocessing;
import dev.headstart.io.text.Tokenizer;
import dev.headstart.task.data.SeenImages;
import dev.headstart.task.folder.TextModelFolder;
import dev.headstart.task.folder.Tokenizers;
import dev.headstart.task.goal.Predictor;
import dev.headstart.task.goal.Ranking;
import dev.headstart.task.model.Capabilities;
import dev.headstart.task.model.Finite;
import dev.headstart.task.model.ImageNetwork;
import dev.headstart.task.model.Pretrained;
import dev.headstart.task.model.UntrainedException;
import dev.headstart.task.tuning.BertNetworks;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.objective.TextClassification;
import dev.headstart.zoo.own.TextClassifier;
import dev.headstart.zoo.text.bert.BertConfig.Problem;
import dev.headstart.zoo.text.bert.BertForSequenceClassification;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Labels for texts or images, by a network that was trained for it.
///
/// ```java
/// String label = Predict.with(Path.of("mine")).label(picture);
/// ```
///
/// The network is loaded once; any number of threads may ask.
public final class Predict {
    private static final int BATCH = 64;

    private final Pretrained model;
    private final Loaded loaded;

    /// A network that labels texts.
    ///
    /// @param labels of its outputs
    /// @param problem what its outputs say
    /// @param encode the ids of a text
    /// @param batched logits of sequences, computed in batches of the given size
    record Texts(List<String> labels, Problem problem, Function<String, int[]> encode, BiFunction<List<int[]>, Integer, Tensor> batched) {
        /// `[sequences, labels]`
        Tensor logits(List<int[]> sequences, int batch) {
            return batched.apply(sequences, batch);
        }

        private Tensor outputs(List<String> texts) {
            return logits(texts.stream().map(encode).toList(), BATCH);
        }

        private List<Ranking> rank(List<String> texts) {
            return problem == Problem.MULTI_LABEL ? Ranking.ofIndependent(outputs(texts), labels) : Ranking.of(outputs(texts), labels);
        }

        private List<double[]> numbers(List<String> texts) {
            float[] all = Finite.answers(outputs(texts)).toArray();
            int n = labels.size();
            return IntStream.range(0, texts.size())
                    .mapToObj(row -> IntStream.range(row * n, row * n + n).mapToDouble(i -> all[i]).toArray())
                    .toList();
        }
    }

    /// A network that labels images.
    private record Images(ImageNetwork network, Optional<List<String>> labels) {}

    /// A network that labels texts or images.
    ///
    /// @param format of its weights
    /// @param notes what was guessed of it, and what was left out of its file
    record Loaded(String architecture, String format, Optional<Texts> texts, Optional<Images> images, List<String> notes) {
        Loaded(String architecture, String format, Texts texts) {
            this(architecture, format, Optional.of(texts), Optional.empty(), List.of());
        }
    }

    private Predict(Pretrained model, Loaded loaded) {
        this.model = model;
        this.loaded = loaded;
    }

    /// Loads a network.
    ///
    /// @param model folder that fine-tuning wrote, or a published network with labels of its own
    /// @throws IOException when it cannot be read, or labels nothing
    public static Predict with(Path model) throws IOException {
        return with(Pretrained.open(model));
    }

    /// Loads a network.
    ///
    /// @throws IOException when it cannot be read, or labels nothing
    public static Predict with(Pretrained model) throws IOException {
        return new Predict(model, load(model, null));
    }

    /// Loads a network.
    ///
    /// @param maxLength tokens of a text that are looked at; null for what it was fine-tuned with
    static Loaded load(Pretrained model, @Nullable Integer maxLength) throws IOException {
        Optional<TextModelFolder> characters = model.characters();
        if (characters.isPresent()) {
            return new Loaded("characters", "safetensors", texts(characters.get()));
        }
        Capabilities network = model.load();
        String format = model.weights().format();
        Optional<BertForSequenceClassification> bert = network.textClassifier();
        if (bert.isPresent()) {
            Texts texts = texts(model, bert.get(), maxLength);
            return new Loaded(bert.get().architecture(), format, Optional.of(texts), Optional.empty(), notes(model, texts.problem));
        }
        if (network.bert().isPresent()) {
            throw new UntrainedException(model.from(), network.network().architecture());
        }
        return new Loaded(network.architecture(), format, Optional.empty(),
                Optional.of(new Images(network.images(null), network.classNames())), network.notes());
    }

    private static List<String> notes(Pretrained model, Problem problem) throws IOException {
        List<String> notes = new ArrayList<>(Tokenizers.guesses(model.tokenizerFiles()));
        if (problem == Problem.MULTI_LABEL) {
            notes.add("each label holds or not, whatever the others do: several may be right, or none"
                    + " (the configuration's \"problem_type\" is " + problem.type() + ")");
        }
        if (problem == Problem.REGRESSION) {
            notes.add("the network gives numbers, not labels (the configuration's \"problem_type\", or its one label, says so)");
        }
        return List.copyOf(notes);
    }

    private static Texts texts(TextModelFolder folder) throws IOException {
        TextClassifier classifier = folder.classifier();
        int length = folder.config().maxLength();
        return new Texts(folder.labels(), Problem.SINGLE_LABEL, text -> folder.vocabulary().encode(text, length),
                (sequences, _) -> TextClassification.logits(classifier, sequences));
    }

    private static Texts texts(Pretrained model, BertForSequenceClassification network, @Nullable Integer maxLength) throws IOException {
        Tokenizer known = model.tokenizer(maxLength, network.config().maxLength(), network.config().vocabulary());
        Problem problem = network.config().problem();
        if (problem == Problem.SINGLE_LABEL && network.config().labels().size() == 1) {
            throw new IOException(model.from() + ": its head has the one label " + network.config().labels().getFirst()
                    + ", which would have probability 1 for every text, since \"problem_type\" is " + problem.type());
        }
        return new Texts(network.config().labels(), problem, text -> known.encode(text).ids(),
                (sequences, batch) -> BertNetworks.logits(network, sequences, batch));
    }

    /// What the network is, in words.
    public String architecture() {
        return loaded.architecture;
    }

    /// What was guessed of the network, and what was left out of its file: sentences, none for most networks.
    public List<String> notes() {
        return loaded.notes;
    }

    /// Whether it labels texts; otherwise it labels images.
    public boolean labelsTexts() {
        return loaded.texts.isPresent();
    }

    /// Whether it gives numbers for texts ([#numbers]), not labels.
    public boolean givesNumbers() {
        return loaded.texts.map(Texts::problem).equals(Optional.of(Problem.REGRESSION));
    }

    /// Names of a text network's outputs, in their order.
    ///
    /// @throws IOException when the network labels images
    public List<String> outputs() throws IOException {
        return demandTexts().labels;
    }

    /// The likeliest label of a text.
    ///
    /// @throws IOException when the network labels images, or gives numbers
    public String label(String text) throws IOException {
        return texts().of(text).label();
    }

    /// The likeliest label of an image.
    ///
    /// @throws IOException when the network labels texts
    public String label(Image image) throws IOException {
        return images().of(image).label();
    }

    /// Labels of texts.
    ///
    /// @throws IOException when the network labels images, or gives numbers
    public Predictor<String, Ranking> texts() throws IOException {
        Texts network = demandTexts();
        if (network.problem == Problem.REGRESSION) {
            throw new IOException(model.from() + ": " + loaded.architecture + " gives numbers, not labels: ask for numbers()");
        }
        return some -> some.isEmpty() ? List.of() : network.rank(some);
    }

    /// Numbers for texts, one for each output.
    ///
    /// @throws IOException when the network labels texts or images
    public Predictor<String, double[]> numbers() throws IOException {
        Texts network = demandTexts();
        if (network.problem != Problem.REGRESSION) {
            throw new IOException(model.from() + ": " + loaded.architecture + " gives labels, not numbers: ask for texts()");
        }
        return some -> some.isEmpty() ? List.of() : network.numbers(some);
    }

    private Texts demandTexts() throws IOException {
        return loaded.texts.orElseThrow(() -> new IOException(model.from() + ": " + loaded.architecture + " labels images, not texts"));
    }

    /// Labels of images, which may be of different sizes.
    ///
    /// @throws IOException when the network labels texts
    public Predictor<Image, Ranking> images() throws IOException {
        Images network = demandImages();
        return some -> {
            List<Ranking> rankings = new ArrayList<>();
            for (Image image : some) {
                rankings.addAll(rank(network, network.network.preprocessing().of(List.of(image))));
            }
            return rankings;
        };
    }

    /// What the network sees of an image.
    ///
    /// @throws IOException when the network labels texts
    public Preprocessing preprocessing() throws IOException {
        return demandImages().network.preprocessing();
    }

    /// The same, seeing these images in the size that the network takes; they may be of any.
    ///
    /// @param images of which the first is looked at
    /// @throws IOException when the network labels texts, or images cannot be brought to its size
    public Predict seeing(LabelledImages images) throws IOException {
        Images network = demandImages();
        return new Predict(model, new Loaded(loaded.architecture, loaded.format, Optional.empty(),
                Optional.of(new Images(network.network.seeing(images), network.labels)), loaded.notes));
    }

    /// What is done to images that are not as the network takes them, in sentences.
    ///
    /// @throws IOException when the network labels texts
    public List<String> notes(SeenImages images) throws IOException {
        return demandImages().network.notes(images.counts());
    }

    private Images demandImages() throws IOException {
        return loaded.images.orElseThrow(() -> new IOException(model.from() + ": " + loaded.architecture + " labels texts, not images"));
    }

    /// Labels of images that are prepared already.
    ///
    /// @param prepared `[images, height, width, channels]`
    /// @throws IOException when the network labels texts
    public List<Ranking> rank(Tensor prepared) throws IOException {
        return rank(demandImages(), prepared);
    }

    private static List<Ranking> rank(Images network, Tensor prepared) {
        Tensor logits = Mode.inference(() -> network.network.logits().apply(Variable.of(prepared)).value());
        List<String> labels = network.labels
                .orElseGet(() -> IntStream.range(0, logits.dim(1)).mapToObj(String::valueOf).toList());
        return Ranking.of(logits, labels);
    }
}
