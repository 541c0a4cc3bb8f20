package dev.headstart.task;

import dev.headstart.io.data.LabelledImages;
import dev.headstart.nn.loss.CrossEntropy;
import dev.headstart.task.data.ChosenImages;
import dev.headstart.task.data.Evaluation;
import dev.headstart.task.data.LabelledTexts;
import dev.headstart.task.data.Names;
import dev.headstart.task.data.SeenImages;
import dev.headstart.task.model.Capabilities;
import dev.headstart.task.model.ImageNetwork;
import dev.headstart.task.model.Pretrained;
import dev.headstart.task.report.Numbers;
import dev.headstart.train.measure.ClassificationScore;
import dev.headstart.train.objective.ImageClassification;
import dev.headstart.zoo.text.bert.BertConfig;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// How good a network with a head is on labelled examples.
///
/// ```java
/// double accuracy = Evaluate.with(Pretrained.open(Path.of("mine"))).of(pictures, "pictures", true).score().accuracy();
/// ```
public final class Evaluate {
    private final Pretrained model;
    private final int batch;
    private final int limit;
    private final @Nullable Integer resize;
    private final @Nullable Integer maxLength;

    private Evaluate(Pretrained model, int batch, int limit, @Nullable Integer resize, @Nullable Integer maxLength) {
        this.model = model;
        this.batch = batch;
        this.limit = limit;
        this.resize = resize;
        this.maxLength = maxLength;
    }

    /// What was measured.
    ///
    /// @param architecture what the network is, in words
    /// @param format of its weights
    /// @param examples what it was measured on, in words
    /// @param score accuracy, cross-entropy, confusion
    /// @param labels of the network's outputs: numbers where nothing names them
    /// @param seconds it took
    /// @param notes what was guessed of the network, and what was left out of its file
    public record Outcome(String architecture, String format, String examples, ClassificationScore score, List<String> labels,
            double seconds, List<String> notes) {
        /// How guesses compare with labels, label by label.
        public Evaluation evaluation() {
            return new Evaluation(labels, score.confusion());
        }
    }

    /// All examples, 64 at once.
    public static Evaluate with(Pretrained model) {
        return new Evaluate(model, 64, Integer.MAX_VALUE, null, null);
    }

    /// Examples computed at once; it changes no bit.
    public Evaluate batch(int examples) {
        return new Evaluate(model, examples, limit, resize, maxLength);
    }

    /// At most this number of the examples, evenly spread.
    public Evaluate limit(int examples) {
        return new Evaluate(model, batch, examples, resize, maxLength);
    }

    /// Images are resized to this shorter side, and a square of it is cut out; null for what the network expects.
    public Evaluate resize(@Nullable Integer side) {
        return new Evaluate(model, batch, limit, side, maxLength);
    }

    /// Texts are cut to this number of tokens; null for what the network was fine-tuned with, else 128.
    public Evaluate maxLength(@Nullable Integer tokens) {
        return new Evaluate(model, batch, limit, resize, tokens);
    }

    /// Measures on texts.
    ///
    /// @throws IOException when the network does not label texts, or a label is none of its
    public Outcome of(LabelledTexts rows) throws IOException {
        model.demandTexts();
        Predict.Loaded loaded = Predict.load(model, maxLength);
        Predict.Texts network = loaded.texts()
                .orElseThrow(() -> new IOException(model.from() + ": " + loaded.architecture() + " does not label texts"));
        if (network.problem() != BertConfig.Problem.SINGLE_LABEL) {
            throw new IOException(model.from() + ": the outputs of " + loaded.architecture() + " are for "
                    + (network.problem() == BertConfig.Problem.REGRESSION ? "numbers" : "labels that hold each by itself")
                    + " (\"problem_type\": " + network.problem().type() + "); measured is how often one label of several is right");
        }
        int[] some = ChosenImages.spread(rows.texts().size(), limit);
        boolean numbered = rows.numbersOf(network.labels());
        int[] numbers = (numbered ? rows.named(network.labels()) : rows).numbers(network.labels());
        List<String> notes = numbered
                ? List.of(rows.name() + ": the labels are taken for the numbers, from 0, of " + Names.listed(network.labels()))
                : List.of();
        int[] truth = Arrays.stream(some).map(i -> numbers[i]).toArray();
        List<int[]> sequences = Arrays.stream(some).mapToObj(i -> network.encode().apply(rows.texts().get(i))).toList();
        long start = System.nanoTime();
        ClassificationScore.Tally tally = new ClassificationScore.Tally(network.labels());
        tally.add(network.logits(sequences, batch), truth);
        double seconds = (System.nanoTime() - start) * 1e-9;
        return new Outcome(loaded.architecture(), loaded.format(), rows.name() + ": " + Numbers.count(some.length) + " texts",
                tally.score(), network.labels(), seconds,
                Stream.concat(loaded.notes().stream(), notes.stream()).toList());
    }

    /// Measures on images.
    ///
    /// @param images whose classes are the network's: by name where the network's are known, else by number
    /// @param name of the images, for messages
    /// @param named whether the images' own classes have names, so that numbers say nothing
    /// @throws IOException when the network does not classify images, or their classes are not its
    public Outcome of(LabelledImages images, String name, boolean named) throws IOException {
        SeenImages seen = new SeenImages(images);
        ChosenImages all = ChosenImages.all(seen);
        Capabilities loaded = model.load();
        Optional<List<String>> known = loaded.classNames();
        ChosenImages chosen = (known.isPresent() ? all.under(known.get()) : all).spread(limit);
        if (chosen.size() == 0) {
            throw new IOException(name + ": there are no images in it");
        }
        ImageNetwork network = loaded.images(resize).seeing(chosen);
        int classes = network.classes().orElse(chosen.classNames().size());
        if (named && chosen.classNames().size() != classes) {
            throw new IOException(name + ": it has folders of " + chosen.classNames().size() + " classes, the network tells " + classes
                    + " apart, and nothing says which is which: name folders for all of them");
        }
        long start = System.nanoTime();
        ClassificationScore score = new ImageClassification(network.logits(), chosen, network.preprocessing(), CrossEntropy.PLAIN)
                .score(batch);
        double seconds = (System.nanoTime() - start) * 1e-9;
        List<String> labels = IntStream.range(0, score.confusion().length)
                .mapToObj(c -> c < chosen.classNames().size() ? chosen.classNames().get(c) : String.valueOf(c)).toList();
        return new Outcome(loaded.architecture(), model.weights().format(), chosen.toString(), score, labels, seconds,
                Stream.concat(loaded.notes().stream(), network.notes(seen.counts()).stream()).toList());
    }
}
