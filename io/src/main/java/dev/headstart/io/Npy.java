package dev.headstart.io;

import dev.headstart.io.file.Disk;
import dev.headstart.io.file.Region;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// NumPy's files of one array (`numpy.lib.format`): written here, read by [Weights#open], where the tensor has the file's name without its
/// ending.
///
/// A file is `\x93NUMPY`, the version (1.0, 2.0 or 3.0), the length of the header in 2 bytes (version 1) or 4, the header, a Python
/// dictionary like `{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }`, and the elements, to the file's last byte. Read are
/// integers of 1 to 8 bytes, floating point of 2 to 8, and booleans, of either byte order, row-major or column-major (`fortran_order`).
///
/// Written are `<f4` and `<i4`, row-major, in version 1.0, byte for byte as NumPy does.
public final class Npy {
    private static final int ALIGNMENT = 64;

    private Npy() {}

    /// Writes a tensor to a file, replacing it: whole or not at all.
    public static void write(Path file, Tensor tensor) throws IOException {
        Disk.REAL.replace(file, sink -> {
            sink.write(header("<f4", tensor.shape()));
            sink.write(tensor.toArray());
        });
    }

    /// Writes integers to a file, replacing it: whole or not at all.
    public static void write(Path file, Indices indices) throws IOException {
        Disk.REAL.replace(file, sink -> {
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

    /// The contents of a file of one array.
    static Contents read(Path file, FileChannel channel, long size) throws IOException {
        NpyHeader header;
        try (Region bytes = new Region(channel, 0, size)) {
            header = NpyHeader.read(file, bytes, 0, true);
        } catch (Refusal.Found e) {
            throw new WeightFormatException(file, e.refusal().offset(), "NumPy: " + e.refusal().problem(), e);
        }
        if (header.end() != size) {
            String problem = header.end() > size
                    ? "the file ends here, its elements end at byte " + header.end() + ": it is truncated"
                    : "its elements end here, the file goes on to byte " + size;
            throw new WeightFormatException(file, Math.min(size, header.end()), "NumPy: " + problem, null);
        }
        return new Contents("npy", List.of(header.entry(name(file), header.begin(), header.end(), null)), Map.of());
    }

    /// The name of the tensor in a file of one: the file's without `.npy`.
    private static String name(Path file) {
        Path last = file.getFileName();
        String name = last == null ? "" : last.toString();
        return name.endsWith(NpyHeader.ENDING) ? name.substring(0, name.length() - NpyHeader.ENDING.length()) : name;
    }
}
