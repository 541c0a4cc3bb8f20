package dev.headstart.cli;

import dev.headstart.cli.recipe.SavedRecipe;
import dev.headstart.cli.terminal.Progress;
import dev.headstart.optim.Adam;
import dev.headstart.optim.Optimizer;
import dev.headstart.optim.ParamGroup;
import dev.headstart.optim.Schedule;
import dev.headstart.task.folder.RunFolder;
import dev.headstart.task.pretrain.Corpus;
import dev.headstart.task.pretrain.TextLesson;
import dev.headstart.task.report.HtmlReport;
import dev.headstart.task.report.ModelCard;
import dev.headstart.task.report.Numbers;
import dev.headstart.task.report.RunReport;
import dev.headstart.task.report.Version;
import dev.headstart.tensor.RandomStream;
import dev.headstart.train.Batches;
import dev.headstart.train.ModelSummary;
import dev.headstart.train.Trainer;
import dev.headstart.train.TrainingResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;

/// Pre-training on texts without labels, from the lesson to the report: AdamW, a rate that rises for a tenth of the steps and falls along a cosine
/// to a twentieth.
///
/// @param seed of the random stream, a fact of the run
/// @param random of this run
/// @param out the folder for the model
/// @param restart begin anew instead of going on
/// @param checkpointEvery steps between two checkpoints
/// @param recipe goes into the folder
/// @param stop whether to stop after a step
record TextPretraining(TextLesson lesson, long seed, RandomStream random, int steps, int batch, double rate, Path out, boolean restart,
        int checkpointEvery, SavedRecipe recipe, BooleanSupplier stop) {
    private static final double DECAY = 0.01;
    private static final double LOWEST = 0.05;

    void run(PrintWriter print, Progress progress) throws IOException {
        long start = System.nanoTime();
        print.println("text: " + lesson.texts());
        print.println("model: " + lesson.network());
        print.flush();
        Map<String, Object> settings = settings();
        RunFolder run = RunFolder.open(out, settings, restart, progress);
        recipe.write(out);
        Optimizer optimizer = Adam.adamW(List.of(ParamGroup.of(lesson.parameters()).rate(rate).decay(DECAY)),
                Schedule.cosine(Math.max(1, steps / 10), steps, LOWEST), 1);
        TrainingResult result = Trainer
                .of(lesson.objective(), lesson.parameters(), optimizer, Batches.byLength(lesson.lengths(), batch, random.child("batches")),
                        random.child("steps"))
                .named("pretrain").listener(progress).metrics(run.metrics()).checkpoints(run.checkpoints(), checkpointEvery)
                .validate(Math.max(1, steps / 20), "accuracy", () -> lesson.accuracy(random.child("hidden")))
                .stopWhen(stop).run(steps);
        StopRequest.demandDone(result, steps, "pretrain", out);
        ModelCard card = card(settings, result);
        lesson.save(out, card.metadata());
        Files.writeString(out.resolve("README.md"), card.markdown());

        String headline = String.format(Locale.ROOT, "%s of the hidden %s of held-back text are guessed right after %s steps.",
                Numbers.percent(result.curve().getLast().metric()), lesson.unit(), Numbers.count(result.steps()));
        settings.put("text", lesson.texts());
        settings.put("seconds per step, median", Numbers.significant(result.secondsPerStep(), 3));
        report(headline, result, settings).write(out.resolve("report.html"));
        print.println(headline);
        print.println("Model: " + out + ", report: " + out.resolve("report.html") + " ("
                + Numbers.duration((System.nanoTime() - start) * 1e-9) + ")");
        print.flush();
    }

    /// What must be the same when a run goes on.
    private Map<String, Object> settings() {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("seed", seed);
        settings.put("steps", steps);
        settings.put("batch", batch);
        settings.put("rate", rate);
        settings.putAll(lesson.facts());
        return settings;
    }

    private ModelCard card(Map<String, Object> settings, TrainingResult result) {
        Map<String, String> texts = new LinkedHashMap<>();
        settings.forEach((name, value) -> texts.put(name, String.valueOf(value)));
        Corpus.Provenance data = lesson.provenance();
        return new ModelCard(lesson.architecture() + ", pre-trained", lesson.architecture(), lesson.source(),
                data.name() + ": " + lesson.texts(), data.hash(), seed, Version.current(), ModelCard.hash(lesson.weights()), texts,
                Map.of("hidden " + lesson.unit() + " guessed right", result.curve().getLast().metric()),
                "It guesses hidden " + lesson.unit() + " of texts like those it learnt from, and knows no labels: fine-tune it first.");
    }

    private HtmlReport report(String headline, TrainingResult result, Map<String, Object> settings) {
        HtmlReport report = new HtmlReport("Headstart: pre-training").headline(headline);
        report.section("Learning curves").charts(RunReport.loss(result),
                RunReport.accuracy("Hidden " + lesson.unit() + " of held-back text", result));
        report.section("Model").paragraph(lesson.network()).table(RunReport.summary(ModelSummary.of(lesson.parameters())));
        return report.section("Settings").settings("Settings", settings);
    }
}
