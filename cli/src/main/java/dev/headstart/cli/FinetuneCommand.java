package dev.headstart.cli;

import dev.headstart.cli.data.Evaluation;
import dev.headstart.cli.finetune.FinetuneTask;
import dev.headstart.cli.finetune.Tuning;
import dev.headstart.cli.finetune.TuningSettings;
import dev.headstart.tensor.RandomStream;
import dev.headstart.train.ModelSummary;
import dev.headstart.train.Progress;
import dev.headstart.train.TrainingResult;
import dev.headstart.train.report.HtmlReport;
import dev.headstart.train.report.Numbers;
import dev.headstart.train.report.TextTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
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

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder for the classifier.")
    @SuppressWarnings("NullAway.Init") // required
    private Path out;

    @Mixin
    private final TuningOptions tuning = new TuningOptions();

    @Option(names = "--checkpoint-every", paramLabel = "N", description = "Steps between two checkpoints (default: ${DEFAULT-VALUE}).")
    private int checkpointEvery = 100;

    @Option(names = "--restart", description = "Begin anew instead of going on from the checkpoints in DIR.")
    private boolean restart;

    @Override
    public Integer call() throws IOException {
        Checks checks = new Checks(spec).atLeast(1, "--checkpoint-every", checkpointEvery);
        examples.check(checks);
        tuning.check(checks, examples);
        return main.compute(this::train);
    }

    private void train() throws IOException {
        long start = System.nanoTime();
        PrintWriter print = spec.commandLine().getOut();
        Progress progress = Terminal.progress();
        Path source = PublishedModel.folder(examples.from());
        if (Files.exists(out) && Files.exists(source) && Files.isSameFile(out, source)) {
            throw new IOException(out + ": --out is the folder of --from: choose another, so that the pre-trained model stays");
        }
        RandomStream random = RandomStream.of(main.seed()).child("fine-tune");
        FinetuneTask task = examples.open(random);
        TuningSettings chosen = tuning.settings(task);
        Tuning run = Tuning.of(task, chosen, random);
        ModelSummary summary = ModelSummary.of(task.parameters());
        print.println(task.noun() + ": " + task.examples());
        print.println(task.transfer());
        print.println();
        print.println(TextTable.render(RunReport.summary(summary)));
        print.println(run.economy());
        print.flush();
        Map<String, Object> settings = settings(task, chosen);
        RunFolder folder = RunFolder.open(out, settings, restart, progress);
        TrainingResult result = run.run(trainer -> trainer.progress("fine-tune", progress).metrics(folder.metrics())
                .checkpoints(folder.checkpoints(), checkpointEvery));
        run.save(out);

        Evaluation evaluation = run.evaluation();
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

    private static HtmlReport report(String headline, TrainingResult result, Evaluation evaluation, FinetuneTask task,
            ModelSummary summary, Map<String, Object> settings) {
        HtmlReport report = new HtmlReport("Headstart: fine-tuning").headline(headline);
        report.section("Labels").table(evaluation.perClass()).table(evaluation.confusion());
        report.section("Learning curves").charts(RunReport.loss(result), RunReport.accuracy("Held-back " + task.noun(), result));
        report.section("Transfer").preformatted(task.transfer());
        report.section("Model").table(RunReport.summary(summary));
        return report.section("Settings").settings("Settings", settings);
    }

    /// What must be the same when a run goes on.
    private Map<String, Object> settings(FinetuneTask task, TuningSettings chosen) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("seed", main.seed());
        settings.putAll(chosen.facts());
        settings.putAll(examples.facts());
        settings.putAll(task.facts());
        return settings;
    }
}
