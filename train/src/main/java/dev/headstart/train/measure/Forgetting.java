package dev.headstart.train.measure;

import java.util.Arrays;
import java.util.Locale;

/// What was forgotten of earlier tasks while later ones were learnt.
///
/// @param accuracy `[after task][on task]`, square: row i was measured after task i was learnt, column j on task j
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Forgetting(double[][] accuracy) {
    public Forgetting {
        int n = accuracy.length;
        if (n < 2 || Arrays.stream(accuracy).anyMatch(row -> row.length != n)) {
            throw new IllegalArgumentException("forgetting: " + n + " rows: a square of at least 2 by 2 accuracies is needed");
        }
    }

    /// An old and a new task.
    ///
    /// @param before accuracy on the old task before fine-tuning
    /// @param after accuracy on the old task after fine-tuning
    /// @param fresh accuracy on the new task after fine-tuning
    public static Forgetting of(double before, double after, double fresh) {
        return new Forgetting(new double[][] {{before, Double.NaN}, {after, fresh}});
    }

    /// Backward transfer (Lopez-Paz and Ranzato 2017, arXiv 1706.08840): the mean, over all tasks but the last, of the accuracy at the end
    /// minus that right after the task was learnt. Negative when something was forgotten.
    public double backwardTransfer() {
        int last = accuracy.length - 1;
        double sum = 0;
        for (int task = 0; task < last; task++) {
            sum += accuracy[last][task] - accuracy[task][task];
        }
        return sum / last;
    }

    /// Forgetting (Chaudhry et al. 2018, arXiv 1801.10112): the mean, over all tasks but the last, of the best accuracy there ever was before
    /// the end minus that at the end.
    public double worst() {
        int last = accuracy.length - 1;
        double sum = 0;
        for (int task = 0; task < last; task++) {
            double best = Double.NEGATIVE_INFINITY;
            for (int after = task; after < last; after++) {
                best = Math.max(best, accuracy[after][task]);
            }
            sum += best - accuracy[last][task];
        }
        return sum / last;
    }

    /// A sentence.
    @Override
    public String toString() {
        int last = accuracy.length - 1;
        return String.format(Locale.ROOT, "%s task: %.1f %% before, %.1f %% after; new task: %.1f %%; backward transfer %+.3f",
                last == 1 ? "old" : "first", 100 * accuracy[0][0], 100 * accuracy[last][0], 100 * accuracy[last][last], backwardTransfer());
    }
}
