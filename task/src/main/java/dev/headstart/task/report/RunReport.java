package dev.headstart.task.report;

import dev.headstart.train.ModelSummary;
import dev.headstart.train.TrainingResult;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// Tables and charts of a training run.
public final class RunReport {
    private RunReport() {}

    /// Layers, shapes, sizes, and what is frozen.
    public static Table summary(ModelSummary summary) {
        Table table = new Table("").left("layer").left("parameters").right("numbers").left("frozen");
        for (ModelSummary.Row row : summary.layers()) {
            table.row(row.name(), row.shapes(), row.count(), row.frozen() ? "frozen" : "");
        }
        return table.row("all", "", summary.count(), Numbers.count(summary.frozenCount()) + " frozen");
    }

    /// The training loss over the steps.
    public static LineChart loss(TrainingResult result) {
        return new LineChart("Training loss", Axis.linear("step", ""), Axis.linear("loss", "nats"),
                List.of(new LineChart.Series("training", points(result, TrainingResult.Point::loss))));
    }

    /// The validation metric over the steps.
    public static LineChart accuracy(String title, TrainingResult result) {
        return new LineChart(title, Axis.linear("step", ""), Axis.percent("accuracy").fromZero(),
                List.of(new LineChart.Series("validation", points(result, TrainingResult.Point::metric))));
    }

    private static List<LineChart.Point> points(TrainingResult result, ToDoubleFunction<TrainingResult.Point> figure) {
        return result.curve().stream().map(p -> new LineChart.Point(p.step(), figure.applyAsDouble(p))).toList();
    }
}
