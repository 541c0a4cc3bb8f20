package dev.headstart.cli;

import dev.headstart.autograd.Parameters;
import dev.headstart.cli.data.ChosenImages;
import dev.headstart.cli.data.Evaluation;
import dev.headstart.cli.data.ImageData;
import dev.headstart.cli.finetune.Characters;
import dev.headstart.cli.finetune.FinetuneTask;
import dev.headstart.cli.finetune.LabelledTable;
import dev.headstart.cli.finetune.PublishedImages;
import dev.headstart.cli.finetune.PublishedTexts;
import dev.headstart.cli.recipe.SavedRecipe;
import dev.headstart.io.Hashes;
import dev.headstart.io.Weights;
import dev.headstart.io.data.Preprocessing;
import dev.headstart.nn.adapt.Additions;
import dev.headstart.optim.Adam;
import dev.headstart.optim.FineTuning;
import dev.headstart.optim.Optimizer;
import dev.headstart.optim.ParamGroup;
import dev.headstart.optim.ParamGroups;
import dev.headstart.optim.Schedule;
import dev.headstart.tensor.RandomStream;
import dev.headstart.train.ModelSummary;
import dev.headstart.train.Objective;
import dev.headstart.train.Progress;
import dev.headstart.train.Trainer;
import dev.headstart.train.TrainingResult;
import dev.headstart.train.measure.Plan;
import dev.headstart.train.report.HtmlReport;
import dev.headstart.train.report.Numbers;
import dev.headstart.train.report.TextTable;
import dev.headstart.train.tuning.Anchor;
import dev.headstart.train.tuning.LoraFile;
import dev.headstart.zoo.ImageClassifier;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `headstart finetune`: a pre-trained network learns the user's own labels.
@Command(name = "finetune", header = "Fine-tune a pre-trained network on your own labelled texts or images.", description = {
    "Gives a pre-trained network a new head, freezes what you say, learns from a CSV file",
    "of texts or from labelled images, keeps the weights that did best on held-back",
    "examples, and says how good they are. The network is a folder that pretrain or",
    "finetune wrote, or a published weight file: BERT for texts; ResNet, VGG and others",
    "for images. Writes a model folder, with report.html, metrics.jsonl and checkpoints.",
    "Run again with the same settings, it goes on where it stopped.", "",
    "  headstart finetune --from model --csv news.csv --text-column title \\",
    "      --label-column topic --freeze 'encoder.block.[0-1].**' --out classifier",
    "  headstart finetune --from bert/model.safetensors --config bert/config.json \\",
    "      --csv news.csv --text-column title --label-column topic --out classifier",
    "  headstart finetune --from resnet50.safetensors --data pictures \\",
    "      --freeze 'layer[1-3].**' --out classifier", ""})
final class FinetuneCommand implements Callable<Integer> {
    private static final int DEFAULT_EPOCHS = 5;
    private static final int LEAST_STEPS = 100;
    private static final int VALIDATIONS = 10;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Main main;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

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

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder for the classifier.")
    @SuppressWarnings("NullAway.Init") // required
    private Path out;

    @Option(names = "--freeze", paramLabel = "PATTERN",
            description = {"Parameters that keep their values, such as 'encoder.embedding.**' or",
                "'encoder.block.[0-1].**'. May be given several times."})
    private List<String> freeze = List.of();

    @Option(names = "--steps", paramLabel = "N", description = "Steps to train at most.")
    private @Nullable Integer steps;

    @Option(names = "--epochs", paramLabel = "N",
            description = "Instead of steps: times through the rows (default: 5, at least 100 steps).")
    private @Nullable Integer epochs;

    @Option(names = "--batch", paramLabel = "N", description = "Examples of a step (default: ${DEFAULT-VALUE}).")
    private int batch = 32;

    @Option(names = "--rate", paramLabel = "X",
            description = {"Highest learning rate (default: 0.001 for a folder that pretrain wrote,",
                "0.0003 for images, 0.00003 for BERT)."})
    private @Nullable Double rate;

    @Option(names = "--head-rate", paramLabel = "X",
            description = "Highest learning rate of the new head (default: that of the rest, or 0.001).")
    private @Nullable Double headRate;

    @Option(names = "--dropout", paramLabel = "X",
            description = "Share of values dropped while training (default: that of the pre-trained model).")
    private @Nullable Double dropout;

    @Option(names = "--validation", paramLabel = "X", description = "Share of each label's rows to hold back (default: ${DEFAULT-VALUE}).")
    private double validation = 0.1;

    @Option(names = "--validation-csv", paramLabel = "FILE", description = "Instead: rows to measure on, in columns as those of --csv.")
    private @Nullable Path validationCsv;

    @Option(names = "--validation-data", paramLabel = "PATH", description = "Instead: images to measure on.")
    private @Nullable Path validationData;

    @Option(names = "--rate-decay", paramLabel = "X",
            description = {"Each level's rate is this share of the one above it: 0.65 to 0.95, or 0.38",
                "for discriminative fine-tuning (default: all the same)."})
    private @Nullable Double rateDecay;

    @Option(names = "--probe-first", paramLabel = "N", description = "The head learns alone for N steps, then everything.")
    private @Nullable Integer probeFirst;

    @Option(names = "--gradual", paramLabel = "N", description = "The head learns first, then one level more every N steps.")
    private @Nullable Integer gradual;

    @Option(names = "--lora", paramLabel = "RANK",
            description = {"Learn low-rank changes of a BERT's queries and values, and the head; the rest",
                "stays. They are saved by themselves too, in DIR/lora."})
    private @Nullable Integer lora;

    @Option(names = "--l2sp", paramLabel = "X", description = "Pull weights back to where they started, as strongly as X.")
    private @Nullable Double l2sp;

    @Option(names = "--accumulate", paramLabel = "N", description = "Batches whose gradients make one step (default: ${DEFAULT-VALUE}).")
    private int accumulate = 1;

    @Option(names = "--plan", description = "Say what it would take, in memory and time, and stop.")
    private boolean planOnly;

    @Option(names = "--patience", paramLabel = "N",
            description = {"Stop after so many measurements in a row without gain; there is one every",
                "tenth of the steps (default: ${DEFAULT-VALUE})."})
    private int patience = 4;

    @Option(names = "--random-weights", description = "The same from random weights, to see what the head start is worth.")
    private boolean randomWeights;

    @Option(names = "--checkpoint-every", paramLabel = "N", description = "Steps between two checkpoints (default: ${DEFAULT-VALUE}).")
    private int checkpointEvery = 100;

    @Option(names = "--restart", description = "Begin anew instead of going on from the checkpoints in DIR.")
    private boolean restart;

    @Override
    public Integer call() throws IOException {
        new Checks(spec).atLeast(1, "--steps", steps == null ? 1 : steps).atLeast(1, "--epochs", epochs == null ? 1 : epochs)
                .must(steps == null || epochs == null, "--steps and --epochs exclude each other")
                .must((csv == null) != (data == null), "what is to be learnt? Give --csv for texts or --data for images")
                .must(csv == null || (!textColumns.isEmpty() && labelColumn != null), "--csv needs --text-column and --label-column")
                .atLeast(1, "--batch", batch).atLeast(1, "--patience", patience).atLeast(1, "--checkpoint-every", checkpointEvery)
                .atLeast(2, "--max-length", maxLength).atLeast(8, "--resize", resize == null ? 8 : resize)
                .atLeast(1, "--probe-first", probeFirst == null ? 1 : probeFirst).atLeast(1, "--gradual", gradual == null ? 1 : gradual)
                .atLeast(1, "--lora", lora == null ? 1 : lora).atLeast(1, "--accumulate", accumulate)
                .must(Stream.of(probeFirst, gradual, lora, freeze.isEmpty() ? null : freeze).filter(Objects::nonNull).count() <= 1,
                        "--freeze, --probe-first, --gradual and --lora exclude each other: each says what learns")
                .must(rateDecay == null || (rateDecay > 0 && rateDecay <= 1),
                        "--rate-decay is " + rateDecay + ": it must be above 0, at most 1")
                .must(l2sp == null || (l2sp > 0 && Double.isFinite(l2sp)), "--l2sp is " + l2sp + ": it must be above 0")
                .rate("--rate", rate == null ? 1 : rate).rate("--head-rate", headRate == null ? 1 : headRate)
                .must(data == null
                        || (textColumns.isEmpty() && labelColumn == null && tokenizer == null && dropout == null && validationCsv == null
                                && lora == null),
                        "--text-column, --label-column, --tokenizer, --dropout, --validation-csv and --lora are for texts, --data gives images")
                .must(csv == null || (groups.isEmpty() && resize == null && validationData == null),
                        "--group, --resize and --validation-data are for images, --csv gives texts")
                .dropout(dropout == null ? 0 : dropout)
                .must(validation > 0 && validation < 1, "--validation is " + validation + ": it must be above 0 and below 1");
        return main.compute(this::train);
    }

    /// A task with the learning rates it gets when none are given.
    private record Job(FinetuneTask task, double rate, double headRate) {}

    private void train() throws IOException {
        long start = System.nanoTime();
        PrintWriter print = spec.commandLine().getOut();
        Progress progress = Terminal.progress();
        RandomStream random = RandomStream.of(main.seed()).child("fine-tune");
        Path source = PublishedModel.folder(from);
        if (Files.exists(out) && Files.exists(source) && Files.isSameFile(out, source)) {
            throw new IOException(out + ": --out is the folder of --from: choose another, so that the pre-trained model stays");
        }
        Job job = job(random);
        FinetuneTask task = job.task;
        print.println(task.noun() + ": " + task.examples());
        Additions added = lora == null ? null : lowRank(task, lora, random.child("lora"));
        freeze(task.parameters());
        List<ParamGroup> groups = groups(job);
        ModelSummary summary = ModelSummary.of(task.parameters());
        print.println(task.transfer());
        print.println();
        print.println(TextTable.render(RunReport.summary(summary)));
        print.flush();

        if (planOnly) {
            print.println(Plan.of(objective(task), task.parameters(), 2, batch, Math.max(4, task.size()), random.child("plan")));
            print.flush();
            return;
        }
        int total = total(task.size());
        Map<String, Object> settings = settings(job, total);
        RunFolder run = RunFolder.open(out, settings, restart, progress);
        SavedRecipe.of(spec).write(out);
        TrainingResult result = trainer(task, groups, total, random, progress).metrics(run.metrics())
                .checkpoints(run.checkpoints(), checkpointEvery).stopWhen(main.stopRequest())
                .run(total);
        StopRequest.demandDone(result, total, "finetune", out);
        if (added != null) {
            LoraFile.save(Files.createDirectories(out.resolve("lora")), added, task.parameters().select(task.head()));
            added.merge();
        }
        task.save(out);

        Evaluation evaluation = task.evaluation();
        String headline = "%s of %s held-back %s get the right label, after %s steps%s.".formatted(Numbers.percent(evaluation.accuracy()),
                Numbers.count(evaluation.count()), task.noun(), Numbers.count(result.bestStep()),
                result.steps() > result.bestStep() ? " (the best of " + Numbers.count(result.steps()) + ")" : "");
        settings.put("examples", task.examples());
        settings.put("seconds per step, median", Numbers.significant(result.secondsPerStep(), 3));
        report(headline, result, evaluation, task, summary, settings).write(out.resolve("report.html"));
        print.println(TextTable.render(evaluation.perClass()));
        print.println(TextTable.render(evaluation.confusion()));
        print.println(headline);
        print.println(
                "Model: " + out + ", report: " + out.resolve("report.html") + " (" + Numbers.duration((System.nanoTime() - start) * 1e-9)
                        + ")");
        print.flush();
    }

    private Job job(RandomStream random) throws IOException {
        if (data != null) {
            return images(data, random);
        }
        if (csv == null || labelColumn == null) {
            throw new IllegalStateException("checked before");
        }
        LabelledTable texts = new LabelledTable(csv, textColumns, labelColumn, !noHeader, validation, validationCsv);
        if (config == null && Characters.isFolder(from)) {
            double own = rate == null ? 1e-3 : rate;
            Characters task = Characters.open(from, out, texts, dropout == null ? -1 : dropout, randomWeights, random);
            return new Job(task, own, headRate == null ? own : headRate);
        }
        double own = rate == null ? 3e-5 : rate;
        PublishedTexts task = PublishedTexts.open(Weights.open(from), configuration(),
                tokenizer != null ? tokenizer : PublishedModel.folder(from), texts, maxLength, dropout == null ? -1 : dropout,
                randomWeights, random);
        return new Job(task, own, headRate == null ? Math.max(own, 1e-3) : headRate);
    }

    private Job images(Path images, RandomStream random) throws IOException {
        PublishedModel model = PublishedModel.open(from, config);
        ImageClassifier network = randomWeights ? model.classifier(random.child("weights")) : model.classifier();
        Preprocessing preprocessing = model.preprocessing(network, resize);
        ChosenImages all = grouped(images);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("network", model.architecture().name());
        facts.put("SHA-256 of the weights", Hashes.sha256(model.weights().file()));
        facts.put("images", images.getFileName() + ": " + all);
        facts.put("SHA-256 of the images", all.sha256());
        facts.put("groups", groups.isEmpty() ? "none" : String.join(" ", groups));
        ChosenImages others = validationData == null ? all : grouped(validationData);
        facts.put("validation", validationData == null ? validation : "SHA-256 " + others.sha256());
        facts.put("preprocessing", preprocessing);
        String transfer = randomWeights
                ? "random weights: of " + from + " only the shapes were taken"
                : "loaded " + model.architecture().name()
                        + " from " + from;
        PublishedImages task = PublishedImages.of(network, preprocessing, all, others, validation,
                transfer, facts, random);
        double own = rate == null ? 3e-4 : rate;
        return new Job(task, own, headRate == null ? Math.max(own, 1e-3) : headRate);
    }

    private ChosenImages grouped(Path images) throws IOException {
        ChosenImages all = ChosenImages.all(ImageData.open(images, null));
        return groups.isEmpty() ? all : all.grouped(groups);
    }

    /// The configuration of a published network for texts.
    private Path configuration() throws IOException {
        Path file = config != null ? config : PublishedModel.folder(from).resolve("config.json");
        if (!Files.exists(file)) {
            throw new IOException(from + ": there is no config.json beside it: give --config");
        }
        return file;
    }

    private void freeze(Parameters parameters) throws IOException {
        freeze.forEach(pattern -> parameters.select(pattern).freeze());
        if (parameters.trainable().size() == 0) {
            throw new IOException("--freeze " + String.join(", ", freeze) + ": nothing is left to learn");
        }
    }

    private static Additions lowRank(FinetuneTask task, int rank, RandomStream random) {
        Additions added = Additions.lora(task.network(), List.of("**.query", "**.value"), rank, 2.0 * rank, random);
        added.alone(task.head());
        return added;
    }

    /// The parameters with their rates, and from which step on they learn.
    private List<ParamGroup> groups(Job job) {
        Parameters all = job.task.parameters();
        Parameters head = all.select(job.task.head());
        ParamGroups levels = ParamGroups.byDepth(all, job.task.head()).rate(job.rate).decay(0.01);
        levels = rateDecay == null ? levels : levels.rateDecay(rateDecay);
        levels = probeFirst == null ? levels : levels.tuned(new FineTuning.ProbeThenTune(probeFirst));
        levels = gradual == null ? levels : levels.tuned(new FineTuning.Gradual(gradual));
        return levels.list().stream().map(group -> head.byName().keySet().containsAll(group.parameters().byName().keySet())
                ? group.rate(job.headRate)
                : group).toList();
    }

    private Objective objective(FinetuneTask task) {
        Objective plain = task.objective();
        return l2sp == null ? plain : Anchor.l2sp(task.parameters().without(task.head()).trainable(), l2sp).over(plain);
    }

    private Trainer trainer(FinetuneTask task, List<ParamGroup> groups, int total, RandomStream random, Progress progress) {
        Optimizer optimizer = Adam.adamW(groups, Schedule.linear(Math.max(1, total / 10), total), 1);
        return Trainer
                .of(objective(task), task.parameters(), optimizer, task.batches(batch, random.child("batches")), random.child("steps"))
                .accumulate(accumulate).progress("fine-tune", progress)
                .validate(Math.max(1, total / VALIDATIONS), "accuracy", task::accuracy)
                .earlyStopping(patience);
    }

    private int total(int examples) {
        int perEpoch = (examples + batch - 1) / batch;
        return steps != null
                ? steps
                : epochs != null ? Math.multiplyExact(epochs, perEpoch) : Math.max(LEAST_STEPS, DEFAULT_EPOCHS * perEpoch);
    }

    private HtmlReport report(String headline, TrainingResult result, Evaluation evaluation, FinetuneTask task, ModelSummary summary,
            Map<String, Object> settings) {
        HtmlReport report = new HtmlReport("Headstart: fine-tuning").headline(headline);
        report.section("Labels").table(evaluation.perClass()).table(evaluation.confusion());
        report.section("Learning curves").charts(RunReport.loss(result), RunReport.accuracy("Held-back " + task.noun(), result));
        report.section("Transfer").preformatted(task.transfer());
        report.section("Model").table(RunReport.summary(summary));
        return report.section("Settings").settings("Settings", settings);
    }

    /// What must be the same when a run goes on.
    private Map<String, Object> settings(Job job, int total) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("seed", main.seed());
        settings.put("steps", total);
        settings.put("batch", batch);
        settings.put("rate", job.rate);
        settings.put("rate of the head", job.headRate);
        settings.put("dropout", dropout == null ? "as pre-trained" : dropout);
        settings.put("patience", patience);
        settings.put("weights", randomWeights ? "random" : "pre-trained");
        settings.put("learning", learning());
        settings.put("frozen", freeze.isEmpty() ? "nothing" : String.join(", ", freeze));
        settings.putAll(job.task.facts());
        return settings;
    }

    /// How it learns, where that is not the ordinary way.
    private String learning() {
        List<String> ways = new ArrayList<>();
        add(ways, "rates fall by", rateDecay);
        add(ways, "head alone for steps", probeFirst);
        add(ways, "a level more every steps", gradual);
        add(ways, "low-rank changes of rank", lora);
        add(ways, "pulled back by", l2sp);
        add(ways, "batches of a step", accumulate == 1 ? null : accumulate);
        return ways.isEmpty() ? "ordinary" : String.join(", ", ways);
    }

    private static void add(List<String> ways, String name, @Nullable Number value) {
        if (value != null) {
            ways.add(name + " " + value);
        }
    }
}
