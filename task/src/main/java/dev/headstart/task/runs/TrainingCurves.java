package dev.headstart.task.runs;

import dev.headstart.task.report.LineChart;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How one training went: figures over its steps.
///
/// @param work what was done, as the log says: `fine-tune`, `pretrain`
/// @param part which of several trainings of the run, empty when it is the only one: `layer 0`, `random weights, everything`
/// @param figures the points of each figure, by its name: `loss`, `accuracy`
record TrainingCurves(String work, String part, Map<String, List<LineChart.Point>> figures) {
    private static final String LOSS = "loss";
    private static final String RATE = "rate";

    /// The last step that has a figure; 0 when there is none.
    long steps() {
        return (long) figures.values().stream().flatMap(List::stream).mapToDouble(LineChart.Point::x).max().orElse(0);
    }

    /// The loss measured last.
    Optional<LineChart.Point> lastLoss() {
        List<LineChart.Point> losses = figures.getOrDefault(LOSS, List.of());
        return losses.isEmpty() ? Optional.empty() : Optional.of(losses.getLast());
    }

    /// What was measured to be as large as possible, if anything was.
    Optional<String> metric() {
        return figures.keySet().stream().filter(name -> !name.equals(LOSS) && !name.equals(RATE)).findFirst();
    }

    /// The largest of these.
    Optional<LineChart.Point> best() {
        return metric().flatMap(name -> figures.getOrDefault(name, List.of()).stream().filter(p -> !Double.isNaN(p.y().mean()))
                .reduce((a, b) -> b.y().mean() > a.y().mean() ? b : a));
    }
}
