package dev.headstart.task.tuning;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Parameters;
import dev.headstart.nn.adapt.Additions;
import dev.headstart.optim.Adam;
import dev.headstart.optim.Optimizer;
import dev.headstart.optim.ParamGroup;
import dev.headstart.optim.ParamGroups;
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
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A network that learns a task. It learns once.
public final class Tuning {
    private static final int VALIDATIONS = 10;
    private static final int EVALUATION_BATCH = 64;
    private static final int LEAST_PLANNED = 4;
    private static final int RATES = 100;
    private static final int MOST_WATCHED = 500;

    private final FinetuneTask task;
    private final TuningSettings settings;
    private final RandomStream random;
    private final Snapshot source;
    private final List<ParamGroup> groups;
    private final @Nullable Additions added;
    private final @Nullable WeightAverage average;
    private final Seen training;
    private final Seen held;
    private final Seen sample;
    private final Objectives objectives;
    private final Overfitting watched = new Overfitting(0.01);
    private double oldAccuracy = Double.NaN;

    private Tuning(FinetuneTask task, TuningSettings settings, RandomStream random, Snapshot source, List<ParamGroup> groups,
            @Nullable Additions added) throws IOException {
        this.task = task;
        this.settings = settings;
        this.random = random;
        this.source = source;
        this.groups = groups;
        this.added = added;
        this.average = settings.average() == 0 ? null : WeightAverage.exponential(moving(), settings.average());
        this.training = seen(task.training());
        this.held = seen(task.held());
        this.sample = sampled(task.held().size());
        FinetuneTask.Sides old = task.sides().old();
        this.objectives = new Objectives(task, settings, training, old == null ? null : seen(old.training()), random);
        if (settings.kept().folder() != null && !(training instanceof Seen.Kept)) {
            throw new IOException("--cache: "
                    + (training instanceof Seen.Learning ? "parameters below the head learn" : task.training().changing())
                    + ": what the head sees of an example is another thing each time, and cannot be kept");
        }
    }

    /// Prepares the network: adds what is to be added, and freezes what is to stay.
    ///
    /// @throws IOException when nothing is left to learn, or something cannot be learnt of this source
    public static Tuning of(FinetuneTask task, TuningSettings settings, RandomStream random) throws IOException {
        settings.learns().checkSteps(settings.steps());
        String needing = settings.lesson().needsHead();
        if (!task.source().headToo() && (!needing.isEmpty() || task.sides().old() != null)) {
            throw new IOException((needing.isEmpty() ? "--old-data" : needing) + ": the head is new, so the source says nothing about these"
                    + " labels: where they are the source's own, --keep-head lets its head learn on");
        }
        Snapshot source = Snapshot.of(task.parameters());
        Additions added = settings.learns() instanceof Learns.LowRank(int rank) ? lowRank(task, rank, random.child("lora")) : null;
        List<ParamGroup> groups = groups(task, settings);
        if (task.parameters().trainable().size() == 0) {
            throw new IOException("--freeze: " + settings.learns().described() + ": nothing is left to learn");
        }
        if (settings.mix() != 1 && !task.source().headToo() && settings.learns().forever() && task.body().trainable().size() == 0) {
            throw new IOException("--wise-ft: only the new head learns, which has no source: there is nothing to mix");
        }
        return new Tuning(task, settings, random, source, groups, added);
    }

    private static Additions lowRank(FinetuneTask task, int rank, RandomStream random) {
        Additions added = Additions.lora(task.network().part(), List.of("**.query", "**.value"), rank, 2.0 * rank, random);
        added.alone(task.network().head());
        return added;
    }

    /// The parameters with their rates, and from which step on they learn. What is pulled to the source does not decay towards zero too.
    private static List<ParamGroup> groups(FinetuneTask task, TuningSettings settings) {
        String pattern = task.network().head();
        TuningSettings.Rates rates = settings.rates();
        Parameters head = task.parameters().select(pattern);
        ParamGroups levels = ParamGroups.byDepth(task.parameters(), pattern).rate(rates.body()).decay(0.01);
        levels = rates.decay() == null ? levels : levels.rateDecay(rates.decay());
        return settings.learns().tuned(levels, pattern).list().stream()
                .map(group -> {
                    boolean ofHead = head.byName().keySet().containsAll(group.parameters().byName().keySet());
                    ParamGroup rated = ofHead ? group.rate(rates.head()) : group;
                    return settings.lesson().pulls(!ofHead || task.source().headToo()) ? rated.decay(0) : rated;
                }).toList();
    }

    private Seen seen(Examples examples) {
        if (!settings.learns().forever() || task.body().trainable().size() > 0) {
            return new Seen.Learning(examples);
        }
        return settings.kept().inMemory() && examples.changing().isEmpty() ? Seen.kept(examples, task.body()) : new Seen.Frozen(examples);
    }

    /// Some of the examples to learn from, as they are: as many as are held back, but not too many, evenly spread.
    private Seen sampled(int held) {
        int size = task.training().size();
        int count = Math.min(Math.min(size, held), MOST_WATCHED);
        return seen(task.training().choose(IntStream.range(0, count).map(i -> (int) ((long) i * size / count)).toArray()).plain());
    }

    /// What does not stay as it is to the end.
    private Parameters moving() {
        Map<String, Parameter> moving = new LinkedHashMap<>(task.parameters().byName());
        moving.values().removeIf(parameter -> !parameter.isTrainable() && !parameter.isBuffer());
        groups.stream().filter(group -> group.from() > 0 && learnsEver(group)).forEach(group -> moving.putAll(group.parameters().byName()));
        return Parameters.of(moving);
    }

    /// How what the head sees is come by, in a sentence.
    public String economy() {
        return switch (training) {
            case Seen.Learning _ -> "What the head sees is computed anew in each epoch, since parameters below it learn.";
            case Seen.Frozen(Examples examples) ->
                    "All below the head is frozen: it is computed without gradients and dropout, but anew in each"
                            + " epoch" + (examples.changing().isEmpty() ? "." : ", since " + examples.changing() + ".");
            case Seen.Kept _ -> "All below the head is frozen: it is computed once for each example, without dropout, and kept"
                    + (settings.kept().folder() == null ? "." : " in " + settings.kept().folder() + ".");
        };
    }

    /// What it would take when all learns that ever will. Nothing is changed. Where what the head sees is kept, this is an epoch after
    /// the first.
    ///
    /// @throws IOException when there are too few examples to try it out
    public Plan plan() throws IOException {
        int examples = task.training().size();
        if (examples < LEAST_PLANNED) {
            throw new IOException("plan: there are " + examples + " " + task.noun() + ": " + LEAST_PLANNED + " are tried out");
        }
        training.of(IntStream.range(0, LEAST_PLANNED).toArray(), random); // the first time, where there is one only
        Objective objective = objectives.of(settings.lesson().distill() == 0 ? null : objectives.silent());
        Plan plan = unfrozen(() -> Plan.of(objective, task.parameters(), 2, settings.batch(), examples, random.child("plan")));
        return average == null ? plan : plan.withCopy(moving().stream().mapToLong(p -> p.shape().size()).sum());
    }

    /// What learns, how fast, and from which step on: a row for each group of parameters, from the input to the output.
    public Table levels() {
        Table table = new Table("What learns").left("from").right("numbers").right("of them learn").right("rate").right("decay")
                .left("when");
        for (ParamGroup group : groups) {
            long learn = group.from() == 0
                    ? group.parameters().trainable().count()
                    : learnsEver(group) ? group.parameters().count() : 0;
            table.row(group.parameters().byName().keySet().iterator().next(), group.parameters().count(), learn,
                    Numbers.significant(group.rate(), 3), Numbers.significant(group.decay(), 3),
                    learn == 0 ? "never" : group.from() == 0 ? "from the start" : "from step " + group.from());
        }
        return table;
    }

    /// The loss over rising rates: the body's, with the others in proportion, or the head's where it learns alone. What learns later
    /// learns from the start. Nothing is changed.
    public RateFinder rates() throws IOException {
        double unit = headAlone() ? settings.rates().head() : settings.rates().body();
        List<ParamGroup> relative = groups.stream()
                .map(group -> group.rate(group.rate() / unit).from(learnsEver(group) ? 0 : ParamGroup.NEVER)).toList();
        Objective objective = objective();
        return unfrozen(() -> RateFinder.run(objective, task.parameters(), schedule -> Adam.adamW(relative, schedule, 1),
                task.batches(settings.batch(), random.child("batches")), RATES, random.child("rates")));
    }

    /// Whether nothing below the head ever learns.
    public boolean headAlone() {
        return settings.learns().forever() && task.body().trainable().size() == 0;
    }

    /// Computes something while all learns that ever will.
    private <T> T unfrozen(Supplier<T> what) {
        List<ParamGroup> later = groups.stream().filter(group -> group.from() > 0 && learnsEver(group)).toList();
        later.forEach(ParamGroup::unfreeze);
        try {
            return what.get();
        } finally {
            later.forEach(ParamGroup::freeze);
        }
    }

    /// The loss, with what the source says now.
    private Objective objective() throws IOException {
        settle();
        return objectives.of(settings.lesson().distill() == 0 ? null : logits(training));
    }

    private void settle() throws IOException {
        training.settle(settings.kept().folder(), EVALUATION_BATCH);
        held.settle(settings.kept().folder(), EVALUATION_BATCH);
    }

    /// Learns, measures now and then, stops when that is no better for long, and ends with the best weights.
    ///
    /// @param with adds to the trainer where it tells how far it is, and where it saves
    /// @throws IOException when what the head sees cannot be kept where it is to be
    public TrainingResult run(UnaryOperator<Trainer> with) throws IOException {
        int total = settings.steps();
        FinetuneTask.Sides old = task.sides().old();
        oldAccuracy = old == null ? Double.NaN : accuracy(seen(old.held()));
        TrainingResult result = with.apply(trainer()).validate(Math.max(1, total / VALIDATIONS), "accuracy", this::measured)
                .earlyStopping(settings.patience()).patienceFrom(lastBegins()).run(total);
        finish();
        return result;
    }

    /// The step from which all learns that learns at all.
    private long lastBegins() {
        return groups.stream().filter(this::learnsEver).mapToLong(ParamGroup::from).max().orElse(0);
    }

    private boolean learnsEver(ParamGroup group) {
        return group.from() < settings.steps();
    }

    /// Which levels would begin to learn after the last step, in a sentence; empty when none would.
    public String late() {
        List<String> late = groups.stream().filter(group -> !learnsEver(group) && group.from() != ParamGroup.NEVER)
                .map(group -> group.parameters().byName().keySet().iterator().next() + " (from step " + group.from() + ")").toList();
        return late.isEmpty()
                ? ""
                : String.format(Locale.ROOT, "The run ends at step %s: the levels of these never get to learn: %s.",
                        Numbers.count(settings.steps()),
                        String.join(", ", late));
    }

    /// Learns to the last step without looking at what is held back, which therefore measures what was learnt.
    public TrainingResult runToTheEnd(UnaryOperator<Trainer> with) throws IOException {
        TrainingResult result = with.apply(trainer()).run(settings.steps());
        finish();
        return result;
    }

    private Trainer trainer() throws IOException {
        Optimizer optimizer = Adam.adamW(groups, settings.rates().course().of(settings.steps()), 1);
        Parameters saved = task.parameters();
        if (average != null) {
            Map<String, Parameter> all = new LinkedHashMap<>(saved.byName());
            all.putAll(average.with("average").byName());
            saved = Parameters.of(all);
        }
        return Trainer
                .of(objective(), saved, optimizer, task.batches(settings.batch(), random.child("batches")), random.child("steps"))
                .accumulate(settings.accumulate()).afterEachStep(average == null ? () -> {} : average::update);
    }

    /// The accuracy of the weights that would be saved: of the average, where there is one.
    private double measured() {
        swap();
        double accuracy = watched.add(accuracy(sample), accuracy(held));
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
        if (settings.mix() != 1) {
            Parameters mixed = task.source().headToo() ? task.parameters() : task.body();
            Map<String, Tensor> before = new LinkedHashMap<>(source.values());
            before.keySet().retainAll(mixed.byName().keySet());
            new Snapshot(before, source.trainable()).mix(Snapshot.of(mixed), settings.mix(), mixed);
        }
    }

    /// Writes what was added to the network by itself to `lora` in a folder, if there is any; from then on it is part of the weights.
    public void settleAdditions(Path folder) throws IOException {
        if (added != null) {
            LoraFile.save(Files.createDirectories(folder.resolve("lora")), added, task.parameters().select(task.network().head()));
            added.merge();
        }
    }

    /// Makes the network what it was before.
    void undo() {
        if (added != null) {
            added.remove();
        }
        source.restore(task.parameters());
    }

    /// How the guesses for the held-back examples compare with the truth.
    public Evaluation evaluation() {
        return Evaluation.of(task.labels(), task.held().labels(), logits(held).argmax().toArray());
    }

    /// How good the network is now.
    public Findings findings() {
        Tensor logits = logits(held);
        int[] labels = task.held().labels();
        Evaluation evaluation = Evaluation.of(task.labels(), labels, logits.argmax().toArray());
        if (watched.points().isEmpty()) { // the run had ended before
            watched.add(accuracy(sample), evaluation.accuracy());
        }
        FinetuneTask.Sides old = task.sides().old();
        return new Findings(evaluation, Calibration.of(logits, labels), Calibration.temperature(logits, labels), watched,
                old == null ? null : Forgetting.of(oldAccuracy, accuracy(seen(old.held())), evaluation.accuracy()));
    }

    private double accuracy(Seen seen) {
        return Evaluation.of(task.labels(), seen.examples().labels(), logits(seen).argmax().toArray()).accuracy();
    }

    /// Logits of examples, `[examples, labels]`, without recording.
    private Tensor logits(Seen seen) {
        return LengthSorted.rows(seen.examples().size(), seen.examples().lengths(), task.labels().size(), EVALUATION_BATCH,
                some -> task.network().classify(seen.of(some, random)));
    }
}
