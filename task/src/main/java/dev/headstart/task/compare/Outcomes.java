package dev.headstart.task.compare;

import dev.headstart.task.report.LineChart;
import dev.headstart.task.tuning.Initialization;
import dev.headstart.train.TrainingResult;
import dev.headstart.train.measure.Estimate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// All runs of a comparison, and their means over seeds.
///
/// @param plan what was compared
/// @param all what came of each run
public record Outcomes(Plan plan, List<Outcome> all) {
    public Outcomes {
        all = List.copyOf(all);
    }

    /// How the runs of a variant went, by seed.
    List<TrainingResult> of(Plan.Variant variant, int labels) {
        return all.stream().filter(o -> o.run().variant().equals(variant) && o.run().labels() == labels).map(Outcome::training).toList();
    }

    /// Accuracy at the end.
    Estimate accuracy(Plan.Variant variant, int labels) {
        return Estimate.meanAndDeviation(of(variant, labels).stream().mapToDouble(run -> run.curve().getLast().metric()).toArray());
    }

    /// The best variant of an initialization, with this many labels.
    Plan.Variant best(Initialization start, int labels) {
        return plan.variants().stream().filter(variant -> variant.initialization() == start)
                .max(Comparator.comparingDouble(variant -> accuracy(variant, labels).mean()))
                .orElseThrow();
    }

    /// Whether no variant is better than this one.
    boolean isBest(Plan.Variant variant, int labels) {
        return plan.variants().stream().allMatch(other -> accuracy(other, labels).mean() <= accuracy(variant, labels).mean());
    }

    /// Accuracy on the way.
    List<LineChart.Point> curve(Plan.Variant variant, int labels) {
        List<TrainingResult> runs = of(variant, labels);
        List<TrainingResult.Point> first = runs.getFirst().curve();
        List<LineChart.Point> points = new ArrayList<>();
        for (int i = 0; i < first.size(); i++) {
            int at = i;
            points.add(new LineChart.Point(first.get(i).step(),
                    Estimate.meanAndDeviation(runs.stream().mapToDouble(run -> run.curve().get(at).metric()).toArray())));
        }
        return points;
    }
}
