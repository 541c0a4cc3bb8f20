package dev.headstart.task.compare;

import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Variable;
import dev.headstart.nn.loss.CrossEntropy;
import dev.headstart.optim.Adam;
import dev.headstart.optim.Optimizer;
import dev.headstart.optim.ParamGroup;
import dev.headstart.optim.ParamGroups;
import dev.headstart.optim.Schedule;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Workers;
import dev.headstart.tensor.Workspace;
import dev.headstart.train.Batches;
import dev.headstart.train.Objective;
import dev.headstart.train.Trainer;
import dev.headstart.train.TrainingListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/// Learns one task in every way of a [Plan]. Run i of every way has the same examples, the same order of them and the same new head; only
/// what it starts from, and what may change, differ. Runs are independent, so each is one thread's work.
///
/// @param task the examples and the network
/// @param plan the ways
/// @param random of all that is drawn
public record Comparison(ComparedTask task, Plan plan, RandomStream random) {
    private static final int EVALUATION_BATCH = 50;

    /// All runs, in the order of ways, labels, seeds.
    ///
    /// @throws IOException when an example cannot be read, or the weights do not fit
    public List<Outcome> run(TrainingListener listener) throws IOException {
        List<Outcome.Run> runs = plan.runs();
        KnownFeatures known = new KnownFeatures(task.learner(Start.PRETRAINED, 0), task.training().length + task.test().length);
        listener.began("learn", 0, (long) runs.size() * plan.steps());
        Outcome[] outcomes = new Outcome[runs.size()];
        Counter counter = new Counter(listener, runs.size());
        try {
            Workers.current().forEach(outcomes.length, i -> {
                outcomes[i] = learn(runs.get(i), known, counter);
                counter.run();
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        listener.ended();
        return List.of(outcomes);
    }

    /// Steps and runs of all threads.
    private static final class Counter {
        private final TrainingListener listener;
        private final int runs;
        private int done;

        Counter(TrainingListener listener, int runs) {
            this.listener = listener;
            this.runs = runs;
        }

        synchronized void step() {
            listener.stepped(0, Double.NaN);
        }

        synchronized void run() {
            done++;
            listener.noted("runs", done + "/" + runs);
        }
    }

    private Outcome learn(Outcome.Run run, KnownFeatures known, Counter counter) {
        RandomStream own = random.child("learn").child(run.seed());
        Learner learner = learner(run);
        Optimizer optimizer = optimizer(learner, run.way());
        boolean pretrained = run.way().start() == Start.PRETRAINED;
        Function<int[], Variable> logits = examples -> learner
                .logits(pretrained && isFrozen(learner) ? known.of(examples) : learner.features(examples));
        int[] few = few(run.labels(), own.child("images"));
        int[] labels = task.training();
        Objective objective = (batch, drawn) -> {
            int[] examples = Arrays.stream(batch).map(i -> few[i]).toArray();
            return CrossEntropy.PLAIN.of(logits.apply(examples), Indices.of(Arrays.stream(examples).map(i -> labels[i]).toArray()));
        };
        Trainer trainer = Trainer.of(objective, learner.parameters(), optimizer, batches(few, own.child("batches")), own.child("steps"))
                .afterEachStep(counter::step).validate(plan.measureEvery(), "accuracy", () -> accuracy(logits));
        return new Outcome(run, trainer.run(plan.steps()));
    }

    private Learner learner(Outcome.Run run) {
        try {
            return task.learner(run.way().start(), run.seed());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Whether the body is what it was at the start: once it has learnt it is not frozen again.
    private static boolean isFrozen(Learner learner) {
        return learner.body().trainable().size() == 0;
    }

    private Optimizer optimizer(Learner learner, Plan.Way way) {
        boolean pretrained = way.start() == Start.PRETRAINED;
        ParamGroups levels = ParamGroups.byDepth(learner.parameters(), learner.head()).rate(pretrained ? plan.rate() : plan.randomRate())
                .decay(0.01);
        List<ParamGroup> groups = new ArrayList<>(levels.tuned(plan.tuning(way.learning(), levels.size())).list());
        groups.add(groups.removeLast().rate(pretrained ? plan.headRate() : plan.randomRate()));
        if (way.learning() == Learning.PARTIAL) {
            plan.frozen().forEach(pattern -> learner.parameters().select(pattern).freeze());
        }
        return Adam.adamW(groups, Schedule.linear(Math.max(1, plan.steps() / 10), plan.steps()), 1);
    }

    /// So many examples of each class, or all of a class that has fewer.
    private int[] few(int perClass, RandomStream choice) {
        int[] labels = task.training();
        return IntStream.range(0, task.labels().size()).flatMap(c -> {
            int[] own = IntStream.range(0, labels.length).filter(i -> labels[i] == c).toArray();
            return Arrays.stream(choice.child(c).permutation(own.length)).limit(perClass).map(i -> own[i]);
        }).toArray();
    }

    private Batches batches(int[] examples, RandomStream order) {
        int[] lengths = Arrays.stream(examples).map(task::length).toArray();
        int size = Math.min(plan.batch(), examples.length);
        return Arrays.stream(lengths).allMatch(length -> length == 1)
                ? Batches.of(examples.length, size, order)
                : Batches.byLength(lengths, size, order);
    }

    /// Share of the test examples that get the right label. Those of similar length are computed together.
    private double accuracy(Function<int[], Variable> logits) {
        int first = task.training().length;
        int[] labels = task.test();
        int[] order = IntStream.range(0, labels.length).boxed().sorted(Comparator.comparingInt(i -> task.length(first + i)))
                .mapToInt(Integer::intValue).toArray();
        Workspace workspace = new Workspace();
        int right = 0;
        for (int from = 0; from < order.length; from += EVALUATION_BATCH) {
            int[] some = Arrays.copyOfRange(order, from, Math.min(order.length, from + EVALUATION_BATCH));
            int[] examples = Arrays.stream(some).map(i -> first + i).toArray();
            int[] guesses = workspace.call(() -> Mode.inference(() -> logits.apply(examples).value()).argmax().toArray());
            right += (int) IntStream.range(0, some.length).filter(i -> guesses[i] == labels[some[i]]).count();
        }
        return (double) right / labels.length;
    }
}
