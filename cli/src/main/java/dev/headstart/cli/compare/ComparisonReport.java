package dev.headstart.cli.compare;

import dev.headstart.io.Json;
import dev.headstart.train.TrainingResult;
import dev.headstart.train.report.Axis;
import dev.headstart.train.report.Estimate;
import dev.headstart.train.report.HtmlReport;
import dev.headstart.train.report.LineChart;
import dev.headstart.train.report.Numbers;
import dev.headstart.train.report.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/// What a comparison found: the same figures as tables, as `report.html` and as `report.json`.
///
/// @param plan what was compared
/// @param outcomes of all runs
/// @param classes number of classes
/// @param settings everything that was set, by name
public record ComparisonReport(Plan plan, List<Outcome> outcomes, int classes, Map<String, ?> settings) {
    private List<Outcome> of(Plan.Way way, int labels) {
        return outcomes.stream().filter(o -> o.run().way().equals(way) && o.run().labels() == labels).toList();
    }

    private Estimate accuracy(Plan.Way way, int labels) {
        return Estimate.meanAndDeviation(of(way, labels).stream().mapToDouble(Outcome::accuracy).toArray());
    }

    /// The best way with so many labels that starts so.
    private Plan.Way best(Start start, int labels) {
        return plan.ways().stream().filter(way -> way.start() == start).max(Comparator.comparingDouble(way -> accuracy(way, labels).mean()))
                .orElseThrow();
    }

    /// The result in a sentence, whichever way it went.
    public String headline() {
        int few = plan.labels().getFirst();
        Plan.Way pretrained = best(Start.PRETRAINED, few);
        Estimate with = accuracy(pretrained, few);
        Estimate without = accuracy(best(Start.RANDOM, few), few);
        double spread = Math.max(with.high() - with.mean(), without.high() - without.mean());
        String verdict = Math.abs(with.mean() - without.mean()) <= spread
                ? "no difference that the spread would let one see"
                : with.mean() > without.mean() ? "the head start helps" : "the head start harms";
        return "With %d images per class: %s from pre-trained weights (%s learns), %s from random ones, %s by guessing: %s.".formatted(few,
                Numbers.percent(with), pretrained.learning(), Numbers.percent(without), Numbers.percent(1.0 / classes), verdict);
    }

    /// Accuracy of every way.
    public Table accuracies() {
        Table table = new Table("Accuracy on the test images, mean ± standard deviation over " + plan.seeds() + " seeds").left("start from")
                .left("what learns");
        plan.labels().forEach(labels -> table.right(labels + " per class"));
        for (Plan.Way way : plan.ways()) {
            List<Object> row = new ArrayList<>(List.of(way.start() + " weights", way.learning().toString()));
            for (int labels : plan.labels()) {
                String text = Numbers.percent(accuracy(way, labels));
                boolean isBest = plan.ways().stream().allMatch(other -> accuracy(other, labels).mean() <= accuracy(way, labels).mean());
                row.add(isBest ? Table.highlight(text) : text);
            }
            table.row(row.toArray());
        }
        return table;
    }

    /// Steps until a way is, in the mean, as good as random weights are at the end.
    public Table steps() {
        Table table = new Table("Steps until it is as good as random weights after " + plan.steps()).left("start from").left("what learns");
        plan.labels().forEach(labels -> table.right(labels + " per class"));
        for (Plan.Way way : plan.ways()) {
            List<Object> row = new ArrayList<>(List.of(way.start() + " weights", way.learning().toString()));
            for (int labels : plan.labels()) {
                double target = accuracy(best(Start.RANDOM, labels), labels).mean();
                OptionalDouble first = curve(way, labels).stream().filter(p -> p.y().mean() >= target).mapToDouble(LineChart.Point::x)
                        .min();
                row.add(first.isEmpty() ? "not reached" : Numbers.count((long) first.getAsDouble()));
            }
            table.row(row.toArray());
        }
        return table;
    }

    /// Median seconds of a step, one thread, with most labels.
    public Table seconds() {
        Table table = new Table("Seconds of a step of at most " + plan.batch() + " images, one thread, median").left("what learns")
                .right("seconds");
        for (Plan.Way way : plan.ways().stream().filter(w -> w.start() == Start.PRETRAINED).toList()) {
            double[] times = of(way, plan.labels().getLast()).stream().mapToDouble(o -> o.training().secondsPerStep()).sorted().toArray();
            table.row(way.learning().toString(), Numbers.significant(times[times.length / 2], 3));
        }
        return table;
    }

    private List<LineChart.Point> curve(Plan.Way way, int labels) {
        List<Outcome> runs = of(way, labels);
        List<TrainingResult.Point> first = runs.getFirst().training().curve();
        List<LineChart.Point> points = new ArrayList<>();
        for (int i = 0; i < first.size(); i++) {
            int at = i;
            points.add(new LineChart.Point(first.get(i).step(),
                    Estimate.meanAndDeviation(runs.stream().mapToDouble(o -> o.training().curve().get(at).metric()).toArray())));
        }
        return points;
    }

    private LineChart curves(int labels) {
        return new LineChart(labels + " images per class", Axis.linear("step", ""), Axis.percent("accuracy").fromZero(),
                plan.ways().stream().map(way -> new LineChart.Series(way.toString(), curve(way, labels))).toList(),
                List.of(new LineChart.Reference("guessing", 1.0 / classes)));
    }

    private LineChart efficiency() {
        double[] ticks = plan.labels().stream().mapToDouble(Integer::doubleValue).toArray();
        return new LineChart("Label efficiency", Axis.log("images per class", "", ticks), Axis.percent("accuracy").fromZero(),
                plan.ways().stream().map(way -> new LineChart.Series(way.toString(),
                        plan.labels().stream().map(labels -> new LineChart.Point(labels, accuracy(way, labels))).toList())).toList(),
                List.of(new LineChart.Reference("guessing", 1.0 / classes)));
    }

    /// The whole report.
    public HtmlReport html(String transfer) {
        HtmlReport report = new HtmlReport("Headstart: what the head start is worth").headline(headline());
        report.section("Accuracy").table(accuracies()).table(steps());
        report.section("Learning curves").charts(plan.labels().stream().map(this::curves).toList());
        if (plan.labels().size() > 1) {
            report.section("Label efficiency").charts(efficiency());
        }
        report.section("Cost").table(seconds());
        report.section("Transfer").preformatted(transfer);
        return report.section("Settings").settings("Settings", settings);
    }

    /// All figures, run by run.
    public Json.Obj json() {
        List<Json> runs = new ArrayList<>();
        for (Outcome outcome : outcomes) {
            List<Json> points = outcome.training().curve().stream().<Json>map(p -> Json.object().put("step", p.step())
                    .put("loss", Json.numberOrNull(p.loss())).put("accuracy", Json.numberOrNull(p.metric())).build()).toList();
            Outcome.Run run = outcome.run();
            runs.add(Json.object().put("start", run.way().start().toString()).put("learning", run.way().learning().toString())
                    .put("labelsPerClass", run.labels()).put("seed", run.seed()).put("accuracy", outcome.accuracy())
                    .put("curve", new Json.Arr(points)).build());
        }
        Json.Builder set = Json.object();
        settings.forEach((name, value) -> set.put(name, String.valueOf(value)));
        return Json.object().put("headline", headline()).put("settings", set.build()).put("runs", new Json.Arr(runs)).build();
    }
}
