package dev.headstart.io;

import dev.headstart.io.ZipArchive.Member;
import dev.headstart.io.file.Disk;
import dev.headstart.io.file.Region;
import dev.headstart.io.json.stream.JsonReader;
import dev.headstart.tensor.Tensor;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.zip.CRC32;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/// NumPy's files of several arrays (`numpy.savez`): written here, read by [Weights#open].
///
/// A file is a zip file with a member `NAME.npy` for each array ([Npy]), stored as it is or deflated (`numpy.savez_compressed`); tensors are
/// named without the ending. A member that is no array of numbers keeps nobody from reading the others: it is refused when it is asked for.
///
/// Written are members stored as they are, sorted by name, without times, with zip64 fields: the bytes of the file depend on the tensors and
/// their names only.
public final class Npz {
    private static final int MAX_NAME = 0xFFFF - NpyHeader.ENDING.length();
    private static final int BUFFER = 1 << 10;

    private Npz() {}

    // ---- reading ----

    static boolean matches(ZipArchive archive) {
        return archive.members().isEmpty() || archive.members().keySet().stream().anyMatch(name -> name.endsWith(NpyHeader.ENDING));
    }

    static Contents read(Path file, FileChannel channel, ZipArchive archive) throws IOException {
        List<Entry> entries = new ArrayList<>();
        Map<String, Refusal> refused = new LinkedHashMap<>();
        long kept = 0;
        for (Member member : archive.members().values()) {
            String name = member.name();
            String array = name.endsWith(NpyHeader.ENDING) ? name.substring(0, name.length() - NpyHeader.ENDING.length()) : name;
            try {
                if (!name.endsWith(NpyHeader.ENDING)) {
                    throw new Refusal.Found(member.begin(), "not an array (.npy)");
                }
                Entry entry = entry(file, channel, member, array);
                kept += 512 + 64L * entry.info().extents().size();
                if (kept > Runtime.getRuntime().maxMemory() / 4) {
                    throw damaged(file, member.begin(), array, "the table of contents takes a quarter of the heap: raise it with -Xmx",
                            null);
                }
                entries.add(entry);
            } catch (Refusal.Found e) {
                refused.put(array, e.refusal());
            }
        }
        for (Entry entry : entries) {
            if (refused.containsKey(entry.info().name())) {
                throw damaged(file, entry.info().begin(), entry.info().name(), "is there twice", null);
            }
        }
        return new Contents("npz", entries, Map.of(), refused);
    }

    /// One array. A header need not be long: of a deflated one, no more than that is inflated.
    private static Entry entry(Path file, FileChannel channel, Member member, String name) throws IOException, Refusal.Found {
        Inflater inflater = new Inflater(true);
        Region bytes = new Region(channel, member.begin(), member.end());
        try (InputStream in = member.deflated() ? new InflaterInputStream(bytes, inflater, BUFFER) : bytes) {
            NpyHeader header = NpyHeader.read(file, in, member.begin(), !member.deflated());
            long end = header.end() - (member.deflated() ? 0 : member.begin());
            if (end != member.size()) {
                throw damaged(file, member.begin(), name, "its array ends at its byte " + end + ", it has " + member.size(), null);
            }
            return member.deflated()
                    ? header.entry(name, member.begin(), member.end(), member.inflated(header.begin(), header.bytes()))
                    : header.entry(name, header.begin(), header.end(), null);
        } catch (ZipException | EOFException e) {
            throw damaged(file, member.begin(), name, "its bytes are no deflated stream: " + e.getMessage(), e);
        } finally {
            inflater.end();
        }
    }

    private static WeightFormatException damaged(Path file, long offset, String name, String problem, @Nullable Throwable cause) {
        return new WeightFormatException(file, offset, "NumPy: \"" + JsonReader.abridged(name) + "\": " + problem, cause);
    }

    // ---- writing ----

    /// Writes tensors to a file, replacing it: whole or not at all.
    ///
    /// @throws IllegalArgumentException when a name is empty or longer than 65,531 bytes of UTF-8
    public static void write(Path file, Map<String, Tensor> tensors) throws IOException {
        SortedMap<String, Tensor> sorted = SafeTensors.sorted(tensors);
        for (String name : sorted.keySet()) {
            if (name.isEmpty() || name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME) {
                throw new IllegalArgumentException(
                        "npz: a name of 1 to " + MAX_NAME + " bytes is needed: \"" + JsonReader.abridged(name) + "\"");
            }
        }
        Disk.REAL.replace(file, sink -> {
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
            byte[] header = Npy.header("<f4", tensor.shape());
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
