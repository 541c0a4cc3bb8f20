package dev.headstart.train;

import dev.headstart.io.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The file `metrics.jsonl`: one JSON object a line, each in the file before the call returns. Nothing has to be closed.
///
/// ```
/// {"phase":"fine-tune","step":20,"loss":2.31}
/// ```
///
/// A figure that may be NaN or infinite is put as `Json.numberOrNull(figure)`.
public final class MetricsLog {
    private final Path file;
    private final Receiver other;
    private final int lost;

    /// Whoever wants the lines too.
    @FunctionalInterface
    public interface Receiver {
        void append(Json.Obj figures) throws IOException;
    }

    private MetricsLog(Path file, Receiver other, int lost) {
        this.file = file;
        this.other = other;
        this.lost = lost;
    }

    /// How many lines were cut off from the first damaged one on when the log was resumed: a crash may leave some.
    public int lost() {
        return lost;
    }

    /// The same log; each line goes to this receiver too, once it is in the file.
    public MetricsLog alsoTo(Receiver receiver) {
        return new MetricsLog(file, figures -> {
            other.append(figures);
            receiver.append(figures);
        }, lost);
    }

    /// A new, empty log in place of what the file held; missing folders are made.
    public static MetricsLog create(Path file) throws IOException {
        makeFolder(file);
        Files.write(file, new byte[0]);
        return new MetricsLog(file, figures -> {}, 0);
    }

    /// The log of a run that is resumed after `step`: later lines, which the run will write again, and what a crash left unfinished, go.
    ///
    /// Lines without a `step` stay. What a crash of the machine left damaged, and all after it, go too ([#lost]). Without a file this is
    /// [#create].
    public static MetricsLog resume(Path file, long step) throws IOException {
        if (!Files.exists(file)) {
            return create(file);
        }
        List<String> kept = new ArrayList<>();
        List<String> lines = lines(file);
        int whole = 0;
        for (String line : lines) {
            Json.@Nullable Obj figures = figures(line);
            if (figures == null) {
                break;
            }
            if ((figures.find("step") instanceof Json.Int(long at) ? at : Long.MIN_VALUE) <= step) {
                kept.add(line + "\n");
            }
            whole++;
        }
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.writeString(part, String.join("", kept));
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return new MetricsLog(file, figures -> {}, lines.size() - whole);
    }

    /// The figures of a line; null when it is no JSON object.
    private static Json.@Nullable Obj figures(String line) {
        try {
            return Json.parse(line) instanceof Json.Obj figures ? figures : null;
        } catch (IOException e) {
            return null;
        }
    }

    /// Appends one line.
    public void append(Json.Obj figures) throws IOException {
        byte[] line = (figures.compact() + "\n").getBytes(StandardCharsets.UTF_8);
        Files.write(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        other.append(figures);
    }

    /// The lines of a log, also of one that is still written to: a last line that is not complete is left out.
    ///
    /// @throws IOException when a line that is complete is no JSON object; its number is named
    public static List<Json.Obj> read(Path file) throws IOException {
        List<Json.Obj> all = new ArrayList<>();
        for (String line : lines(file)) {
            all.add(figures(file, all.size() + 1, line));
        }
        return all;
    }

    private static List<String> lines(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int whole = bytes.length;
        while (whole > 0 && bytes[whole - 1] != '\n') {
            whole--;
        }
        return new String(bytes, 0, whole, StandardCharsets.UTF_8).lines().toList();
    }

    private static Json.Obj figures(Path file, int number, String line) throws IOException {
        try {
            if (Json.parse(line) instanceof Json.Obj figures) {
                return figures;
            }
        } catch (IOException e) {
            throw new IOException(file + ", line " + number + ": " + e.getMessage(), e);
        }
        throw new IOException(file + ", line " + number + ": it is no JSON object");
    }

    private static void makeFolder(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
    }
}
