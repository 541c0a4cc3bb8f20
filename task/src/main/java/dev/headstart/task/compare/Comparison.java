package dev.headstart.task.compare;

import dev.headstart.optim.ParamGroups;
import dev.headstart.task.tuning.FinetuneTask;
import dev.headstart.task.tuning.Initialization;
import dev.headstart.task.tuning.SharedFeatures;
import dev.headstart.task.tuning.Tuning;
import dev.headstart.task.tuning.TuningSettings;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Workers;
import dev.headstart.train.TrainingListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Trains every variant of a [Plan]. Run i of every variant has the same examples, the same order of them and the same new head; only
/// initial weights, and which of them are trained, differ. Runs are independent, so each is one thread's work.
///
/// @param task the examples and the network
/// @param plan the variants
/// @param random of all that is sampled
public record Comparison(LabelledTask<?> task, Plan plan, RandomStream random) {
    /// All runs, in the order of ways, labels, seeds.
    ///
    /// @throws IOException when an example cannot be read, or the weights do not fit
    public List<Outcome> run(TrainingListener listener) throws IOException {
        List<Outcome.Run> runs = plan.runs();
        SharedFeatures shared = task.sharedFeatures();
        listener.began("learn", 0, (long) runs.size() * plan.steps());
        Outcome[] outcomes = new Outcome[runs.size()];
        Counter counter = new Counter(listener, runs.size());
        try {
            Workers.current().forEach(outcomes.length, i -> {
                outcomes[i] = train(runs.get(i), shared, counter);
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

    private Outcome train(Outcome.Run run, SharedFeatures shared, Counter counter) {
        try {
            RandomStream own = random.child("learn").child(run.seed());
            int[] few = few(run.labels(), own.child("images"));
            FinetuneTask tuned = task.finetuneTask(run.variant().initialization(), run.seed(), few);
            int levels = ParamGroups.byDepth(tuned.parameters(), tuned.network().head()).size();
            TuningSettings settings = plan.settings(run.variant(), levels);
            Tuning tuning = run.variant().initialization() == Initialization.PRETRAINED
                    ? Tuning.sharing(tuned, settings, shared, few, own)
                    : Tuning.alone(tuned, settings, own);
            return new Outcome(run, tuning.runMeasuring(plan.measureEvery(), trainer -> trainer.afterEachStep(counter::step)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// This many examples of each class, or all of a class that has fewer.
    private int[] few(int perClass, RandomStream choice) {
        int[] labels = task.training().labels();
        return IntStream.range(0, task.labels().size()).flatMap(c -> {
            int[] own = IntStream.range(0, labels.length).filter(i -> labels[i] == c).toArray();
            return Arrays.stream(choice.child(c).permutation(own.length)).limit(perClass).map(i -> own[i]);
        }).toArray();
    }
}
