package dev.headstart.train.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Watches the gap between training and validation while a model learns. It only says; the trainer's early stopping ends a run and
/// restores the best weights. For one thread.
///
/// ```java
/// import dev.headstart.train.objective.TextClassification;
///
/// TextClassification trained = …, heldOut = …;
/// Overfitting watch = new Overfitting(0.01);
/// Trainer.of(objective, parameters, optimizer, batches, random)
///         .validate(100, "accuracy", () -> watch.add(trained.score().accuracy(), heldOut.score().accuracy()));
/// ```
public final class Overfitting {
    private final double tolerance;
    private final List<Point> points = new ArrayList<>();

    /// A measurement. Larger is better.
    ///
    /// @param training metric on examples that are trained on
    /// @param validation metric on those that are not
    public record Point(double training, double validation) {
        /// The generalisation gap.
        public double gap() {
            return training - validation;
        }
    }

    /// @param tolerance a fall of the validation metric below its best that may be noise: 0.01 for an accuracy
    public Overfitting(double tolerance) {
        this.tolerance = tolerance;
    }

    /// Takes a measurement; gives the validation metric back, for the trainer.
    public double add(double training, double validation) {
        points.add(new Point(training, validation));
        return validation;
    }

    /// The measurements.
    public List<Point> points() {
        return List.copyOf(points);
    }

    /// Index of the best validation metric, the first of equals; -1 before the first measurement.
    public int best() {
        int best = -1;
        for (int i = 0; i < points.size(); i++) {
            if (best < 0 || points.get(i).validation > points.get(best).validation) {
                best = i;
            }
        }
        return best;
    }

    /// Whether the model overfits now: validation is below its best by more than the tolerance, and training has not fallen since.
    public boolean isNow() {
        int best = best();
        return best >= 0 && points.getLast().validation < points.get(best).validation - tolerance
                && points.getLast().training >= points.get(best).training;
    }

    /// A sentence.
    @Override
    public String toString() {
        if (points.isEmpty()) {
            return "nothing was measured";
        }
        Point last = points.getLast();
        String gap = String.format(Locale.ROOT, "training %.3f, validation %.3f, gap %.3f", last.training, last.validation, last.gap());
        return isNow()
                ? gap + ": overfitting since measurement " + (best() + 1) + ": stop there, or freeze more, augment, or regularise"
                : gap;
    }
}
