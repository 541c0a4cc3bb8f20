package dev.headstart.io.hdf5;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The header of an object, group or dataset: its messages (HDF5 file format specification 3.0, IV.A).
///
/// Version 1 has 16 bytes and then messages; version 2 begins with `OHDR` and ends with a checksum. Both go on elsewhere where a message of
/// type 0x10 says so.
///
/// @param address where it is
/// @param messages all but the padding, in order
record Hdf5Header(long address, List<Message> messages) {
    static final int DATASPACE = 0x01;
    static final int LINK_INFO = 0x02;
    static final int DATATYPE = 0x03;
    static final int LINK = 0x06;
    static final int EXTERNAL_FILES = 0x07;
    static final int LAYOUT = 0x08;
    static final int FILTERS = 0x0B;
    static final int ATTRIBUTE = 0x0C;
    static final int SYMBOL_TABLE = 0x11;
    private static final int NIL = 0x00;
    private static final int CONTINUATION = 0x10;
    private static final int MAX_MESSAGES = 1 << 16;

    /// One message.
    ///
    /// @param type which
    /// @param isShared whether its data only says where the message is
    /// @param data its data
    record Message(int type, boolean isShared, Hdf5Block data) {}

    /// The message of this type; nothing when there is none.
    @Nullable
    Message first(int type) {
        for (Message message : messages) {
            if (message.type == type) {
                return message;
            }
        }
        return null;
    }

    /// Reads the header at an address, which was read at `from`.
    static Hdf5Header read(Hdf5Bytes bytes, long address, long from) throws IOException {
        Reader reader = new Reader(bytes);
        reader.start(address, from);
        while (!reader.chunks.isEmpty()) {
            reader.chunk(reader.chunks.remove());
        }
        return new Hdf5Header(address, List.copyOf(reader.messages));
    }

    private static final class Reader {
        private final Hdf5Bytes bytes;
        private final Set<Long> seen = new HashSet<>();
        private final Deque<Hdf5Block> chunks = new ArrayDeque<>();
        private final List<Message> messages = new ArrayList<>();
        private boolean isNew;
        private boolean isOrdered;

        private Reader(Hdf5Bytes bytes) {
            this.bytes = bytes;
        }

        private void start(long address, long from) throws IOException {
            Hdf5Block prefix = bytes.block(address, 8, from, "object header");
            int first = prefix.u8();
            if (first == 1) {
                Hdf5Block whole = bytes.block(address, 16, from, "object header");
                whole.skip(8);
                long size = whole.u32();
                seen.add(address + 16);
                chunks.add(bytes.block(address + 16, size, from, "object header"));
            } else if (first == 'O') {
                startNew(address, from);
            } else {
                throw bytes.damaged(prefix.offset() - 1, "object header: version " + first + ": only 1 and 2 are read");
            }
        }

        /// `OHDR`, version, flags, times (flag 5), limits of attributes (flag 4), size of the messages in 1, 2, 4 or 8 bytes.
        private void startNew(long address, long from) throws IOException {
            Hdf5Block prefix = bytes.block(address, 6, from, "object header");
            prefix.signature("OHDR");
            int version = prefix.u8();
            int flags = prefix.u8();
            if (version != 2) {
                throw prefix.damaged("version " + version + ": only 1 and 2 are read");
            }
            int before = 6 + ((flags & 0x20) != 0 ? 16 : 0) + ((flags & 0x10) != 0 ? 4 : 0);
            int width = 1 << (flags & 3);
            Hdf5Block start = bytes.block(address, before + width, from, "object header");
            start.skip(before);
            long size = start.number(width);
            if (size < 0 || size > Integer.MAX_VALUE) {
                throw start.damaged(Long.toUnsignedString(size) + " bytes of messages");
            }
            isNew = true;
            isOrdered = (flags & 0x04) != 0;
            seen.add(address);
            Hdf5Block chunk = bytes.block(address, before + width + size + 4, from, "object header").checked();
            chunk.skip(before + width);
            chunks.add(chunk);
        }

        private void chunk(Hdf5Block chunk) throws IOException {
            int head = !isNew ? 8 : isOrdered ? 6 : 4;
            while (chunk.remaining() >= head) {
                long offset = chunk.offset();
                int type = isNew ? chunk.u8() : chunk.u16();
                int size = chunk.u16();
                int flags = chunk.u8();
                chunk.skip(head - (isNew ? 4 : 5));
                Hdf5Block data = chunk.slice(size, String.format(Locale.ROOT, "message 0x%02x", type));
                if (type == CONTINUATION) {
                    goOn(data);
                } else if (type != NIL) {
                    messages.add(new Message(type, (flags & 2) != 0, data));
                }
                if (messages.size() + seen.size() > MAX_MESSAGES) {
                    throw bytes.damaged(offset, "object header: more than " + MAX_MESSAGES + " messages");
                }
            }
        }

        private void goOn(Hdf5Block data) throws IOException {
            long from = data.offset();
            long address = data.address();
            long length = data.length();
            if (!seen.add(address)) {
                throw bytes.damaged(from, "object header: goes on at address " + Long.toUnsignedString(address) + ", where it already was");
            }
            Hdf5Block chunk = bytes.block(address, length, from, "object header that goes on");
            if (isNew) {
                chunk = chunk.checked();
                chunk.signature("OCHK");
            }
            chunks.add(chunk);
        }
    }
}
