package dev.headstart.task.folder;

import dev.headstart.io.Checkpoints;
import dev.headstart.io.json.Json;
import dev.headstart.task.report.TensorBoard;
import dev.headstart.train.MetricsLog;
import dev.headstart.train.TrainingListener;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The folder of a run that is resumed when it is started again: `checkpoints/`, in which `settings.json` says what the run is, and
/// `metrics.jsonl`, and `tensorboard/` with the same figures for TensorBoard.
///
/// The same settings go on. Other settings are refused, because the bits would be those of neither run: the learning rate, for one, depends
/// on the number of steps.
///
/// @param checkpoints of this run
/// @param metrics whose lines end where the newest checkpoint stands
public record RunFolder(Checkpoints checkpoints, MetricsLog metrics) {
    private static final String SETTINGS = "settings.json";
    private static final String BOARD = "tensorboard";

    /// Opens the folder for a run with these settings.
    ///
    /// @param restart forget an earlier run instead of going on
    /// @throws IOException when a run with other settings is there: they are named
    public static RunFolder open(Path folder, Map<String, ?> settings, boolean restart, TrainingListener listener) throws IOException {
        Path saved = folder.resolve("checkpoints");
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new IOException(folder + ": this is a file, a folder is needed");
        }
        if (restart) {
            forget(saved);
        }
        Checkpoints checkpoints = Checkpoints.in(saved);
        Path metrics = folder.resolve("metrics.jsonl");
        Optional<Checkpoints.Loaded> latest = checkpoints.latest();
        if (latest.isEmpty()) {
            Files.createDirectories(saved);
            Json.Builder json = Json.object();
            settings.forEach((name, value) -> json.put(name, text(value)));
            json.build().write(saved.resolve(SETTINGS));
            TensorBoard.forget(folder.resolve(BOARD));
            return new RunFolder(checkpoints, MetricsLog.create(metrics).alsoTo(onBoard(TensorBoard.create(folder.resolve(BOARD), now()))));
        }
        refuseOthers(saved, settings, listener);
        listener.warned("going on from step " + latest.get().step() + " (" + latest.get().file() + ")");
        long step = latest.get().step();
        MetricsLog log = MetricsLog.resume(metrics, step);
        if (log.lost() > 0) {
            listener.warned(metrics + ": damaged: the last " + log.lost() + " lines are cut off");
        }
        return new RunFolder(checkpoints,
                log.alsoTo(onBoard(TensorBoard.resume(folder.resolve(BOARD), step, now()))));
    }

    private static MetricsLog.Receiver onBoard(TensorBoard board) {
        return figures -> board.figures(figures, System.currentTimeMillis() * 1e-3);
    }

    private static long now() {
        return System.currentTimeMillis() / 1000;
    }

    /// A path is the same wherever the run is started from.
    private static String text(@Nullable Object value) {
        return value instanceof Path path ? path.toAbsolutePath().normalize().toString() : String.valueOf(value);
    }

    /// The settings of the run before; nothing when a crash of the machine lost them, which is said.
    private static Optional<Map<String, Json>> before(Path file, TrainingListener listener) {
        try {
            if (Json.read(file) instanceof Json.Obj(Map<String, Json> members)) {
                return Optional.of(members);
            }
        } catch (IOException e) {
            listener.warned(file + ": it cannot be read: whether the settings are those of before is not known");
        }
        return Optional.empty();
    }

    private static void refuseOthers(Path saved, Map<String, ?> settings, TrainingListener listener) throws IOException {
        Optional<Map<String, Json>> known = before(saved.resolve(SETTINGS), listener);
        if (known.isEmpty()) {
            return;
        }
        Map<String, Json> before = known.get();
        Map<String, String> was = new LinkedHashMap<>();
        before.forEach((name, value) -> was.put(name, value instanceof Json.Str(String text) ? text : ""));
        Set<String> names = new LinkedHashSet<>(settings.keySet());
        names.addAll(was.keySet());
        List<String> differ = new ArrayList<>();
        for (String name : names) {
            String old = was.getOrDefault(name, "(nothing)");
            String now = settings.containsKey(name) ? text(settings.get(name)) : "(nothing)";
            if (!old.equals(now)) {
                differ.add(name + " was " + old + ", is now " + now);
            }
        }
        if (!differ.isEmpty()) {
            throw new DifferentRunException(saved + ": the checkpoints are of a run with other settings (" + String.join("; ", differ)
                    + "): give the same settings to resume it, begin anew, or choose another folder");
        }
    }

    private static void forget(Path saved) throws IOException {
        if (Files.isDirectory(saved)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(saved, "step-*.ckpt")) {
                for (Path file : files) {
                    Files.delete(file);
                }
            }
        }
    }
}
