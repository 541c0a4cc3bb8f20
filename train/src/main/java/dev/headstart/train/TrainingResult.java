package dev.headstart.train;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// How a training went.
///
/// @param steps steps taken, all resumed ones included
/// @param stoppedEarly whether validation ended it before its last step
/// @param bestStep the step whose parameters the model has now, when validation was used: the last otherwise
/// @param secondsPerStep median time of one step of this run, validation apart, in seconds; NaN when no step was taken
/// @param curve what was measured on the way
/// @param interrupted whether it was asked to stop before its last step: a checkpoint was saved, if there are any, and the parameters are those
/// of the last step taken
public record TrainingResult(long steps, boolean stoppedEarly, long bestStep, double secondsPerStep, List<Point> curve,
        boolean interrupted) {
    /// A training that nobody asked to stop.
    public TrainingResult(long steps, boolean stoppedEarly, long bestStep, double secondsPerStep, List<Point> curve) {
        this(steps, stoppedEarly, bestStep, secondsPerStep, curve, false);
    }

    /// A point of the learning curve.
    ///
    /// @param step after how many steps
    /// @param loss mean training loss since the point before
    /// @param metric the validation metric, NaN where it was not measured
    public record Point(long step, double loss, double metric) {}

    /// Where the loss grew instead of falling: by more than its least value so far, and by more than 1, at the end of the curve. A sentence;
    /// empty where it did not.
    public Optional<String> divergence() {
        List<Point> measured = curve.stream().filter(point -> !Double.isNaN(point.loss)).toList();
        if (measured.size() < 2) {
            return Optional.empty();
        }
        Point last = measured.getLast();
        Point least = measured.stream().min(Comparator.comparingDouble(Point::loss)).orElseThrow();
        return last.loss - least.loss > Math.max(1, Math.abs(least.loss))
                ? Optional.of(String.format(Locale.ROOT, "the loss diverged: %.3g at step %d, %.3g at step %d", least.loss, least.step,
                        last.loss, last.step))
                : Optional.empty();
    }

    /// The best validation metric; NaN without validation.
    public double bestMetric() {
        return curve.stream().mapToDouble(Point::metric).filter(m -> !Double.isNaN(m)).max().orElse(Double.NaN);
    }
}
