package dev.headstart.io;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Puts together HDF5 files of the old form, sound and hostile ones: superblock 0, object headers of version 1. Each part is put where it is
/// told, so that parts may overlap, and point anywhere.
final class Hdf5Writer {
    static final int ROOT = 96;
    private final ByteBuffer bytes;

    Hdf5Writer(int size) {
        bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(new byte[] {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1A, '\n', 0, 0, 0, 0, 0, 8, 8, 0});
        bytes.putShort((short) 4).putShort((short) 16).putInt(0).putLong(0).putLong(-1).putLong(size).putLong(-1);
        bytes.putLong(0).putLong(ROOT);
    }

    byte[] bytes() {
        return bytes.array();
    }

    /// A file that is said to be this long, though only its beginning is here.
    Hdf5Writer length(long size) {
        bytes.putLong(40, size);
        return this;
    }

    /// A header with these messages.
    Hdf5Writer header(int at, byte[]... messages) {
        int size = Arrays.stream(messages).mapToInt(message -> message.length).sum();
        bytes.position(at).put(new byte[] {1, 0}).putShort((short) messages.length).putInt(1).putInt(size).putInt(0);
        for (byte[] message : messages) {
            bytes.put(message);
        }
        return this;
    }

    static byte[] message(int type, ByteBuffer data) {
        int size = data.position() + 7 & ~7;
        return ByteBuffer.allocate(8 + size).order(ByteOrder.LITTLE_ENDIAN).putShort((short) type).putShort((short) size).putInt(0)
                .put(data.flip()).array();
    }

    private static ByteBuffer little(int capacity) {
        return ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
    }

    static byte[] table(long tree, long heap) {
        return message(0x11, little(16).putLong(tree).putLong(heap));
    }

    static byte[] goesOn(long address, long length) {
        return message(0x10, little(16).putLong(address).putLong(length));
    }

    static byte[] space(long... extents) {
        ByteBuffer data = little(8 + 8 * extents.length).put((byte) 1).put((byte) extents.length).put(new byte[6]);
        for (long extent : extents) {
            data.putLong(extent);
        }
        return message(1, data);
    }

    static byte[] float32() {
        byte[] type = {0x11, 0x20, 31, 0, 4, 0, 0, 0, 0, 0, 32, 0, 23, 8, 0, 23, 127, 0, 0, 0};
        return message(3, little(20).put(type));
    }

    static byte[] contiguous(long address, long size) {
        return message(8, little(18).put((byte) 3).put((byte) 1).putLong(address).putLong(size));
    }

    /// A dataset of float32.
    Hdf5Writer dataset(int at, long address, long elements) {
        return header(at, space(elements), float32(), contiguous(address, 4 * elements));
    }

    /// A heap of names, each of which is followed by a zero and begins at a multiple of 8; its segment comes right after it.
    Hdf5Writer heap(int at, String... names) {
        bytes.position(at + 32).put(new byte[8]);
        for (String name : names) {
            bytes.put(name.getBytes(StandardCharsets.UTF_8)).put(new byte[8 - name.length() % 8]);
        }
        int size = bytes.position() - at - 32;
        bytes.position(at).put("HEAP".getBytes(StandardCharsets.US_ASCII)).putInt(0).putLong(size).putLong(-1).putLong(at + 32L);
        return this;
    }

    /// A node of a tree whose children are these.
    Hdf5Writer tree(int at, int level, long... children) {
        bytes.position(at).put("TREE".getBytes(StandardCharsets.US_ASCII)).put((byte) 0).put((byte) level)
                .putShort((short) children.length);
        bytes.putLong(-1).putLong(-1);
        for (long child : children) {
            bytes.putLong(0).putLong(child);
        }
        return this;
    }

    /// A node of links: byte of the heap where the name is, address of the header, and so on.
    Hdf5Writer links(int at, long... namesAndAddresses) {
        bytes.position(at).put("SNOD".getBytes(StandardCharsets.US_ASCII)).put(new byte[] {1, 0})
                .putShort((short) (namesAndAddresses.length / 2));
        for (int i = 0; i < namesAndAddresses.length; i += 2) {
            bytes.putLong(namesAndAddresses[i]).putLong(namesAndAddresses[i + 1]).put(new byte[24]);
        }
        return this;
    }

    /// A group with up to a few links, all its parts within 512 bytes from `at`.
    Hdf5Writer group(int at, String names, long... addresses) {
        String[] each = names.isEmpty() ? new String[0] : names.split(",");
        long[] links = new long[2 * each.length];
        for (int i = 0, name = 8; i < each.length; name += each[i].length() / 8 * 8 + 8, i++) {
            links[2 * i] = name;
            links[2 * i + 1] = addresses[i];
        }
        return header(at, table(at + 48, at + 128)).tree(at + 48, 0, at + 256).heap(at + 128, each).links(at + 256, links);
    }
}
