package dev.headstart.io.numpy;

import dev.headstart.io.file.Disk;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Writes NumPy's files of one array: row-major, in version 1.0, byte for byte as NumPy does.
public final class NpyWriter {
    private static final int ALIGNMENT = 64;

    private NpyWriter() {}

    /// Writes a tensor as `<f4`.
    public static void write(Disk disk, Path file, Tensor tensor) throws IOException {
        disk.replace(file, sink -> {
            sink.write(header("<f4", tensor.shape()));
            sink.write(tensor.toArray());
        });
    }

    /// Writes integers as `<i4`.
    public static void write(Disk disk, Path file, Indices indices) throws IOException {
        disk.replace(file, sink -> {
            sink.write(header("<i4", indices.shape()));
            sink.write(bytes(indices.toArray()));
        });
    }

    private static byte[] bytes(int[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Integer.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(values);
        return bytes.array();
    }

    /// All before the elements, padded with spaces so that these are aligned; the header ends with a line feed.
    static byte[] header(String descr, Shape shape) {
        String dims = IntStream.of(shape.dims()).mapToObj(Integer::toString).collect(Collectors.joining(", "));
        String tuple = shape.rank() == 1 ? "(" + dims + ",)" : "(" + dims + ")";
        String text = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + tuple + ", }";
        int start = NpyHeader.MAGIC.length + 2 + Short.BYTES;
        String padded = text + " ".repeat(-(start + text.length() + 1) & ALIGNMENT - 1) + "\n";
        return ByteBuffer.allocate(start + padded.length()).order(ByteOrder.LITTLE_ENDIAN).put(NpyHeader.MAGIC).put((byte) 1).put((byte) 0)
                .putShort((short) padded.length()).put(padded.getBytes(StandardCharsets.US_ASCII)).array();
    }
}
