package dev.headstart.io.hdf5;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/// A B-tree of version 2, the index of a new group's many links (HDF5 file format specification 3.0, III.A.2): its records are visited in
/// order.
///
/// A node says how many records its children have, in as few bytes as the most there could be need; so the widths of these numbers follow
/// from the sizes of nodes and records.
final class Hdf5Index {
    private static final int NODE_HEAD = 6;
    private static final int CHECKSUM = 4;
    private static final int LINK_NAMES = 5;
    private static final int MAX_DEPTH = 16;

    private final Hdf5Bytes bytes;
    private final int nodeBytes;
    private final int recordBytes;
    private final int depth;
    private final int countBytes;
    private final int[] totalBytes;
    private final long root;
    private final int rootRecords;
    private final long rootAt;
    private final Set<Long> seen = new HashSet<>();

    /// What is done with a record.
    interface Visitor {
        void record(Hdf5Block record) throws IOException;
    }

    /// Reads the header of an index of links by name, whose records must have this size.
    Hdf5Index(Hdf5Bytes bytes, long address, long from, int recordBytes) throws IOException {
        int size = 22 + bytes.addressBytes() + bytes.lengthBytes();
        Hdf5Block head = bytes.block(address, size, from, "B-tree of version 2").checked();
        head.signature("BTHD");
        head.skip(1);
        int type = head.u8();
        long node = head.u32();
        this.bytes = bytes;
        this.recordBytes = head.u16();
        this.depth = head.u16();
        head.skip(2);
        this.rootAt = head.offset();
        this.root = head.address();
        this.rootRecords = head.u16();
        if (type != LINK_NAMES || this.recordBytes != recordBytes || node < 64 || node > 1 << 20 || depth > MAX_DEPTH) {
            throw head.damaged("type " + type + ", records of " + this.recordBytes + " bytes, nodes of " + node + ", depth " + depth);
        }
        this.nodeBytes = (int) node;
        this.totalBytes = new int[depth + 1];
        long room = nodeBytes - (long) (NODE_HEAD + CHECKSUM);
        long most = room / recordBytes;
        this.countBytes = bytesFor(most);
        long total = most;
        for (int level = 1; level <= depth; level++) {
            int pointer = bytes.addressBytes() + countBytes + totalBytes[level - 1];
            long records = (room - pointer) / (recordBytes + pointer);
            total = Math.min(Long.MAX_VALUE >> 32, (records + 1) * total + records);
            totalBytes[level] = bytesFor(total);
        }
    }

    /// Bytes that numbers up to this one take.
    private static int bytesFor(long most) {
        return (63 - Long.numberOfLeadingZeros(Math.max(1, most))) / 8 + 1;
    }

    /// Visits all records.
    void visit(Visitor visitor) throws IOException {
        if (root != Hdf5Bytes.UNDEFINED) {
            node(root, rootRecords, depth, rootAt, visitor);
        }
    }

    private void node(long address, long records, int level, long from, Visitor visitor) throws IOException {
        if (!seen.add(address)) {
            throw bytes.damaged(from, "B-tree node at address " + Long.toUnsignedString(address) + " is part of the tree already");
        }
        int pointer = bytes.addressBytes() + countBytes + (level > 0 ? totalBytes[level - 1] : 0);
        long size = NODE_HEAD + records * recordBytes + (level > 0 ? (records + 1) * pointer : 0) + CHECKSUM;
        if (records < 0 || size > nodeBytes) {
            throw bytes.damaged(from, "B-tree node: " + Long.toUnsignedString(records) + " records in " + nodeBytes + " bytes");
        }
        Hdf5Block node = bytes.block(address, size, from, "B-tree node").checked();
        node.signature(level > 0 ? "BTIN" : "BTLF");
        node.skip(2);
        Hdf5Block own = node.slice(records * recordBytes);
        for (long i = 0; i <= records; i++) {
            if (level > 0) {
                long at = node.offset();
                long child = node.address();
                long count = node.number(countBytes);
                node.skip(totalBytes[level - 1]);
                node(child, count, level - 1, at, visitor);
            }
            if (i < records) {
                visitor.record(own.slice(recordBytes));
            }
        }
    }
}
