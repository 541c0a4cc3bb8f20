package dev.headstart.task.demo;

import dev.headstart.autograd.Parameters;
import dev.headstart.io.Hashes;
import dev.headstart.io.SafeTensors;
import dev.headstart.io.text.CharVocabulary;
import dev.headstart.nn.loss.CrossEntropy;
import dev.headstart.nn.transfer.Transfer;
import dev.headstart.optim.Adam;
import dev.headstart.optim.Optimizer;
import dev.headstart.optim.ParamGroup;
import dev.headstart.optim.Schedule;
import dev.headstart.task.demo.DemoResult.Arm;
import dev.headstart.task.demo.DemoResult.Curve;
import dev.headstart.task.demo.DemoResult.Pretraining;
import dev.headstart.task.demo.DemoResult.Target;
import dev.headstart.task.folder.TextModelFolder;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.Batches;
import dev.headstart.train.MetricsLog;
import dev.headstart.train.ModelSummary;
import dev.headstart.train.Trainer;
import dev.headstart.train.TrainingListener;
import dev.headstart.train.TrainingResult;
import dev.headstart.train.objective.MaskedLanguage;
import dev.headstart.train.objective.TextClassification;
import dev.headstart.zoo.own.MaskedLanguageModel;
import dev.headstart.zoo.own.TextClassifier;
import dev.headstart.zoo.own.TextEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The main job on the JDK's own locale data: pre-train, transfer, freeze, fine-tune, compare.
final class Demo {
    static final String NONE = "none";
    static final String MASKED = "masked-lm";
    static final String SUPERVISED = "supervised";
    static final String BOTH = "masked-lm+supervised";
    static final String SHUFFLED = "shuffled";
    static final List<String> PRETRAININGS = List.of(NONE, SHUFFLED, MASKED, SUPERVISED, BOTH);
    static final String FULL = "full";
    static final String HALF = "half-frozen";
    static final String PROBE = "probe";
    static final List<String> MODES = List.of(FULL, HALF, PROBE);

    private final DemoSettings settings;
    private final DemoData data;
    private final long seed;
    private final RandomStream random;
    private final Path out;
    private final TrainingListener listener;
    private final MetricsLog metrics;
    private final TextEncoder.Config config;

    Demo(DemoSettings settings, DemoData data, long seed, Path out, TrainingListener listener) throws IOException {
        this.settings = settings;
        this.data = data;
        this.seed = seed;
        this.random = RandomStream.of(seed).child("demo");
        this.out = out;
        this.listener = listener;
        this.config = new TextEncoder.Config(data.vocabulary().size(), settings.maxLength(), settings.width(), settings.blocks(),
                settings.heads(),
                4 * settings.width(), 0);
        Files.createDirectories(out);
        this.metrics = MetricsLog.create(out.resolve("metrics.jsonl"));
    }

    /// @param start when the demo began, by `System.nanoTime`
    DemoResult run(long start) throws IOException {
        List<Pretraining> pretrainings = new ArrayList<>();
        Map<String, Tensor> masked = maskedLanguage(pretrainings);
        Map<String, Tensor> supervised = languageIdentification(SUPERVISED, Map.of(), pretrainings);
        Map<String, Tensor> both = languageIdentification(BOTH, masked, pretrainings);

        Comparison comparison = new Comparison(settings, data, config, random, listener);
        comparison.run(Map.of(MASKED, masked, SUPERVISED, supervised, BOTH, both));
        TextClassifier best = comparison.kept();

        CharVocabulary vocabulary = data.vocabulary();
        SafeTensors.write(out.resolve(TextModelFolder.ENCODER), both);
        new TextModelFolder(out, config, vocabulary, data.newLanguages()).saveClassifier(best);
        Map<String, String> hashes = new LinkedHashMap<>();
        for (String file : List.of(TextModelFolder.ENCODER, TextModelFolder.CLASSIFIER)) {
            hashes.put(file, Hashes.sha256(out.resolve(file)));
        }
        comparison.freeze(best.parameters());
        ModelSummary summary = ModelSummary.of(best.parameters());
        return new DemoResult(settings, seed, data.newLanguages().size(), data.facts(), pretrainings, comparison.arms(),
                comparison.curves(),
                stepsToTarget(comparison.curves()), labelsToTarget(comparison.arms()), comparison.secondsPerStep(),
                comparison.transfer().toString(), summary, hashes,
                (System.nanoTime() - start) * 1e-9);
    }

    // ---- pre-training ----

    private Map<String, Tensor> maskedLanguage(List<Pretraining> done) {
        RandomStream own = random.child(MASKED);
        MaskedLanguageModel model = new MaskedLanguageModel(config, own.child("init"));
        MaskedLanguage objective = new MaskedLanguage(model, data.unlabelled(), settings.maskedRate(), CharVocabulary.MASK,
                CharVocabulary.FIRST_ORDINARY);
        TrainingResult result = trainer(MASKED, objective, model.parameters(), data.unlabelled(), own, settings.maskedSteps())
                .run(settings.maskedSteps());
        done.add(new Pretraining(MASKED, "loss", result, result.secondsPerStep() * result.steps()));
        return TextModelFolder.prefixed("encoder.", model.encoder().parameters());
    }

    private Map<String, Tensor> languageIdentification(String name, Map<String, Tensor> from, List<Pretraining> done) {
        RandomStream own = random.child(name);
        TextClassifier model = new TextClassifier(config, data.oldLanguages().size(), own.child("init"));
        if (!from.isEmpty()) {
            Transfer.into("language identification", model.parameters()).allowMissing("head.**").fromTensors(MASKED, from);
        }
        TextClassification objective = new TextClassification(model, data.old().texts(), data.old().labels(), settings.supervisedLoss());
        TextClassification held = new TextClassification(model, data.held().texts(), data.held().labels(), CrossEntropy.PLAIN);
        TrainingResult result = trainer(name, objective, model.parameters(), data.old().texts(), own, settings.supervisedSteps())
                .validate(Math.max(1, settings.supervisedSteps() / 5), "accuracy", () -> held.score().accuracy())
                .run(settings.supervisedSteps());
        done.add(new Pretraining(name, "accuracy", result, result.secondsPerStep() * result.steps()));
        return TextModelFolder.prefixed("encoder.", model.encoder().parameters());
    }

    private Trainer trainer(String name, dev.headstart.train.Objective objective, Parameters parameters, List<int[]> texts,
            RandomStream own, int steps) {
        Optimizer optimizer = Adam.adamW(List.of(ParamGroup.of(parameters).rate(settings.pretrainRate()).decay(0.01)),
                Schedule.cosine(Math.max(1, steps / 10), steps, 0.05), 1);
        Batches batches = Comparison.byLength(texts, settings.batch(), own);
        return Trainer.of(objective, parameters, optimizer, batches, own.child("steps")).named("pre-train " + name).listener(listener)
                .metrics(metrics);
    }

    // ---- what the head start was worth ----

    /// Steps until the mean accuracy is what random weights reach at the end, fine-tuning everything.
    private static Target stepsToTarget(List<Curve> curves) {
        Curve none = curves.stream().filter(c -> c.pretraining().equals(NONE)).findFirst().orElseThrow();
        double target = mean(none.accuracy().getLast());
        Map<String, Double> needed = new LinkedHashMap<>();
        for (Curve curve : curves) {
            double steps = Double.NaN;
            for (int i = curve.steps().size() - 1; i >= 0; i--) {
                if (mean(curve.accuracy().get(i)) >= target) {
                    steps = curve.steps().get(i);
                }
            }
            needed.put(curve.pretraining(), steps);
        }
        return new Target(target, needed);
    }

    /// Labels per language until the best mode's mean accuracy is what random weights reach with most labels; between two measured numbers
    /// of labels by a line over their logarithms.
    private Target labelsToTarget(List<Arm> arms) {
        List<Integer> labels = settings.labelsPerClass();
        double target = bestMean(arms, NONE, labels.getLast());
        Map<String, Double> needed = new LinkedHashMap<>();
        for (String pretraining : PRETRAININGS) {
            double found = Double.NaN;
            for (int i = labels.size() - 1; i >= 0; i--) {
                double here = bestMean(arms, pretraining, labels.get(i));
                if (here >= target) {
                    double below = i == 0 ? Double.NaN : bestMean(arms, pretraining, labels.get(i - 1));
                    found = i == 0 || below >= target
                            ? labels.get(i)
                            : Math.exp(Math.log(labels.get(i - 1))
                                    + (Math.log(labels.get(i)) - Math.log(labels.get(i - 1))) * (target - below) / (here - below));
                }
            }
            needed.put(pretraining, found);
        }
        return new Target(target, needed);
    }

    private static double bestMean(List<Arm> arms, String pretraining, int labels) {
        return arms.stream().filter(a -> a.pretraining().equals(pretraining) && a.labelsPerClass() == labels).mapToDouble(Arm::mean).max()
                .orElse(Double.NaN);
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
    }
}
