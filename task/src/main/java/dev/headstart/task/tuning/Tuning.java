package dev.headstart.task.tuning;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Parameters;
import dev.headstart.nn.adapt.Additions;
import dev.headstart.optim.Adam;
import dev.headstart.optim.Optimizer;
import dev.headstart.optim.ParamGroup;
import dev.headstart.optim.ParamGroups;
import dev.headstart.task.data.ChosenImages;
import dev.headstart.task.data.Evaluation;
import dev.headstart.task.report.Numbers;
import dev.headstart.task.report.Table;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.Objective;
import dev.headstart.train.Trainer;
import dev.headstart.train.TrainingResult;
import dev.headstart.train.measure.Calibration;
import dev.headstart.train.measure.Forgetting;
import dev.headstart.train.measure.LengthSorted;
import dev.headstart.train.measure.Overfitting;
import dev.headstart.train.measure.Plan;
import dev.headstart.train.tuning.LoraFile;
import dev.headstart.train.tuning.RateFinder;
import dev.headstart.train.tuning.Snapshot;
import dev.headstart.train.tuning.WeightAverage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A training run of a network on labelled examples. A run is used once.
public final class Tuning {
    private static final int VALIDATIONS = 10;
    private static final int EVALUATION_BATCH = 64;
    private static final int LEAST_PLANNED = 4;
    private static final int RATES = 100;
    private static final int MOST_SAMPLED = 500;

    private final FinetuneTask task;
    private final TuningSettings settings;
    private final RandomStream random;
    private final @Nullable Snapshot source;
    private final List<ParamGroup> groups;
    private final @Nullable Additions added;
    private final @Nullable WeightAverage average;
    private final Features training;
    private final Features heldOut;
    private final Objectives objectives;
    private final SmallParts smallParts;
    private final Overfitting overfitting = new Overfitting(0.01);
    private double oldAccuracy = Double.NaN;

    private Tuning(FinetuneTask task, TuningSettings settings, RandomStream random, @Nullable SharedFeatures shared, int... places)
            throws IOException {
        this.task = task;
        this.settings = settings;
        this.random = random;
        this.source = settings.mix() == 1 ? null : Snapshot.of(task.parameters());
        this.added = lowRank(task, settings.strategy().lowRank(), random.child("lora"));
        this.groups = groups(task, settings);
        if (task.parameters().trainable().size() == 0) {
            throw new SettingException(Setting.FREEZE, settings.strategy().described() + ": nothing is left to train");
        }
        this.average = settings.average() == 0 ? null : WeightAverage.exponential(moving(), settings.average());
        this.training = shared == null ? features(task.training()) : new Features.Shared(task.training(), shared, places);
        this.heldOut = shared == null ? features(task.heldOut()) : new Features.Shared(task.heldOut(), shared, shared.test());
        FinetuneTask.Sides old = task.sides().old();
        this.objectives = new Objectives(task, settings, training, old == null ? null : features(old.training()), random);
        this.smallParts = headAlone() ? SmallParts.ALLOWED : SmallParts.of(task, settings, training, random.child("one example"));
    }

    /// Prepares the network: adds low-rank layers where the strategy has them, and freezes what is not trained.
    ///
    /// @throws SettingException when nothing is left to train, or a setting does not suit this source
    /// @throws IOException when an example cannot be read
    public static Tuning of(FinetuneTask task, TuningSettings settings, RandomStream random) throws IOException {
        settings.strategy().checkSteps(settings.steps());
        Optional<Setting> needing = settings.terms().needsHead();
        if (!task.source().headToo() && (needing.isPresent() || task.sides().old() != null)) {
            throw new SettingException(needing.orElse(Setting.OLD_EXAMPLES), "the head is new, so the source says nothing about these"
                    + " labels: where they are the source's own, keep its head");
        }
        Tuning tuning = new Tuning(task, settings, random, null);
        if (settings.mix() != 1 && !task.source().headToo() && tuning.headAlone()) {
            throw new SettingException(Setting.INTERPOLATION, "only the new head is trained, which has no source: there is nothing to mix");
        }
        if (settings.cache().folder() != null && !tuning.training.areCached()) {
            Setting changing = tuning.headAlone() ? task.training().data().changing().orElse(null) : null;
            throw new SettingException(Setting.CACHE, "", changing,
                    (changing == null ? "parameters below the head are trained" : "changes images")
                            + ": what the head sees of an example is another thing each time, and cannot be kept");
        }
        return tuning;
    }

    /// One of several runs from the same weights, which share features while the body is frozen.
    ///
    /// @param places of the examples to train on among those that are shared
    /// @throws IOException when nothing is left to train
    public static Tuning sharing(FinetuneTask task, TuningSettings settings, SharedFeatures shared, int[] places, RandomStream random)
            throws IOException {
        return new Tuning(task, settings, random, shared, places);
    }

    /// One of several runs that share nothing and measure only on the held-out examples.
    ///
    /// @throws IOException when nothing is left to train
    public static Tuning alone(FinetuneTask task, TuningSettings settings, RandomStream random) throws IOException {
        return new Tuning(task, settings, random, null);
    }

    private static @Nullable Additions lowRank(FinetuneTask task, OptionalInt rank, RandomStream random) {
        if (rank.isEmpty()) {
            return null;
        }
        Additions added = Additions.lora(task.network().part(), List.of("**.query", "**.value"), rank.getAsInt(), 2.0 * rank.getAsInt(),
                random);
        added.alone(task.network().head());
        return added;
    }

    /// The parameters with their rates, and from which step on they are trained. What is pulled to the source does not decay towards zero
    /// too.
    private static List<ParamGroup> groups(FinetuneTask task, TuningSettings settings) {
        String pattern = task.network().head();
        TuningSettings.Rates rates = settings.rates();
        Parameters head = task.parameters().select(pattern);
        ParamGroups levels = ParamGroups.byDepth(task.parameters(), pattern).rate(rates.body()).decay(0.01);
        levels = rates.decay() == null ? levels : levels.rateDecay(rates.decay());
        return settings.strategy().tuned(levels, pattern).list().stream()
                .map(group -> {
                    boolean ofHead = head.byName().keySet().containsAll(group.parameters().byName().keySet());
                    ParamGroup rated = ofHead ? group.rate(rates.head()) : group;
                    return settings.terms().pulls(!ofHead || task.source().headToo()) ? rated.decay(0) : rated;
                }).toList();
    }

    private Features features(Examples<?> examples) {
        if (!headAlone()) {
            return new Features.Trainable(examples);
        }
        boolean cached = settings.cache().inMemory() && examples.data().changing().isEmpty();
        return cached ? Features.cached(examples) : new Features.Frozen(examples);
    }

    /// Some of the examples to train on, as they are: as many as are held out, but not too many, evenly spread.
    private Features sample() {
        int size = task.training().size();
        int count = Math.min(Math.min(size, task.heldOut().size()), MOST_SAMPLED);
        return features(task.training().choose(ChosenImages.spread(size, count)).plain());
    }

    /// Parameters and buffers that do not stay as they are to the end.
    private Parameters moving() {
        Map<String, Parameter> moving = new LinkedHashMap<>(task.parameters().byName());
        moving.values().removeIf(parameter -> !parameter.isTrainable() && !parameter.isBuffer());
        groups.stream().filter(group -> group.from() > 0 && isEverTrained(group))
                .forEach(group -> moving.putAll(group.parameters().byName()));
        return Parameters.of(moving);
    }

    /// How features are computed, in a sentence.
    public String economy() {
        return economy(Setting::toString);
    }

    /// [#economy()] with the names that a user interface has for settings.
    public String economy(Function<Setting, String> names) {
        return training.economy(names, settings.cache().folder());
    }

    /// Memory and time when all is trained that ever will be. Nothing is changed. Where features are cached, this is an epoch after the
    /// first.
    ///
    /// @throws IOException when there are too few examples to measure it
    public Plan plan() throws IOException {
        int examples = task.training().size();
        if (examples < LEAST_PLANNED) {
            throw new IOException("plan: there are " + examples + " " + task.noun() + ": " + LEAST_PLANNED + " are tried out");
        }
        training.of(IntStream.range(0, LEAST_PLANNED).toArray(), random); // the first time, where there is one only
        Objective objective = objectives.of(settings.terms().distill() == 0 ? null : objectives.zeroTeacher());
        Plan plan = unfrozen(() -> Plan.of(objective, task.parameters(), 2, settings.batch(), examples, random.child("plan")));
        return average == null ? plan : plan.withCopy(moving().stream().mapToLong(p -> p.shape().size()).sum());
    }

    /// What is trained, how fast, and from which step on: a row for each group of parameters, from the input to the output.
    public Table levels() {
        Table table = new Table("What is trained").left("from").right("numbers").right("of them trained").right("rate").right("decay")
                .left("when");
        for (ParamGroup group : groups) {
            long learn = group.from() == 0
                    ? group.parameters().trainable().count()
                    : isEverTrained(group) ? group.parameters().count() : 0;
            table.row(group.parameters().byName().keySet().iterator().next(), group.parameters().count(), learn,
                    Numbers.significant(group.rate(), 3), Numbers.significant(group.decay(), 3),
                    learn == 0 ? "never" : group.from() == 0 ? "from the start" : "from step " + group.from());
        }
        return table;
    }

    /// The loss over rising rates: the body's, with the others in proportion, or the head's where it is trained alone. What is trained
    /// later is trained from the start. Nothing is changed.
    public RateFinder rates() throws IOException {
        double unit = headAlone() ? settings.rates().head() : settings.rates().body();
        List<ParamGroup> relative = groups.stream()
                .map(group -> group.rate(group.rate() / unit).from(isEverTrained(group) ? 0 : ParamGroup.NEVER)).toList();
        Objective objective = objective();
        return unfrozen(() -> RateFinder.run(objective, task.parameters(), schedule -> Adam.adamW(relative, schedule, 1),
                smallParts.of(task, settings, random.child("batches")), RATES, random.child("rates")));
    }

    /// Whether the body stays frozen.
    public boolean headAlone() {
        return settings.strategy().isFixed() && task.body().trainable().size() == 0;
    }

    /// Computes something while all is trainable that ever will be.
    private <T> T unfrozen(Supplier<T> what) {
        List<ParamGroup> later = groups.stream().filter(group -> group.from() > 0 && isEverTrained(group)).toList();
        later.forEach(ParamGroup::unfreeze);
        try {
            return what.get();
        } finally {
            later.forEach(ParamGroup::freeze);
        }
    }

    /// The loss, with the source's logits, which are computed now.
    private Objective objective() throws IOException {
        storeFeatures();
        return objectives.of(settings.terms().distill() == 0 ? null : logits(training));
    }

    private void storeFeatures() throws IOException {
        training.store(settings.cache().folder(), EVALUATION_BATCH);
        heldOut.store(settings.cache().folder(), EVALUATION_BATCH);
    }

    /// Trains, measures now and then, stops when that is no better for long, and ends with the best weights.
    ///
    /// @param with adds a listener to the trainer, and where it saves
    /// @throws IOException when features cannot be stored
    public TrainingResult run(UnaryOperator<Trainer> with) throws IOException {
        int total = settings.steps();
        FinetuneTask.Sides old = task.sides().old();
        oldAccuracy = old == null ? Double.NaN : accuracy(features(old.heldOut()));
        Features sample = sample();
        TrainingResult result = with.apply(trainer()).validate(Math.max(1, total / VALIDATIONS), "accuracy", () -> measured(sample))
                .earlyStopping(settings.patience()).patienceFrom(lastBegins()).run(total);
        finish();
        return result;
    }

    /// What is done with a last batch of too few examples, in a sentence; empty where nothing is.
    public String joined() {
        return smallParts == SmallParts.ALLOWED
                ? ""
                : "The last batch of an epoch would have too few examples for batch norm: they join the batch before.";
    }

    /// The step from which all is trained that is trained at all.
    private long lastBegins() {
        return groups.stream().filter(this::isEverTrained).mapToLong(ParamGroup::from).max().orElse(0);
    }

    private boolean isEverTrained(ParamGroup group) {
        return group.from() < settings.steps();
    }

    /// Which levels would begin to be trained after the last step, in a sentence; empty when none would.
    public String late() {
        List<String> late = groups.stream().filter(group -> !isEverTrained(group) && group.from() != ParamGroup.NEVER)
                .map(group -> group.parameters().byName().keySet().iterator().next() + " (from step " + group.from() + ")").toList();
        return late.isEmpty()
                ? ""
                : String.format(Locale.ROOT, "The run ends at step %s: the levels of these are never trained: %s.",
                        Numbers.count(settings.steps()),
                        String.join(", ", late));
    }

    /// Trains to the last step without looking at the held-out examples.
    public TrainingResult runToTheEnd(UnaryOperator<Trainer> with) throws IOException {
        TrainingResult result = with.apply(trainer()).run(settings.steps());
        finish();
        return result;
    }

    /// Trains to the last step, and measures the accuracy on the held-out examples at intervals and at the end.
    ///
    /// @param every steps between two measurements
    public TrainingResult runMeasuring(long every, UnaryOperator<Trainer> with) throws IOException {
        TrainingResult result = with.apply(trainer()).validate(every, "accuracy", () -> accuracy(heldOut)).run(settings.steps());
        finish();
        return result;
    }

    private Trainer trainer() throws IOException {
        Optimizer optimizer = Adam.adamW(groups, settings.rates().schedule().of(settings.steps()), 1);
        Parameters saved = task.parameters();
        if (average != null) {
            Map<String, Parameter> all = new LinkedHashMap<>(saved.byName());
            all.putAll(average.with("average").byName());
            saved = Parameters.of(all);
        }
        return Trainer
                .of(objective(), saved, optimizer, smallParts.of(task, settings, random.child("batches")), random.child("steps"))
                .accumulate(settings.accumulate()).afterEachStep(average == null ? () -> {} : average::update);
    }

    /// The accuracy of the weights that would be saved: of the average, where there is one.
    private double measured(Features sample) {
        swap();
        double accuracy = overfitting.add(accuracy(sample), accuracy(heldOut));
        swap();
        return accuracy;
    }

    private void swap() {
        if (average != null) {
            average.swap();
        }
    }

    /// The average takes the place of the weights, and the source's share is mixed in: not into a new head, which has no source.
    private void finish() {
        swap();
        if (source != null) {
            Parameters mixed = task.source().headToo() ? task.parameters() : task.body();
            Map<String, Tensor> before = new LinkedHashMap<>(source.values());
            before.keySet().retainAll(mixed.byName().keySet());
            new Snapshot(before, source.trainable()).mix(Snapshot.of(mixed), settings.mix(), mixed);
        }
    }

    /// Writes what was added to the network by itself to `lora` in a folder, if there is any; from then on they are part of the weights.
    public void saveAdditions(Path folder) throws IOException {
        if (added != null) {
            LoraFile.save(Files.createDirectories(folder.resolve("lora")), added, task.parameters().select(task.network().head()));
            added.merge();
        }
    }

    /// Removes what was added to the network.
    void removeAdditions() {
        if (added != null) {
            added.remove();
        }
    }

    /// How the predictions for the held-out examples compare with their labels.
    public Evaluation evaluation() {
        return Evaluation.of(task.labels(), task.heldOut().labels(), logits(heldOut).argmax().toArray());
    }

    /// How good the network is now.
    public Findings findings() {
        Tensor logits = logits(heldOut);
        int[] labels = task.heldOut().labels();
        Evaluation evaluation = Evaluation.of(task.labels(), labels, logits.argmax().toArray());
        if (overfitting.points().isEmpty()) { // the run had ended before
            overfitting.add(accuracy(sample()), evaluation.accuracy());
        }
        FinetuneTask.Sides old = task.sides().old();
        return new Findings(evaluation, Calibration.of(logits, labels), Calibration.temperature(logits, labels), overfitting,
                old == null ? null : Forgetting.of(oldAccuracy, accuracy(features(old.heldOut())), evaluation.accuracy()));
    }

    private double accuracy(Features features) {
        return Evaluation.of(task.labels(), features.examples().labels(), logits(features).argmax().toArray()).accuracy();
    }

    /// Logits of examples, `[examples, labels]`, without recording.
    private Tensor logits(Features features) {
        return LengthSorted.rows(features.examples().size(), features.examples().data().lengths(), task.labels().size(), EVALUATION_BATCH,
                some -> task.network().classify(features.of(some, random)));
    }
}
