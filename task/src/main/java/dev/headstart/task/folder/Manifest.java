package dev.headstart.task.folder;

import dev.headstart.io.Hashes;
import dev.headstart.io.json.Json;
import dev.headstart.io.json.JsonException;
import dev.headstart.task.report.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// What a model's folder holds, in `headstart-manifest.json`: the program's version, and each file with its size and SHA-256.
///
/// While a model is written the manifest says so; the list comes last. So a folder whose writer was killed is refused instead of being
/// taken for a model of old and new files, and so is one that lacks a file or has weights of another size. Other files may be edited:
/// their hashes are for those who want to compare. A folder without a manifest is opened as it is.
public final class Manifest {
    /// The name of the file.
    public static final String NAME = "headstart-manifest.json";
    private static final int FORMAT = 1;
    private static final String WEIGHTS = ".safetensors";
    private static final Set<String> OF_THE_RUN = Set.of("metrics.jsonl", "recipe.json"); // they go on growing, or were there before

    private Manifest() {}

    /// Writes the files of a model.
    @FunctionalInterface
    public interface Writer {
        void write() throws IOException;
    }

    /// Publishes a model: says that it is being written, writes it, and lists its files.
    ///
    /// @param folder that exists
    /// @param model writes the files
    public static void publish(Path folder, Writer model) throws IOException {
        start().put("state", "being written").build().write(folder.resolve(NAME));
        model.write();
        Json.Builder files = Json.object();
        for (Path file : files(folder)) {
            files.put(folder.relativize(file).toString().replace('\\', '/'),
                    Json.object().put("bytes", Files.size(file)).put("sha256", Hashes.sha256(file)).build());
        }
        start().put("state", "complete").put("files", files.build()).build().write(folder.resolve(NAME));
    }

    private static Json.Builder start() {
        return Json.object().put("format", FORMAT).put("headstart", Version.current());
    }

    /// The files of the model: those in the folder and in `lora`, without those of the run.
    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> inside = Files.walk(folder, 2)) {
            return inside.filter(Files::isRegularFile).filter(file -> {
                Path name = folder.relativize(file);
                String first = name.getName(0).toString();
                return name.getNameCount() == 1
                        ? !first.startsWith(".") && !first.equals(NAME) && !OF_THE_RUN.contains(first)
                        : first.equals("lora");
            }).sorted().toList();
        }
    }

    /// Looks whether a folder holds a whole model, if it says what it holds.
    ///
    /// @throws IOException when it does not: what is wrong is named
    public static void check(Path folder) throws IOException {
        Path file = folder.resolve(NAME);
        if (!Files.exists(file)) {
            return;
        }
        try {
            if (!(Json.read(file) instanceof Json.Obj manifest)) {
                throw new IOException(file + ": this is no JSON object");
            }
            if (manifest.integer("format") != FORMAT) {
                throw new IOException(file + ": this is of format " + manifest.integer("format") + ", and " + FORMAT
                        + " is known: it was written by another version, " + manifest.string("headstart"));
            }
            if (!manifest.string("state").equals("complete")) {
                throw new IOException(
                        folder + ": the run that wrote this model was interrupted while it did: start it again, and it goes on"
                                + " from its last checkpoint");
            }
            for (Map.Entry<String, Json> entry : manifest.object("files").members().entrySet()) {
                check(folder, entry.getKey(), entry.getValue());
            }
        } catch (JsonException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private static void check(Path folder, String name, Json entry) throws IOException {
        Path file = folder.resolve(name);
        if (!file.normalize().startsWith(folder.normalize()) || !(entry instanceof Json.Obj facts)) {
            throw new IOException(folder.resolve(NAME) + ": '" + name + "' is no file of this folder with its facts");
        }
        String remedy = ": copy the whole folder, or delete " + NAME + " if this is meant";
        if (!Files.exists(file)) {
            throw new IOException(file + ": " + NAME + " lists this file, and it is missing" + remedy);
        }
        long bytes = facts.integer("bytes");
        if (name.endsWith(WEIGHTS) && Files.size(file) != bytes) {
            throw new IOException(file + ": it has " + Files.size(file) + " bytes, and " + NAME + " says " + bytes + remedy);
        }
    }
}
