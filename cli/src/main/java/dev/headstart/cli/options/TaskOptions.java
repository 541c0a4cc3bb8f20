package dev.headstart.cli.options;

import dev.headstart.cli.data.ImageData;
import dev.headstart.cli.data.Table;
import dev.headstart.io.Hashes;
import dev.headstart.io.Weights;
import dev.headstart.io.data.Preprocessing;
import dev.headstart.task.compare.LabelledTask;
import dev.headstart.task.data.ChosenImages;
import dev.headstart.task.data.Split;
import dev.headstart.task.folder.TextModelFolder;
import dev.headstart.task.model.Pretrained;
import dev.headstart.task.tuning.BertNetworks;
import dev.headstart.task.tuning.CharacterNetworks;
import dev.headstart.task.tuning.EncodedImages;
import dev.headstart.task.tuning.ImageNetworks;
import dev.headstart.task.tuning.LabelledTable;
import dev.headstart.tensor.RandomStream;
import dev.headstart.zoo.model.ImageClassifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that say what a task's labelled examples are, images or texts, and how a network is to read them.
public final class TaskOptions {
    @Option(names = "--config", paramLabel = "FILE", description = "The network's configuration (default: config.json beside the weights).")
    private @Nullable Path config;

    @Option(names = "--data", paramLabel = "PATH",
            description = {"Images with labels: IDX, CIFAR binary, CSV of bytes, or a folder", "with a folder of pictures for each class."})
    private @Nullable Path data;

    @Option(names = "--group", paramLabel = "NAME=CLASS,…",
            description = {"A class of the task, made of classes of the images; several times.",
                "Without, the classes are the data's own."})
    private List<String> groups = List.of();

    @Option(names = "--resize", paramLabel = "N",
            description = "Shorter side to resize images to, before a square of it is cut out (default: as the weights expect).")
    private @Nullable Integer resize;

    @Option(names = "--csv", paramLabel = "FILE", description = "Instead of images, texts with labels: UTF-8, commas, double quotes.")
    private @Nullable Path csv;

    @Option(names = "--text-column", paramLabel = "COLUMN",
            description = {"Column of the texts: a name of the header, or a number from 1.",
                "Given several times, the columns are joined by a space."})
    private List<String> textColumns = List.of();

    @Option(names = "--label-column", paramLabel = "COLUMN", description = "Column of the labels.")
    private @Nullable String labelColumn;

    @Option(names = "--no-header", description = "The first row is data; columns are given by number.")
    private boolean noHeader;

    @Option(names = "--tokenizer", paramLabel = "PATH",
            description = "Tokenizer for the texts (default: the folder of the weights).")
    private @Nullable Path tokenizer;

    @Option(names = "--max-length", paramLabel = "N", description = "Tokens of a text that are looked at (default: ${DEFAULT-VALUE}).")
    private int maxLength = 128;

    /// What examples are measured on.
    ///
    /// @param images others than those of `--data`; null to hold some back
    /// @param texts others than those of `--csv`; null to hold some back
    /// @param share of each label to hold back
    /// @param most so many of them at most, evenly spread
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
        checks.must((csv == null) != (data == null), "which examples? Give --csv for texts or --data for images")
                .must(csv == null || (!textColumns.isEmpty() && labelColumn != null), "--csv needs --text-column and --label-column")
                .must(csv != null || (textColumns.isEmpty() && labelColumn == null && tokenizer == null && !noHeader),
                        "--text-column, --label-column, --no-header and --tokenizer are for texts, --data gives images")
                .must(data != null || (groups.isEmpty() && resize == null), "--group and --resize are for images, --csv gives texts")
                .atLeast(2, "--max-length", maxLength).atLeast(8, "--resize", resize == null ? 8 : resize);
    }

    /// Whether the examples are images.
    public boolean areImages() {
        return data != null;
    }

    /// Opens the examples, and a network that is to read them.
    ///
    /// @param from the network: a weight file or a folder
    /// @throws IOException when one of them cannot be read, or they do not fit together
    public Opened open(Path from, Held held, RandomStream random) throws IOException {
        if (data != null) {
            return images(from, data, held, random);
        }
        Path rows = Objects.requireNonNull(csv, "checked before");
        LabelledTable texts = new Table(textColumns, Objects.requireNonNull(labelColumn, "checked before"), !noHeader).read(rows,
                held.texts, null, held.share);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("to learn from", rows.getFileName() + ", SHA-256 " + Hashes.sha256(rows));
        facts.put("to measure on", held.texts == null
                ? "a share of " + held.share + " of each label"
                : held.texts.getFileName() + ", SHA-256 " + Hashes.sha256(held.texts));
        if (config == null && TextModelFolder.isFolder(from)) {
            return texts("character encoder", LabelledTask.of(CharacterNetworks.open(from, -1), texts, random), held.most, facts);
        }
        Weights weights = Weights.open(from);
        facts.put("SHA-256 of the weights", Hashes.sha256(weights.file()));
        facts.put("tokens of a text", maxLength);
        BertNetworks networks = BertNetworks.open(weights, configuration(from), tokenizer != null ? tokenizer : Pretrained.folder(from),
                maxLength, -1);
        return texts(String.format(Locale.ROOT, "BERT of %d layers, width %d", networks.sizes().layers(), networks.sizes().width()),
                LabelledTask.of(networks, texts, random), held.most, facts);
    }

    private static Opened texts(String network, LabelledTask<?> all, int most, Map<String, Object> facts) {
        LabelledTask<?> task = all.measuredOn(most);
        String labels = String.format(Locale.ROOT, " of %d labels (%s)", task.labels().size(), String.join(", ", task.labels()));
        return new Opened(task, network, String.format(Locale.ROOT, "%,d texts", task.training().size()) + labels,
                String.format(Locale.ROOT, "%,d texts", task.test().size()) + labels, facts);
    }

    private Path configuration(Path from) throws IOException {
        Path file = config != null ? config : Pretrained.folder(from).resolve("config.json");
        if (!Files.exists(file)) {
            throw new IOException(from + ": there is no config.json beside it: give --config");
        }
        return file;
    }

    private Opened images(Path from, Path images, Held held, RandomStream random) throws IOException {
        Pretrained model = Pretrained.open(from, config);
        ImageClassifier network = model.load().demandClassifier();
        Preprocessing preprocessing = model.preprocessing(network, resize);
        ChosenImages learnt = grouped(images);
        ChosenImages measured;
        if (held.images == null) {
            Split split = Split.stratified(learnt.labels(), learnt.classNames().size(), held.share, random.child("held back"));
            measured = learnt.choose(split.validation()).spread(held.most);
            learnt = learnt.choose(split.training());
        } else {
            measured = grouped(held.images).spread(held.most);
        }
        demandSameClasses(images, learnt, held, measured);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("SHA-256 of the weights", Hashes.sha256(model.weights().file()));
        facts.put("to learn from", images.getFileName() + ": " + learnt);
        facts.put("to measure on", (held.images == null ? images : held.images).getFileName() + ": " + measured);
        facts.put("preprocessing", preprocessing);
        return new Opened(new LabelledTask<>(ImageNetworks.of(model.architecture(), model.weights(), preprocessing), learnt.classNames(),
                EncodedImages.of(learnt, preprocessing), EncodedImages.of(measured, preprocessing), random),
                model.architecture().name(), learnt.toString(), measured.toString(), facts);
    }

    private ChosenImages grouped(Path images) throws IOException {
        ChosenImages all = ChosenImages.all(ImageData.open(images, null));
        return groups.isEmpty() ? all : all.grouped(groups);
    }

    private static void demandSameClasses(Path images, ChosenImages learnt, Held held, ChosenImages measured) throws IOException {
        if (!learnt.classNames().equals(measured.classNames())) {
            throw new IOException(held.images + ": its classes are " + String.join(", ", measured.classNames()) + ", those of " + images
                    + " are " + String.join(", ", learnt.classNames()) + ": they must be the same");
        }
        if (learnt.size() == 0 || measured.size() == 0 || learnt.classNames().size() < 2) {
            throw new IOException(images + ": images of at least 2 classes are needed to learn from, and to measure on");
        }
    }
}
