package dev.headstart.cli;

import dev.headstart.task.report.Axis;
import dev.headstart.task.report.LineChart;
import dev.headstart.task.report.Numbers;
import dev.headstart.task.report.Table;
import dev.headstart.train.ModelSummary;
import dev.headstart.train.TrainingResult;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// What the reports of `pretrain` and `finetune` have in common.
final class RunReport {
    private RunReport() {}

    /// Layers, shapes, sizes, and what is frozen.
    static Table summary(ModelSummary summary) {
        Table table = new Table("").left("layer").left("parameters").right("numbers").left("frozen");
        for (ModelSummary.Row row : summary.layers()) {
            table.row(row.name(), row.shapes(), row.count(), row.frozen() ? "frozen" : "");
        }
        return table.row("all", "", summary.count(), Numbers.count(summary.frozenCount()) + " frozen");
    }

    /// The training loss over the steps.
    static LineChart loss(TrainingResult result) {
        return new LineChart("Training loss", Axis.linear("step", ""), Axis.linear("loss", "nats"),
                List.of(new LineChart.Series("training", points(result, TrainingResult.Point::loss))));
    }

    /// The validation metric over the steps.
    static LineChart accuracy(String title, TrainingResult result) {
        return new LineChart(title, Axis.linear("step", ""), Axis.percent("accuracy").fromZero(),
                List.of(new LineChart.Series("validation", points(result, TrainingResult.Point::metric))));
    }

    private static List<LineChart.Point> points(TrainingResult result, ToDoubleFunction<TrainingResult.Point> figure) {
        return result.curve().stream().map(p -> new LineChart.Point(p.step(), figure.applyAsDouble(p))).toList();
    }
}
