package dev.headstart.io;

import dev.headstart.io.file.Disk;
import dev.headstart.io.file.Source;
import dev.headstart.io.format.SortedNames;
import dev.headstart.io.json.Json;
import dev.headstart.io.json.JsonException;
import dev.headstart.io.safetensors.SafeTensorsWriter;
import dev.headstart.io.weights.WeightFormatException;
import dev.headstart.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A folder of numbered checkpoints, of which the last good one survives a crash at any moment.
///
/// A checkpoint is a safetensors file, `step-000000001200.ckpt`, so every reader of that format can look into it. Its metadata begins with
/// a SHA-256 over every byte of the file (with the digits of the hash itself taken as zeros), followed by the state as JSON and the step.
/// So a file that verifies is whole, however it came to be there.
///
/// Saving writes a temporary file, forces it to the device, renames it in one step, forces the folder, and only then deletes checkpoints
/// beyond the number to keep. Whatever happens before the rename (a crash, a full disk), the earlier ones are untouched. A checkpoint of a
/// later step than the one saved is never deleted.
///
/// ```java
/// Map<String, Tensor> tensors = …;
/// Json.Obj state = …; // random streams, step, …
/// Checkpoints checkpoints = Checkpoints.in(folder).keep(3);
/// checkpoints.save(step, new Checkpoint(tensors, state));
/// Optional<Checkpoints.Loaded> newest = checkpoints.latest();
/// ```
///
/// One process at a time may save to a folder; any number may read.
public final class Checkpoints {
    private static final Pattern NAME = Pattern.compile("step-(\\d{1,18})\\.ckpt");
    private static final String CHECKSUM = "headstart.sha256";
    private static final String STATE = "headstart.state";
    private static final String STEP = "headstart.step";
    private static final String NO_CHECKSUM = "0".repeat(64);
    /// What follows the 8 bytes of the header's length: the checksum is the first text, because its name sorts first.
    private static final byte[] START = ("{\"__metadata__\":{\"" + CHECKSUM + "\":\"").getBytes(StandardCharsets.UTF_8);
    private static final int CHECKSUM_AT = 8 + START.length;

    private final Path folder;
    private final int kept;
    private final Disk disk;

    Checkpoints(Path folder, int kept, Disk disk) {
        this.folder = folder;
        this.kept = kept;
        this.disk = disk;
    }

    /// The checkpoints in this folder, which need not exist before the first is saved. The last two are kept.
    public static Checkpoints in(Path folder) {
        return new Checkpoints(folder, 2, Disk.real());
    }

    /// The same folder, in which the last `n` checkpoints are kept.
    public Checkpoints keep(int n) {
        if (n < 1) {
            throw new IllegalArgumentException("checkpoints: " + n + " cannot be kept: at least 1");
        }
        return new Checkpoints(folder, n, disk);
    }

    /// A checkpoint read back.
    ///
    /// @param step the step it was saved at
    /// @param checkpoint what was saved
    /// @param file where it was
    /// @param warnings one sentence for each newer file that was skipped because it is damaged
    public record Loaded(long step, Checkpoint checkpoint, Path file, List<String> warnings) {
        public Loaded {
            warnings = List.copyOf(warnings);
        }
    }

    /// Saves a checkpoint. When this returns, it is on the device; when it throws, the earlier ones are as they were, and the
    /// message says whether this one is in place.
    ///
    /// @return the file
    public Path save(long step, Checkpoint checkpoint) throws IOException {
        Path file = folder.resolve(String.format(Locale.ROOT, "step-%012d.ckpt", step));
        if (!NAME.matcher(file.getFileName().toString()).matches()) {
            throw new IllegalArgumentException("checkpoints: step " + step + ": from 0 to 10¹⁸ - 1");
        }
        SortedMap<String, Tensor> tensors = SortedNames.sorted(checkpoint.tensors());
        Map<String, String> texts = Map.of(CHECKSUM, NO_CHECKSUM, STATE, checkpoint.state().compact(), STEP, Long.toString(step));
        byte[] header = SafeTensorsWriter.header(tensors, texts);
        createFolder();
        disk.replace(file, sink -> {
            MessageDigest digest = Hashes.newSha256();
            sink.digestWith(digest);
            sink.write(header);
            SafeTensorsWriter.writeData(sink, tensors);
            sink.overwrite(CHECKSUM_AT, Hashes.hex(digest).getBytes(StandardCharsets.US_ASCII));
        });
        try {
            prune(step);
        } catch (IOException e) {
            throw new IOException("checkpoints in " + folder + ": step " + step + " is saved, but older ones could not be deleted: "
                    + e.getMessage(), e);
        }
        return file;
    }

    /// The newest checkpoint that verifies; nothing when there is no checkpoint at all.
    ///
    /// @throws IOException when there are checkpoints and none verifies; the message says what is wrong with each
    public Optional<Loaded> latest() throws IOException {
        List<String> warnings = new ArrayList<>();
        for (Path file : files().descendingMap().values()) {
            try {
                Loaded loaded = load(disk, file);
                return Optional.of(new Loaded(loaded.step(), loaded.checkpoint(), file, warnings));
            } catch (IOException e) {
                warnings.add("skipped a damaged checkpoint: " + e.getMessage());
            }
        }
        if (!warnings.isEmpty()) {
            throw new IOException(
                    "checkpoints in " + folder + ": none of " + warnings.size() + " can be used: " + String.join("; ", warnings));
        }
        return Optional.empty();
    }

    /// Reads one checkpoint file and verifies it.
    ///
    /// @throws WeightFormatException when it is not a checkpoint, or not as it was saved
    public static Loaded load(Path file) throws IOException {
        return load(Disk.real(), file);
    }

    private static Loaded load(Disk disk, Path file) throws IOException {
        Weights weights = Formats.open(disk, file);
        verify(disk, file, weights.metadata().getOrDefault(CHECKSUM, ""));
        try {
            Json state = Json.parse(weights.metadata().getOrDefault(STATE, ""));
            long step = Long.parseLong(weights.metadata().getOrDefault(STEP, ""));
            if (state instanceof Json.Obj members) {
                return new Loaded(step, new Checkpoint(weights.tensors(), members), file, List.of());
            }
        } catch (JsonException | NumberFormatException e) {
            throw new WeightFormatException(file, CHECKSUM_AT, "not a checkpoint: its step or state is none", e);
        }
        throw new WeightFormatException(file, CHECKSUM_AT, "not a checkpoint: its state is no JSON object", null);
    }

    /// The steps of which there is a file, ascending; whether they verify is not looked at.
    public List<Long> steps() throws IOException {
        return List.copyOf(files().keySet());
    }

    private static void verify(Disk disk, Path file, String expected) throws IOException {
        MessageDigest digest = Hashes.newSha256();
        try (InputStream in = Source.stream(disk, file)) {
            byte[] start = in.readNBytes(CHECKSUM_AT);
            if (start.length < CHECKSUM_AT || !Arrays.equals(start, 8, CHECKSUM_AT, START, 0, START.length)) {
                throw new WeightFormatException(file, 8, "not a checkpoint: its metadata does not begin with " + CHECKSUM, null);
            }
            digest.update(start);
            digest.update(NO_CHECKSUM.getBytes(StandardCharsets.US_ASCII), 0, in.readNBytes(NO_CHECKSUM.length()).length);
            Hashes.update(digest, in);
        }
        if (!Hashes.hex(digest).equals(expected)) {
            throw new WeightFormatException(file, CHECKSUM_AT, "damaged: its SHA-256 is not the one noted here", null);
        }
    }

    private void createFolder() throws IOException {
        if (!disk.is(Disk.Kind.FOLDER, folder)) {
            disk.createFolders(folder);
            Path parent = folder.toAbsolutePath().getParent();
            if (parent != null) {
                disk.forceFolder(parent);
            }
        }
    }

    /// Deletes what is no longer needed now that this step is safe: older checkpoints, and temporary files of killed processes.
    private void prune(long saved) throws IOException {
        files().headMap(saved, true).descendingMap().values().stream().skip(kept).forEach(disk::deleteQuietly);
        disk.list(folder, ".step-*.ckpt.*" + Disk.TEMPORARY).forEach(disk::deleteQuietly);
    }

    private NavigableMap<Long, Path> files() throws IOException {
        NavigableMap<Long, Path> files = new TreeMap<>(Comparator.naturalOrder());
        if (!disk.is(Disk.Kind.FOLDER, folder)) {
            return files;
        }
        for (Path entry : disk.list(folder, "step-*.ckpt")) {
            Matcher name = NAME.matcher(entry.getFileName().toString());
            if (name.matches()) {
                files.put(Long.parseLong(name.group(1)), entry);
            }
        }
        return files;
    }
}
