package dev.headstart.train.tuning;

import dev.headstart.autograd.Gradients;
import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Parameters;
import dev.headstart.autograd.Variable;
import dev.headstart.optim.Optimizer;
import dev.headstart.optim.Schedule;
import dev.headstart.tensor.RandomStream;
import dev.headstart.train.Batches;
import dev.headstart.train.Objective;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// The range test for learning rates (Smith 2015, arXiv 1506.01186): a short run whose rate rises by the same factor each step, and the loss
/// at each. Ends when the smoothed loss is four times its least, or not finite. Parameters, buffers and frozen flags are as before
/// afterwards, whatever happens.
///
/// ```java
/// ParamGroups groups = ParamGroups.byDepth(parameters);
/// RateFinder found = RateFinder.run(objective, parameters, schedule -> Adam.adamW(groups.rate(1).list(), schedule, 1), batches, 100,
///         random);
/// ParamGroups tuned = groups.rate(found.suggestion());
/// ```
///
/// @param curve what was measured
/// @param suggestion the rate at which the smoothed loss falls fastest per factor of the rate; NaN when it never falls
public record RateFinder(List<Point> curve, double suggestion) {
    /// A point of the curve.
    ///
    /// @param rate factor of the groups' rates at this step: with groups of rate 1, the rate
    /// @param loss the batch's loss before the step
    /// @param smoothed exponential moving average of the loss, 0.9 of the past, corrected for its start
    public record Point(double rate, double loss, double smoothed) {}

    /// From 10⁻⁷ to 10.
    ///
    /// @param optimizer makes an optimiser with this schedule; its groups should have the rate 1
    public static RateFinder run(Objective objective, Parameters parameters, Function<Schedule, Optimizer> optimizer, Batches batches,
            int steps, RandomStream random) {
        return run(objective, parameters, optimizer, batches, steps, random, 1e-7, 10);
    }

    /// From one rate to another.
    public static RateFinder run(Objective objective, Parameters parameters, Function<Schedule, Optimizer> optimizer, Batches batches,
            int steps, RandomStream random, double low, double high) {
        if (steps < 10 || !(low > 0 && high > low)) {
            throw new IllegalArgumentException("rate finder: " + steps + " steps from " + low + " to " + high
                    + ": at least 10 steps, rates positive and rising");
        }
        Snapshot before = Snapshot.of(parameters);
        try {
            List<Point> curve = curve(objective, optimizer.apply(step -> rate(low, high, step, steps)), batches, steps, random, low, high);
            return new RateFinder(List.copyOf(curve), steepest(curve));
        } finally {
            before.restore(parameters);
        }
    }

    private static double rate(double low, double high, long step, int steps) {
        return low * StrictMath.pow(high / low, (double) step / (steps - 1));
    }

    private static List<Point> curve(Objective objective, Optimizer optimizer, Batches batches, int steps, RandomStream random, double low,
            double high) {
        List<Point> curve = new ArrayList<>();
        double average = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int step = 0; step < steps; step++) {
            RandomStream own = random.child(step);
            int[] batch = batches.batch(step);
            Variable loss = Mode.training(own.child("dropout"), () -> objective.loss(batch, own.child("objective")));
            double value = loss.value().item();
            average = 0.9 * average + 0.1 * value;
            double smoothed = average / (1 - StrictMath.pow(0.9, step + 1.0));
            least = Math.min(least, smoothed);
            if (!Double.isFinite(value) || smoothed > 4 * least) {
                break;
            }
            curve.add(new Point(rate(low, high, step, steps), value, smoothed));
            Gradients gradients = loss.backward();
            optimizer.step(gradients);
        }
        return curve;
    }

    private static double steepest(List<Point> curve) {
        double rate = Double.NaN;
        double slope = 0;
        for (int i = 1; i + 1 < curve.size(); i++) {
            double fall = curve.get(i + 1).smoothed - curve.get(i - 1).smoothed;
            if (fall < slope) {
                slope = fall;
                rate = curve.get(i).rate;
            }
        }
        return rate;
    }
}
