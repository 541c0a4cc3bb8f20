package dev.headstart.task.demo;

import dev.headstart.autograd.Parameters;
import dev.headstart.nn.loss.CrossEntropy;
import dev.headstart.nn.transfer.Transfer;
import dev.headstart.nn.transfer.TransferReport;
import dev.headstart.optim.Adam;
import dev.headstart.optim.Optimizer;
import dev.headstart.optim.ParamGroup;
import dev.headstart.optim.Schedule;
import dev.headstart.task.demo.DemoResult.Arm;
import dev.headstart.task.demo.DemoResult.Curve;
import dev.headstart.task.folder.TextModelFolder;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.Workers;
import dev.headstart.train.Batches;
import dev.headstart.train.Trainer;
import dev.headstart.train.TrainingListener;
import dev.headstart.train.TrainingResult;
import dev.headstart.train.objective.FeatureClassification;
import dev.headstart.train.objective.TextClassification;
import dev.headstart.zoo.own.TextClassifier;
import dev.headstart.zoo.own.TextEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Transfer, freeze, fine-tune, compare: every arm learns the same new languages from the same few labels with the same steps; only the weights
/// it starts from, and what of them may move, differ. Run i of every arm uses seed i: the same labels, the same batches, the same new head.
///
/// Runs are independent, so each is one thread's work: many small trainings side by side are faster than one after the other on all
/// threads.
final class Comparison {
    private final DemoSettings settings;
    private final DemoData data;
    private final TextEncoder.Config config;
    private final RandomStream random;
    private final TrainingListener listener;
    private final List<Arm> arms = new ArrayList<>();
    private final List<Curve> curves = new ArrayList<>();
    private final Map<String, List<Double>> stepTimes = new LinkedHashMap<>();
    private TextClassifier kept;
    private TransferReport transfer = new TransferReport(List.of(), List.of(), List.of(), List.of());

    /// A way to start and to learn, the labels per language, and the seed.
    private record Run(String pretraining, String mode, int labels, int seed) {}

    /// What came of a run.
    private record Outcome(TextClassifier model, double accuracy, TrainingResult training) {}

    Comparison(DemoSettings settings, DemoData data, TextEncoder.Config config, RandomStream random, TrainingListener listener) {
        this.settings = settings;
        this.data = data;
        this.config = config;
        this.random = random;
        this.listener = listener;
        this.kept = new TextClassifier(config, data.newLanguages().size(), random.child("keep"));
    }

    /// Compares these encoders with each other, with random weights and with shuffled ones.
    ///
    /// @param weights the encoder's, by pre-training
    void run(Map<String, Map<String, Tensor>> weights) {
        listener.began("fine-tune", 0,
                (long) Demo.PRETRAININGS.size() * Demo.MODES.size() * settings.labelsPerClass().size() * settings.runs());
        for (String pretraining : Demo.PRETRAININGS) {
            Tensor[] testFeatures = new Tensor[settings.runs()];
            Workers.current().forEach(settings.runs(), seed -> testFeatures[seed] = TextClassification
                    .features(start(pretraining, seed, weights).encoder(), data.test().texts()));
            for (String mode : Demo.MODES) {
                compare(pretraining, mode, weights, testFeatures);
            }
        }
        listener.ended();
    }

    /// All runs of a way to start and to learn; those with most labels first, so that threads end at nearly the same time.
    private void compare(String pretraining, String mode, Map<String, Map<String, Tensor>> weights, Tensor[] testFeatures) {
        List<Run> runs = settings.labelsPerClass().reversed().stream()
                .flatMap(labels -> IntStream.range(0, settings.runs()).mapToObj(seed -> new Run(pretraining, mode, labels, seed))).toList();
        Outcome[] outcomes = new Outcome[runs.size()];
        Workers.current().forEach(runs.size(), i -> {
            Run run = runs.get(i);
            outcomes[i] = learn(run, start(pretraining, run.seed, weights), testFeatures[run.seed]);
            synchronized (listener) {
                listener.stepped(1, Double.NaN);
            }
        });
        for (int labels : settings.labelsPerClass()) {
            List<Outcome> own = IntStream.range(0, outcomes.length).filter(i -> runs.get(i).labels == labels).mapToObj(i -> outcomes[i])
                    .toList();
            arms.add(new Arm(pretraining, mode, labels, own.stream().map(Outcome::accuracy).toList()));
            own.forEach(o -> stepTimes.computeIfAbsent(mode, m -> new ArrayList<>()).add(o.training.secondsPerStep()));
            if (measuresCurve(mode, labels)) {
                curves.add(curve(pretraining, own.stream().map(o -> o.training.curve()).toList()));
            }
            if (pretraining.equals(Demo.BOTH) && mode.equals(Demo.HALF)) {
                kept = own.getFirst().model; // the last is that of most labels
            }
        }
    }

    private boolean measuresCurve(String mode, int labels) {
        return mode.equals(Demo.FULL) && labels == settings.curveLabels();
    }

    private static Curve curve(String pretraining, List<List<TrainingResult.Point>> runs) {
        List<Integer> steps = runs.getFirst().stream().map(point -> (int) point.step()).toList();
        return new Curve(pretraining, steps, IntStream.range(0, steps.size())
                .mapToObj(i -> runs.stream().map(points -> points.get(i).metric()).toList()).toList());
    }

    /// The classifier of the new languages before fine-tuning: the head is new, the encoder is pre-trained, shuffled or new too.
    private TextClassifier start(String pretraining, int seed, Map<String, Map<String, Tensor>> weights) {
        TextClassifier model = new TextClassifier(config, data.newLanguages().size(), random.child("new").child(seed));
        if (pretraining.equals(Demo.NONE)) {
            return model;
        }
        Map<String, Tensor> encoder = pretraining.equals(Demo.SHUFFLED)
                ? shuffled(weights.getOrDefault(Demo.BOTH, Map.of()), random.child("shuffle").child(seed))
                : weights.getOrDefault(pretraining, Map.of());
        TransferReport report = Transfer.into("classifier of new languages", model.parameters()).allowMissing("head.**")
                .fromTensors(TextModelFolder.ENCODER, encoder);
        synchronized (this) {
            transfer = report;
        }
        return model;
    }

    private Outcome learn(Run run, TextClassifier model, Tensor testFeatures) {
        DemoData.Labelled few = data.few(run.labels, run.seed);
        RandomStream own = random.child("fine-tune").child(run.seed);
        if (run.mode.equals(Demo.PROBE)) {
            TrainingResult training = probe(model, few, own);
            return new Outcome(model, FeatureClassification.accuracy(model.head(), testFeatures, data.test().labels()), training);
        }
        if (run.mode.equals(Demo.HALF)) {
            freeze(model.parameters());
        }
        boolean curve = measuresCurve(run.mode, run.labels);
        TrainingResult training = fineTune(model, few, settings.stepsFor(run.labels), curve, own);
        return new Outcome(model, curve ? training.curve().getLast().metric() : test(model).score().accuracy(), training);
    }

    private TrainingResult fineTune(TextClassifier model, DemoData.Labelled few, int steps, boolean curve, RandomStream own) {
        List<ParamGroup> groups = List.of(
                ParamGroup.of(model.parameters().select("encoder.**")).rate(settings.fineTuneRate()).decay(0.01),
                ParamGroup.of(model.parameters().select("head.*")).rate(settings.headRate()).decay(0.01));
        Optimizer optimizer = Adam.adamW(groups, Schedule.linear(Math.max(1, steps / 10), steps), 1);
        TextClassification objective = new TextClassification(model, few.texts(), few.labels(), CrossEntropy.PLAIN);
        Trainer trainer = Trainer.of(objective, model.parameters(), optimizer, byLength(few.texts(), settings.fineTuneBatch(), own),
                own.child("steps"));
        if (curve) {
            trainer.validate(settings.curveEvery(), "accuracy", () -> test(model).score().accuracy());
        }
        return trainer.run(steps);
    }

    private TrainingResult probe(TextClassifier model, DemoData.Labelled few, RandomStream own) {
        Tensor features = TextClassification.features(model, few.texts());
        Parameters head = model.head().parameters();
        Optimizer optimizer = Adam.adamW(List.of(ParamGroup.of(head).rate(settings.probeRate()).decay(0.01)),
                Schedule.linear(0, settings.probeSteps()), Double.POSITIVE_INFINITY);
        Batches batches = Batches.of(few.labels().length, settings.fineTuneBatch(), own.child("batches"));
        return Trainer.of(new FeatureClassification(model.head(), features, few.labels()), head, optimizer, batches, own.child("steps"))
                .run(settings.probeSteps());
    }

    private TextClassification test(TextClassifier model) {
        return new TextClassification(model, data.test().texts(), data.test().labels(), CrossEntropy.PLAIN);
    }

    /// Freezes the embeddings and the lower half of the blocks.
    void freeze(Parameters parameters) {
        parameters.select("encoder.embedding.**").freeze();
        parameters.select("encoder.block.[0-" + (settings.frozenBlocks() - 1) + "].**").freeze();
    }

    /// Batches of texts of similar length, so that little is computed for padding.
    static Batches byLength(List<int[]> texts, int size, RandomStream own) {
        return Batches.byLength(texts.stream().mapToInt(t -> t.length).toArray(), size, own.child("batches"));
    }

    /// Each tensor's numbers in random order: the same values, without what was learnt.
    private static Map<String, Tensor> shuffled(Map<String, Tensor> weights, RandomStream random) {
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

    // ---- results ----

    List<Arm> arms() {
        return arms;
    }

    /// Learning curves of fine-tuning everything, one for each way to start.
    List<Curve> curves() {
        return curves;
    }

    /// The half-frozen classifier of the first seed and most labels, after masked language modelling and language identification.
    TextClassifier kept() {
        return kept;
    }

    /// What the last transfer loaded; it is the same for all.
    TransferReport transfer() {
        return transfer;
    }

    /// Median seconds of a step of one thread, by mode.
    Map<String, Double> secondsPerStep() {
        Map<String, Double> medians = new LinkedHashMap<>();
        stepTimes.forEach((mode, times) -> {
            double[] sorted = times.stream().mapToDouble(Double::doubleValue).toArray();
            Arrays.sort(sorted);
            medians.put(mode, sorted[sorted.length / 2]);
        });
        return medians;
    }
}
