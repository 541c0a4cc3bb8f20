package dev.headstart.io.numpy;

import dev.headstart.io.file.Disk;
import dev.headstart.io.file.Source;
import dev.headstart.io.format.SortedNames;
import dev.headstart.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.zip.CRC32;

/// Writes NumPy's files of several arrays ([dev.headstart.io.Npz] describes them).
public final class NpzWriter {
    private static final int MAX_NAME = 0xFFFF - NpyHeader.ENDING.length();

    private NpzWriter() {}

    /// Writes tensors to a file, replacing it: whole or not at all.
    ///
    /// @throws IllegalArgumentException when a name is empty, longer than 65,531 bytes of UTF-8, or has half a surrogate pair
    public static void write(Disk disk, Path file, Map<String, Tensor> tensors) throws IOException {
        SortedMap<String, Tensor> sorted = SortedNames.sorted(tensors);
        for (String name : sorted.keySet()) {
            if (name.isEmpty() || name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME) {
                throw new IllegalArgumentException(
                        "npz: a name of 1 to " + MAX_NAME + " bytes is needed: \"" + Source.abridged(name) + "\"");
            }
        }
        disk.replace(file, sink -> {
            List<Written> written = new ArrayList<>();
            long at = 0;
            for (Map.Entry<String, Tensor> entry : sorted.entrySet()) {
                Written member = Written.of(entry.getKey(), entry.getValue(), at);
                sink.write(member.local());
                sink.write(member.header());
                sink.write(entry.getValue().toArray());
                at += member.local().length + member.size();
                written.add(member);
            }
            long begin = at;
            for (Written member : written) {
                sink.write(member.central());
                at += member.central().length;
            }
            sink.write(end(written.size(), begin, at));
        });
    }

    /// A member being written; of the zip64 fields every member has its sizes, and those of large files their place.
    private record Written(byte[] name, byte[] header, long size, long crc32, long at) {
        private static final int LIMIT = 0xFFFFFFFF;
        private static final short UTF_8 = 1 << 11;
        private static final short ZIP64 = 45;
        /// The first day a zip file can name: 1980-01-01.
        private static final int NO_TIME = 1 << 21 | 1 << 16;

        static Written of(String name, Tensor tensor, long at) {
            byte[] header = NpyWriter.header("<f4", tensor.shape());
            CRC32 crc32 = new CRC32();
            crc32.update(header);
            float[] values = tensor.toArray();
            ByteBuffer chunk = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
            for (int from = 0; from < values.length; from += chunk.capacity() / Float.BYTES) {
                int count = Math.min(chunk.capacity() / Float.BYTES, values.length - from);
                chunk.clear().limit(count * Float.BYTES);
                chunk.asFloatBuffer().put(values, from, count);
                crc32.update(chunk);
            }
            return new Written((name + NpyHeader.ENDING).getBytes(StandardCharsets.UTF_8), header, header.length + 4L * values.length,
                    crc32.getValue(), at);
        }

        /// Signature, version needed, flags, method, time, CRC-32, packed size, size, lengths of name and extra field, these.
        byte[] local() {
            return ByteBuffer.allocate(30 + name.length + 20).order(ByteOrder.LITTLE_ENDIAN).putInt(0x04034B50).putShort(ZIP64)
                    .putShort(UTF_8)
                    .putShort((short) 0).putInt(NO_TIME).putInt((int) crc32).putInt(LIMIT).putInt(LIMIT).putShort((short) name.length)
                    .putShort((short) 20).put(name).putShort((short) 1).putShort((short) 16).putLong(size).putLong(size).array();
        }

        /// The same, with lengths of a comment, number of the part, attributes, and where the member begins.
        byte[] central() {
            return ByteBuffer.allocate(46 + name.length + 28).order(ByteOrder.LITTLE_ENDIAN).putInt(0x02014B50).putShort(ZIP64)
                    .putShort(ZIP64).putShort(UTF_8).putShort((short) 0).putInt(NO_TIME).putInt((int) crc32).putInt(LIMIT).putInt(LIMIT)
                    .putShort((short) name.length).putShort((short) 28).putShort((short) 0).putShort((short) 0).putShort((short) 0)
                    .putInt(0)
                    .putInt(LIMIT).put(name).putShort((short) 1).putShort((short) 24).putLong(size).putLong(size).putLong(at).array();
        }
    }

    /// The end of the central directory: zip64's, which says where, and the old one, which says to look there.
    private static byte[] end(int members, long begin, long end) {
        short all = (short) 0xFFFF;
        return ByteBuffer.allocate(56 + 20 + 22).order(ByteOrder.LITTLE_ENDIAN).putInt(0x06064B50).putLong(44).putShort(Written.ZIP64)
                .putShort(Written.ZIP64).putInt(0).putInt(0).putLong(members).putLong(members).putLong(end - begin).putLong(begin)
                .putInt(0x07064B50).putInt(0).putLong(end).putInt(1)
                .putInt(0x06054B50).putShort((short) 0).putShort((short) 0).putShort(all).putShort(all).putInt(Written.LIMIT)
                .putInt(Written.LIMIT).putShort((short) 0).array();
    }
}
