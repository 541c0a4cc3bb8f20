package dev.headstart.io;

import dev.headstart.tensor.Indices;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.ShapeException;
import dev.headstart.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
import org.jspecify.annotations.Nullable;

/// A safetensors file as [Weights]: its header checked and kept, its data left in the file.
final class SafeTensorsFile implements Weights {
    private static final int CHUNK = 1 << 16;

    private final Path file;
    private final Stamp stamp;
    private final Map<String, TensorInfo> infos;
    private final Map<String, String> metadata;

    private SafeTensorsFile(Path file, Stamp stamp, SafeTensorsHeader header) {
        this.file = file;
        this.stamp = stamp;
        this.infos = Collections.unmodifiableMap(header.tensors());
        this.metadata = Collections.unmodifiableMap(header.metadata());
    }

    static SafeTensorsFile open(Path file) throws IOException {
        Stamp stamp = Stamp.of(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return new SafeTensorsFile(file, stamp, SafeTensorsHeader.read(file, channel, stamp.size()));
        }
    }

    @Override
    public Path file() {
        return file;
    }

    @Override
    public String format() {
        return "safetensors";
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
        TensorInfo info = info(name);
        return whileUnchanged(channel -> tensor(channel, info));
    }

    @Override
    public Indices indices(String name) throws IOException {
        TensorInfo info = info(name);
        return whileUnchanged(channel -> indices(channel, info));
    }

    @Override
    public Map<String, Tensor> tensors() throws IOException {
        return whileUnchanged(channel -> {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            for (TensorInfo info : infos.values()) {
                tensors.put(info.name(), tensor(channel, info));
            }
            return tensors;
        });
    }

    private interface Reading<T> {
        T from(FileChannel channel) throws IOException;
    }

    private <T> T whileUnchanged(Reading<T> reading) throws IOException {
        demandUnchanged(null);
        T result;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            result = reading.from(channel);
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

    private Tensor tensor(FileChannel channel, TensorInfo info) throws IOException {
        if (!info.dtype().isReadable()) {
            throw refused(info, info.dtype() + " cannot be read as float32");
        }
        float[] values = new float[allocatable(info)];
        decode(channel, info, values.length, (from, at, count) -> info.dtype().decode(from, values, at, count));
        return Tensor.wrap(shape(info), values);
    }

    private Indices indices(FileChannel channel, TensorInfo info) throws IOException {
        if (!info.dtype().isInteger()) {
            throw refused(info, info.dtype() + " holds no integers: read it as a tensor");
        }
        int[] values = new int[allocatable(info)];
        decode(channel, info, values.length, (from, at, count) -> info.dtype().decode(from, values, at, count));
        return Indices.of(shape(info), values);
    }

    /// The number of elements, when an array of them fits into the heap. The file is at least as long as the header says: that was checked.
    private int allocatable(TensorInfo info) throws WeightFormatException {
        int elements = shape(info).size();
        long heap = Runtime.getRuntime().maxMemory();
        if (4L * elements > heap) {
            throw refused(info, "needs " + 4L * elements + " bytes of heap, the limit is " + heap + ": raise it with -Xmx");
        }
        return elements;
    }

    private Shape shape(TensorInfo info) throws WeightFormatException {
        try {
            return info.shape();
        } catch (ShapeException e) {
            throw new WeightFormatException(file, info.begin(), about(info) + e.getMessage(), e);
        }
    }

    private interface Decoder {
        void decode(ByteBuffer from, int at, int count) throws Dtype.ValueException;
    }

    private void decode(FileChannel channel, TensorInfo info, int elements, Decoder decoder) throws IOException {
        int width = info.dtype().bits() / Byte.SIZE;
        ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK, info.bytes())).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < elements; at += CHUNK / width) {
            int count = Math.min(CHUNK / width, elements - at);
            long position = info.begin() + (long) at * width;
            chunk.clear().limit(count * width);
            while (chunk.hasRemaining()) {
                if (channel.read(chunk, position + chunk.position()) < 0) {
                    throw new WeightFormatException(file, position + chunk.position(), about(info) + "the file ends here", null);
                }
            }
            try {
                decoder.decode(chunk.flip(), at, count);
            } catch (Dtype.ValueException e) {
                String problem = about(info) + "element " + (at + e.index) + " of " + info.dtype() + ": " + e.getMessage();
                throw new WeightFormatException(file, position + (long) e.index * width, problem, e);
            }
        }
    }

    private WeightFormatException refused(TensorInfo info, String problem) {
        return new WeightFormatException(file, info.begin(), about(info) + problem, null);
    }

    private static String about(TensorInfo info) {
        return "tensor \"" + JsonReader.abridged(info.name()) + "\": ";
    }

    /// What tells one state of a file from another.
    private record Stamp(long size, FileTime modified, @Nullable Object key) {
        static Stamp of(Path file) throws IOException {
            if (!Files.exists(file)) {
                throw new NoSuchFileException(file + ": there is no such file");
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
        return file + " (safetensors, " + infos.size() + " tensors)";
    }
}
