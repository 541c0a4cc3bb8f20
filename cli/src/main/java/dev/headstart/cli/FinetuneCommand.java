package dev.headstart.cli;

import dev.headstart.autograd.Parameters;
import dev.headstart.cli.data.Evaluation;
import dev.headstart.cli.data.Split;
import dev.headstart.cli.data.TextData;
import dev.headstart.io.Hashes;
import dev.headstart.nn.CrossEntropy;
import dev.headstart.optim.Adam;
import dev.headstart.optim.Optimizer;
import dev.headstart.optim.ParamGroup;
import dev.headstart.optim.Schedule;
import dev.headstart.tensor.RandomStream;
import dev.headstart.train.Batches;
import dev.headstart.train.ModelSummary;
import dev.headstart.train.Progress;
import dev.headstart.train.TextClassification;
import dev.headstart.train.TextModelFolder;
import dev.headstart.train.Trainer;
import dev.headstart.train.TrainingResult;
import dev.headstart.train.report.HtmlReport;
import dev.headstart.train.report.Numbers;
import dev.headstart.train.report.TextTable;
import dev.headstart.zoo.TextClassifier;
import dev.headstart.zoo.TextEncoder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `headstart finetune`: a pre-trained encoder becomes a classifier of the user's own labels.
@Command(name = "finetune", header = "Fine-tune a pre-trained encoder on your own labelled texts.", description = {
    "Carries the encoder of a folder that pretrain (or finetune) wrote into a classifier",
    "with a new head, freezes what you say, learns from a CSV file, keeps the weights that",
    "did best on held-back rows, and says how good they are. Writes a model folder for",
    "headstart predict: config.json, classifier.safetensors, report.html, metrics.jsonl",
    "and checkpoints. Run again with the same settings, it goes on where it stopped.", "",
    "  headstart finetune --from model --csv news.csv --text-column title \\",
    "      --label-column topic --freeze 'encoder.block.[0-1].**' --out classifier", ""})
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

    @Option(names = "--from", required = true, paramLabel = "DIR", description = "Folder of the pre-trained model.")
    @SuppressWarnings("NullAway.Init") // required
    private Path from;

    @Option(names = "--csv", required = true, paramLabel = "FILE", description = "Texts with labels: UTF-8, commas, double quotes.")
    @SuppressWarnings("NullAway.Init") // required
    private Path csv;

    @Option(names = "--text-column", required = true, paramLabel = "COLUMN",
            description = {"Column of the texts: a name of the header, or a number from 1.",
                "Given several times, the columns are joined by a space."})
    private List<String> textColumns = List.of();

    @Option(names = "--label-column", required = true, paramLabel = "COLUMN", description = "Column of the labels.")
    @SuppressWarnings("NullAway.Init") // required
    private String labelColumn;

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

    @Option(names = "--batch", paramLabel = "N", description = "Texts of a step (default: ${DEFAULT-VALUE}).")
    private int batch = 32;

    @Option(names = "--rate", paramLabel = "X", description = "Highest learning rate (default: ${DEFAULT-VALUE}).")
    private double rate = 1e-3;

    @Option(names = "--dropout", paramLabel = "X",
            description = "Share of values dropped while training (default: that of the pre-trained model).")
    private @Nullable Double dropout;

    @Option(names = "--validation", paramLabel = "X", description = "Share of each label's rows to hold back (default: ${DEFAULT-VALUE}).")
    private double validation = 0.1;

    @Option(names = "--validation-csv", paramLabel = "FILE", description = "Instead: rows to measure on, in columns as those of --csv.")
    private @Nullable Path validationCsv;

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
                .atLeast(1, "--batch", batch).atLeast(1, "--patience", patience).atLeast(1, "--checkpoint-every", checkpointEvery)
                .rate(rate)
                .dropout(dropout == null ? 0 : dropout)
                .must(validation > 0 && validation < 1, "--validation is " + validation + ": it must be above 0 and below 1");
        return main.workers().call(() -> {
            try {
                train();
                return 0;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private void train() throws IOException {
        long start = System.nanoTime();
        PrintWriter print = spec.commandLine().getOut();
        Progress progress = Terminal.progress();
        RandomStream random = RandomStream.of(main.seed()).child("fine-tune");
        TextModelFolder source = source();
        Data data = data(source, random.child("validation"));
        print.println("rows: " + data.described());

        TextModelFolder target = new TextModelFolder(out, config(source.config()), source.vocabulary(), data.labels);
        TextClassifier model = new TextClassifier(target.config(), data.labels.size(), random.child("weights"));
        String transfer = randomWeights
                ? "random weights: of " + from + " only the vocabulary and the sizes were taken"
                : source.transferInto(model).toString();
        freeze(model.parameters());
        ModelSummary summary = ModelSummary.of(model.parameters());
        print.println(transfer);
        print.println();
        print.println(TextTable.render(RunReport.summary(summary)));
        print.flush();

        int total = total(data.training.length);
        Map<String, Object> settings = settings(total);
        RunFolder run = RunFolder.open(out, settings, restart, progress);
        TrainingResult result = trainer(model, data, total, random, progress).metrics(run.metrics())
                .checkpoints(run.checkpoints(), checkpointEvery).run(total);
        target.saveClassifier(model);

        int[] guesses = TextClassification.logits(model, data.validationTexts).argmax().toArray();
        Evaluation evaluation = Evaluation.of(data.labels, data.validation, guesses);
        String headline = "%s of %s held-back texts get the right label, after %s steps%s.".formatted(
                Numbers.percent(evaluation.accuracy()),
                Numbers.count(data.validation.length), Numbers.count(result.bestStep()),
                result.steps() > result.bestStep() ? " (the best of " + Numbers.count(result.steps()) + ")" : "");
        settings.put("rows", data.described());
        settings.put("seconds per step, median", Numbers.significant(result.secondsPerStep(), 3));
        report(headline, result, evaluation, transfer, summary, settings).write(out.resolve("report.html"));
        print.println(TextTable.render(evaluation.perClass()));
        print.println(TextTable.render(evaluation.confusion()));
        print.println(headline);
        print.println(
                "Model: " + out + ", report: " + out.resolve("report.html") + " (" + Numbers.duration((System.nanoTime() - start) * 1e-9)
                        + ")");
        print.flush();
    }

    private TextModelFolder source() throws IOException {
        TextModelFolder source = TextModelFolder.open(from);
        if (Files.exists(out) && Files.isSameFile(out, from)) {
            throw new IOException(out + ": --out is the folder of --from: choose another, so that the pre-trained model stays");
        }
        return source;
    }

    /// The sizes of the pre-trained model, with the dropout wanted.
    private TextEncoder.Config config(TextEncoder.Config c) {
        return dropout == null
                ? c
                : new TextEncoder.Config(c.vocabulary(), c.maxLength(), c.width(), c.blocks(), c.heads(), c.hidden(), dropout.floatValue());
    }

    private void freeze(Parameters parameters) throws IOException {
        freeze.forEach(pattern -> parameters.select(pattern).freeze());
        if (parameters.trainable().size() == 0) {
            throw new IOException("--freeze " + String.join(", ", freeze) + ": nothing is left to learn");
        }
    }

    private Trainer trainer(TextClassifier model, Data data, int total, RandomStream random, Progress progress) {
        Optimizer optimizer = Adam.adamW(List.of(ParamGroup.of(model.parameters()).rate(rate).decay(0.01)),
                Schedule.linear(Math.max(1, total / 10), total), 1);
        int[] lengths = data.trainingTexts.stream().mapToInt(t -> t.length).toArray();
        TextClassification held = new TextClassification(model, data.validationTexts, data.validation, CrossEntropy.PLAIN);
        return Trainer
                .of(new TextClassification(model, data.trainingTexts, data.training, CrossEntropy.PLAIN), model.parameters(), optimizer,
                        Batches.byLength(lengths, batch, random.child("batches")), random.child("steps"))
                .progress("fine-tune", progress).validate(Math.max(1, total / VALIDATIONS), "accuracy", () -> held.score().accuracy())
                .earlyStopping(patience);
    }

    private int total(int rows) {
        int perEpoch = (rows + batch - 1) / batch;
        return steps != null
                ? steps
                : epochs != null ? Math.multiplyExact(epochs, perEpoch) : Math.max(LEAST_STEPS, DEFAULT_EPOCHS * perEpoch);
    }

    private HtmlReport report(String headline, TrainingResult result, Evaluation evaluation, String transfer, ModelSummary summary,
            Map<String, Object> settings) {
        HtmlReport report = new HtmlReport("Headstart: fine-tuning").headline(headline);
        report.section("Labels").table(evaluation.perClass()).table(evaluation.confusion());
        report.section("Learning curves").charts(RunReport.loss(result), RunReport.accuracy("Held-back texts", result));
        report.section("Transfer").preformatted(transfer);
        report.section("Model").table(RunReport.summary(summary));
        return report.section("Settings").settings("Settings", settings);
    }

    /// What must be the same when a run goes on.
    private Map<String, Object> settings(int total) throws IOException {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("seed", main.seed());
        settings.put("steps", total);
        settings.put("batch", batch);
        settings.put("rate", rate);
        settings.put("dropout", dropout == null ? "as pre-trained" : dropout);
        settings.put("patience", patience);
        settings.put("weights", randomWeights ? "random" : "pre-trained");
        settings.put("frozen", freeze.isEmpty() ? "nothing" : String.join(", ", freeze));
        settings.put("columns", String.join(" + ", textColumns) + " → " + labelColumn + (noHeader ? ", no header" : ""));
        settings.put("SHA-256 of rows", Hashes.sha256(csv));
        settings.put("validation", validationCsv == null ? validation : "SHA-256 " + Hashes.sha256(validationCsv));
        settings.put("SHA-256 of config.json", Hashes.sha256(from.resolve("config.json")));
        for (String weights : List.of(TextModelFolder.ENCODER, TextModelFolder.CLASSIFIER)) {
            if (!randomWeights && Files.exists(from.resolve(weights))) {
                settings.put("SHA-256 of " + weights, Hashes.sha256(from.resolve(weights)));
            }
        }
        return settings;
    }

    /// Rows as numbers: texts to learn from and to measure on, with their labels.
    private record Data(List<String> labels, List<int[]> trainingTexts, int[] training, List<int[]> validationTexts, int[] validation) {
        String described() {
            return "%s to learn from, %s held back, %s labels (%s)".formatted(Numbers.count(training.length),
                    Numbers.count(validation.length),
                    Numbers.count(labels.size()), TextTable.cut(String.join(", ", labels), 60));
        }
    }

    private Data data(TextModelFolder source, RandomStream random) throws IOException {
        TextData.Labelled rows = TextData.csv(csv, textColumns, labelColumn, !noHeader);
        List<String> labels = rows.names();
        if (labels.size() < 2) {
            throw new IOException(csv + ": every label is '" + labels.getFirst() + "': at least 2 different ones are needed");
        }
        int[] numbers = rows.numbers(labels);
        List<int[]> texts = encoded(source, rows);
        if (validationCsv != null) {
            TextData.Labelled held = TextData.csv(validationCsv, textColumns, labelColumn, !noHeader);
            return new Data(labels, texts, numbers, encoded(source, held), held.numbers(labels));
        }
        Split split = Split.stratified(numbers, labels.size(), validation, random);
        if (split.validation().length == 0) {
            throw new IOException(csv + ": every label has one row only, so none can be held back: give --validation-csv");
        }
        return new Data(labels, rows(texts, split.training()), rows(numbers, split.training()), rows(texts, split.validation()),
                rows(numbers, split.validation()));
    }

    private static List<int[]> encoded(TextModelFolder source, TextData.Labelled rows) {
        return rows.texts().stream().map(text -> source.vocabulary().encode(text, source.config().maxLength())).toList();
    }

    private static List<int[]> rows(List<int[]> texts, int[] which) {
        return Arrays.stream(which).mapToObj(texts::get).toList();
    }

    private static int[] rows(int[] numbers, int[] which) {
        return Arrays.stream(which).map(i -> numbers[i]).toArray();
    }
}
