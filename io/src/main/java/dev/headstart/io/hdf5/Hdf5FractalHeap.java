package dev.headstart.io.hdf5;

import dev.headstart.io.format.Refusal;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// A fractal heap, in which new groups keep many links (HDF5 file format specification 3.0, III.G).
///
/// The heap is a space of bytes cut into blocks by a doubling table: rows of `width` blocks, the first two rows of the starting size, each
/// further row twice that of the row before. Blocks up to a largest size hold objects; larger ones are tables of blocks of their own.
/// An object is found by its offset in the space. Objects that are too large for it (huge ones), and filters, are not read: links have
/// neither.
final class Hdf5FractalHeap {
    private final Hdf5Bytes bytes;
    private final long address;
    private final int idBytes;
    private final boolean isChecked;
    private final int lengthBytes;
    private final int offsetBytes;
    private final int width;
    private final long startSize;
    private final long maxDirect;
    private final long root;
    private final int rootRows;
    private final Map<Long, Hdf5Block> tables = new HashMap<>();
    private final Set<Long> checked = new HashSet<>();

    /// Reads a heap's header, whose address was read at `from`.
    Hdf5FractalHeap(Hdf5Bytes bytes, long address, long from) throws IOException, Refusal.Found {
        int lengths = bytes.lengthBytes();
        int addresses = bytes.addressBytes();
        Hdf5Block head = bytes.block(address, 26 + 12L * lengths + 3L * addresses, from, "fractal heap").checked();
        this.bytes = bytes;
        this.address = address;
        head.signature("FRHP");
        head.skip(1);
        this.idBytes = head.u16();
        long filtersAt = head.offset();
        int filters = head.u16();
        if (filters != 0) {
            throw new Refusal.Found(filtersAt, "a group whose links are packed by filters, which is not read");
        }
        this.isChecked = (head.u8() & 2) != 0;
        long maxManaged = head.u32();
        head.skip(10L * lengths + 2L * addresses);
        this.width = head.u16();
        this.startSize = head.length();
        this.maxDirect = head.length();
        int bits = head.u16();
        head.skip(2);
        this.root = head.address();
        this.rootRows = head.u16();
        if (width == 0 || Long.bitCount(width) != 1 || Long.bitCount(startSize) != 1 || Long.bitCount(maxDirect) != 1
                || startSize > maxDirect || maxDirect > 1L << 32 || bits == 0 || bits > 64 || rootRows > 64 || maxManaged == 0) {
            throw head.damaged("width " + width + ", blocks of " + startSize + " to " + maxDirect + " bytes, " + bits + " bits");
        }
        this.offsetBytes = (bits + 7) / 8;
        this.lengthBytes = Math.min((log2(maxDirect) + 7) / 8, log2(maxManaged) / 8 + 1);
        if (idBytes < 1 + offsetBytes + lengthBytes) {
            throw head.damaged("objects named by " + idBytes + " bytes, " + (1 + offsetBytes + lengthBytes) + " are needed");
        }
    }

    private static int log2(long number) {
        return 63 - Long.numberOfLeadingZeros(number);
    }

    /// Size of an object's name, in bytes.
    int idBytes() {
        return idBytes;
    }

    /// The object of this name: kind, offset in the heap, length.
    Hdf5Block object(Hdf5Block id) throws IOException {
        long from = id.offset();
        int kind = id.u8();
        if (kind != 0) {
            throw bytes.damaged(from, "fractal heap: an object of kind " + (kind >> 4 & 3) + " among links");
        }
        long offset = id.number(offsetBytes);
        long length = id.number(lengthBytes);
        if (offset < 0) {
            throw bytes.damaged(from, "fractal heap: an object at offset " + Long.toUnsignedString(offset));
        }
        return rootRows == 0 ? direct(root, startSize, offset, length, from) : indirect(root, rootRows, offset, length, from);
    }

    private Hdf5Block indirect(long table, int rows, long offset, long length, long from) throws IOException {
        long first = width * startSize;
        int row = offset < first ? 0 : log2(offset / first) + 1;
        long size = startSize << Math.max(0, row - 1);
        long inRow = row == 0 ? offset : offset - (first << (row - 1));
        if (row >= rows || row > 62 - log2(first)) {
            throw bytes.damaged(from, "fractal heap: offset " + offset + " is beyond its " + rows + " rows");
        }
        Hdf5Block entry = table(table, rows, from).at(headBytes() + (row * (long) width + inRow / size) * bytes.addressBytes());
        long at = entry.offset();
        long child = entry.address();
        if (size <= maxDirect) {
            return direct(child, size, inRow % size, length, at);
        }
        return indirect(child, log2(size) - log2(first) + 1, inRow % size, length, at);
    }

    /// Signature, version, address of the header, offset in the heap.
    private int headBytes() {
        return 5 + bytes.addressBytes() + offsetBytes;
    }

    private Hdf5Block table(long table, int rows, long from) throws IOException {
        Hdf5Block known = tables.get(table);
        if (known == null) {
            long size = headBytes() + (long) rows * width * bytes.addressBytes() + 4;
            known = bytes.block(table, size, from, "table of a fractal heap").checked();
            known.signature("FHIB");
            bytes.keep(size + 256, from);
            tables.put(table, known);
        }
        return known;
    }

    private Hdf5Block direct(long block, long size, long offset, long length, long from) throws IOException {
        if (checked.add(block)) {
            Hdf5Block whole = bytes.block(block, size, from, "block of a fractal heap");
            whole.signature("FHDB");
            whole.skip(1);
            if (whole.address() != address) {
                throw whole.damaged("it belongs to another heap");
            }
            if (isChecked) {
                whole.checksum(headBytes());
            }
            bytes.keep(64, from);
        }
        if (length > size - offset) {
            throw bytes.damaged(from, "fractal heap: " + length + " bytes from byte " + offset + " of a block of " + size);
        }
        return bytes.block(block + offset, length, from, "object of a fractal heap");
    }
}
