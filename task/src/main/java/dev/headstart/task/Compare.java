package dev.headstart.task;

import dev.headstart.optim.ParamGroups;
import dev.headstart.task.compare.Comparison;
import dev.headstart.task.compare.ComparisonReport;
import dev.headstart.task.compare.LabelledTask;
import dev.headstart.task.compare.OpenedTask;
import dev.headstart.task.compare.Outcomes;
import dev.headstart.task.compare.Plan;
import dev.headstart.task.compare.TuningMode;
import dev.headstart.task.folder.FolderLock;
import dev.headstart.task.model.Pretrained;
import dev.headstart.task.report.HtmlReport;
import dev.headstart.task.report.Numbers;
import dev.headstart.task.tuning.HeadedNetwork;
import dev.headstart.task.tuning.HeadedNetworks;
import dev.headstart.task.tuning.Initialization;
import dev.headstart.task.tuning.Setting;
import dev.headstart.task.tuning.SettingException;
import dev.headstart.tensor.RandomStream;
import dev.headstart.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a pre-trained network's weights are worth on a user's own examples: the same task is trained from pre-trained, shuffled and random
/// weights, with few labels and several seeds.
///
/// ```java
/// Compare.Result result = Compare.of(pretrained, task).labels(10, 50).seeds(5).steps(100).saveIn(Path.of("worth")).run();
/// ```
///
/// A `Compare` is immutable: each method gives another one. Its bits do not depend on the number of [dev.headstart.tensor.Workers], which
/// share the runs. With a folder it writes `report.html` and `report.json`.
public final class Compare {
    private final Pretrained from;
    private final Classification<?> task;
    private final Variants variants;
    private final Size size;
    private final Rates rates;
    private final RunSettings run;

    /// What is compared.
    ///
    /// @param modes empty for full, partial and head, where the network has levels enough
    /// @param labels of each class; empty for 10 and 50, or all of the smallest class where that has fewer
    /// @param probeSteps null for a third of the steps
    /// @param gradualEvery null for as many as reach the last level after half of the steps
    private record Variants(List<TuningMode> modes, List<Integer> labels, List<String> frozen, @Nullable Integer probeSteps,
            @Nullable Integer gradualEvery) {}

    /// How much is computed.
    private record Size(int seeds, int steps, int batch, int points, int measured) {}

    /// Highest learning rates; null for what suits the network.
    private record Rates(@Nullable Double pretrained, @Nullable Double head, @Nullable Double random) {}

    private Compare(Pretrained from, Classification<?> task, Variants variants, Size size, Rates rates, RunSettings run) {
        this.from = from;
        this.task = task;
        this.variants = variants;
        this.size = size;
        this.rates = rates;
        this.run = run;
    }

    /// With 10 and 50 labels of each class, or as many as the smallest class has, 5 seeds, 100 steps of 32 examples, measured 5 times on the way.
    public static Compare of(Pretrained from, Classification<?> task) {
        return new Compare(from, task, new Variants(List.of(), List.of(), List.of(), null, null),
                new Size(5, 100, 32, 5, Integer.MAX_VALUE), new Rates(null, null, null), RunSettings.PLAIN);
    }

    private Compare with(Variants other) {
        return new Compare(from, task, other, size, rates, run);
    }

    private Compare with(Size other) {
        return new Compare(from, task, variants, other, rates, run);
    }

    private Compare with(Rates other) {
        return new Compare(from, task, variants, size, other, run);
    }

    private Compare with(RunSettings other) {
        return new Compare(from, task, variants, size, rates, other);
    }

    private static int atLeast(int least, int number, String what) {
        if (number < least) {
            throw new IllegalArgumentException("comparison: " + number + " " + what + ": at least " + least + " is needed");
        }
        return number;
    }

    private static double rated(double rate) {
        if (!(rate > 0) || Double.isInfinite(rate)) {
            throw new IllegalArgumentException("comparison: a rate of " + rate + ": a positive number is needed");
        }
        return rate;
    }

    /// The modes of fine-tuning pre-trained weights.
    public Compare modes(TuningMode... modes) {
        return with(new Variants(Arrays.stream(modes).distinct().toList(), variants.labels, variants.frozen, variants.probeSteps,
                variants.gradualEvery));
    }

    /// Examples of each class to train on, several sizes.
    public Compare labels(int... perClass) {
        atLeast(1, perClass.length, "sizes");
        return with(
                new Variants(variants.modes, Arrays.stream(perClass).map(n -> atLeast(1, n, "labels")).sorted().distinct().boxed().toList(),
                        variants.frozen, variants.probeSteps, variants.gradualEvery));
    }

    /// Parameters that keep their values in [TuningMode#PARTIAL]; the lower half of the levels unless given.
    public Compare freeze(String... patterns) {
        return with(new Variants(variants.modes, variants.labels, List.of(patterns), variants.probeSteps, variants.gradualEvery));
    }

    /// Steps of the head alone in [TuningMode#PROBE].
    public Compare probeSteps(int steps) {
        return with(new Variants(variants.modes, variants.labels, variants.frozen, atLeast(1, steps, "steps"), variants.gradualEvery));
    }

    /// Steps from one level to the next in [TuningMode#GRADUAL].
    public Compare gradualEvery(int steps) {
        return with(new Variants(variants.modes, variants.labels, variants.frozen, variants.probeSteps, atLeast(1, steps, "steps")));
    }

    /// Runs of each kind.
    public Compare seeds(int runs) {
        return with(new Size(atLeast(1, runs, "seeds"), size.steps, size.batch, size.points, size.measured));
    }

    /// Steps of each run.
    public Compare steps(int steps) {
        return with(new Size(size.seeds, atLeast(1, steps, "steps"), size.batch, size.points, size.measured));
    }

    /// Examples of a step.
    public Compare batch(int examples) {
        return with(new Size(size.seeds, size.steps, atLeast(1, examples, "examples"), size.points, size.measured));
    }

    /// Measurements on the way.
    public Compare points(int measurements) {
        return with(new Size(size.seeds, size.steps, size.batch, atLeast(1, measurements, "measurements"), size.measured));
    }

    /// At most this number of the examples to measure on, evenly spread.
    public Compare measuredOn(int most) {
        return with(new Size(size.seeds, size.steps, size.batch, size.points, atLeast(1, most, "examples")));
    }

    /// The highest learning rate of pre-trained weights.
    public Compare rate(double rate) {
        return with(new Rates(rated(rate), rates.head, rates.random));
    }

    /// The highest learning rate of a new head on them.
    public Compare headRate(double rate) {
        return with(new Rates(rates.pretrained, rated(rate), rates.random));
    }

    /// The highest learning rate of random and shuffled weights.
    public Compare randomRate(double rate) {
        return with(new Rates(rates.pretrained, rates.head, rated(rate)));
    }

    /// Where all that is random comes from: 1 unless given.
    public Compare seed(long seed) {
        return with(run.seed(seed));
    }

    /// Hears how far it is.
    public Compare listener(TrainingListener listener) {
        return with(run.listener(listener));
    }

    /// The folder for the report.
    public Compare saveIn(Path folder) {
        return with(run.saveIn(folder));
    }

    /// Called when the folder was opened.
    public Compare whenOpened(FolderHook hook) {
        return with(run.whenOpened(hook));
    }

    /// Opens the network and the examples, and looks for mistakes. Nothing is written, nothing trained.
    ///
    /// @throws IOException when something cannot be read, or does not go together
    public Prepared prepare() throws IOException {
        RandomStream random = RandomStream.of(run.seed()).child("compare");
        OpenedTask opened = task.open(from, random, size.measured);
        HeadedNetwork<?> first = opened.task().network(Initialization.PRETRAINED, 0);
        variants.frozen.forEach(pattern -> first.parameters().select(pattern)); // says so when a pattern matches nothing
        return new Prepared(opened, plan(opened.task(), ParamGroups.byDepth(first.parameters(), first.head()).size()), random);
    }

    /// Trains every variant.
    ///
    /// @throws IOException when something cannot be read or written, or does not go together
    public Result run() throws IOException {
        return prepare().run();
    }

    /// What is compared. Where a network has no more levels than a head and the rest, there is no upper part unless patterns say which.
    private Plan plan(LabelledTask<?> opened, int levels) throws IOException {
        boolean hasUpper = levels > 2 || !variants.frozen.isEmpty();
        if (!hasUpper && variants.modes.contains(TuningMode.PARTIAL)) {
            throw new SettingException(Setting.FREEZE, "for partial it must say what stays: this network's names show " + levels
                    + " levels only");
        }
        List<TuningMode> chosen = !variants.modes.isEmpty()
                ? variants.modes
                : hasUpper ? List.of(TuningMode.FULL, TuningMode.PARTIAL, TuningMode.HEAD) : List.of(TuningMode.FULL, TuningMode.HEAD);
        HeadedNetworks.Rates usual = opened.networks().usualRates();
        return new Plan(chosen, labels(opened), size.seeds, size.steps, size.batch, size.points,
                rates.pretrained == null ? usual.pretrained() : rates.pretrained, rates.head == null ? usual.head() : rates.head,
                rates.random == null ? usual.random() : rates.random, variants.frozen,
                variants.probeSteps == null ? Math.max(1, size.steps / 3) : variants.probeSteps,
                variants.gradualEvery == null ? Math.max(1, size.steps / (2 * levels)) : variants.gradualEvery);
    }

    /// How many examples of each class are trained on: no more than each class has that has any.
    private List<Integer> labels(LabelledTask<?> opened) throws IOException {
        int[] counts = new int[opened.labels().size()];
        Arrays.stream(opened.training().labels()).forEach(label -> counts[label]++);
        int smallest = IntStream.range(0, counts.length).filter(c -> counts[c] > 0).reduce((a, b) -> counts[b] < counts[a] ? b : a)
                .orElseThrow();
        int least = counts[smallest];
        if (variants.labels.isEmpty()) {
            return Stream.of(10, 50).map(n -> Math.min(n, least)).distinct().toList();
        }
        int most = variants.labels.getLast(); // they are sorted
        if (most > least) {
            throw new SettingException(Setting.LABELS, String.valueOf(most), null,
                    "class " + opened.labels().get(smallest) + " has " + counts[smallest] + " " + opened.noun() + " to train on");
        }
        return variants.labels;
    }

    /// A network and examples, ready to be compared on.
    public final class Prepared {
        private final OpenedTask opened;
        private final Plan plan;
        private final RandomStream random;

        private Prepared(OpenedTask opened, Plan plan, RandomStream random) {
            this.opened = opened;
            this.plan = plan;
            this.random = random;
        }

        /// The network and the examples.
        public OpenedTask task() {
            return opened;
        }

        /// [Compare#run].
        public Result run() throws IOException {
            Path folder = run.folder();
            if (folder == null) {
                return compared();
            }
            try (FolderLock _ = FolderLock.of(folder)) {
                run.opened().opened(folder);
                Result result = compared();
                result.report.json().write(folder.resolve("report.json"));
                result.html().write(folder.resolve("report.html"));
                return result;
            }
        }

        private Result compared() throws IOException {
            long start = System.nanoTime();
            Map<String, Object> settings = settings();
            Outcomes outcomes = new Outcomes(plan, new Comparison(opened.task(), plan, random).run(run.listener()));
            settings.put("seconds in all", Numbers.fixed((System.nanoTime() - start) * 1e-9, 1));
            return new Result(new ComparisonReport(outcomes, task.noun(), opened.task().labels().size(), settings),
                    opened.task().transfer());
        }

        private Map<String, Object> settings() {
            Map<String, Object> settings = new LinkedHashMap<>();
            settings.put("network", opened.network());
            settings.putAll(opened.facts());
            settings.put("seed", run.seed());
            settings.put("runs of each kind", size.seeds);
            settings.put("steps", size.steps);
            settings.put("batch", size.batch);
            settings.put("optimiser", "AdamW, decay 0.01, 10 % warm-up, linear to 0, clipping at norm 1");
            settings.put("rates",
                    plan.rate() + ", of the head " + plan.headRate() + "; from random or shuffled weights " + plan.randomRate());
            settings.put("frozen where the upper part learns",
                    variants.frozen.isEmpty() ? "the lower half of the levels" : String.join(", ", variants.frozen));
            settings.put("steps of the head alone in probe", plan.probeSteps());
            settings.put("steps from level to level in gradual", plan.gradualEvery());
            return settings;
        }
    }

    /// What came of it.
    ///
    /// @param report accuracies, steps, gains
    /// @param transfer what became of each tensor of the file
    public record Result(ComparisonReport report, String transfer) {
        /// The result in a sentence.
        public String headline() {
            return report.headline();
        }

        /// The result as a document.
        public HtmlReport html() {
            return report.html(transfer);
        }
    }
}
