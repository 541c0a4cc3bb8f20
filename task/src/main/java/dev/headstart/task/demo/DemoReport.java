package dev.headstart.task.demo;

import dev.headstart.io.json.Json;
import dev.headstart.task.demo.DemoResult.Arm;
import dev.headstart.task.demo.DemoResult.Curve;
import dev.headstart.task.demo.DemoResult.Pretraining;
import dev.headstart.task.demo.DemoResult.Target;
import dev.headstart.task.report.Axis;
import dev.headstart.task.report.BarChart;
import dev.headstart.task.report.HtmlReport;
import dev.headstart.task.report.LineChart;
import dev.headstart.task.report.Numbers;
import dev.headstart.task.report.Table;
import dev.headstart.train.ModelSummary;
import dev.headstart.train.TrainingResult;
import dev.headstart.train.measure.Estimate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What the demo found out, as a table for the terminal, as `report.html` and as `report.json`: the same figures.
public final class DemoReport {
    private final DemoResult result;
    private final DemoSettings settings;

    DemoReport(DemoResult result) {
        this.result = result;
        this.settings = result.settings();
    }

    /// What the last transfer loaded, in words; it is the same for all.
    public String transfer() {
        return result.transfer();
    }

    /// The classifier with its lower half frozen.
    public ModelSummary summary() {
        return result.summary();
    }

    /// Time of the whole run.
    public double seconds() {
        return result.seconds();
    }

    private static String described(String pretraining) {
        return switch (pretraining) {
            case Demo.NONE -> "random weights";
            case Demo.SHUFFLED -> "shuffled weights";
            case Demo.MASKED -> "masked LM";
            case Demo.SUPERVISED -> "supervised";
            default -> "masked LM, then supervised";
        };
    }

    /// The result in one sentence.
    public String headline() {
        int few = settings.labelsPerClass().getFirst();
        Arm none = best(Demo.NONE, few);
        Arm best = Demo.PRETRAININGS.stream().filter(p -> !p.equals(Demo.NONE) && !p.equals(Demo.SHUFFLED)).map(p -> best(p, few))
                .max(java.util.Comparator.comparingDouble(Arm::mean)).orElseThrow();
        return String.format(Locale.ROOT,
                "With %d labels for each of %s new languages: %s from %s, %s from random weights, %s by guessing.", few,
                classes(), Numbers.percent(best.estimate()), described(best.pretraining()) + " (" + best.mode() + ")",
                Numbers.percent(none.estimate()),
                Numbers.percent(guessing()));
    }

    private int classes() {
        return result.newLanguages();
    }

    private double guessing() {
        return 1.0 / classes();
    }

    /// The best mode of a pre-training with a number of labels.
    private Arm best(String pretraining, int labels) {
        return Demo.MODES.stream().map(mode -> result.arm(pretraining, mode, labels)).max(java.util.Comparator.comparingDouble(Arm::mean))
                .orElseThrow();
    }

    /// Accuracy of every arm, mean and deviation over the seeds.
    public Table accuracies() {
        Table table = new Table("Accuracy on new languages, mean ± standard deviation over " + settings.runs() + " seeds")
                .left("start from").left("what is trained");
        settings.labelsPerClass().forEach(labels -> table.right(labels + " labels"));
        for (String pretraining : Demo.PRETRAININGS) {
            for (String mode : Demo.MODES) {
                List<Object> row = new ArrayList<>(List.of(described(pretraining), mode(mode)));
                for (int labels : settings.labelsPerClass()) {
                    Arm arm = result.arm(pretraining, mode, labels);
                    String text = Numbers.percent(arm.estimate());
                    row.add(isBest(arm) ? Table.highlight(text) : text);
                }
                table.row(row.toArray());
            }
        }
        return table;
    }

    private boolean isBest(Arm arm) {
        return result.arms().stream().filter(a -> a.labelsPerClass() == arm.labelsPerClass()).allMatch(a -> a.mean() <= arm.mean());
    }

    private static String mode(String mode) {
        return switch (mode) {
            case Demo.FULL -> "everything";
            case Demo.HALF -> "upper half";
            default -> "head only";
        };
    }

    /// What random weights reach, and what each start needs for it.
    public Table targets() {
        Table table = new Table("Needed to be as good as random weights").left("start from")
                .right("steps to " + Numbers.percent(result.stepsToTarget().accuracy()) + " (" + settings.curveLabels()
                        + " labels, everything)")
                .right("labels per language to " + Numbers.percent(result.labelsToTarget().accuracy()));
        for (String pretraining : Demo.PRETRAININGS) {
            table.row(described(pretraining), needed(result.stepsToTarget(), pretraining, 0),
                    needed(result.labelsToTarget(), pretraining, 1));
        }
        return table;
    }

    private String needed(Target target, String pretraining, int decimals) {
        double needed = target.needed().getOrDefault(pretraining, Double.NaN);
        return Double.isNaN(needed)
                ? "not reached"
                : needed <= settings.labelsPerClass().getFirst() && decimals > 0
                        ? "≤ " + Numbers.fixed(needed, 0)
                        : Numbers.fixed(needed, decimals);
    }

    /// Time of a fine-tuning step of one thread: there is no other sort here, as each arm is trained by a thread of its own.
    public Table steps() {
        Table table = new Table("Seconds per fine-tuning step of " + settings.fineTuneBatch()
                + " texts, median: one thread, while other arms train on the other threads").left("what is trained")
                .right("seconds")
                .right("of everything");
        double full = result.secondsPerStep().getOrDefault(Demo.FULL, Double.NaN);
        result.secondsPerStep()
                .forEach((mode, seconds) -> table.row(mode(mode), Numbers.significant(seconds, 3), Numbers.percent(seconds / full)));
        return table;
    }

    // ---- HTML ----

    HtmlReport html() {
        HtmlReport report = new HtmlReport("Headstart: what the head start was worth").headline(headline());
        report.section("Accuracy").paragraph(
                "A character transformer was pre-trained on names of things in many languages (the JDK's own locale data), its encoder "
                        + "was carried into a classifier of languages it had never seen labels of, and fine-tuned on few labels. Every row learns from the same labels with "
                        + "the same steps; only the weights it starts from differ. Shuffled weights are the pre-trained ones with the numbers of each tensor in random "
                        + "order: if they helped, the gain would not be what was learnt.")
                .table(accuracies()).charts(efficiency(Demo.FULL), efficiency(Demo.PROBE));
        report.section("Head start").table(targets()).charts(learningCurves());
        report.section("Cost").paragraph(
                "Frozen layers get no gradient, and nothing is computed below the lowest one that learns. With only the head learning, features "
                        + "are extracted once. Times are those of one thread, while other arms train on the other threads.")
                .table(steps()).charts(costs());
        report.section("Pre-training").charts(pretrainingLoss(), pretrainingAccuracy());
        report.section("Transfer").details("What was loaded into the classifier", d -> d.preformatted(result.transfer()))
                .details("Model: layers, sizes, what is frozen in the half-frozen mode", d -> d.table(summaryTable()));
        report.section("Settings").settings("Data", result.data()).settings("Sizes and steps", settingsMap())
                .settings("SHA-256 of the weights", result.weightsSha256());
        return report;
    }

    private LineChart efficiency(String mode) {
        double[] ticks = settings.labelsPerClass().stream().mapToDouble(Integer::doubleValue).toArray();
        List<LineChart.Series> series = Demo.PRETRAININGS.stream()
                .map(p -> new LineChart.Series(described(p), settings.labelsPerClass().stream()
                        .map(labels -> new LineChart.Point(labels, result.arm(p, mode, labels).estimate())).toList()))
                .toList();
        return new LineChart("Label efficiency, learning " + mode(mode), Axis.log("labels per language", "", ticks),
                Axis.percent("accuracy").fromZero(), series,
                List.of(new LineChart.Reference("guessing", guessing())));
    }

    private LineChart learningCurves() {
        List<LineChart.Series> series = new ArrayList<>();
        for (Curve curve : result.curves()) {
            List<LineChart.Point> points = new ArrayList<>();
            for (int i = 0; i < curve.steps().size(); i++) {
                points.add(new LineChart.Point(curve.steps().get(i),
                        Estimate.meanAndDeviation(curve.accuracy().get(i).stream().mapToDouble(Double::doubleValue).toArray())));
            }
            series.add(new LineChart.Series(described(curve.pretraining()), points));
        }
        return new LineChart("Fine-tuning everything on " + settings.curveLabels() + " labels per language", Axis.linear("step", ""),
                Axis.percent("accuracy").fromZero(), series, List.of(new LineChart.Reference("guessing", guessing())));
    }

    private BarChart costs() {
        List<String> modes = List.copyOf(result.secondsPerStep().keySet());
        return new BarChart("Time of a fine-tuning step, one thread", Axis.linear("time", "ms").fromZero(),
                modes.stream().map(DemoReport::mode).toList(),
                List.of(new BarChart.Bars("median",
                        modes.stream().mapToDouble(m -> 1000 * result.secondsPerStep().getOrDefault(m, Double.NaN)).toArray())));
    }

    private LineChart pretrainingLoss() {
        return new LineChart("Training loss", Axis.linear("step", ""), Axis.linear("loss", "nats"),
                result.pretraining().stream().map(p -> new LineChart.Series(described(p.name()), points(p, TrainingResult.Point::loss)))
                        .toList());
    }

    private LineChart pretrainingAccuracy() {
        return new LineChart("Language identification of held-out texts", Axis.linear("step", ""), Axis.percent("accuracy").fromZero(),
                result.pretraining().stream().filter(p -> p.metric().equals("accuracy"))
                        .map(p -> new LineChart.Series(described(p.name()), points(p, TrainingResult.Point::metric))).toList());
    }

    private static List<LineChart.Point> points(Pretraining pretraining, java.util.function.ToDoubleFunction<TrainingResult.Point> figure) {
        return pretraining.result().curve().stream().map(p -> new LineChart.Point(p.step(), figure.applyAsDouble(p))).toList();
    }

    private Table summaryTable() {
        Table table = new Table("").left("layer").left("parameters").right("numbers").left("frozen");
        for (ModelSummary.Row row : result.summary().layers()) {
            table.row(row.name(), row.shapes(), row.count(), row.frozen() ? "frozen" : "");
        }
        table.row("all", "", result.summary().count(), Numbers.count(result.summary().frozenCount()) + " frozen");
        return table;
    }

    private Map<String, Object> settingsMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("seed", result.seed());
        map.put("encoder", "width " + settings.width() + ", " + settings.blocks() + " blocks, " + settings.heads() + " heads, "
                + settings.maxLength() + " characters");
        map.put("masked language modelling", settings.maskedSteps() + " steps of " + settings.batch() + " texts, "
                + Numbers.percent(settings.maskedRate()) + " hidden (80/10/10)");
        map.put("language identification", settings.supervisedSteps() + " steps of " + settings.batch() + " texts");
        map.put("pre-training optimiser",
                "AdamW, rate " + settings.pretrainRate() + ", 10 % warm-up, cosine; decay 0.01, clipping at norm 1");
        map.put("fine-tuning",
                "AdamW, rate " + settings.fineTuneRate() + ", of the head " + settings.headRate() + ", batches of "
                        + settings.fineTuneBatch() + ", steps "
                        + settings.fineTuneSteps()
                        + " for labels " + settings.labelsPerClass());
        map.put("head only", "AdamW, rate " + settings.probeRate() + ", " + settings.probeSteps() + " steps over extracted features");
        map.put("frozen in the half-frozen mode", "embeddings and " + settings.frozenBlocks() + " of " + settings.blocks() + " blocks");
        map.put("seconds in all", Numbers.fixed(result.seconds(), 1));
        return map;
    }

    // ---- JSON ----

    Json.Obj json() {
        List<Json> arms = new ArrayList<>();
        for (Arm arm : result.arms()) {
            arms.add(Json.object().put("name", arm.name()).put("pretraining", arm.pretraining()).put("mode", arm.mode())
                    .put("labelsPerClass", arm.labelsPerClass())
                    .put("accuracy", Json.numbers(arm.accuracy().stream().mapToDouble(Double::doubleValue).toArray()))
                    .build());
        }
        List<Json> pretrainings = new ArrayList<>();
        for (Pretraining p : result.pretraining()) {
            List<Json> curve = p.result().curve().stream().<Json>map(point -> Json.object().put("step", point.step())
                    .put("loss", Json.numberOrNull(point.loss())).put("metric", Json.numberOrNull(point.metric())).build()).toList();
            pretrainings.add(Json.object().put("name", p.name()).put("steps", p.result().steps()).put("seconds", p.seconds())
                    .put("curve", new Json.Arr(curve)).build());
        }
        List<Json> curves = new ArrayList<>();
        for (Curve c : result.curves()) {
            curves.add(Json.object().put("pretraining", c.pretraining())
                    .put("steps", Json.integers(c.steps().stream().mapToLong(Integer::longValue).toArray()))
                    .put("accuracy",
                            new Json.Arr(c.accuracy().stream()
                                    .<Json>map(a -> Json.numbers(a.stream().mapToDouble(Double::doubleValue).toArray())).toList()))
                    .build());
        }
        Json.Builder seconds = Json.object();
        result.secondsPerStep().forEach(seconds::put);
        Json.Builder hashes = Json.object();
        result.weightsSha256().forEach(hashes::put);
        Json.Builder data = Json.object();
        result.data().forEach(data::put);
        Json.Builder sizes = Json.object();
        settingsMap().forEach((name, value) -> sizes.put(name, String.valueOf(value)));
        return Json.object().put("headline", headline()).put("seed", result.seed()).put("arms", new Json.Arr(arms))
                .put("stepsToTarget", target(result.stepsToTarget())).put("labelsToTarget", target(result.labelsToTarget()))
                .put("secondsPerStep", seconds.build()).put("weightsSha256", hashes.build()).put("seconds", result.seconds())
                .put("learningCurves", new Json.Arr(curves)).put("pretraining", new Json.Arr(pretrainings)).put("data", data.build())
                .put("settings", sizes.build()).build();
    }

    private static Json.Obj target(Target target) {
        Json.Builder needed = Json.object();
        target.needed().forEach((pretraining, n) -> needed.put(pretraining, Json.numberOrNull(n)));
        return Json.object().put("accuracy", target.accuracy()).put("needed", needed.build()).build();
    }
}
