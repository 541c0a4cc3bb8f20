package dev.headstart.cli;

import dev.headstart.cli.options.Checks;
import dev.headstart.cli.options.ExampleOptions;
import dev.headstart.cli.options.PublishedModel;
import dev.headstart.cli.options.TuningOptions;
import dev.headstart.cli.recipe.SavedRecipe;
import dev.headstart.cli.terminal.Progress;
import dev.headstart.cli.terminal.TextTable;
import dev.headstart.task.data.Evaluation;
import dev.headstart.task.report.HtmlReport;
import dev.headstart.task.report.ModelCard;
import dev.headstart.task.report.Numbers;
import dev.headstart.task.report.Table;
import dev.headstart.task.report.TextWidth;
import dev.headstart.task.tuning.CrossValidation;
import dev.headstart.task.tuning.Findings;
import dev.headstart.task.tuning.FinetuneTask;
import dev.headstart.task.tuning.Tuning;
import dev.headstart.task.tuning.TuningSettings;
import dev.headstart.tensor.RandomStream;
import dev.headstart.train.ModelSummary;
import dev.headstart.train.TrainingResult;
import dev.headstart.train.tuning.RateFinder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
    "Run again with the same settings, it goes on where it stopped. What it would take,",
    "headstart plan tells beforehand.", "",
    "  headstart finetune --from model --csv news.csv --text-column title \\",
    "      --label-column topic --freeze 'encoder.block.[0-1].**' --out classifier",
    "  headstart finetune --from bert/model.safetensors --config bert/config.json \\",
    "      --csv news.csv --text-column title --label-column topic --out classifier",
    "  headstart finetune --from resnet50.safetensors --data pictures \\",
    "      --freeze 'layer[1-3].**' --out classifier", ""})
final class FinetuneCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Main main;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    private final ExampleOptions examples = new ExampleOptions();

    @Option(names = "--out", paramLabel = "DIR", description = "Folder for the classifier.")
    private @Nullable Path out;

    @Mixin
    private final TuningOptions tuning = new TuningOptions();

    @Option(names = "--folds", paramLabel = "K", description = {
        "Instead: cross-validation. Learns K times, each time without another part of the",
        "examples, says how good it is on those, and saves nothing."})
    private @Nullable Integer folds;

    @Option(names = "--find-rate", description = {
        "Instead: a hundred steps of rising learning rate, what becomes of the loss, and a",
        "suggestion for --rate and --head-rate, in the proportion they have. Saves nothing."})
    private boolean findRate;

    @Option(names = "--checkpoint-every", paramLabel = "N", description = "Steps between two checkpoints (default: ${DEFAULT-VALUE}).")
    private int checkpointEvery = 100;

    @Option(names = "--restart", description = "Begin anew instead of going on from the checkpoints in DIR.")
    private boolean restart;

    @Override
    public Integer call() throws IOException {
        Checks checks = new Checks(spec).atLeast(1, "--checkpoint-every", checkpointEvery);
        examples.check(checks);
        tuning.check(checks, examples);
        checks.atLeast(2, "--folds", folds == null ? 2 : folds)
                .must(folds == null || !findRate, "--folds and --find-rate exclude each other")
                .must(folds == null || !examples.measuresOthers(),
                        "--folds holds parts of the examples back: --validation-csv and --validation-data are not for it")
                .must(folds == null || !examples.remembers() || tuning.remembers(),
                        "--folds does not say what was forgotten: --old-data has no effect there without --ewc or --rehearse")
                .must((out == null) == (folds != null || findRate),
                        out == null
                                ? "--out is missing: a folder for the classifier"
                                : "--folds and --find-rate save nothing: leave --out away");
        for (String option : List.of("--patience", "--restart", "--checkpoint-every")) {
            checks.must(folds == null || !spec.commandLine().getParseResult().hasMatchedOption(option),
                    option + " has no effect with --folds, which learns to the last step and saves nothing");
        }
        return main.compute(() -> run(spec.commandLine().getOut()));
    }

    private void run(PrintWriter print) throws IOException {
        Path source = PublishedModel.folder(examples.from());
        if (out != null && Files.exists(out) && Files.exists(source) && Files.isSameFile(out, source)) {
            throw new IOException(out + ": --out is the folder of --from: choose another, so that the pre-trained model stays");
        }
        RandomStream random = RandomStream.of(main.seed()).child("fine-tune");
        FinetuneTask task = examples.open(random);
        print.println(task.noun() + ": " + task.examples());
        TuningSettings chosen = tuning.settings(task, examples);
        if (folds != null) {
            task.foldLeaks(chosen.lesson().rehearse() > 0).forEach(print::println);
            validate(task, folds, random, print);
            return;
        }
        task.leaks(chosen.lesson().rehearse() > 0).forEach(print::println);
        Tuning run = Tuning.of(task, chosen, random);
        if (out == null) {
            rates(run, chosen.rates(), print);
        } else {
            train(task, chosen, run, out, print);
        }
    }

    private void validate(FinetuneTask task, int count, RandomStream random, PrintWriter print) throws IOException {
        Progress progress = Terminal.progress();
        CrossValidation found = CrossValidation.of(task, count, part -> tuning.settings(part, examples), random,
                fold -> trainer -> trainer.named("fold " + (fold + 1) + " of " + count).listener(progress));
        Table table = new Table("").left("fold").right("examples").right("accuracy");
        for (int fold = 0; fold < count; fold++) {
            Evaluation evaluation = found.folds().get(fold);
            table.row(String.valueOf(fold + 1), evaluation.count(), Numbers.percent(evaluation.accuracy()));
        }
        print.println(TextTable.render(table));
        print.println(
                String.format(Locale.ROOT, "Accuracy over %d folds: mean %s, standard deviation %s", count, Numbers.percent(found.mean()),
                        Numbers.percent(found.deviation())));
        print.flush();
    }

    private static void rates(Tuning run, TuningSettings.Rates usual, PrintWriter print) throws IOException {
        RateFinder found = run.rates();
        Table table = new Table("").right("rate").right("loss").right("smoothed");
        int size = found.curve().size();
        IntStream.range(0, size).filter(i -> i % 5 == 0 || i == size - 1).mapToObj(found.curve()::get)
                .forEach(p -> table.row(Numbers.significant(p.rate(), 3), Numbers.fixed(p.loss(), 4), Numbers.fixed(p.smoothed(), 4)));
        print.println(TextTable.render(table));
        print.println(Double.isNaN(found.suggestion())
                ? "The loss never falls: there is no rate to suggest."
                : "The loss falls fastest at " + (run.headAlone() ? "--head-rate " : "--rate ") + Numbers.significant(found.suggestion(), 2)
                        + (run.headAlone()
                                ? ""
                                : " with --head-rate " + Numbers.significant(found.suggestion() * usual.head() / usual.body(), 2))
                        + ". That says what does not diverge, not what generalises.");
        print.flush();
    }

    private void train(FinetuneTask task, TuningSettings chosen, Tuning run, Path folder, PrintWriter print) throws IOException {
        long start = System.nanoTime();
        Progress progress = Terminal.progress();
        ModelSummary summary = ModelSummary.of(task.parameters());
        print.println(task.source().transfer());
        print.println();
        print.println(TextTable.render(RunReport.summary(summary)));
        print.println(run.economy());
        Stream.of(run.late()).filter(late -> !late.isEmpty()).forEach(print::println);
        print.flush();
        Map<String, Object> settings = settings(task, chosen);
        RunFolder saved = RunFolder.open(folder, settings, restart, progress);
        SavedRecipe.of(spec).write(folder);
        TrainingResult result = run.run(trainer -> trainer.named("fine-tune").listener(progress).metrics(saved.metrics())
                .checkpoints(saved.checkpoints(), checkpointEvery).stopWhen(main.stopRequest()));
        StopRequest.demandDone(result, chosen.steps(), "finetune", folder);
        run.settleAdditions(folder);
        Findings findings = run.findings();
        ModelCard card = card(task, settings, findings);
        task.network().save(folder, task.labels(), card.metadata());
        Files.writeString(folder.resolve("README.md"), card.markdown());

        Evaluation evaluation = findings.evaluation();
        String headline = String.format(Locale.ROOT, "%s of %s held-back %s get the right label, after %s steps%s.",
                Numbers.percent(evaluation.accuracy()),
                Numbers.count(evaluation.count()), task.noun(), Numbers.count(result.bestStep()),
                result.steps() > result.bestStep() ? " (the best of " + Numbers.count(result.steps()) + ")" : "");
        settings.put("examples", task.examples());
        settings.put("seconds per step, median", Numbers.significant(result.secondsPerStep(), 3));
        report(headline, result, findings, task, summary, settings).write(folder.resolve("report.html"));
        print.println(TextTable.render(evaluation.perClass()));
        print.println(TextTable.render(evaluation.confusion()));
        findings.sentences().forEach(print::println);
        print.println(headline);
        print.println(
                "Model: " + folder + ", report: " + folder.resolve("report.html") + " ("
                        + Numbers.duration((System.nanoTime() - start) * 1e-9)
                        + ")");
        print.flush();
    }

    private ModelCard card(FinetuneTask task, Map<String, Object> settings, Findings findings) {
        Map<String, String> texts = new LinkedHashMap<>();
        settings.forEach((name, value) -> texts.put(name, String.valueOf(value)));
        Path source = Path.of(task.source().name()).getFileName();
        return new ModelCard(task.source().architecture() + " for " + TextWidth.cut(String.join(", ", task.labels()), 60),
                task.source().architecture(), examples.areRandom() ? "random" : String.valueOf(source),
                task.noun() + ", " + task.examples(),
                task.source().data(), main.seed(), Main.Version.headstart(), ModelCard.hash(task.parameters()), texts, findings.metrics(),
                "It was measured on " + Numbers.count(task.held().size()) + " " + task.noun()
                        + " like those it learnt from. What it does with"
                        + " others is not known.");
    }

    private static HtmlReport report(String headline, TrainingResult result, Findings findings, FinetuneTask task,
            ModelSummary summary, Map<String, Object> settings) {
        HtmlReport report = new HtmlReport("Headstart: fine-tuning").headline(headline);
        report.section("Labels").table(findings.evaluation().perClass()).table(findings.evaluation().confusion());
        report.section("Trust");
        findings.sentences().forEach(report::paragraph);
        report.section("Learning curves").charts(RunReport.loss(result), RunReport.accuracy("Held-back " + task.noun(), result));
        report.section("Transfer").preformatted(task.source().transfer());
        report.section("Model").table(RunReport.summary(summary));
        return report.section("Settings").settings("Settings", settings);
    }

    /// What must be the same when a run goes on.
    private Map<String, Object> settings(FinetuneTask task, TuningSettings chosen) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("seed", main.seed());
        settings.putAll(chosen.facts());
        settings.putAll(examples.facts());
        settings.putAll(task.source().facts());
        return settings;
    }
}
