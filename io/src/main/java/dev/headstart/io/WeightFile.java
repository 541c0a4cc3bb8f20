package dev.headstart.io;

import dev.headstart.io.json.stream.JsonReader;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.Tensor;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A weight file of any format: its table of contents checked and kept, its data left in the file.
final class WeightFile implements Weights {
    private final Path file;
    private final Stamp stamp;
    private final String format;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Map<String, TensorInfo> infos;
    private final Map<String, String> metadata;
    private final Map<String, Refusal> refused;

    private WeightFile(Path file, Stamp stamp, Contents contents) {
        this.file = file;
        this.stamp = stamp;
        this.format = contents.format();
        Map<String, TensorInfo> infos = new LinkedHashMap<>();
        for (Entry entry : contents.entries()) {
            entries.put(entry.info().name(), entry);
            infos.put(entry.info().name(), entry.info());
        }
        this.infos = Collections.unmodifiableMap(infos);
        this.metadata = Collections.unmodifiableMap(contents.metadata());
        this.refused = contents.refused();
    }

    static WeightFile open(Path file) throws IOException {
        Stamp stamp = Stamp.of(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return new WeightFile(file, stamp, Formats.read(file, channel, stamp.size()));
        }
    }

    @Override
    public Path file() {
        return file;
    }

    @Override
    public String format() {
        return format;
    }

    @Override
    public Map<String, TensorInfo> infos() {
        return infos;
    }

    @Override
    public Map<String, String> metadata() {
        return metadata;
    }

    @Override
    public Tensor tensor(String name) throws IOException {
        Entry entry = entry(name);
        return whileUnchanged(reader -> reader.tensor(entry));
    }

    @Override
    public Indices indices(String name) throws IOException {
        Entry entry = entry(name);
        return whileUnchanged(reader -> reader.indices(entry));
    }

    @Override
    public Map<String, Tensor> tensors() throws IOException {
        return whileUnchanged(reader -> {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            for (Entry entry : entries.values()) {
                tensors.put(entry.info().name(), reader.tensor(entry));
            }
            return tensors;
        });
    }

    @Override
    public TensorInfo info(String name) {
        Refusal refusal = refused.get(name);
        if (refusal != null) {
            throw new IllegalArgumentException(
                    new WeightFormatException(file, refusal.offset(), problem(name, refusal), null).getMessage());
        }
        return Weights.super.info(name);
    }

    private static String problem(String name, Refusal refusal) {
        return "\"" + JsonReader.abridged(name) + "\" cannot be read: " + refusal.problem();
    }

    private Entry entry(String name) throws WeightFormatException {
        Refusal refusal = refused.get(name);
        if (refusal != null) {
            throw new WeightFormatException(file, refusal.offset(), problem(name, refusal), null);
        }
        return Objects.requireNonNull(entries.get(info(name).name()), "an entry for each info");
    }

    private interface Reading<T> {
        T by(ElementReader reader) throws IOException;
    }

    private <T> T whileUnchanged(Reading<T> reading) throws IOException {
        demandUnchanged(null);
        T result;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            result = reading.by(new ElementReader(file, channel));
        } catch (WeightFormatException e) {
            demandUnchanged(e);
            throw e;
        }
        demandUnchanged(null);
        return result;
    }

    private void demandUnchanged(@Nullable Throwable cause) throws IOException {
        if (!Stamp.of(file).equals(stamp)) {
            throw new WeightFormatException(file, 0, "the file changed since it was opened: open it again", cause);
        }
    }

    /// What tells one state of a file from another.
    private record Stamp(long size, FileTime modified, @Nullable Object key) {
        static Stamp of(Path file) throws IOException {
            if (!Files.exists(file)) {
                throw new NoSuchFileException(file.toString(), null, "there is no such file");
            }
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            if (!attributes.isRegularFile()) {
                throw new WeightFormatException(file, 0, "not a file but " + (attributes.isDirectory() ? "a folder" : "something else"),
                        null);
            }
            return new Stamp(attributes.size(), attributes.lastModifiedTime(), attributes.fileKey());
        }
    }

    @Override
    public String toString() {
        return file + " (" + format + ", " + infos.size() + " tensors)";
    }
}
