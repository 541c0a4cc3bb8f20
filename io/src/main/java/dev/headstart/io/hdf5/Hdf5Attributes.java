package dev.headstart.io.hdf5;

import dev.headstart.io.hdf5.Hdf5Header.Message;
import dev.headstart.io.json.stream.JsonWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The attributes of an object that are texts or lists of texts (HDF5 file format specification 3.0, IV.A.2.m); others are passed over.
///
/// Texts of variable length are in global heaps (III.E): collections of numbered objects.
final class Hdf5Attributes {
    private static final int HEAP_HEAD = 16;

    private final Hdf5Bytes bytes;
    private final Map<Long, Map<Integer, Piece>> collections = new HashMap<>();

    Hdf5Attributes(Hdf5Bytes bytes) {
        this.bytes = bytes;
    }

    /// An object in a global heap.
    private record Piece(long address, long size) {}

    /// By name; a list as JSON: `["conv2d","dense"]`.
    Map<String, String> of(Hdf5Header header) throws IOException {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Message message : header.messages()) {
            if (message.type() == Hdf5Header.ATTRIBUTE && !message.isShared()) {
                attribute(message.data(), texts);
            }
        }
        return texts;
    }

    /// Version, flags, sizes of name, datatype and dataspace, character set (version 3), and these three, padded to 8 bytes in version 1.
    private void attribute(Hdf5Block data, Map<String, String> texts) throws IOException {
        int version = data.u8();
        int flags = data.u8();
        int nameBytes = data.u16();
        int typeBytes = data.u16();
        int spaceBytes = data.u16();
        if (version < 1 || version > 3 || (version > 1 && (flags & 3) != 0)) {
            return;
        }
        data.skip(version == 3 ? 1 : 0);
        int pad = version == 1 ? 7 : 0;
        String name = data.slice(nameBytes + pad & ~pad).terminated(0, nameBytes);
        Hdf5Datatype type = Hdf5Datatype.read(data.slice(typeBytes + pad & ~pad));
        Hdf5Dataspace space = Hdf5Dataspace.read(data.slice(spaceBytes + pad & ~pad));
        if (space.isNull() || type instanceof Hdf5Datatype.Numeric || type instanceof Hdf5Datatype.Other) {
            return;
        }
        long size = space.bytes(type.size());
        if (size < 0 || type.size() == 0 || size > data.remaining()) {
            throw data.damaged("attribute " + name + ": " + space.extents() + " of " + type.size() + " bytes, " + data.remaining()
                    + " bytes are there");
        }
        List<String> elements = new ArrayList<>();
        for (long i = 0; i < size / type.size(); i++) {
            elements.add(element(type, data.slice(type.size())));
        }
        texts.put(name, space.extents().isEmpty() ? elements.getFirst() : list(elements));
    }

    private static String list(List<String> elements) {
        StringBuilder json = new StringBuilder("[");
        for (String element : elements) {
            JsonWriter.quote(json.append(json.length() > 1 ? "," : ""), element);
        }
        return json.append(']').toString();
    }

    private String element(Hdf5Datatype type, Hdf5Block data) throws IOException {
        bytes.keep(64 + 4 * type.size(), data.offset());
        if (type instanceof Hdf5Datatype.FixedString fixed) {
            String text = data.text(data.remaining());
            int end = fixed.padding() == 0 ? text.indexOf('\0') : -1;
            return end >= 0 ? text.substring(0, end) : fixed.padding() == 2 ? text.stripTrailing() : untilZeros(text);
        }
        long length = data.u32();
        long from = data.offset();
        long collection = data.address();
        int index = (int) data.u32();
        return length == 0 ? "" : variable(length, collection, index, from);
    }

    private static String untilZeros(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == '\0') {
            end--;
        }
        return text.substring(0, end);
    }

    private String variable(long length, long collection, int index, long from) throws IOException {
        Map<Integer, Piece> pieces = collections.get(collection);
        if (pieces == null) {
            pieces = collection(collection, from);
            collections.put(collection, pieces);
        }
        Piece piece = pieces.get(index);
        if (piece == null || piece.size() < length) {
            throw bytes.damaged(from,
                    "no text of " + length + " bytes is number " + index + " in the global heap at address " + collection);
        }
        bytes.keep(64 + 4 * length, from);
        return untilZeros(bytes.block(piece.address(), length, from, "text").text(length));
    }

    /// `GCOL`, version, size; objects: number, references, 4 unused bytes, size, data. Both heads have 16 bytes whatever the size of
    /// lengths, and data is padded to 8. Number 0 is the free space at the end.
    private Map<Integer, Piece> collection(long address, long from) throws IOException {
        Hdf5Block head = bytes.block(address, HEAP_HEAD, from, "global heap");
        head.signature("GCOL");
        head.skip(4);
        long size = head.length();
        Hdf5Block heap = bytes.block(address, size, from, "global heap");
        Map<Integer, Piece> pieces = new HashMap<>();
        for (long at = HEAP_HEAD; at + HEAP_HEAD <= size;) {
            Hdf5Block object = heap.at(at);
            int index = object.u16();
            object.skip(6);
            long length = object.length();
            if (index == 0) {
                break;
            }
            bytes.keep(64, from);
            pieces.put(index, new Piece(address + at + HEAP_HEAD, length));
            at += HEAP_HEAD + Math.min(length, size) + 7 & ~7L;
        }
        return pieces;
    }
}
