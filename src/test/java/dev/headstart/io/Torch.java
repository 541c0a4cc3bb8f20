package dev.headstart.io;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Makes PyTorch files as no PyTorch would: pickles opcode by opcode, and the containers around them.
public final class Torch {
    public static final String PROTO = "\u0080\2";
    public static final String MAGIC = PROTO + "\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\u0019.";

    private Torch() {}

    /// Opcodes written as the characters they are.
    public static byte[] bytes(String opcodes) {
        return opcodes.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String characters(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /// `BINUNICODE`.
    public static String text(String text) {
        String utf8 = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        return "X" + characters(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(utf8.length()).array()) + utf8;
    }

    /// `BININT`, or `LONG1` when that is too short.
    public static String whole(long value) {
        return value == (int) value
                ? "J" + characters(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt((int) value).array())
                : "\u008a\b" + characters(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
    }

    /// `GLOBAL`.
    public static String global(String module, String name) {
        return "c" + module + "\n" + name + "\n";
    }

    /// A tuple of integers.
    public static String tuple(long... values) {
        StringBuilder tuple = new StringBuilder("(");
        for (long value : values) {
            tuple.append(whole(value));
        }
        return tuple + "t";
    }

    /// A reference to a storage of this class.
    public static String storage(String type, String key, long elements) {
        return "(" + text("storage") + global("torch", type) + text(key) + text("cpu") + whole(elements) + "tQ";
    }

    /// A call of `_rebuild_tensor_v2`.
    public static String tensor(String storage, long offset, String extents, String strides) {
        return global("torch._utils", "_rebuild_tensor_v2") + "(" + storage + whole(offset) + extents + strides + "\u0089"
                + global("collections", "OrderedDict") + ")RtR";
    }

    /// A pickle of a dictionary with one name.
    public static String named(String name, String value) {
        return PROTO + "}" + text(name) + value + "s.";
    }

    /// A zip with this pickle and one storage, `0`.
    public static byte[] zip(String pickle, byte[] storage) {
        Map<String, byte[]> members = new LinkedHashMap<>();
        members.put("x/data.pkl", bytes(pickle));
        members.put("x/data/0", storage);
        return zip(members, ZipEntry.STORED);
    }

    /// A zip of these members.
    public static byte[] zip(Map<String, byte[]> members, int method) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> member : members.entrySet()) {
                ZipEntry entry = new ZipEntry(member.getKey());
                entry.setMethod(method);
                entry.setSize(member.getValue().length);
                CRC32 crc = new CRC32();
                crc.update(member.getValue());
                entry.setCrc(crc.getValue());
                zip.putNextEntry(entry);
                zip.write(member.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("into memory", e);
        }
        return bytes.toByteArray();
    }

    /// A file of the old form with this pickle and one storage, `0`, of four-byte elements.
    public static byte[] legacy(String pickle, byte[] storage) {
        String machine = PROTO + "}" + text("little_endian") + "\u0088s.";
        String count = characters(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(storage.length / 4).array());
        return bytes(MAGIC + PROTO + "M\u00e9\3." + machine + pickle + PROTO + "]" + text("0") + "a." + count
                + new String(storage, StandardCharsets.ISO_8859_1));
    }
}
