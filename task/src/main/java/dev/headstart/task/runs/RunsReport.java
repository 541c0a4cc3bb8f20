package dev.headstart.task.runs;

import dev.headstart.task.report.Axis;
import dev.headstart.task.report.HtmlReport;
import dev.headstart.task.report.LineChart;
import dev.headstart.task.report.Numbers;
import dev.headstart.task.report.Table;
import dev.headstart.task.report.TextWidth;
import dev.headstart.train.measure.Estimate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Several runs: results and differing settings as tables, learning curves over each other.
///
/// @param runs at least one
public record RunsReport(List<RunRecord> runs) {
    private static final String NOTHING = "-";

    public RunsReport {
        runs = List.copyOf(runs);
    }

    private boolean several() {
        return runs.size() > 1;
    }

    /// A line for every training.
    public Table results() {
        Table table = new Table("A line for each training").left("run").left("training").right("steps").right("last loss").left("best")
                .right("").right("at step");
        for (RunRecord run : runs) {
            for (TrainingCurves training : run.curves()) {
                String metric = training.metric().orElse(NOTHING);
                table.row(run.name(), described(training), training.steps(),
                        training.lastLoss().map(p -> Numbers.significant(p.y().mean(), 4)).orElse(NOTHING), metric,
                        training.best().map(p -> share(metric) ? Numbers.percent(p.y()) : Numbers.significant(p.y().mean(), 4))
                                .orElse(NOTHING),
                        training.best().map(p -> Numbers.count((long) p.x())).orElse(NOTHING));
            }
            if (run.curves().isEmpty()) {
                table.row(run.name(), "(no figures yet)", 0, NOTHING, NOTHING, NOTHING, NOTHING);
            }
        }
        return table;
    }

    private static String described(TrainingCurves training) {
        return training.part().isEmpty() ? training.work() : training.work() + ", " + training.part();
    }

    /// Whether a figure is a share of 1.
    private static boolean share(String figure) {
        return figure.equals("accuracy") || figure.equals("explained");
    }

    /// The settings that are not the same in all runs, a column for each run; all settings when there is one run.
    ///
    /// @param most characters of a value
    public Table settings(int most) {
        Set<String> names = new LinkedHashSet<>();
        runs.forEach(run -> names.addAll(run.settings().keySet()));
        Table table = new Table(several() ? "Settings that differ" : "Settings").left("setting");
        runs.forEach(run -> table.left(run.name()));
        for (String name : names) {
            List<String> values = runs.stream().map(run -> run.settings().getOrDefault(name, NOTHING)).toList();
            if (!several() || values.stream().distinct().count() > 1) {
                List<Object> row = new ArrayList<>(List.of(name));
                values.forEach(value -> row.add(TextWidth.cut(value, most)));
                table.row(row.toArray());
            }
        }
        return table;
    }

    /// A chart for each figure of each kind of work, with the trainings of all runs; the learning rate comes last.
    List<LineChart> charts() {
        Map<String, List<LineChart.Series>> charts = new LinkedHashMap<>();
        for (RunRecord run : runs) {
            for (TrainingCurves training : run.curves()) {
                training.figures().forEach((figure, points) -> charts
                        .computeIfAbsent(figure + ", " + training.work(), c -> new ArrayList<>())
                        .add(new LineChart.Series(label(run, training), points.stream().map(RunsReport::drawable).toList())));
            }
        }
        return charts.entrySet().stream().sorted((a, b) -> Boolean.compare(isRate(a.getKey()), isRate(b.getKey())))
                .map(chart -> chart(chart.getKey(), chart.getValue())).toList();
    }

    private static boolean isRate(String title) {
        return title.startsWith("rate, ");
    }

    private static LineChart.Point drawable(LineChart.Point point) {
        return Double.isFinite(point.y().mean()) ? point : new LineChart.Point(point.x(), Estimate.of(Double.NaN));
    }

    private String label(RunRecord run, TrainingCurves training) {
        if (!several()) {
            return training.part().isEmpty() ? training.work() : training.part();
        }
        return training.part().isEmpty() ? run.name() : run.name() + ": " + training.part();
    }

    private static LineChart chart(String title, List<LineChart.Series> series) {
        String figure = title.substring(0, title.indexOf(','));
        Axis axis = share(figure) ? Axis.percent(figure).fromZero() : Axis.linear(figure, "");
        return new LineChart(Character.toUpperCase(title.charAt(0)) + title.substring(1), Axis.linear("step", ""), axis, series);
    }

    /// The whole report.
    public HtmlReport html() {
        String names = runs.stream().map(RunRecord::name).collect(Collectors.joining(", "));
        HtmlReport report = new HtmlReport("Headstart: " + (several() ? "runs side by side" : names));
        report.section("Results");
        runs.stream().filter(run -> !run.headline().isEmpty())
                .forEach(run -> report.paragraph((several() ? run.name() + ": " : "") + run.headline()));
        report.table(results());
        report.section("Learning curves").charts(charts());
        report.section("Settings").table(settings(Integer.MAX_VALUE));
        if (several()) {
            runs.forEach(run -> report.details("All settings of " + run.name(), inner -> inner.settings(run.name(), run.settings())));
        }
        return report;
    }
}
