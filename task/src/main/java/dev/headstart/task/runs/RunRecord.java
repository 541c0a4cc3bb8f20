package dev.headstart.task.runs;

import dev.headstart.io.json.Json;
import dev.headstart.io.json.JsonException;
import dev.headstart.task.report.LineChart;
import dev.headstart.train.MetricsLog;
import dev.headstart.train.measure.Estimate;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What a run left in its folder: `metrics.jsonl` of pretrain, finetune and demo (of a stack of layers one in each `layer-*`), `report.json`
/// of compare and demo, `recipe.json`, and the settings beside the checkpoints.
///
/// @param name the folder, as it was named
/// @param kind the command, if it is known
/// @param settings by name
/// @param curves its trainings
/// @param headline its result in a sentence; empty when the run wrote none
public record RunRecord(String name, String kind, Map<String, String> settings, List<TrainingCurves> curves, String headline) {
    /// The file in a run's folder that says how it was asked for.
    public static final String RECIPE = "recipe.json";

    private static final String METRICS = "metrics.jsonl";
    private static final String REPORT = "report.json";

    /// Reads a folder.
    ///
    /// @throws IOException when it is none that a run wrote, or a file in it is damaged
    public static RunRecord read(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException(
                    folder + (Files.exists(folder) ? ": this is a file, the folder of a run is needed" : ": there is no such folder"));
        }
        Json.@Nullable Obj report = object(folder.resolve(REPORT));
        Json.@Nullable Obj recipe = object(folder.resolve(RECIPE));
        List<Path> parts = parts(folder);
        Map<String, String> settings = new LinkedHashMap<>();
        List<TrainingCurves> curves = new ArrayList<>();
        for (Path part : parts) {
            curves.addAll(logged(part.resolve(METRICS)));
        }
        String kind = recipe != null && recipe.find("command") instanceof Json.Str(String command) ? command : "";
        if (report != null && report.find("arms") != null) {
            kind = "demo";
            curves.addAll(demo(report, folder.resolve(REPORT)));
        } else if (report != null && report.find("runs") != null) {
            kind = "compare";
            curves.addAll(compared(report, folder.resolve(REPORT)));
        } else if (parts.isEmpty()) {
            throw new IOException(folder + ": this is no folder of a run: there is neither " + METRICS + " in it nor the " + REPORT
                    + " of compare or demo");
        }
        add(settings, recipe);
        for (Path part : parts) {
            add(settings, object(part.resolve("checkpoints").resolve("settings.json")));
        }
        if (report != null && report.find("settings") instanceof Json.Obj own) {
            add(settings, own);
        }
        settings.keySet().removeAll(List.of("command", "out"));
        String headline = report != null && report.find("headline") instanceof Json.Str(String sentence) ? sentence : "";
        return new RunRecord(folder.toString(), kind, settings, List.copyOf(curves), headline);
    }

    private static Json.@Nullable Obj object(Path file) throws IOException {
        return Files.exists(file) && Json.read(file) instanceof Json.Obj object ? object : null;
    }

    /// Where there are logs: the folder, or its layers.
    private static List<Path> parts(Path folder) throws IOException {
        if (Files.exists(folder.resolve(METRICS))) {
            return List.of(folder);
        }
        TreeSet<Path> layers = new TreeSet<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, "layer-*")) {
            for (Path layer : all) {
                if (Files.exists(layer.resolve(METRICS))) {
                    layers.add(layer);
                }
            }
        }
        return List.copyOf(layers);
    }

    private static void add(Map<String, String> settings, Json.@Nullable Obj from) {
        if (from != null) {
            from.members().forEach((name, value) -> settings.put(name, text(value)));
        }
    }

    private static String text(Json value) {
        return switch (value) {
            case Json.Str(String text) -> text;
            case Json.Arr(List<Json> items) -> String.join(", ", items.stream().map(RunRecord::text).toList());
            default -> value.compact();
        };
    }

    // ---- curves ----

    /// The phases of a log, each with its figures.
    private static List<TrainingCurves> logged(Path file) throws IOException {
        Map<String, Map<String, List<LineChart.Point>>> phases = new LinkedHashMap<>();
        for (Json.Obj line : MetricsLog.read(file)) {
            String phase = line.find("phase") instanceof Json.Str(String name) ? name : "train";
            Map<String, List<LineChart.Point>> figures = phases.computeIfAbsent(phase, p -> new LinkedHashMap<>());
            if (line.find("step") instanceof Json.Int(long step)) {
                line.members().forEach((name, value) -> {
                    if (!name.equals("step") && !name.equals("phase")) {
                        figures.computeIfAbsent(name, n -> new ArrayList<>()).add(new LineChart.Point(step, number(value)));
                    }
                });
            }
        }
        return phases.entrySet().stream().map(phase -> {
            String[] words = phase.getKey().split(" ", 2);
            return new TrainingCurves(words[0], words.length == 1 ? "" : words[1], phase.getValue());
        }).toList();
    }

    private static double number(Json value) {
        return switch (value) {
            case Json.Real(double number) -> number;
            case Json.Int(long number) -> number;
            default -> Double.NaN;
        };
    }

    /// The learning curves of the demo: accuracy at some steps, of several runs.
    private static List<TrainingCurves> demo(Json.Obj report, Path file) throws IOException {
        List<TrainingCurves> curves = new ArrayList<>();
        for (Json.Obj curve : objects(report, "learningCurves", file)) {
            List<Json> steps = items(curve, "steps");
            List<Json> accuracy = items(curve, "accuracy");
            List<LineChart.Point> points = new ArrayList<>();
            for (int i = 0; i < Math.min(steps.size(), accuracy.size()); i++) {
                points.add(new LineChart.Point(number(steps.get(i)), estimate(accuracy.get(i))));
            }
            String from = curve.find("pretraining") instanceof Json.Str(String name) ? name : "unknown weights";
            curves.add(new TrainingCurves("fine-tune", "from " + from, Map.of("accuracy", points)));
        }
        return curves;
    }

    private static List<Json> items(Json.Obj owner, String name) {
        return owner.find(name) instanceof Json.Arr(List<Json> items) ? items : List.of();
    }

    private static Estimate estimate(Json runs) {
        double[] numbers = runs instanceof Json.Arr(List<Json> items)
                ? items.stream().mapToDouble(RunRecord::number).toArray()
                : new double[] {number(runs)};
        return Estimate.meanAndDeviation(numbers);
    }

    /// The runs of a comparison that differ by nothing but their seed, together.
    private static List<TrainingCurves> compared(Json.Obj report, Path file) throws IOException {
        Map<Way, Map<String, Map<Long, List<Double>>>> ways = new LinkedHashMap<>();
        for (Json.Obj run : objects(report, "runs", file)) {
            Way way = Way.of(run, file);
            Map<String, Map<Long, List<Double>>> figures = ways.computeIfAbsent(way, w -> new LinkedHashMap<>());
            for (Json.Obj point : objects(run, "curve", file)) {
                long step = (long) number(point.members().getOrDefault("step", Json.of(0)));
                point.members().forEach((name, value) -> {
                    if (!name.equals("step")) {
                        figures.computeIfAbsent(name, n -> new LinkedHashMap<>()).computeIfAbsent(step, s -> new ArrayList<>())
                                .add(number(value));
                    }
                });
            }
        }
        return ways.entrySet().stream().map(way -> {
            Map<String, List<LineChart.Point>> figures = new LinkedHashMap<>();
            way.getValue().forEach((name, points) -> figures.put(name, points.entrySet().stream().map(p -> new LineChart.Point(p.getKey(),
                    Estimate.meanAndDeviation(p.getValue().stream().mapToDouble(Double::doubleValue).toArray()))).toList()));
            return new TrainingCurves("fine-tune (" + way.getKey().labels + " per class)", way.getKey().name, figures);
        }).toList();
    }

    /// A kind of run of a comparison.
    private record Way(String name, long labels) {
        static Way of(Json.Obj run, Path file) throws IOException {
            try {
                return new Way(run.string("start") + ", " + run.string("learning"), run.integer("labelsPerClass"));
            } catch (JsonException e) {
                throw new IOException(file + ": " + e.getMessage(), e);
            }
        }
    }

    private static List<Json.Obj> objects(Json.Obj owner, String name, Path file) throws IOException {
        try {
            return owner.array(name).stream().filter(Json.Obj.class::isInstance).map(Json.Obj.class::cast).toList();
        } catch (JsonException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }
}
