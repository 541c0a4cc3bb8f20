package dev.headstart.cli.options;

import dev.headstart.io.data.Augmentation;
import dev.headstart.task.FineTune;
import dev.headstart.task.ImageClassification;
import dev.headstart.task.TextClassification;
import dev.headstart.task.goal.Preparation;
import dev.headstart.task.tuning.LabelledTable;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The options that say which network is fine-tuned, and on what examples.
public final class ExampleOptions {
    @Option(names = "--from", required = true, paramLabel = "PATH", description = "The pre-trained network: a folder or a weight file.")
    @SuppressWarnings("NullAway.Init") // required
    private Path from;

    @Mixin
    private final LabelledOptions examples = new LabelledOptions();

    @Option(names = "--validation", paramLabel = "X", description = "Share of each label's rows to hold out (default: ${DEFAULT-VALUE}).")
    private double validation = 0.1;

    @Option(names = "--test", paramLabel = "PATH",
            description = "Instead: examples to measure on, of the kind and with the columns of --data.")
    private @Nullable Path test;

    @Option(names = "--validation-csv", paramLabel = "FILE", hidden = true, description = "As --test: rows to measure on.")
    private @Nullable Path validationCsv;

    @Option(names = "--validation-data", paramLabel = "PATH", hidden = true, description = "As --test: images to measure on.")
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
        "The labels are those that the network was trained for: its head is trained further,",
        "instead of a new one. A BERT's head of the same labels is kept in any case."})
    private boolean keepHead;

    @Option(names = "--old-data", paramLabel = "PATH", description = {
        "Examples, like those to train on, of the task that the network was trained for, under",
        "the same labels: says what is forgotten, and is what --ewc and --rehearse keep."})
    private @Nullable Path oldData;

    @Option(names = "--augment", description = {
        "Change images a little each time they are used: shifted, mirrored, with a black",
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
        examples.check(checks, "what is to be learnt?");
        boolean images = examples.areImages();
        checks.must(!images || (dropout == null && validationCsv == null),
                "--dropout and --validation-csv are for texts, the examples are images")
                .must(images || (validationData == null && channels == null),
                        "--channels and --validation-data are for images, the examples are texts")
                .must(test == null || (validationCsv == null && validationData == null), "--test is given twice, by an older name too")
                .must(channels == null || channels == 1 || channels == 3,
                        "--channels is " + channels + ": files of images have 1, grey, or 3, colours")
                .must(!keepHead || !randomWeights,
                        "--keep-head and --random-weights exclude each other: a random head has learnt no labels")
                .must(images || (!augment && mixup == null), "--augment and --mixup are for images, the examples are texts")
                .must(augment || (shift == null && mirror == null && cutout == null), "--shift, --mirror and --cutout belong to --augment")
                .atLeast(0, "--shift", shift == null ? 0 : shift).atLeast(0, "--cutout", cutout == null ? 0 : cutout)
                .must(mirror == null || (mirror >= 0 && mirror <= 1), "--mirror is " + mirror + ": it must be from 0 to 1")
                .must(mixup == null || (mixup > 0 && Double.isFinite(mixup)), "--mixup is " + mixup + ": it must be above 0")
                .dropout(dropout == null ? 0 : dropout)
                .must(validation > 0 && validation < 1, "--validation is " + validation + ": it must be above 0 and below 1");
    }

    /// Whether others than those to train on are measured on.
    public boolean measuresOthers() {
        return test != null || validationCsv != null || validationData != null;
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
        return examples.areImages();
    }

    /// Where the network is.
    public Path from() {
        return from;
    }

    /// The network and the examples.
    ///
    /// @throws IOException when they cannot be read, or are none
    public FineTune open() throws IOException {
        return FineTune.of(examples.network.open(from), examples.areImages() ? images(examples.data()) : texts())
                .prepared(new Preparation(keepHead, randomWeights, dropout));
    }

    private TextClassification texts() throws IOException {
        LabelledTable table = examples.columns.table().read(examples.csv(), validationCsv == null ? test : validationCsv, oldData,
                validation);
        return TextClassification.of(table).maxLength(examples.length.orDefault());
    }

    private ImageClassification images(Path images) throws IOException {
        Path measured = validationData == null ? test : validationData;
        return new ImageClassification(examples.open(images), measured == null ? null : examples.open(measured),
                validation, oldData == null ? null : examples.open(oldData), augmentation(), mixup(), examples.resize.given(),
                channels, examples.groups.given(), String.valueOf(images.getFileName()),
                String.valueOf(measured == null ? "" : measured.getFileName()));
    }
}
