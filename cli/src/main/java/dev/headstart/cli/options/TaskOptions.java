package dev.headstart.cli.options;

import dev.headstart.io.Hashes;
import dev.headstart.io.data.Preprocessing;
import dev.headstart.task.compare.LabelledTask;
import dev.headstart.task.data.ChosenImages;
import dev.headstart.task.data.Split;
import dev.headstart.task.model.Pretrained;
import dev.headstart.task.tuning.BertNetworks;
import dev.headstart.task.tuning.CharacterNetworks;
import dev.headstart.task.tuning.EncodedImages;
import dev.headstart.task.tuning.ImageNetworks;
import dev.headstart.task.tuning.LabelledTable;
import dev.headstart.tensor.RandomStream;
import dev.headstart.zoo.model.Architecture;
import dev.headstart.zoo.model.ImageClassifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;

/// The options that say what a task's labelled examples are, images or texts, and how a network is to read them.
public final class TaskOptions {
    @Mixin
    private final LabelledOptions examples = new LabelledOptions();

    /// What examples are measured on.
    ///
    /// @param images others than those of `--data`; null to hold some back
    /// @param texts others than those of `--csv`; null to hold some back
    /// @param share of each label to hold back
    /// @param most upper limit of their number; evenly spread
    public record Held(@Nullable Path images, @Nullable Path texts, double share, int most) {}

    /// A task with what is said about it.
    ///
    /// @param task examples and network
    /// @param network what it is called
    /// @param learnt what there is to learn from, in words
    /// @param measured what there is to measure on, in words
    /// @param facts what the results depend on, by name
    public record Opened(LabelledTask<?> task, String network, String learnt, String measured, Map<String, Object> facts) {}

    /// Refuses what makes no sense.
    public void check(Checks checks) {
        examples.check(checks, "which examples?");
    }

    /// Whether the examples are images.
    public boolean areImages() {
        return examples.areImages();
    }

    /// Opens the examples, and a network that is to read them.
    ///
    /// @param from the network: a weight file or a folder
    /// @throws IOException when one of them cannot be read, or they do not fit together
    public Opened open(Path from, Held held, RandomStream random) throws IOException {
        Pretrained model = examples.network.open(from);
        return examples.areImages() ? images(model, examples.data(), held, random) : texts(model, examples.csv(), held, random);
    }

    private Opened texts(Pretrained model, Path rows, Held held, RandomStream random) throws IOException {
        LabelledTable texts = examples.columns.table().read(rows, held.texts, null, held.share);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("to learn from", rows.getFileName() + ", SHA-256 " + Hashes.sha256(rows));
        facts.put("to measure on", held.texts == null
                ? "a share of " + held.share + " of each label"
                : held.texts.getFileName() + ", SHA-256 " + Hashes.sha256(held.texts));
        if (model.characters().isPresent()) {
            return texts("character encoder", LabelledTask.of(CharacterNetworks.open(model.from(), -1), texts, random), held.most, facts);
        }
        facts.put("SHA-256 of the weights", Hashes.sha256(model.weights().file()));
        facts.put("tokens of a text", examples.length.orDefault());
        BertNetworks networks = BertNetworks.open(model.weights(), model.configuration(), model.tokenizerFiles(),
                examples.length.orDefault(), -1);
        return texts(String.format(Locale.ROOT, "BERT of %d layers, width %d", networks.sizes().layers(), networks.sizes().width()),
                LabelledTask.of(networks, texts, random), held.most, facts);
    }

    private static Opened texts(String network, LabelledTask<?> all, int most, Map<String, Object> facts) {
        LabelledTask<?> task = all.measuredOn(most);
        String labels = String.format(Locale.ROOT, " of %d labels (%s)", task.labels().size(), String.join(", ", task.labels()));
        return new Opened(task, network, String.format(Locale.ROOT, "%,d texts", task.training().size()) + labels,
                String.format(Locale.ROOT, "%,d texts", task.test().size()) + labels, facts);
    }

    private Opened images(Pretrained model, Path images, Held held, RandomStream random) throws IOException {
        ImageClassifier network = model.outline().demandClassifier();
        Preprocessing preprocessing = model.preprocessing(network, examples.resize.given());
        ChosenImages learnt = grouped(images);
        ChosenImages measured;
        if (held.images == null) {
            Split split = Split.stratified(learnt.labels(), learnt.classNames().size(), held.share, random.child("held back"));
            measured = learnt.choose(split.validation()).spread(held.most);
            learnt = learnt.choose(split.training());
        } else {
            measured = grouped(held.images).numberedAs(learnt).spread(held.most);
        }
        demandClasses(images, learnt, measured);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("SHA-256 of the weights", Hashes.sha256(model.weights().file()));
        facts.put("to learn from", images.getFileName() + ": " + learnt);
        facts.put("to measure on", (held.images == null ? images : held.images).getFileName() + ": " + measured);
        facts.put("preprocessing", preprocessing);
        Architecture architecture = model.architecture();
        return new Opened(new LabelledTask<>(ImageNetworks.of(architecture, model.weights(), preprocessing), learnt.classNames(),
                EncodedImages.of(learnt, preprocessing), EncodedImages.of(measured, preprocessing), random),
                architecture.name(), learnt.toString(), measured.toString(), facts);
    }

    private ChosenImages grouped(Path images) throws IOException {
        return examples.groups.of(examples.open(images));
    }

    private static void demandClasses(Path images, ChosenImages learnt, ChosenImages measured) throws IOException {
        if (learnt.size() == 0 || measured.size() == 0 || learnt.classNames().size() < 2) {
            throw new IOException(images + ": images of at least 2 classes are needed to learn from, and to measure on");
        }
    }
}
