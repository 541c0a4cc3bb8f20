package dev.headstart.cli;

import dev.headstart.autograd.Mode;
import dev.headstart.cli.data.TextData;
import dev.headstart.cli.pretrain.ImageObjective;
import dev.headstart.cli.recipe.SavedRecipe;
import dev.headstart.io.Hashes;
import dev.headstart.optim.Adam;
import dev.headstart.optim.Optimizer;
import dev.headstart.optim.ParamGroup;
import dev.headstart.optim.Schedule;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.train.Batches;
import dev.headstart.train.CharVocabulary;
import dev.headstart.train.MaskedLanguage;
import dev.headstart.train.ModelSummary;
import dev.headstart.train.Progress;
import dev.headstart.train.TextModelFolder;
import dev.headstart.train.Trainer;
import dev.headstart.train.TrainingResult;
import dev.headstart.train.report.HtmlReport;
import dev.headstart.train.report.Numbers;
import dev.headstart.zoo.MaskedLanguageModel;
import dev.headstart.zoo.TextEncoder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `headstart pretrain`: masked language modelling on the user's own text, or what can be learnt from the user's own images without labels.
@Command(name = "pretrain", header = "Pre-train on your own text or images, without labels.", description = {
    "Of texts, hides 15 %% of the characters and learns to guess them (masked language",
    "modelling, a character transformer). Of images, trains what --objective says: a",
    "restricted Boltzmann machine, a deep belief net, an autoencoder (plain, denoising",
    "layer by layer, variational), or a dictionary of patches by k-means.",
    "Writes a model folder for headstart finetune, with report.html, metrics.jsonl and",
    "checkpoints. Run again with the same settings, it goes on where it stopped, with",
    "the same bits as if it never had.", "",
    "  headstart pretrain --text notes.txt --out model",
    "  headstart pretrain --objective dbn --data train-images-idx3-ubyte.gz --out net", ""})
final class PretrainCommand implements Callable<Integer> {
    private static final double HIDDEN = 0.15;
    private static final double HELD_BACK = 0.02;
    private static final int MOST_HELD_BACK = 500;
    private static final int EVALUATION_BATCH = 64;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Main main;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--objective", paramLabel = "KIND",
            description = {"masked (of texts, the default), rbm, dbn, autoencoder, denoising, vae", "or kmeans (of images)."})
    private Kind objective = Kind.MASKED;

    @Option(names = "--text", arity = "1..*", paramLabel = "FILE",
            description = "UTF-8 text files; every line is a text of its own.")
    private List<Path> files = List.of();

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder for the model.")
    @SuppressWarnings("NullAway.Init") // required
    private Path out;

    @Option(names = "--steps", paramLabel = "N", description = "Steps to train in all (default: ${DEFAULT-VALUE}).")
    private int steps = 400;

    @Option(names = "--batch", paramLabel = "N", description = "Texts or images of a step (default: 32, of images 100).")
    private @Nullable Integer givenBatch;

    @Option(names = "--rate", paramLabel = "X",
            description = "Highest learning rate (default: 0.002; of rbm and dbn 0.05, of\nautoencoders 0.001).")
    private @Nullable Double givenRate;

    @Option(names = "--length", paramLabel = "N",
            description = "Characters of a text; longer lines are cut into pieces (default: ${DEFAULT-VALUE}).")
    private int length = 128;

    @Option(names = "--width", paramLabel = "N", description = "Length of a character's vector (default: ${DEFAULT-VALUE}).")
    private int width = 128;

    @Option(names = "--blocks", paramLabel = "N", description = "Transformer blocks (default: ${DEFAULT-VALUE}).")
    private int blocks = 3;

    @Option(names = "--heads", paramLabel = "N", description = "Attention heads; they divide the width (default: ${DEFAULT-VALUE}).")
    private int heads = 4;

    @Option(names = "--vocabulary", paramLabel = "N",
            description = "Most different characters it knows, the commonest (default: ${DEFAULT-VALUE}).")
    private int vocabulary = 2000;

    @Option(names = "--dropout", paramLabel = "X", description = "Share of values dropped while training (default: ${DEFAULT-VALUE}).")
    private double dropout = 0;

    @Option(names = "--checkpoint-every", paramLabel = "N", description = "Steps between two checkpoints (default: ${DEFAULT-VALUE}).")
    private int checkpointEvery = 100;

    @Option(names = "--restart", description = "Begin anew instead of going on from the checkpoints in DIR.")
    private boolean restart;

    @Mixin
    private final ImageOptions images = new ImageOptions();

    private int batch = 32;
    private double rate = 2e-3;

    /// The values of `--objective`; all but the first are [ImageObjective]s.
    enum Kind {
        MASKED, RBM, DBN, AUTOENCODER, DENOISING, VAE, KMEANS
    }

    @Override
    public Integer call() throws IOException {
        return objective == Kind.MASKED ? callOfTexts() : callOfImages(ImageObjective.valueOf(objective.name()));
    }

    private Integer callOfImages(ImageObjective what) {
        batch = givenBatch == null ? 100 : givenBatch;
        rate = givenRate == null ? what.rate() : givenRate;
        Checks checks = new Checks(spec)
                .must(files.isEmpty(), "--objective " + objective.toString().toLowerCase(Locale.ROOT) + " is of images: "
                        + "give --data instead of --text")
                .atLeast(1, "--batch", batch);
        images.check(what == ImageObjective.KMEANS ? checks : checks.rate("--rate", rate));
        RandomStream random = RandomStream.of(main.seed()).child("pretrain");
        return main.compute(
                () -> new ImagePretraining(what, images, out, restart, batch, rate, random, Terminal.progress(), SavedRecipe.of(spec),
                        main.stopRequest())
                        .run(spec.commandLine().getOut()));
    }

    private Integer callOfTexts() {
        batch = givenBatch == null ? batch : givenBatch;
        rate = givenRate == null ? rate : givenRate;
        new Checks(spec).must(!files.isEmpty(), "what is to be learnt? Give --text for texts, or --objective and --data for images")
                .atLeast(1, "--steps", steps).atLeast(1, "--batch", batch).atLeast(2, "--length", length)
                .atLeast(1, "--width", width)
                .atLeast(1, "--blocks", blocks).atLeast(1, "--heads", heads).atLeast(1, "--vocabulary", vocabulary)
                .atLeast(1, "--checkpoint-every", checkpointEvery).rate("--rate", rate).dropout(dropout)
                .must(width % heads == 0, "--width is " + width + ", --heads is " + heads + ": heads must divide the width");
        return main.compute(this::train);
    }

    private void train() throws IOException {
        long start = System.nanoTime();
        PrintWriter print = spec.commandLine().getOut();
        Progress progress = Terminal.progress();
        RandomStream random = RandomStream.of(main.seed()).child("pretrain");
        Texts texts = texts(random.child("held back"));
        print.println("text: " + texts.described());
        TextEncoder.Config config = new TextEncoder.Config(texts.vocabulary.size(), length, width, blocks, heads, 4 * width,
                (float) dropout);
        MaskedLanguageModel model = new MaskedLanguageModel(config, random.child("weights"));
        ModelSummary summary = ModelSummary.of(model.parameters());
        print.println("model: " + Numbers.count(summary.count()) + " numbers in " + blocks + " blocks of width " + width);
        print.flush();

        Map<String, Object> settings = settings();
        RunFolder run = RunFolder.open(out, settings, restart, progress);
        SavedRecipe.of(spec).write(out);
        MaskedLanguage objective = new MaskedLanguage(model, texts.training, HIDDEN, CharVocabulary.MASK, CharVocabulary.FIRST_ORDINARY);
        Optimizer optimizer = Adam.adamW(List.of(ParamGroup.of(model.parameters()).rate(rate).decay(0.01)),
                Schedule.cosine(Math.max(1, steps / 10), steps, 0.05), 1);
        int[] lengths = texts.training.stream().mapToInt(t -> t.length).toArray();
        TrainingResult result = Trainer
                .of(objective, model.parameters(), optimizer, Batches.byLength(lengths, batch, random.child("batches")),
                        random.child("steps"))
                .progress("pretrain", progress).metrics(run.metrics()).checkpoints(run.checkpoints(), checkpointEvery)
                .validate(Math.max(1, steps / 20), "accuracy", () -> accuracy(objective, texts.heldBack, random.child("hidden")))
                .stopWhen(main.stopRequest()).run(steps);
        StopRequest.demandDone(result, steps, "pretrain", out);

        new TextModelFolder(out, config, texts.vocabulary, List.of()).saveEncoder(model.encoder());
        String headline = "%s of the hidden characters of held-back text are guessed right after %s steps."
                .formatted(Numbers.percent(result.curve().getLast().metric()), Numbers.count(result.steps()));
        HtmlReport report = new HtmlReport("Headstart: pre-training").headline(headline);
        report.section("Learning curves").charts(RunReport.loss(result), RunReport.accuracy("Hidden characters of held-back text", result));
        report.section("Model").table(RunReport.summary(summary));
        settings.put("text", texts.described());
        settings.put("seconds per step, median", Numbers.significant(result.secondsPerStep(), 3));
        report.section("Settings").settings("Settings", settings).write(out.resolve("report.html"));
        print.println(headline);
        print.println(
                "Model: " + out + ", report: " + out.resolve("report.html") + " (" + Numbers.duration((System.nanoTime() - start) * 1e-9)
                        + ")");
        print.flush();
    }

    /// What must be the same when a run goes on.
    private Map<String, Object> settings() throws IOException {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("seed", main.seed());
        settings.put("steps", steps);
        settings.put("batch", batch);
        settings.put("rate", rate);
        settings.put("length", length);
        settings.put("width", width);
        settings.put("blocks", blocks);
        settings.put("heads", heads);
        settings.put("vocabulary", vocabulary);
        settings.put("dropout", dropout);
        for (int i = 0; i < files.size(); i++) {
            settings.put("SHA-256 of text " + (i + 1), Hashes.sha256(files.get(i)));
        }
        return settings;
    }

    /// The texts as numbers.
    ///
    /// @param heldBack sorted by length
    private record Texts(CharVocabulary vocabulary, List<int[]> training, List<int[]> heldBack) {
        String described() {
            long characters = training.stream().mapToLong(t -> t.length).sum() + heldBack.stream().mapToLong(t -> t.length).sum();
            return "%s pieces, %s characters, %s different ones known; %s pieces held back".formatted(
                    Numbers.count(training.size() + heldBack.size()), Numbers.count(characters),
                    Numbers.count(vocabulary.size() - CharVocabulary.FIRST_ORDINARY), Numbers.count(heldBack.size()));
        }
    }

    private Texts texts(RandomStream random) throws IOException {
        List<String> pieces = new ArrayList<>();
        for (Path file : files) {
            pieces.addAll(TextData.pieces(file, length));
        }
        CharVocabulary known = CharVocabulary.of(pieces, vocabulary);
        List<int[]> sequences = pieces.stream().map(piece -> known.encode(piece, length))
                .filter(s -> Arrays.stream(s).anyMatch(id -> id >= CharVocabulary.FIRST_ORDINARY)).toList();
        if (sequences.size() < 2) {
            throw new IOException("pretrain: there are " + sequences.size() + " lines of text in " + files
                    + ": at least 2 are needed, one of them to be held back");
        }
        int[] order = random.permutation(sequences.size());
        int held = Math.clamp(Math.round(HELD_BACK * sequences.size()), 1, MOST_HELD_BACK);
        List<int[]> heldBack = Arrays.stream(order, 0, held).mapToObj(sequences::get).sorted(Comparator.comparingInt(s -> s.length))
                .toList();
        return new Texts(known, Arrays.stream(order, held, order.length).sorted().mapToObj(sequences::get).toList(), heldBack);
    }

    /// Share of hidden characters guessed right, always the same ones.
    private static double accuracy(MaskedLanguage objective, List<int[]> texts, RandomStream random) {
        long right = 0;
        long all = 0;
        for (int from = 0; from < texts.size(); from += EVALUATION_BATCH) {
            List<int[]> part = texts.subList(from, Math.min(texts.size(), from + EVALUATION_BATCH));
            MaskedLanguage.Masked masked = objective.mask(part, random.child(from));
            Indices guesses = Mode.inference(() -> objective.model().forward(masked.batch(), masked.positions()).value()).argmax();
            for (int i = 0; i < guesses.size(); i++) {
                right += guesses.at(i) == masked.originals().at(i) ? 1 : 0;
            }
            all += guesses.size();
        }
        return (double) right / all;
    }
}
