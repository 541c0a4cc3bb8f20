package dev.headstart.cli.demo;

import dev.headstart.autograd.Parameters;
import dev.headstart.cli.demo.DemoResult.Arm;
import dev.headstart.cli.demo.DemoResult.Curve;
import dev.headstart.cli.demo.DemoResult.Pretraining;
import dev.headstart.cli.demo.DemoResult.Target;
import dev.headstart.io.Hashes;
import dev.headstart.io.SafeTensors;
import dev.headstart.nn.CrossEntropy;
import dev.headstart.nn.Linear;
import dev.headstart.nn.transfer.Transfer;
import dev.headstart.nn.transfer.TransferReport;
import dev.headstart.optim.Adam;
import dev.headstart.optim.Optimizer;
import dev.headstart.optim.ParamGroup;
import dev.headstart.optim.Schedule;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.Batches;
import dev.headstart.train.CharVocabulary;
import dev.headstart.train.FeatureClassification;
import dev.headstart.train.MaskedLanguage;
import dev.headstart.train.MetricsLog;
import dev.headstart.train.ModelSummary;
import dev.headstart.train.Progress;
import dev.headstart.train.TextClassification;
import dev.headstart.train.TextModelFolder;
import dev.headstart.train.Trainer;
import dev.headstart.train.TrainingResult;
import dev.headstart.zoo.MaskedLanguageModel;
import dev.headstart.zoo.TextClassifier;
import dev.headstart.zoo.TextEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The main job on the JDK's own locale data: pre-train, transfer, freeze, fine-tune, compare.
///
/// Every arm of the comparison learns the same new languages from the same few labels with the same steps; only the weights it starts from,
/// and what of them may move, differ. Run i of every arm uses seed i: the same labels, the same batches, the same new head.
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
    private final Progress progress;
    private final MetricsLog metrics;
    private final TextEncoder.Config config;

    Demo(DemoSettings settings, DemoData data, long seed, Path out, Progress progress) throws IOException {
        this.settings = settings;
        this.data = data;
        this.seed = seed;
        this.random = RandomStream.of(seed).child("demo");
        this.out = out;
        this.progress = progress;
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

        Comparison comparison = new Comparison(masked, supervised, both);
        comparison.run();
        TextClassifier best = comparison.keep;
        TransferReport transfer = comparison.transfer;

        CharVocabulary vocabulary = data.vocabulary();
        SafeTensors.write(out.resolve(TextModelFolder.ENCODER), both);
        new TextModelFolder(out, config, vocabulary, data.newLanguages()).saveClassifier(best);
        Map<String, String> hashes = new LinkedHashMap<>();
        for (String file : List.of(TextModelFolder.ENCODER, TextModelFolder.CLASSIFIER)) {
            hashes.put(file, Hashes.sha256(out.resolve(file)));
        }
        freeze(best.parameters());
        ModelSummary summary = ModelSummary.of(best.parameters());
        return new DemoResult(settings, seed, data.newLanguages().size(), data.facts(), pretrainings, comparison.arms, comparison.curves,
                stepsToTarget(comparison),
                labelsToTarget(comparison.arms), comparison.secondsPerStep(), transfer.toString(), summary, hashes,
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
        Batches batches = byLength(texts, settings.batch(), own);
        return Trainer.of(objective, parameters, optimizer, batches, own.child("steps")).progress("pre-train " + name, progress)
                .metrics(metrics);
    }

    /// Batches of texts of similar length, so that little is computed for padding.
    private static Batches byLength(List<int[]> texts, int size, RandomStream own) {
        return Batches.byLength(texts.stream().mapToInt(t -> t.length).toArray(), size, own.child("batches"));
    }

    // ---- transfer, freeze, fine-tune, compare ----

    /// Freezes the embeddings and the lower half of the blocks.
    private void freeze(Parameters parameters) {
        parameters.select("encoder.embedding.**").freeze();
        parameters.select("encoder.block.[0-" + (settings.frozenBlocks() - 1) + "].**").freeze();
    }

    /// Each tensor's numbers in random order: the same values, without what was learnt.
    static Map<String, Tensor> shuffled(Map<String, Tensor> weights, RandomStream random) {
        Map<String, Tensor> shuffled = new LinkedHashMap<>();
        weights.forEach((name, tensor) -> {
            float[] values = tensor.toArray();
            int[] order = random.child(name).permutation(values.length);
            float[] mixed = new float[values.length];
            for (int i = 0; i < mixed.length; i++) {
                mixed[i] = values[order[i]];
            }
            shuffled.put(name, Tensor.wrap(tensor.shape(), mixed));
        });
        return shuffled;
    }

    /// All arms.
    private final class Comparison {
        private final Map<String, Tensor> masked;
        private final Map<String, Tensor> supervised;
        private final Map<String, Tensor> both;
        private final List<Arm> arms = new ArrayList<>();
        private final List<Curve> curves = new ArrayList<>();
        private final Map<String, List<Double>> stepTimes = new LinkedHashMap<>();
        private TextClassifier keep = new TextClassifier(config, data.newLanguages().size(), random.child("keep"));
        private TransferReport transfer = new TransferReport(List.of(), List.of(), List.of(), List.of());

        Comparison(Map<String, Tensor> masked, Map<String, Tensor> supervised, Map<String, Tensor> both) {
            this.masked = masked;
            this.supervised = supervised;
            this.both = both;
        }

        void run() {
            progress.start("fine-tune", (long) PRETRAININGS.size() * MODES.size() * settings.labelsPerClass().size() * settings.runs());
            for (String pretraining : PRETRAININGS) {
                Map<Integer, Tensor> testFeatures = new LinkedHashMap<>();
                for (String mode : MODES) {
                    for (int labels : settings.labelsPerClass()) {
                        arm(pretraining, mode, labels, testFeatures);
                    }
                }
            }
            progress.finish();
        }

        private void arm(String pretraining, String mode, int labels, Map<Integer, Tensor> testFeatures) {
            List<Double> accuracy = new ArrayList<>();
            boolean curve = mode.equals(FULL) && labels == settings.curveLabels();
            List<Integer> steps = new ArrayList<>();
            List<List<Double>> points = new ArrayList<>();
            for (int run = 0; run < settings.runs(); run++) {
                TextClassifier model = start(pretraining, run);
                double reached;
                if (mode.equals(PROBE)) {
                    Tensor test = testFeatures.computeIfAbsent(run, r -> TextClassification.features(model.encoder(), data.test().texts()));
                    reached = probe(model, labels, run, test);
                } else {
                    if (mode.equals(HALF)) {
                        freeze(model.parameters());
                    }
                    TrainingResult result = fineTune(model, mode, labels, run, curve);
                    reached = curve
                            ? result.curve().getLast().metric()
                            : new TextClassification(model, data.test().texts(), data.test().labels(), CrossEntropy.PLAIN).score()
                                    .accuracy();
                    for (int i = 0; curve && i < result.curve().size(); i++) {
                        if (run == 0) {
                            steps.add((int) result.curve().get(i).step());
                            points.add(new ArrayList<>());
                        }
                        points.get(i).add(result.curve().get(i).metric());
                    }
                    if (pretraining.equals(BOTH) && mode.equals(HALF) && labels == settings.labelsPerClass().getLast() && run == 0) {
                        keep = model;
                    }
                }
                accuracy.add(reached);
                progress.step(1, 1 - reached);
            }
            arms.add(new Arm(pretraining, mode, labels, List.copyOf(accuracy)));
            if (curve) {
                curves.add(new Curve(pretraining, List.copyOf(steps), List.copyOf(points)));
            }
        }

        /// The classifier of the new languages before fine-tuning: the head is new, the encoder is pre-trained, shuffled or new too.
        private TextClassifier start(String pretraining, int run) {
            TextClassifier model = new TextClassifier(config, data.newLanguages().size(), random.child("new").child(run));
            if (!pretraining.equals(NONE)) {
                Map<String, Tensor> weights = switch (pretraining) {
                    case SHUFFLED -> shuffled(both, random.child("shuffle").child(run));
                    case MASKED -> masked;
                    case SUPERVISED -> supervised;
                    default -> both;
                };
                transfer = Transfer.into("classifier of new languages", model.parameters()).allowMissing("head.**")
                        .fromTensors(TextModelFolder.ENCODER, weights);
            }
            return model;
        }

        private TrainingResult fineTune(TextClassifier model, String mode, int labels, int run, boolean curve) {
            DemoData.Labelled few = data.few(labels, run);
            TextClassification objective = new TextClassification(model, few.texts(), few.labels(), CrossEntropy.PLAIN);
            int steps = settings.stepsFor(labels);
            List<ParamGroup> groups = List.of(
                    ParamGroup.of(model.parameters().select("encoder.**")).rate(settings.fineTuneRate()).decay(0.01),
                    ParamGroup.of(model.parameters().select("head.*")).rate(settings.headRate()).decay(0.01));
            Optimizer optimizer = Adam.adamW(groups, Schedule.linear(Math.max(1, steps / 10), steps), 1);
            RandomStream own = random.child("fine-tune").child(run);
            Trainer trainer = Trainer.of(objective, model.parameters(), optimizer,
                    byLength(few.texts(), settings.fineTuneBatch(), own),
                    own.child("steps"));
            if (curve) {
                TextClassification test = new TextClassification(model, data.test().texts(), data.test().labels(), CrossEntropy.PLAIN);
                trainer.validate(settings.curveEvery(), "accuracy", () -> test.score().accuracy());
            }
            TrainingResult result = trainer.run(steps);
            stepTimes.computeIfAbsent(mode, m -> new ArrayList<>()).add(result.secondsPerStep());
            return result;
        }

        private double probe(TextClassifier model, int labels, int run, Tensor test) {
            DemoData.Labelled few = data.few(labels, run);
            Tensor features = TextClassification.features(model.encoder(), few.texts());
            Linear head = model.head();
            Optimizer optimizer = Adam.adamW(List.of(ParamGroup.of(head.parameters()).rate(settings.probeRate()).decay(0.01)),
                    Schedule.linear(0, settings.probeSteps()), Double.POSITIVE_INFINITY);
            RandomStream own = random.child("fine-tune").child(run);
            Trainer trainer = Trainer.of(new FeatureClassification(head, features, few.labels()), head.parameters(), optimizer,
                    Batches.of(few.labels().length, settings.fineTuneBatch(), own.child("batches")), own.child("steps"));
            TrainingResult result = trainer.run(settings.probeSteps());
            stepTimes.computeIfAbsent(PROBE, m -> new ArrayList<>()).add(result.secondsPerStep());
            return FeatureClassification.accuracy(head, test, data.test().labels());
        }

        /// Median seconds of a step, by mode.
        Map<String, Double> secondsPerStep() {
            Map<String, Double> medians = new LinkedHashMap<>();
            stepTimes.forEach(
                    (mode, times) -> medians.put(mode, times.stream().sorted().skip(times.size() / 2).findFirst().orElse(Double.NaN)));
            return medians;
        }
    }

    // ---- what the head start was worth ----

    /// Steps until the mean accuracy is what random weights reach at the end, fine-tuning everything.
    private static Target stepsToTarget(Comparison comparison) {
        Curve none = comparison.curves.stream().filter(c -> c.pretraining().equals(NONE)).findFirst().orElseThrow();
        double target = mean(none.accuracy().getLast());
        Map<String, Double> needed = new LinkedHashMap<>();
        for (Curve curve : comparison.curves) {
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
