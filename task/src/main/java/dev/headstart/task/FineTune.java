package dev.headstart.task;

import dev.headstart.task.folder.FolderLock;
import dev.headstart.task.folder.Manifest;
import dev.headstart.task.folder.RunFolder;
import dev.headstart.task.goal.Preparation;
import dev.headstart.task.model.Pretrained;
import dev.headstart.task.report.HtmlReport;
import dev.headstart.task.report.ModelCard;
import dev.headstart.task.report.Numbers;
import dev.headstart.task.report.RunReport;
import dev.headstart.task.report.Table;
import dev.headstart.task.report.TextWidth;
import dev.headstart.task.report.Version;
import dev.headstart.task.tuning.CrossValidation;
import dev.headstart.task.tuning.Findings;
import dev.headstart.task.tuning.FinetuneTask;
import dev.headstart.task.tuning.HeadedNetwork;
import dev.headstart.task.tuning.LossTerms;
import dev.headstart.task.tuning.ScheduleKind;
import dev.headstart.task.tuning.Setting;
import dev.headstart.task.tuning.Strategy;
import dev.headstart.task.tuning.Tuning;
import dev.headstart.task.tuning.TuningSettings;
import dev.headstart.tensor.RandomStream;
import dev.headstart.train.ModelSummary;
import dev.headstart.train.Trainer;
import dev.headstart.train.TrainingListener;
import dev.headstart.train.TrainingResult;
import dev.headstart.train.measure.Plan;
import dev.headstart.train.tuning.RateFinder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A pre-trained network is trained further on a user's own labels.
///
/// ```java
/// FineTune.Result result = FineTune.of(pretrained, task).freeze("layer[1-3].**").epochs(5).saveIn(Path.of("mine")).run();
/// ```
///
/// A `FineTune` is immutable: each method gives another one. It prints nothing; a listener says how far it is. It runs on the current
/// [dev.headstart.tensor.Workers], and the bits of its result do not depend on how many there are. With a folder it saves checkpoints,
/// the best network, a report and a card; run again with the same settings, it is resumed.
public final class FineTune {
    private static final int DEFAULT_EPOCHS = 5;
    private static final int LEAST_STEPS = 100;
    private static final int CHECKPOINT_EVERY = 100;

    private final Pretrained from;
    private final Classification<?> task;
    private final Preparation preparation;
    private final Training training;
    private final RunSettings run;

    /// How the network is trained.
    ///
    /// @param strategy what of it is trained, and from when on
    /// @param loss what the loss is made of besides the labels
    /// @param patience measurements in a row without gain before it stops
    /// @param average decay of the average of the weights over steps; 0 for none
    /// @param mix share of the trained weights in those that are saved; 1 for all
    /// @param cache whether features below a frozen body are computed once
    private record Training(Strategy strategy, Length length, Rates rates, LossTerms loss, int patience, double average, double mix,
            TuningSettings.Cache cache) {}

    /// How long it is trained.
    ///
    /// @param steps at most; null for the epochs
    /// @param epochs passes through the examples; null for 5, but at least 100 steps
    /// @param batch examples of a step
    /// @param parts that a batch is computed in
    private record Length(@Nullable Integer steps, @Nullable Integer epochs, int batch, int parts) {
        int steps(int examples) {
            int perEpoch = Math.ceilDiv(examples, batch);
            if (steps != null) {
                return steps;
            }
            return epochs != null ? Math.multiplyExact(epochs, perEpoch) : Math.max(LEAST_STEPS, DEFAULT_EPOCHS * perEpoch);
        }
    }

    /// Highest learning rates; null for what suits the network.
    ///
    /// @param decay each level's rate as a share of the one above; null for all the same
    private record Rates(@Nullable Double body, @Nullable Double head, @Nullable Double decay, ScheduleKind schedule) {
        TuningSettings.Rates of(HeadedNetwork<?> network) {
            double rate = body == null ? network.usualRate() : body;
            return new TuningSettings.Rates(rate, head == null ? network.usualHeadRate(rate) : head, decay, schedule);
        }
    }

    private FineTune(Pretrained from, Classification<?> task, Preparation preparation, Training training, RunSettings run) {
        this.from = from;
        this.task = task;
        this.preparation = preparation;
        this.training = training;
        this.run = run;
    }

    /// Everything is trained, for 5 epochs or 100 steps, whichever is more, in batches of 32.
    public static FineTune of(Pretrained from, Classification<?> task) {
        return new FineTune(from, task, Preparation.PLAIN,
                new Training(new Strategy.Everything(), new Length(null, null, 32, 1), new Rates(null, null, null, ScheduleKind.LINEAR),
                        new LossTerms(0, task.mixup(), 0, 0, 0, 0), 4, 0, 1, new TuningSettings.Cache(true, null)),
                RunSettings.PLAIN);
    }

    private FineTune with(Training other) {
        return new FineTune(from, task, preparation, other, run);
    }

    private FineTune with(RunSettings other) {
        return new FineTune(from, task, preparation, training, other);
    }

    private static void demand(boolean holds, String sentence) {
        if (!holds) {
            throw new IllegalArgumentException("fine-tuning: " + sentence);
        }
    }

    /// How the network is made ready: its head kept, its weights random, its dropout changed.
    public FineTune prepared(Preparation how) {
        return new FineTune(from, task, how, training, run);
    }

    /// What of the network is trained, and from when on.
    public FineTune strategy(Strategy strategy) {
        Training t = training;
        return with(new Training(strategy, t.length, t.rates, t.loss, t.patience, t.average, t.mix, t.cache));
    }

    /// Parameters whose names match one of these patterns keep their values: `layer[1-3].**`.
    public FineTune freeze(String... patterns) {
        return strategy(new Strategy.AllBut(List.of(patterns)));
    }

    /// Only the head is trained; what it gets of each example is computed once.
    public FineTune headOnly() {
        return strategy(new Strategy.Head());
    }

    /// The number of steps, at most.
    public FineTune steps(int steps) {
        demand(steps >= 1, steps + " steps: at least 1 is needed");
        return with(new Length(steps, null, training.length.batch, training.length.parts));
    }

    /// The number of passes through the examples.
    public FineTune epochs(int epochs) {
        demand(epochs >= 1, epochs + " epochs: at least 1 is needed");
        return with(new Length(null, epochs, training.length.batch, training.length.parts));
    }

    private FineTune with(Length length) {
        Training t = training;
        return with(new Training(t.strategy, length, t.rates, t.loss, t.patience, t.average, t.mix, t.cache));
    }

    /// Examples of a step.
    public FineTune batch(int examples) {
        return batch(examples, 1);
    }

    /// Examples of a step, computed in parts one after the other: it takes the memory of one part.
    public FineTune batch(int examples, int parts) {
        demand(parts >= 1 && examples >= parts, "a batch of " + examples + " in " + parts + " parts: a part is at least one example");
        return with(new Length(training.length.steps, training.length.epochs, examples, parts));
    }

    /// The highest learning rate.
    public FineTune rate(double rate) {
        demand(rate > 0 && Double.isFinite(rate), "a rate of " + rate + ": a positive number is needed");
        return with(new Rates(rate, training.rates.head, training.rates.decay, training.rates.schedule));
    }

    /// The highest learning rate of the head.
    public FineTune headRate(double rate) {
        demand(rate > 0 && Double.isFinite(rate), "a rate of " + rate + ": a positive number is needed");
        return with(new Rates(training.rates.body, rate, training.rates.decay, training.rates.schedule));
    }

    /// Each level's rate is this share of the one above it (Howard and Ruder 2018, section 3.2).
    public FineTune rateDecay(double share) {
        demand(share > 0 && share <= 1, "a share of " + share + ": it must be above 0, at most 1");
        return with(new Rates(training.rates.body, training.rates.head, share, training.rates.schedule));
    }

    /// How the rates change over the steps.
    public FineTune schedule(ScheduleKind schedule) {
        return with(new Rates(training.rates.body, training.rates.head, training.rates.decay, schedule));
    }

    private FineTune with(Rates rates) {
        Training t = training;
        return with(new Training(t.strategy, t.length, rates, t.loss, t.patience, t.average, t.mix, t.cache));
    }

    /// What the loss is made of besides the labels.
    public FineTune loss(LossTerms terms) {
        Training t = training;
        return with(new Training(t.strategy, t.length, t.rates, terms, t.patience, t.average, t.mix, t.cache));
    }

    /// It stops after this number of measurements in a row without gain. There is one every tenth of the steps.
    public FineTune patience(int measurements) {
        demand(measurements >= 1, "a patience of " + measurements + ": at least 1 is needed");
        Training t = training;
        return with(new Training(t.strategy, t.length, t.rates, t.loss, measurements, t.average, t.mix, t.cache));
    }

    /// What is measured and saved is an exponential moving average of the weights, of which this share is kept in each step.
    public FineTune average(double decay) {
        demand(decay >= 0 && decay < 1, "an average with decay " + decay + ": it must be at least 0 and below 1");
        Training t = training;
        return with(new Training(t.strategy, t.length, t.rates, t.loss, t.patience, decay, t.mix, t.cache));
    }

    /// The saved weights lie between the source's, 0, and the trained ones, 1 (WiSE-FT, Wortsman et al. 2022); a new head is as trained.
    public FineTune mix(double share) {
        demand(share >= 0 && share <= 1, "a share of " + share + ": it must be from 0 to 1");
        Training t = training;
        return with(new Training(t.strategy, t.length, t.rates, t.loss, t.patience, t.average, share, t.cache));
    }

    /// Whether what a head gets of an example is computed once where all below it is frozen, and kept in a folder for later runs. The bits
    /// are the same.
    public FineTune features(TuningSettings.Cache cache) {
        Training t = training;
        return with(new Training(t.strategy, t.length, t.rates, t.loss, t.patience, t.average, t.mix, cache));
    }

    /// Where all that is random comes from: 1 unless given.
    public FineTune seed(long seed) {
        return with(run.seed(seed));
    }

    /// Hears how far it is.
    public FineTune listener(TrainingListener listener) {
        return with(run.listener(listener));
    }

    /// It stops after the step in which this becomes true, by a [StoppedException].
    public FineTune stopWhen(BooleanSupplier stop) {
        return with(run.stopWhen(stop));
    }

    /// The folder for the network, its report, its card and checkpoints.
    public FineTune saveIn(Path folder) {
        return with(run.saveIn(folder));
    }

    /// Steps between two checkpoints: 100 unless given.
    ///
    /// @throws IllegalArgumentException below 1
    public FineTune checkpointEvery(int steps) {
        return with(run.checkpointEvery(steps));
    }

    /// Whether checkpoints in the folder are deleted instead of resumed.
    public FineTune restart(boolean restart) {
        return with(run.restart(restart));
    }

    /// Called when the folder was opened.
    public FineTune whenOpened(FolderHook hook) {
        return with(run.whenOpened(hook));
    }

    private RandomStream random() {
        return RandomStream.of(run.seed()).child("fine-tune");
    }

    private TuningSettings settings(FinetuneTask open) {
        Training t = training;
        return new TuningSettings(t.strategy, t.loss, t.length.steps(open.training().size()), t.length.batch, t.length.parts,
                t.rates.of(open.network()), t.patience, t.average, t.mix, t.cache);
    }

    /// Builds the network, reads the examples, and looks for mistakes. Nothing is written, nothing trained.
    ///
    /// @throws IOException when something cannot be read, or does not go together
    public Prepared prepare() throws IOException {
        run.checkFolder(from.folder());
        FinetuneTask open = task.session(from, preparation, random());
        return new Prepared(open, settings(open));
    }

    /// Trains, and measures.
    ///
    /// @throws IOException when something cannot be read or written, or does not go together
    /// @throws StoppedException when it was asked to stop
    public Result run() throws IOException {
        return prepare().run();
    }

    /// Trains once for each fold, without it, and measures on it. Nothing is saved.
    ///
    /// @param folds at least 2
    public CrossValidation crossValidate(int folds) throws IOException {
        return prepare().crossValidate(folds);
    }

    /// A network and examples, ready to be trained on: once.
    public final class Prepared {
        private final FinetuneTask open;
        private final TuningSettings settings;
        private @Nullable Tuning tuning;
        private boolean ran;

        private Prepared(FinetuneTask open, TuningSettings settings) {
            this.open = open;
            this.settings = settings;
        }

        private Tuning tuning() throws IOException {
            Tuning known = tuning == null ? Tuning.of(open, settings, random()) : tuning;
            tuning = known;
            return known;
        }

        /// The network and the examples.
        public FinetuneTask task() {
            return open;
        }

        /// How it will be trained.
        public TuningSettings settings() {
            return settings;
        }

        /// What is done to examples that are not as the network takes them, in sentences.
        public List<String> notes() {
            return open.source().notes();
        }

        /// Warnings: of what is measured although it is trained on, and of batches that are changed.
        public List<String> leaks() throws IOException {
            List<String> warnings = new ArrayList<>(open.leaks(settings.terms().rehearse() > 0));
            String joined = tuning().joined();
            if (!joined.isEmpty()) {
                warnings.add(joined);
            }
            return warnings;
        }

        /// Warnings of what folds measure although it is trained on.
        public List<String> foldLeaks() throws IOException {
            return open.foldLeaks(settings.terms().rehearse() > 0);
        }

        /// Layers, shapes, sizes, and what is frozen at the start.
        public ModelSummary summary() throws IOException {
            tuning();
            return ModelSummary.of(open.parameters());
        }

        /// What is trained, how fast, and from which step on.
        public Table levels() throws IOException {
            return tuning().levels();
        }

        /// How the head's inputs are computed, in a sentence.
        public String economy() throws IOException {
            return economy(Setting::toString);
        }

        /// [#economy()] with the names that a user interface has for settings.
        public String economy(Function<Setting, String> names) throws IOException {
            return tuning().economy(names);
        }

        /// Which levels would begin to be trained after the last step, in a sentence; empty when none would.
        public String late() throws IOException {
            return tuning().late();
        }

        /// What it would take.
        public Plan plan() throws IOException {
            return tuning().plan();
        }

        /// The loss over rising rates. Nothing is changed.
        public RateFinder rates() throws IOException {
            return tuning().rates();
        }

        /// Whether nothing below the head is ever trained.
        public boolean headAlone() throws IOException {
            return tuning().headAlone();
        }

        /// [FineTune#crossValidate].
        public CrossValidation crossValidate(int folds) throws IOException {
            Function<FinetuneTask, TuningSettings> chosen = FineTune.this::settings;
            return CrossValidation.of(open, folds, chosen, random(),
                    fold -> trainer -> trainer.named("fold " + (fold + 1) + " of " + folds).listener(run.listener()));
        }

        /// [FineTune#run].
        ///
        /// @throws IllegalStateException the second time: the network is trained already
        public Result run() throws IOException {
            if (ran) {
                throw new IllegalStateException("fine-tuning: this network is trained already: prepare another");
            }
            ran = true;
            Path folder = run.folder();
            if (folder == null) {
                return trained(null);
            }
            try (FolderLock _ = FolderLock.of(folder)) {
                return trained(folder);
            }
        }

        private Result trained(@Nullable Path folder) throws IOException {
            Tuning tuned = tuning();
            ModelSummary summary = summary();
            Map<String, Object> facts = facts();
            UnaryOperator<Trainer> saving = UnaryOperator.identity();
            if (folder != null) {
                RunFolder saved = RunFolder.open(folder, facts, run.restart(), run.listener());
                run.opened().opened(folder);
                Integer given = run.checkpointEvery();
                int every = given == null ? CHECKPOINT_EVERY : given;
                saving = trainer -> trainer.metrics(saved.metrics()).checkpoints(saved.checkpoints(), every);
            }
            UnaryOperator<Trainer> with = saving;
            TrainingResult trained = tuned
                    .run(trainer -> with.apply(trainer.named("fine-tune").listener(run.listener())).stopWhen(run.stop()));
            if (trained.interrupted()) {
                throw new StoppedException(trained.steps(), settings.steps(), folder);
            }
            if (folder == null) {
                return new Result(open, trained, tuned.findings(), summary, facts);
            }
            List<Result> results = new ArrayList<>();
            Manifest.publish(folder, () -> {
                tuned.saveAdditions(folder);
                Result result = new Result(open, trained, tuned.findings(), summary, facts);
                save(result, folder);
                results.add(result);
            });
            return results.getFirst();
        }

        private void save(Result result, Path folder) throws IOException {
            ModelCard card = card(result);
            open.save(folder, card.metadata());
            Files.writeString(folder.resolve("README.md"), card.markdown());
            result.report().write(folder.resolve("report.html"));
        }

        private ModelCard card(Result result) {
            Map<String, String> texts = new LinkedHashMap<>();
            result.settings().forEach((name, value) -> texts.put(name, String.valueOf(value)));
            Path source = Path.of(open.source().name()).getFileName();
            return new ModelCard(open.source().architecture() + " for " + TextWidth.cut(String.join(", ", open.labels()), 60),
                    open.source().architecture(), preparation.randomWeights() ? "random" : String.valueOf(source),
                    open.noun() + ", " + open.examples(), open.source().data(), run.seed(), Version.current(),
                    ModelCard.hash(open.parameters()), texts, result.findings().metrics(),
                    "It was measured on " + Numbers.count(open.heldOut().size()) + " " + open.noun()
                            + " like those it was trained on. What it does with others is not known.");
        }

        /// What must be the same when a run is resumed.
        private Map<String, Object> facts() {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("seed", run.seed());
            facts.putAll(settings.facts());
            @Nullable
            Double dropout = preparation.dropout();
            facts.put("dropout", dropout == null ? "as pre-trained" : dropout);
            facts.put("weights", preparation.randomWeights() ? "random" : "pre-trained");
            facts.put("head", preparation.keepHead() ? "the network's own" : "new, or of the same labels");
            facts.put("augmentation", task.augmentations());
            facts.putAll(open.source().facts());
            from.part().ifPresent(part -> facts.put("part of the weights", part));
            return facts;
        }
    }

    /// What came of it.
    ///
    /// @param task the network, with the best weights, and the examples
    /// @param training how it went
    /// @param findings how good the network is
    /// @param summary layers and sizes, and what was frozen at the start
    /// @param settings what the result depends on, by name
    public record Result(FinetuneTask task, TrainingResult training, Findings findings, ModelSummary summary,
            Map<String, Object> settings) {
        /// The share of held-out examples whose label is found.
        public double accuracy() {
            return findings.evaluation().accuracy();
        }

        /// The result in a sentence.
        public String headline() {
            return String.format(Locale.ROOT, "%s of %s held-out %s get the right label, after %s steps%s.", Numbers.percent(accuracy()),
                    Numbers.count(findings.evaluation().count()), task.noun(), Numbers.count(training.bestStep()),
                    training.steps() > training.bestStep() ? " (the best of " + Numbers.count(training.steps()) + ")" : "");
        }

        /// The result as a document.
        public HtmlReport report() {
            HtmlReport report = new HtmlReport("Headstart: fine-tuning").headline(headline());
            report.section("Labels").table(findings.evaluation().perClass()).table(findings.evaluation().confusion());
            report.section("Trust");
            training.divergence().ifPresent(said -> report.paragraph("Warning: " + said + ": lower the rate."));
            findings.sentences().forEach(report::paragraph);
            report.section("Learning curves").charts(RunReport.loss(training),
                    RunReport.accuracy("Held-out " + task.noun(), training));
            report.section("Transfer").preformatted(task.source().transfer());
            report.section("Model").table(RunReport.summary(summary));
            Map<String, Object> all = new LinkedHashMap<>(settings);
            all.put("examples", task.examples());
            all.put("seconds per step, median", Numbers.significant(training.secondsPerStep(), 3));
            return report.section("Settings").settings("Settings", all);
        }
    }
}
