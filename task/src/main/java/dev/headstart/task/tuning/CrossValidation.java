package dev.headstart.task.tuning;

import dev.headstart.task.data.Evaluation;
import dev.headstart.tensor.RandomStream;
import dev.headstart.train.Trainer;
import dev.headstart.train.measure.Splits;
import dev.headstart.train.tuning.Snapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// Cross-validation: each fold of the examples is held out once, and the network is trained on the others, from the same weights each
/// time, to the last step.
///
/// @param folds measured on each
public record CrossValidation(List<Evaluation> folds) {
    /// Trains once for each fold.
    ///
    /// @param count of folds
    /// @param settings how the network is trained
    /// @param with adds to the trainer of the fold of this number a listener
    public static CrossValidation of(FinetuneTask task, int count, Function<FinetuneTask, TuningSettings> settings, RandomStream random,
            Function<Integer, UnaryOperator<Trainer>> with) throws IOException {
        Splits folds = Splits.folds(task.sides().all().labels(), count, random.child("folds"));
        Snapshot before = Snapshot.of(task.parameters());
        List<Evaluation> measured = new ArrayList<>();
        for (int fold = 0; fold < count; fold++) {
            FinetuneTask part = task.with(task.sides().fold(folds, fold));
            Tuning tuning = Tuning.of(part, settings.apply(part), random.child("fold").child(fold));
            tuning.runToTheEnd(with.apply(fold));
            measured.add(tuning.evaluation());
            tuning.removeAdditions();
            before.restore(task.parameters());
        }
        return new CrossValidation(List.copyOf(measured));
    }

    /// Mean accuracy.
    public double mean() {
        return folds.stream().mapToDouble(Evaluation::accuracy).average().orElse(Double.NaN);
    }

    /// Standard deviation of the accuracy over folds, n - 1 in the denominator.
    public double deviation() {
        double mean = mean();
        double squares = folds.stream().mapToDouble(fold -> (fold.accuracy() - mean) * (fold.accuracy() - mean)).sum();
        return Math.sqrt(squares / (folds.size() - 1));
    }
}
