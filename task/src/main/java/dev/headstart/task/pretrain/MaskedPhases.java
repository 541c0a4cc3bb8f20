package dev.headstart.task.pretrain;

import dev.headstart.optim.Adam;
import dev.headstart.optim.Optimizer;
import dev.headstart.optim.ParamGroup;
import dev.headstart.optim.Schedule;
import dev.headstart.task.report.HtmlReport;
import dev.headstart.task.report.Numbers;
import dev.headstart.task.report.RunReport;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.Batches;
import dev.headstart.train.ModelSummary;
import dev.headstart.train.Trainer;
import dev.headstart.train.TrainingResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Masked language modelling in one phase: AdamW, with a rate that rises for a tenth of the steps and falls along a cosine to a twentieth.
///
/// @param random of the run
record MaskedPhases(MaskedSession session, Pace pace, RandomStream random) implements Phases {
    private static final double DECAY = 0.01;
    private static final double LOWEST = 0.05;
    private static final int CHECKPOINT_EVERY = 100;

    private Batches batches() {
        return session.batches(pace.batch(), random.child("batches"));
    }

    private int steps() {
        return pace.total(batches().examples());
    }

    @Override
    public String examples() {
        return session.texts();
    }

    @Override
    public String network() {
        return session.network();
    }

    @Override
    public Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("steps", steps());
        facts.put("batch", pace.batch());
        facts.put("rate", pace.rate());
        facts.putAll(session.facts());
        return facts;
    }

    @Override
    public Description description() {
        Corpus.Provenance data = session.provenance();
        return new Description(session.architecture() + ", pre-trained", session.architecture(), session.source(),
                data.name() + ": " + session.texts(), data.hash(),
                "It guesses hidden " + session.unit() + " of texts like those it was trained on, and knows no labels: fine-tune it first.");
    }

    @Override
    public Outcome train(Runner runner) throws IOException {
        int steps = steps();
        Optimizer optimizer = Adam.adamW(List.of(ParamGroup.of(session.parameters()).rate(pace.rate()).decay(DECAY)),
                Schedule.cosine(Math.max(1, steps / 10), steps, LOWEST), 1);
        Trainer trainer = Trainer.of(session.objective(), session.parameters(), optimizer, batches(), random.child("steps"))
                .named("pretrain").validate(Math.max(1, steps / 20), MaskedSession.ACCURACY, this::accuracy);
        TrainingResult result = runner.run(new Phase("", trainer, steps, CHECKPOINT_EVERY));
        double accuracy = result.curve().getLast().metric();
        String headline = String.format(Locale.ROOT, "%s of the masked %s of held-out text are guessed right after %s steps.",
                Numbers.percent(accuracy), session.unit(), Numbers.count(result.steps()));
        return new Outcome(List.of(result), Map.of("hidden " + session.unit() + " guessed right", accuracy), headline,
                settings -> report(headline, result, settings));
    }

    private double accuracy() {
        try {
            return session.measure().getOrDefault(MaskedSession.ACCURACY, Double.NaN);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HtmlReport report(String headline, TrainingResult result, Map<String, Object> settings) {
        HtmlReport report = new HtmlReport("Headstart: pre-training").headline(headline);
        report.section("Learning curves").charts(RunReport.loss(result),
                RunReport.accuracy("Masked " + session.unit() + " of held-out text", result));
        report.section("Model").paragraph(session.network()).table(RunReport.summary(ModelSummary.of(session.parameters())));
        Map<String, Object> all = new LinkedHashMap<>(settings);
        all.put("text", session.texts());
        all.put("seconds per step, median", Numbers.significant(result.secondsPerStep(), 3));
        return report.section("Settings").settings("Settings", all);
    }

    @Override
    public Map<String, Tensor> weights() {
        return session.weights();
    }

    @Override
    public void save(Path folder, Map<String, String> card) throws IOException {
        session.save(folder, card);
    }
}
