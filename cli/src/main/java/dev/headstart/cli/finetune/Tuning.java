package dev.headstart.cli.finetune;

import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Parameters;
import dev.headstart.cli.data.Evaluation;
import dev.headstart.nn.CrossEntropy;
import dev.headstart.nn.adapt.Additions;
import dev.headstart.optim.Adam;
import dev.headstart.optim.Optimizer;
import dev.headstart.optim.ParamGroup;
import dev.headstart.optim.ParamGroups;
import dev.headstart.optim.Schedule;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.Workspace;
import dev.headstart.train.Objective;
import dev.headstart.train.Trainer;
import dev.headstart.train.TrainingResult;
import dev.headstart.train.measure.Plan;
import dev.headstart.train.report.Numbers;
import dev.headstart.train.report.Table;
import dev.headstart.train.tuning.Anchor;
import dev.headstart.train.tuning.Logits;
import dev.headstart.train.tuning.LoraFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A network that learns a task.
public final class Tuning {
    private static final int VALIDATIONS = 10;
    private static final int EVALUATION_BATCH = 64;
    private static final int LEAST_PLANNED = 4;

    private final FinetuneTask task;
    private final TuningSettings settings;
    private final RandomStream random;
    private final List<ParamGroup> groups;
    private final @Nullable Additions added;
    private final Seen training;
    private final Seen held;

    private Tuning(FinetuneTask task, TuningSettings settings, RandomStream random, List<ParamGroup> groups, @Nullable Additions added,
            Seen training, Seen held) {
        this.task = task;
        this.settings = settings;
        this.random = random;
        this.groups = groups;
        this.added = added;
        this.training = training;
        this.held = held;
    }

    /// Prepares the network: adds what is to be added, and freezes what is to stay.
    ///
    /// @throws IOException when nothing is left to learn
    public static Tuning of(FinetuneTask task, TuningSettings settings, RandomStream random) throws IOException {
        Additions added = settings.learns() instanceof Learns.LowRank(int rank) ? lowRank(task, rank, random.child("lora")) : null;
        List<ParamGroup> groups = groups(task, settings);
        if (task.parameters().trainable().size() == 0) {
            throw new IOException("--freeze: " + settings.learns().described() + ": nothing is left to learn");
        }
        boolean frozen = settings.learns().forever()
                && task.parameters().without(task.network().head()).trainable().size() == 0;
        Seen training = seen(task, task.training(), frozen, settings.kept());
        Seen held = seen(task, task.held(), frozen, settings.kept());
        if (settings.kept().folder() != null && !(training instanceof Seen.Kept)) {
            throw new IOException("--cache: " + (frozen ? task.training().changing() : "parameters below the head learn")
                    + ": what the head sees of an example is another thing each time, and cannot be kept");
        }
        return new Tuning(task, settings, random, groups, added, training, held);
    }

    private static Seen seen(FinetuneTask task, Examples examples, boolean frozen, TuningSettings.Kept kept) {
        return !frozen
                ? new Seen.Learning(examples)
                : !kept.inMemory() || !examples.changing().isEmpty()
                        ? new Seen.Frozen(examples)
                        : Seen.kept(examples, task.parameters().without(task.network().head()));
    }

    /// How what the head sees is come by, in a sentence.
    public String economy() {
        return switch (training) {
            case Seen.Learning _ -> "What the head sees is computed anew in each epoch, since parameters below it learn.";
            case Seen.Frozen(Examples examples) -> "All below the head is frozen: it is computed without gradients and dropout, but anew in each"
                    + " epoch" + (examples.changing().isEmpty() ? "." : ", since " + examples.changing() + ".");
            case Seen.Kept _ -> "All below the head is frozen: it is computed once for each example, without dropout, and kept"
                    + (settings.kept().folder() == null ? "." : " in " + settings.kept().folder() + ".");
        };
    }

    private static Additions lowRank(FinetuneTask task, int rank, RandomStream random) {
        Additions added = Additions.lora(task.network().part(), List.of("**.query", "**.value"), rank, 2.0 * rank, random);
        added.alone(task.network().head());
        return added;
    }

    /// The parameters with their rates, and from which step on they learn.
    private static List<ParamGroup> groups(FinetuneTask task, TuningSettings settings) {
        String pattern = task.network().head();
        Parameters head = task.parameters().select(pattern);
        ParamGroups levels = ParamGroups.byDepth(task.parameters(), pattern).rate(settings.rate()).decay(0.01);
        levels = settings.rateDecay() == null ? levels : levels.rateDecay(settings.rateDecay());
        return settings.learns().tuned(levels, pattern).list().stream()
                .map(group -> head.byName().keySet().containsAll(group.parameters().byName().keySet())
                        ? group.rate(settings.headRate())
                        : group)
                .toList();
    }

    /// What it is to learn.
    public Objective objective() {
        int[] labels = task.training().labels();
        Logits logits = (examples, draws) -> task.network().classify(training.of(examples, draws));
        Objective plain = (examples, draws) -> CrossEntropy.PLAIN.of(logits.of(examples, draws),
                Indices.of(Arrays.stream(examples).map(i -> labels[i]).toArray()));
        return settings.l2sp() == 0
                ? plain
                : Anchor.l2sp(task.parameters().without(task.network().head()).trainable(), settings.l2sp()).over(plain);
    }

    /// What it would take. Nothing is changed. Where what the head sees is kept, this is an epoch after the first.
    ///
    /// @throws IOException when there are too few examples to try it out
    public Plan plan() throws IOException {
        int examples = task.training().size();
        if (examples < LEAST_PLANNED) {
            throw new IOException("plan: there are " + examples + " " + task.network().noun() + ": " + LEAST_PLANNED + " are tried out");
        }
        training.of(IntStream.range(0, LEAST_PLANNED).toArray(), random); // the first time, where there is one only
        return Plan.of(objective(), task.parameters(), 2, settings.batch(), examples, random.child("plan"));
    }

    /// What learns, how fast, and from which step on: a row for each group of parameters, from the input to the output.
    public Table levels() {
        Table table = new Table("What learns").left("from").right("numbers").right("of them learn").right("rate").right("decay").left("when");
        for (ParamGroup group : groups) {
            long learn = group.from() == 0 ? group.parameters().trainable().count() : group.from() == ParamGroup.NEVER ? 0 : group.parameters().count();
            table.row(group.parameters().byName().keySet().iterator().next(), group.parameters().count(), learn,
                    Numbers.significant(group.rate(), 3), Numbers.significant(group.decay(), 3),
                    learn == 0 ? "never" : group.from() == 0 ? "from the start" : "from step " + group.from());
        }
        return table;
    }

    /// Learns.
    ///
    /// @param with adds to the trainer where it tells how far it is, and where it saves
    /// @throws IOException when what the head sees cannot be kept where it is to be
    public TrainingResult run(UnaryOperator<Trainer> with) throws IOException {
        training.settle(settings.kept().folder(), EVALUATION_BATCH);
        held.settle(settings.kept().folder(), EVALUATION_BATCH);
        int total = settings.steps();
        Optimizer optimizer = Adam.adamW(groups, Schedule.linear(Math.max(1, total / 10), total), 1);
        Trainer trainer = Trainer
                .of(objective(), task.parameters(), optimizer, task.batches(settings.batch(), random.child("batches")),
                        random.child("steps"))
                .accumulate(settings.accumulate()).validate(Math.max(1, total / VALIDATIONS), "accuracy", () -> evaluation().accuracy())
                .earlyStopping(settings.patience());
        return with.apply(trainer).run(total);
    }

    /// Writes the network to a folder, and what was added to it by itself too, in `lora`; from then on it is part of the weights.
    public void save(Path folder) throws IOException {
        if (added != null) {
            LoraFile.save(Files.createDirectories(folder.resolve("lora")), added, task.parameters().select(task.network().head()));
            added.merge();
        }
        task.network().save(folder, task.labels());
    }

    /// How the guesses for the held-back examples compare with the truth.
    public Evaluation evaluation() {
        return Evaluation.of(task.labels(), task.held().labels(), logits(held).argmax().toArray());
    }

    /// Logits of examples, `[examples, labels]`, without recording. Those of similar length are computed together; a row's bits do not depend
    /// on its company.
    private Tensor logits(Seen seen) {
        Examples examples = seen.examples();
        int[] lengths = examples.lengths();
        int[] order = IntStream.range(0, examples.size()).boxed().sorted(Comparator.comparingInt(i -> lengths.length == 0 ? 0 : lengths[i]))
                .mapToInt(Integer::intValue).toArray();
        int classes = task.labels().size();
        float[] all = new float[examples.size() * classes];
        Workspace workspace = new Workspace();
        for (int from = 0; from < order.length; from += EVALUATION_BATCH) {
            int[] some = Arrays.copyOfRange(order, from, Math.min(order.length, from + EVALUATION_BATCH));
            float[] rows = workspace.call(() -> Mode
                    .inference(() -> task.network().classify(seen.of(some, random)).value().toArray()));
            for (int i = 0; i < some.length; i++) {
                System.arraycopy(rows, i * classes, all, some[i] * classes, classes);
            }
        }
        return Tensor.wrap(Shape.of(examples.size(), classes), all);
    }
}
