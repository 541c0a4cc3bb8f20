package dev.headstart.train.measure;

import dev.headstart.autograd.Parameters;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.TrainingResult;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.ToDoubleFunction;

/// What the weights of a source gave, as against a start without them, in the measures of Taylor and Stone 2009 (JMLR 10, section 1.3): all
/// over several seeds, mean ± deviation.
///
/// @param jumpStart the metric at the first validation: with the source's weights minus without
/// @param asymptote the best metric: with minus without
/// @param stepsToTarget steps until the target metric was reached, with the source's weights; NaN when a seed never did
/// @param stepsWithout the same without
/// @param target the metric that was to be reached
public record HeadStart(Estimate jumpStart, Estimate asymptote, Estimate stepsToTarget, Estimate stepsWithout, double target) {
    /// Fewest seeds a comparison may have: below, luck decides.
    public static final int SEEDS = 5;

    /// Compares runs, of which number i of both sides had the same seed, data and budget. A control whose weights were shuffled within each
    /// tensor ([#shuffled]) shows how much of the gain is scale, and not knowledge.
    ///
    /// @throws IllegalArgumentException when there are fewer than 5 seeds, or not as many of both
    public static HeadStart compare(List<TrainingResult> with, List<TrainingResult> without, double target) {
        if (with.size() != without.size() || with.size() < SEEDS) {
            throw new IllegalArgumentException("head start: " + with.size() + " runs with, " + without.size() + " without: " + SEEDS
                    + " or more seeds of each are needed: fewer differ by luck");
        }
        return new HeadStart(difference(with, without, HeadStart::first), difference(with, without, TrainingResult::bestMetric),
                steps(with, target), steps(without, target), target);
    }

    private static double first(TrainingResult run) {
        return run.curve().stream().mapToDouble(TrainingResult.Point::metric).filter(m -> !Double.isNaN(m)).findFirst().orElse(Double.NaN);
    }

    private static Estimate difference(List<TrainingResult> with, List<TrainingResult> without, ToDoubleFunction<TrainingResult> figure) {
        double[] gains = new double[with.size()];
        Arrays.setAll(gains, i -> figure.applyAsDouble(with.get(i)) - figure.applyAsDouble(without.get(i)));
        return Estimate.meanAndDeviation(gains);
    }

    private static Estimate steps(List<TrainingResult> runs, double target) {
        return Estimate.meanAndDeviation(runs.stream().mapToDouble(run -> {
            OptionalLong step = run.curve().stream().filter(p -> p.metric() >= target).mapToLong(TrainingResult.Point::step).findFirst();
            return step.isPresent() ? step.getAsLong() : Double.NaN;
        }).toArray());
    }

    /// Label efficiency: how many times as many labels a start from scratch needs for the metric that transfer has with the fewest, on the line
    /// between measured points; infinite when scratch never gets there.
    ///
    /// @param labels numbers of labels, ascending
    /// @param with metric of transfer at each
    /// @param without metric of scratch at each
    public static double labelEfficiency(int[] labels, double[] with, double[] without) {
        double wanted = with[0];
        if (without[0] >= wanted) {
            return 1;
        }
        for (int i = 1; i < labels.length; i++) {
            if (without[i] >= wanted) {
                double part = (wanted - without[i - 1]) / (without[i] - without[i - 1]);
                return (labels[i - 1] + part * (labels[i] - labels[i - 1])) / labels[0];
            }
        }
        return Double.POSITIVE_INFINITY;
    }

    /// Whether the runs show a head start: the gain at the start or at the end is more than its deviation over the seeds, and neither is a
    /// loss of more than that.
    public boolean helps() {
        boolean gains = jumpStart.low() > 0 || asymptote.low() > 0;
        return gains && jumpStart.high() > 0 && asymptote.high() > 0;
    }

    /// A control: the weights of a model in an order of chance, tensor by tensor. Means, deviations and shapes stay, what was learnt does not.
    public static void shuffled(Parameters parameters, RandomStream random) {
        parameters.byName().forEach((name, parameter) -> {
            float[] values = parameter.value().toArray();
            int[] order = random.child(name).permutation(values.length);
            float[] other = new float[values.length];
            for (int i = 0; i < order.length; i++) {
                other[i] = values[order[i]];
            }
            parameter.value().copyInPlace(Tensor.wrap(parameter.shape(), other));
        });
    }
}
