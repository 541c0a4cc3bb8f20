package dev.headstart.cli.options;

import dev.headstart.cli.data.ImageData;
import dev.headstart.cli.data.Table;
import dev.headstart.io.Hashes;
import dev.headstart.io.Weights;
import dev.headstart.io.data.Augmentation;
import dev.headstart.io.data.Preprocessing;
import dev.headstart.task.data.ChosenImages;
import dev.headstart.task.tuning.Characters;
import dev.headstart.task.tuning.FinetuneTask;
import dev.headstart.task.tuning.LabelledTable;
import dev.headstart.task.tuning.PublishedImages;
import dev.headstart.task.tuning.PublishedTexts;
import dev.headstart.tensor.RandomStream;
import dev.headstart.zoo.model.ImageClassifier;
import dev.headstart.zoo.model.Surgery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that say which network is fine-tuned, and on what examples.
public final class ExampleOptions {
    @Option(names = "--from", required = true, paramLabel = "PATH", description = "The pre-trained network: a folder or a weight file.")
    @SuppressWarnings("NullAway.Init") // required
    private Path from;

    @Option(names = "--config", paramLabel = "FILE",
            description = "Configuration of a published network (default: config.json beside the weights).")
    private @Nullable Path config;

    @Option(names = "--tokenizer", paramLabel = "PATH",
            description = {"Tokenizer of a published network: tokenizer.json, vocab.txt, or a folder",
                "(default: the folder of the weights)."})
    private @Nullable Path tokenizer;

    @Option(names = "--max-length", paramLabel = "N", description = "Tokens of a text that are looked at (default: ${DEFAULT-VALUE}).")
    private int maxLength = 128;

    @Option(names = "--csv", paramLabel = "FILE", description = "Texts with labels: UTF-8, commas, double quotes.")
    private @Nullable Path csv;

    @Option(names = "--text-column", paramLabel = "COLUMN",
            description = {"Column of the texts: a name of the header, or a number from 1.",
                "Given several times, the columns are joined by a space."})
    private List<String> textColumns = List.of();

    @Option(names = "--label-column", paramLabel = "COLUMN", description = "Column of the labels.")
    private @Nullable String labelColumn;

    @Option(names = "--data", paramLabel = "PATH",
            description = {"Images with labels: IDX, CIFAR binary, CSV of bytes, or a folder", "with a folder of pictures for each class."})
    private @Nullable Path data;

    @Option(names = "--group", paramLabel = "NAME=CLASS,…", description = "A class made of classes of the images; several times.")
    private List<String> groups = List.of();

    @Option(names = "--resize", paramLabel = "N",
            description = "Shorter side to resize images to, before a square of it is cut out (default: as the weights expect).")
    private @Nullable Integer resize;

    @Option(names = "--no-header", description = "The first row is data; columns are given by number.")
    private boolean noHeader;

    @Option(names = "--validation", paramLabel = "X", description = "Share of each label's rows to hold back (default: ${DEFAULT-VALUE}).")
    private double validation = 0.1;

    @Option(names = "--validation-csv", paramLabel = "FILE", description = "Instead: rows to measure on, in columns as those of --csv.")
    private @Nullable Path validationCsv;

    @Option(names = "--validation-data", paramLabel = "PATH", description = "Instead: images to measure on.")
    private @Nullable Path validationData;

    @Option(names = "--dropout", paramLabel = "X",
            description = "Share of values dropped while training (default: that of the pre-trained model).")
    private @Nullable Double dropout;

    @Option(names = "--channels", paramLabel = "N", description = {
        "Of images: 1 for grey ones or 3 for colours, where the network was made for others:",
        "its first weight's channels are added up, or repeated."})
    private @Nullable Integer channels;

    @Option(names = "--random-weights", description = "The same from random weights, to see what the head start is worth.")
    private boolean randomWeights;

    @Option(names = "--keep-head", description = {
        "The labels are those that the network was trained for: its head learns on, instead of",
        "a new one. A BERT's head of the same labels learns on in any case."})
    private boolean keepHead;

    @Option(names = "--old-data", paramLabel = "PATH", description = {
        "Examples, like those to learn from, of what the network has learnt before, under the",
        "same labels: says what was forgotten, and is what --ewc and --rehearse remember."})
    private @Nullable Path oldData;

    @Option(names = "--augment", description = {
        "Change images a little each time they are learnt: shifted, mirrored, with a black",
        "square."})
    private boolean augment;

    @Option(names = "--shift", paramLabel = "N", description = "Of --augment: by up to N pixels (default: 4).")
    private @Nullable Integer shift;

    @Option(names = "--mirror", paramLabel = "X",
            description = "Of --augment: with this probability; 0 where left and right mean something\n(default: 0.5).")
    private @Nullable Double mirror;

    @Option(names = "--cutout", paramLabel = "N", description = "Of --augment: side of the square in pixels (default: 8).")
    private @Nullable Integer cutout;

    @Option(names = "--mixup", paramLabel = "X",
            description = "Mix images and their labels, in shares from Beta(X, X): 0.1 to 0.4.")
    private @Nullable Double mixup;

    /// Refuses what makes no sense.
    public void check(Checks checks) {
        checks.must((csv == null) != (data == null), "what is to be learnt? Give --csv for texts or --data for images")
                .must(csv == null || (!textColumns.isEmpty() && labelColumn != null), "--csv needs --text-column and --label-column")
                .atLeast(2, "--max-length", maxLength).atLeast(8, "--resize", resize == null ? 8 : resize)
                .must(data == null
                        || (textColumns.isEmpty() && labelColumn == null && tokenizer == null && dropout == null && validationCsv == null),
                        "--text-column, --label-column, --tokenizer, --dropout and --validation-csv are for texts, --data gives images")
                .must(csv == null || (groups.isEmpty() && resize == null && validationData == null && channels == null),
                        "--group, --resize, --channels and --validation-data are for images, --csv gives texts")
                .must(channels == null || channels == 1 || channels == 3,
                        "--channels is " + channels + ": files of images have 1, grey, or 3, colours")
                .must(!keepHead || !randomWeights,
                        "--keep-head and --random-weights exclude each other: a random head has learnt no labels")
                .must(csv == null || (!augment && mixup == null), "--augment and --mixup are for images, --csv gives texts")
                .must(augment || (shift == null && mirror == null && cutout == null), "--shift, --mirror and --cutout belong to --augment")
                .atLeast(0, "--shift", shift == null ? 0 : shift).atLeast(0, "--cutout", cutout == null ? 0 : cutout)
                .must(mirror == null || (mirror >= 0 && mirror <= 1), "--mirror is " + mirror + ": it must be from 0 to 1")
                .must(mixup == null || (mixup > 0 && Double.isFinite(mixup)), "--mixup is " + mixup + ": it must be above 0")
                .dropout(dropout == null ? 0 : dropout)
                .must(validation > 0 && validation < 1, "--validation is " + validation + ": it must be above 0 and below 1");
    }

    /// Whether others than those to learn from are measured on.
    public boolean measuresOthers() {
        return validationCsv != null || validationData != null;
    }

    /// Whether there are examples of an old task.
    public boolean remembers() {
        return oldData != null;
    }

    /// Alpha of mixing images; 0 for none.
    double mixup() {
        return mixup == null ? 0 : mixup;
    }

    /// Whether images are another thing each time they are learnt.
    boolean change() {
        return augment || mixup != null;
    }

    private Augmentation augmentation() {
        return augment
                ? new Augmentation(shift == null ? 4 : shift, mirror == null ? 0.5 : mirror, cutout == null ? 8 : cutout)
                : Augmentation.NONE;
    }

    /// Whether only the network's shapes are taken.
    public boolean areRandom() {
        return randomWeights;
    }

    /// Whether these are images.
    boolean areImages() {
        return data != null;
    }

    /// Where the network is.
    public Path from() {
        return from;
    }

    /// What must be the same when a run goes on, besides what the task says.
    public Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("dropout", dropout == null ? "as pre-trained" : dropout);
        facts.put("weights", randomWeights ? "random" : "pre-trained");
        facts.put("head", keepHead ? "the network's own" : "new, or of the same labels");
        facts.put("augmentation", augment ? augmentation() : "none");
        return facts;
    }

    /// Opens the network and the examples.
    public FinetuneTask open(RandomStream random) throws IOException {
        if (data != null) {
            return images(data, random);
        }
        if (csv == null || labelColumn == null) {
            throw new IllegalStateException("checked before");
        }
        LabelledTable texts = new Table(textColumns, labelColumn, !noHeader).read(csv, validationCsv, oldData, validation);
        double dropped = dropout == null ? -1 : dropout;
        if (config == null && Characters.isFolder(from)) {
            return Characters.task(from, texts, dropped, keepHead, randomWeights, random);
        }
        return PublishedTexts.task(Weights.open(from), configuration(), tokenizer != null ? tokenizer : PublishedModel.folder(from), texts,
                maxLength, dropped, keepHead, randomWeights, random);
    }

    private FinetuneTask images(Path images, RandomStream random) throws IOException {
        PublishedModel model = PublishedModel.open(from, config);
        ImageClassifier network = randomWeights ? model.classifier(random.child("weights")) : model.classifier();
        Preprocessing preprocessing = model.preprocessing(network, resize);
        String transfer = randomWeights
                ? "random weights: of " + from + " only the shapes were taken"
                : "loaded " + model.architecture().name() + " from " + from;
        if (channels != null) {
            Surgery<ImageClassifier> changed = changed(network, channels);
            network = changed.model();
            preprocessing = preprocessing.forChannels(channels);
            transfer += "\n" + changed;
        }
        ChosenImages all = grouped(images, model);
        ChosenImages others = validationData == null ? null : grouped(validationData, model);
        ChosenImages old = oldData == null ? null : grouped(oldData, model);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("network", model.architecture().name());
        facts.put("SHA-256 of the weights", Hashes.sha256(model.weights().file()));
        facts.put("images", images.getFileName() + ": " + all);
        facts.put(PublishedImages.DATA, all.sha256());
        facts.put("groups", groups.isEmpty() ? "none" : String.join(" ", groups));
        facts.put("validation", others == null ? validation : "SHA-256 " + others.sha256());
        if (old != null) {
            facts.put("SHA-256 of old images", old.sha256());
        }
        facts.put("preprocessing", preprocessing);
        return PublishedImages.task(network, keepHead, preprocessing,
                new PublishedImages.Pictures(all, others, validation, old, augmentation(), mixup != null), from.toString(), transfer, facts,
                random);
    }

    private static Surgery<ImageClassifier> changed(ImageClassifier network, int channels) throws IOException {
        try {
            return network.withChannels(channels);
        } catch (IllegalArgumentException e) {
            throw new IOException("--channels: " + e.getMessage(), e);
        }
    }

    /// The images, where the network's own head is kept under its numbers of the classes if their names are known.
    private ChosenImages grouped(Path images, PublishedModel model) throws IOException {
        ChosenImages all = ChosenImages.all(ImageData.open(images, null));
        ChosenImages chosen = groups.isEmpty() ? all : all.grouped(groups);
        Optional<List<String>> known = keepHead ? model.classNames() : Optional.empty();
        return known.isPresent() ? chosen.under(known.get()) : chosen;
    }

    /// The configuration of a published network for texts.
    private Path configuration() throws IOException {
        Path file = config != null ? config : PublishedModel.folder(from).resolve("config.json");
        if (!Files.exists(file)) {
            throw new IOException(from + ": there is no config.json beside it: give --config");
        }
        return file;
    }
}
