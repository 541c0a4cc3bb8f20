package dev.headstart.io.hdf5;

import dev.headstart.io.file.Source;
import dev.headstart.io.format.Refusal;
import dev.headstart.io.hdf5.Hdf5Header.Message;
import dev.headstart.io.weights.WeightFormatException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The links of a group (HDF5 file format specification 3.0).
///
/// An old group has a B-tree of version 1 (III.A.1) whose leaves are symbol nodes (III.B) of entries (III.C) with names in a local heap
/// (III.D). A new one has a message for each link (IV.A.2.g): in its header or, when there are many, in a fractal heap with an index.
final class Hdf5Links {
    private static final int MAX_NAME = 1024;
    private static final int MAX_LEVELS = 16;
    private static final int HASH_BYTES = 4;

    private final Hdf5Bytes bytes;
    private final Set<Long> seen = new HashSet<>();

    Hdf5Links(Hdf5Bytes bytes) {
        this.bytes = bytes;
    }

    /// A link.
    ///
    /// @param name its name in the group
    /// @param address the address of an object's header
    /// @param from where in the file the link is
    /// @param refused what it is instead of a link to an object in this file
    record Link(String name, long address, long from, @Nullable String refused) {}

    static boolean isGroup(Hdf5Header header) {
        return header.first(Hdf5Header.SYMBOL_TABLE) != null || header.first(Hdf5Header.LINK_INFO) != null;
    }

    /// The links of a group, in the file's order.
    List<Link> of(Hdf5Header header) throws IOException, Refusal.Found {
        List<Link> links = new ArrayList<>();
        for (Message message : header.messages()) {
            if (message.isShared() && message.type() != Hdf5Header.ATTRIBUTE) {
                throw new Refusal.Found(message.data().offset(), "a group with shared messages, which is not read");
            }
            switch (message.type()) {
                case Hdf5Header.SYMBOL_TABLE -> table(message.data(), links);
                case Hdf5Header.LINK_INFO -> info(message.data(), links);
                case Hdf5Header.LINK -> links.add(link(message.data()));
                default -> {
                }
            }
        }
        return links;
    }

    // ---- old groups ----

    private void table(Hdf5Block data, List<Link> links) throws IOException {
        long from = data.offset();
        long tree = data.address();
        long heap = data.address();
        Hdf5Block header = bytes.block(heap, 8 + 2L * bytes.lengthBytes() + bytes.addressBytes(), from, "local heap");
        header.signature("HEAP");
        header.skip(4);
        long size = header.length();
        header.skip(bytes.lengthBytes()); // where the free space begins
        long segment = header.offset();
        node(tree, from, bytes.block(header.address(), size, segment, "local heap"), MAX_LEVELS, links);
    }

    private Hdf5Block once(long address, long length, long from, String what) throws IOException {
        if (!seen.add(address)) {
            throw bytes.damaged(from, what + " at address " + Long.toUnsignedString(address) + " is part of a tree already");
        }
        return bytes.block(address, length, from, what);
    }

    private void node(long address, long from, Hdf5Block names, int below, List<Link> links) throws IOException {
        Hdf5Block head = once(address, 8 + 2L * bytes.addressBytes(), from, "B-tree node");
        head.signature("TREE");
        int type = head.u8();
        int level = head.u8();
        int entries = head.u16();
        if (type != 0 || level >= below) {
            throw head.damaged(type != 0 ? "type " + type + " in a group, which has 0" : "level " + level + " below level " + below);
        }
        int lengthBytes = bytes.lengthBytes();
        Hdf5Block body = bytes.block(address + 8 + 2L * bytes.addressBytes(), (long) entries * (lengthBytes + bytes.addressBytes()), from,
                "B-tree node");
        for (int i = 0; i < entries; i++) {
            body.skip(lengthBytes);
            long at = body.offset();
            long child = body.address();
            if (level > 0) {
                node(child, at, names, level, links);
            } else {
                symbols(child, at, names, links);
            }
        }
    }

    private void symbols(long address, long from, Hdf5Block names, List<Link> links) throws IOException {
        Hdf5Block head = once(address, 8, from, "symbol node");
        head.signature("SNOD");
        int version = head.u8();
        head.skip(1);
        int entries = head.u16();
        if (version != 1) {
            throw head.damaged("version " + version + ": only 1 is read");
        }
        Hdf5Block body = bytes.block(address + 8, (long) entries * entryBytes(bytes), from, "symbol node");
        for (int i = 0; i < entries; i++) {
            links.add(symbol(body, names));
        }
    }

    /// Size of an entry of a symbol table: two addresses, type of cache, four unused bytes, cache.
    static int entryBytes(Hdf5Bytes bytes) {
        return 2 * bytes.addressBytes() + 24;
    }

    private Link symbol(Hdf5Block entry, Hdf5Block names) throws WeightFormatException {
        long from = entry.offset();
        String name = names.terminated(entry.address(), MAX_NAME);
        long address = entry.address();
        long cache = entry.u32();
        entry.skip(20);
        return link(name, address, from, cache == 2 ? "a soft link" : null);
    }

    // ---- new groups ----

    /// Version, flags, largest creation index (flag 0), address of the fractal heap, address of its index by name.
    private void info(Hdf5Block data, List<Link> links) throws IOException, Refusal.Found {
        data.skip(1);
        int flags = data.u8();
        data.skip((flags & 1) != 0 ? 8 : 0);
        long heapAt = data.offset();
        long address = data.address();
        if (address == Hdf5Bytes.UNDEFINED) {
            return;
        }
        long indexAt = data.offset();
        Hdf5FractalHeap heap = new Hdf5FractalHeap(bytes, address, heapAt);
        Hdf5Index index = new Hdf5Index(bytes, data.address(), indexAt, HASH_BYTES + heap.idBytes());
        index.visit(record -> {
            record.skip(HASH_BYTES);
            links.add(link(heap.object(record)));
        });
    }

    /// Version, flags, type (flag 3), creation index (flag 2), character set (flag 4), length of the name in 1, 2, 4 or 8 bytes, name,
    /// target.
    private Link link(Hdf5Block data) throws WeightFormatException {
        long from = data.offset();
        int version = data.u8();
        int flags = data.u8();
        if (version != 1) {
            throw data.damaged("link message of version " + version + ": only 1 is read");
        }
        int type = (flags & 8) != 0 ? data.u8() : 0;
        data.skip(((flags & 4) != 0 ? 8 : 0) + ((flags & 16) != 0 ? 1 : 0));
        long length = data.number(1 << (flags & 3));
        if (length < 0 || length > MAX_NAME) {
            throw data.damaged("a name of " + Long.toUnsignedString(length) + " bytes, the limit is " + MAX_NAME);
        }
        String name = data.text(length);
        return switch (type) {
            case 0 -> link(name, data.address(), from, null);
            case 1 -> link(name, Hdf5Bytes.UNDEFINED, from, "a soft link");
            case 64 -> link(name, Hdf5Bytes.UNDEFINED, from, "a link into another file");
            default -> link(name, Hdf5Bytes.UNDEFINED, from, "a link of type " + type);
        };
    }

    private Link link(String name, long address, long from, @Nullable String refused) throws WeightFormatException {
        if (name.isEmpty() || name.contains("/")) {
            throw bytes.damaged(from, "a link is named \"" + Source.abridged(name) + "\"");
        }
        bytes.keep(128 + 2L * name.length(), from);
        return new Link(name, address, from, refused);
    }
}
