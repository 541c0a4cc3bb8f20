package dev.headstart.task.compare;

import dev.headstart.io.json.Json;
import dev.headstart.task.report.Axis;
import dev.headstart.task.report.HtmlReport;
import dev.headstart.task.report.LineChart;
import dev.headstart.task.report.Numbers;
import dev.headstart.task.report.Table;
import dev.headstart.task.tuning.Initialization;
import dev.headstart.train.TrainingResult;
import dev.headstart.train.measure.Estimate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/// What a comparison found: the same figures as tables, as `report.html` and as `report.json`.
///
/// @param outcomes of all runs
/// @param noun what an example is
/// @param classes number of classes
/// @param settings everything that was set, by name
public record ComparisonReport(Outcomes outcomes, String noun, int classes, Map<String, ?> settings) {
    private Plan plan() {
        return outcomes.plan();
    }

    private HeadStarts headStarts() {
        return new HeadStarts(outcomes, noun);
    }

    /// The result in a sentence for each number of labels, whichever variant it is of.
    public String headline() {
        return plan().labels().stream().map(this::sentence).collect(Collectors.joining("\n"));
    }

    private String sentence(int labels) {
        Plan.Variant pretrained = outcomes.best(Initialization.PRETRAINED, labels);
        Estimate with = outcomes.accuracy(pretrained, labels);
        Estimate without = outcomes.accuracy(outcomes.best(Initialization.RANDOM, labels), labels);
        double spread = Math.max(with.high() - with.mean(), without.high() - without.mean());
        String verdict = !headStarts().canBeTold()
                ? "too few seeds to tell a head start from luck"
                : Math.abs(with.mean() - without.mean()) <= spread
                        ? "no difference that the spread would let one see"
                        : with.mean() > without.mean() ? "the head start helps" : "the head start harms";
        return String.format(Locale.ROOT,
                "With %d %s per class: %s from pre-trained weights at best (%s), %s from random ones, %s by guessing: %s.", labels,
                noun, Numbers.percent(with), pretrained.mode(), Numbers.percent(without), Numbers.percent(1.0 / classes), verdict);
    }

    private Table perLabels(String title) {
        Table table = new Table(title).left("start from").left("what is trained");
        plan().labels().forEach(labels -> table.right(labels + " per class"));
        return table;
    }

    /// Accuracy of every variant.
    public Table accuracies() {
        Table table = perLabels(
                String.format(Locale.ROOT, "Accuracy on the test %s, mean ± standard deviation over %d seeds", noun, plan().seeds()));
        for (Plan.Variant variant : plan().variants()) {
            List<Object> row = new ArrayList<>(List.of(variant.initialization() + " weights", variant.mode().toString()));
            for (int labels : plan().labels()) {
                String text = Numbers.percent(outcomes.accuracy(variant, labels));
                row.add(outcomes.isBest(variant, labels) ? Table.highlight(text) : text);
            }
            table.row(row.toArray());
        }
        return table;
    }

    /// Steps until a variant is, in the mean, as good as random weights are at the end.
    public Table steps() {
        Table table = perLabels("Steps until it is as good as random weights after " + plan().steps());
        for (Plan.Variant variant : plan().variants()) {
            List<Object> row = new ArrayList<>(List.of(variant.initialization() + " weights", variant.mode().toString()));
            for (int labels : plan().labels()) {
                double target = outcomes.accuracy(outcomes.best(Initialization.RANDOM, labels), labels).mean();
                OptionalDouble first = outcomes.curve(variant, labels).stream().filter(p -> p.y().mean() >= target)
                        .mapToDouble(LineChart.Point::x).min();
                row.add(first.isEmpty() ? "not reached" : Numbers.count((long) first.getAsDouble()));
            }
            table.row(row.toArray());
        }
        return table;
    }

    /// Median seconds of a step, one thread, with most labels.
    public Table seconds() {
        Table table = new Table(String.format(Locale.ROOT,
                "Seconds of a step of at most %d %s, one thread, median; features computed once are not counted", plan().batch(), noun))
                .left("what is trained").right("seconds");
        for (Plan.Variant variant : plan().variants().stream().filter(w -> w.initialization() == Initialization.PRETRAINED).toList()) {
            double[] times = outcomes.of(variant, plan().labels().getLast()).stream().mapToDouble(TrainingResult::secondsPerStep).sorted()
                    .toArray();
            table.row(variant.mode().toString(), Numbers.significant(times[times.length / 2], 3));
        }
        return table;
    }

    /// The tables of the console, in order.
    public List<Table> tables() {
        List<Table> tables = new ArrayList<>(List.of(accuracies(), steps()));
        tables.addAll(headStarts().tables());
        if (plan().labels().size() > 1) {
            tables.add(headStarts().efficiency());
        }
        tables.add(seconds());
        return List.copyOf(tables);
    }

    private LineChart curves(int labels) {
        return new LineChart(labels + " " + noun + " per class", Axis.linear("step", ""), Axis.percent("accuracy").fromZero(),
                plan().variants().stream().map(variant -> new LineChart.Series(variant.toString(), outcomes.curve(variant, labels)))
                        .toList(),
                List.of(new LineChart.Reference("guessing", 1.0 / classes)));
    }

    private LineChart efficiency() {
        double[] ticks = plan().labels().stream().mapToDouble(Integer::doubleValue).toArray();
        return new LineChart("Label efficiency", Axis.log(noun + " per class", "", ticks), Axis.percent("accuracy").fromZero(),
                plan().variants().stream().map(variant -> new LineChart.Series(variant.toString(),
                        plan().labels().stream().map(labels -> new LineChart.Point(labels, outcomes.accuracy(variant, labels))).toList()))
                        .toList(),
                List.of(new LineChart.Reference("guessing", 1.0 / classes)));
    }

    /// The whole report.
    public HtmlReport html(String transfer) {
        HtmlReport report = new HtmlReport("Headstart: what the head start is worth").headline(headline());
        report.section("Accuracy").table(accuracies()).table(steps());
        report.section("Head start").paragraph(headStarts().canBeTold()
                ? "Accuracy at the first measurement and at the best one, less that of random weights with the same seed; steps until the"
                        + " accuracy that random weights reach with every seed. It helps when one of the gains is larger than its deviation,"
                        + " and none is a loss of more than that. What shuffled weights gain is scale, not knowledge."
                : "Five seeds or more are needed to tell a head start from luck.");
        headStarts().tables().forEach(report::table);
        report.section("Learning curves").charts(plan().labels().stream().map(this::curves).toList());
        if (plan().labels().size() > 1) {
            report.section("Label efficiency").charts(efficiency()).table(headStarts().efficiency());
        }
        report.section("Cost").table(seconds());
        report.section("Transfer").preformatted(transfer);
        return report.section("Settings").settings("Settings", settings);
    }

    /// All figures, run by run.
    public Json.Obj json() {
        List<Json> runs = new ArrayList<>();
        for (Outcome outcome : outcomes.all()) {
            List<Json> points = outcome.training().curve().stream().<Json>map(p -> Json.object().put("step", p.step())
                    .put("loss", Json.numberOrNull(p.loss())).put("accuracy", Json.numberOrNull(p.metric())).build()).toList();
            Outcome.Run run = outcome.run();
            runs.add(Json.object().put("start", run.variant().initialization().toString()).put("learning", run.variant().mode().toString())
                    .put("labelsPerClass", run.labels()).put("seed", run.seed()).put("accuracy", outcome.accuracy())
                    .put("curve", new Json.Arr(points)).build());
        }
        Json.Builder set = Json.object();
        settings.forEach((name, value) -> set.put(name, String.valueOf(value)));
        return Json.object().put("headline", headline()).put("settings", set.build()).put("headStart", headStarts().json())
                .put("runs", new Json.Arr(runs)).build();
    }
}
