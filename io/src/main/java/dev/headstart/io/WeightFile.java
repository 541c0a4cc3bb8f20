package dev.headstart.io;

import dev.headstart.io.file.Disk;
import dev.headstart.io.file.Source;
import dev.headstart.io.format.Contents;
import dev.headstart.io.format.ElementReader;
import dev.headstart.io.format.Entry;
import dev.headstart.io.format.Refusal;
import dev.headstart.io.format.WeightFormat;
import dev.headstart.io.weights.TensorInfo;
import dev.headstart.io.weights.WeightFormatException;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A weight file of any format: its table of contents checked and kept, its data left in the file.
final class WeightFile implements Weights {
    private final Disk disk;
    private final Path file;
    private final Disk.State state;
    private final String format;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Map<String, TensorInfo> infos;
    private final Map<String, String> metadata;
    private final Map<String, Refusal> refused;
    private final String wrapper;

    /// A file with these contents.
    WeightFile(Source source, Contents contents) {
        this.disk = source.disk();
        this.file = source.file();
        this.state = source.state();
        this.format = contents.format();
        Map<String, TensorInfo> infos = new LinkedHashMap<>();
        for (Entry entry : contents.entries()) {
            entries.put(entry.info().name(), entry);
            infos.put(entry.info().name(), entry.info());
        }
        this.infos = Collections.unmodifiableMap(infos);
        this.metadata = Collections.unmodifiableMap(contents.metadata());
        this.refused = contents.refused();
        this.wrapper = contents.wrapper();
    }

    /// Reads the contents of a file that is no index.
    static WeightFile read(Source source) throws IOException {
        return new WeightFile(source, Formats.read(source, source.head(WeightFormat.HEAD)));
    }

    /// What distinguishes one state of a file from another.
    static Disk.State state(Disk disk, Path file) throws IOException {
        Disk.State state = disk.demand(file);
        if (state.kind() != Disk.Kind.FILE) {
            String what = state.kind() == Disk.Kind.FOLDER ? "a folder" : "something else";
            throw new WeightFormatException(file, 0, "not a file but " + what, null);
        }
        return state;
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
    public String wrapper() {
        return wrapper;
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
    public Tensor nearest(String name) throws IOException {
        Entry entry = entry(name);
        return whileUnchanged(reader -> reader.nearest(entry));
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
        return "\"" + Source.abridged(name) + "\" cannot be read: " + refusal.problem();
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
        try (Source source = Source.open(disk, file, state)) {
            result = reading.by(new ElementReader(source));
        } catch (WeightFormatException e) {
            demandUnchanged(e);
            throw e;
        }
        demandUnchanged(null);
        return result;
    }

    private void demandUnchanged(@Nullable Throwable cause) throws IOException {
        if (!state(disk, file).equals(state)) {
            throw new WeightFormatException(file, 0, "the file changed since it was opened: open it again", cause);
        }
    }

    @Override
    public String toString() {
        return file + " (" + format + ", " + infos.size() + " tensors)";
    }
}
