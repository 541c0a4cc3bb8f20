package dev.headstart.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The members of a zip file and where their bytes are, by its central directory (PKWARE APPNOTE 6.3.10, 4.3), zip64 included.
///
/// The directory is the last thing in the file, each member's own header agrees with it, members do not overlap, and no name is there
/// twice; otherwise the file is refused. What is kept is a small multiple of the directory, which is refused when it could fill the heap.
final class ZipDirectory {
    private static final int END = 22;
    private static final int END_64 = 56;
    private static final int LOCATOR_64 = 20;
    private static final int ENTRY = 46;
    private static final int LOCAL = 30;
    private static final int MAX_COMMENT = 0xFFFF;
    private static final long IN_EXTRA = 0xFFFFFFFFL;
    private static final int HEAP_PER_BYTE = 16;
    /// Deflating makes 1032 bytes at most into one, and a few at the end.
    private static final long MAX_RATIO = 1032;

    private final Path file;
    private final FileChannel channel;
    private final List<Member> members = new ArrayList<>();

    private ZipDirectory(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /// A member.
    ///
    /// @param name its name, folders included
    /// @param method how it is stored: 0 as it is, 8 deflated
    /// @param isEncrypted whether it is
    /// @param header where its own header begins
    /// @param begin where its bytes begin
    /// @param end where its bytes end, exclusive
    /// @param size number of bytes once inflated
    /// @param crc32 CRC-32 of these bytes
    record Member(String name, int method, boolean isEncrypted, long header, long begin, long end, long size, long crc32) {
        /// Whether its bytes are there as they are.
        boolean isStored() {
            return method == 0 && !isEncrypted;
        }

        /// Whether its bytes are a deflated stream.
        boolean isDeflated() {
            return method == 8 && !isEncrypted;
        }
    }

    /// The members of a zip file of `size` bytes, in the directory's order.
    static List<Member> read(Path file, FileChannel channel, long size) throws IOException {
        ZipDirectory directory = new ZipDirectory(file, channel);
        directory.members(directory.place(size));
        directory.demandApart();
        return List.copyOf(directory.members);
    }

    /// Where the central directory is.
    private record Place(long begin, long bytes, long entries, long end) {}

    private Place place(long size) throws IOException {
        int tail = (int) Math.min(size, END + MAX_COMMENT);
        ByteBuffer bytes = bytes(size - tail, tail, "its end");
        for (int at = tail - END; at >= 0; at--) {
            if (bytes.getInt(at) == 0x06054B50 && (bytes.getShort(at + 20) & 0xFFFF) == tail - END - at) {
                return place(size - tail + at, bytes.slice(at, END).order(ByteOrder.LITTLE_ENDIAN));
            }
        }
        throw damaged(size, "the file ends here, without the end of a central directory: it is truncated");
    }

    private Place place(long offset, ByteBuffer end) throws IOException {
        long entries = end.getShort(10) & 0xFFFF;
        long bytes = end.getInt(12) & 0xFFFFFFFFL;
        long begin = end.getInt(16) & 0xFFFFFFFFL;
        boolean isSplit = end.getShort(4) != end.getShort(6) || end.getShort(8) != end.getShort(10);
        if (isSplit) {
            throw damaged(offset + 4, "a zip file in several parts, which is not read");
        }
        Place place = new Place(begin, bytes, entries, offset);
        if ((entries == 0xFFFF || bytes == IN_EXTRA || begin == IN_EXTRA) && offset >= LOCATOR_64) {
            ByteBuffer locator = bytes(offset - LOCATOR_64, LOCATOR_64, "zip64 locator");
            place = locator.getInt(0) == 0x07064B50 ? place64(offset - LOCATOR_64, locator.getLong(8)) : place;
        }
        if (place.begin < 0 || place.bytes < 0 || place.begin > place.end - place.bytes || place.begin + place.bytes != place.end) {
            throw damaged(offset, "the central directory should end here: " + Long.toUnsignedString(place.bytes) + " bytes from byte "
                    + Long.toUnsignedString(place.begin));
        }
        return place;
    }

    private Place place64(long locator, long offset) throws IOException {
        if (offset < 0 || offset > locator - END_64) {
            throw damaged(locator + 8, "zip64 end of the central directory at byte " + Long.toUnsignedString(offset));
        }
        ByteBuffer end = bytes(offset, END_64, "zip64 end of the central directory");
        if (end.getInt(0) != 0x06064B50 || end.getLong(24) != end.getLong(32)) {
            throw damaged(offset, "no zip64 end of a central directory in one part");
        }
        return new Place(end.getLong(48), end.getLong(40), end.getLong(32), offset);
    }

    private void members(Place place) throws IOException {
        long heap = Runtime.getRuntime().maxMemory();
        if (place.bytes > heap / HEAP_PER_BYTE || place.bytes > Integer.MAX_VALUE) {
            throw damaged(place.begin, "a central directory of " + place.bytes + " bytes may need " + HEAP_PER_BYTE + " times as many of heap,"
                    + " the limit is " + heap + ": raise it with -Xmx");
        }
        ByteBuffer directory = bytes(place.begin, (int) place.bytes, "central directory");
        Set<String> names = new HashSet<>();
        while (directory.hasRemaining()) {
            long offset = place.begin + directory.position();
            Member member = member(directory, offset, place.begin);
            if (!names.add(member.name)) {
                throw damaged(offset, "\"" + JsonReader.abridged(member.name) + "\" is there twice");
            }
            members.add(member);
        }
        if (members.size() != place.entries) {
            throw damaged(place.end, "a central directory of " + members.size() + " members that says it has "
                    + Long.toUnsignedString(place.entries));
        }
    }

    private Member member(ByteBuffer directory, long offset, long end) throws IOException {
        ByteBuffer entry = directory.slice().order(ByteOrder.LITTLE_ENDIAN);
        int nameBytes = entry.remaining() < ENTRY ? 0 : entry.getShort(28) & 0xFFFF;
        int extraBytes = entry.remaining() < ENTRY ? 0 : entry.getShort(30) & 0xFFFF;
        int length = ENTRY + nameBytes + extraBytes + (entry.remaining() < ENTRY ? 0 : entry.getShort(32) & 0xFFFF);
        if (entry.remaining() < length || entry.getInt(0) != 0x02014B50) {
            throw damaged(offset, "no member of a central directory");
        }
        directory.position(directory.position() + length);
        byte[] name = new byte[nameBytes];
        entry.get(ENTRY, name);
        ByteBuffer extra = extra64(entry.slice(ENTRY + nameBytes, extraBytes).order(ByteOrder.LITTLE_ENDIAN));
        long size = wide(entry.getInt(24), extra, offset);
        long packed = wide(entry.getInt(20), extra, offset);
        long header = wide(entry.getInt(42), extra, offset);
        int method = entry.getShort(10) & 0xFFFF;
        boolean isEncrypted = (entry.getShort(8) & 0x2041) != 0;
        long begin = begin(header, name, end, offset);
        if (size < 0 || packed < 0 || packed > end - begin || method == 0 && !isEncrypted && size != packed
                || method == 8 && size / MAX_RATIO > packed) {
            throw damaged(offset, "\"" + JsonReader.abridged(text(name)) + "\": " + Long.toUnsignedString(packed) + " bytes from byte " + begin
                    + " cannot be " + Long.toUnsignedString(size));
        }
        return new Member(text(name), method, isEncrypted, header, begin, begin + packed, size, entry.getInt(16) & 0xFFFFFFFFL);
    }

    /// The extra field of zip64: those of size, packed size and offset that do not fit into 32 bits, in this order.
    private static ByteBuffer extra64(ByteBuffer extra) {
        while (extra.remaining() >= 4) {
            int id = extra.getShort() & 0xFFFF;
            int length = Math.min(extra.getShort() & 0xFFFF, extra.remaining());
            if (id == 1) {
                return extra.slice(extra.position(), length).order(ByteOrder.LITTLE_ENDIAN);
            }
            extra.position(extra.position() + length);
        }
        return ByteBuffer.allocate(0);
    }

    private long wide(int value, ByteBuffer extra, long offset) throws WeightFormatException {
        if (value != (int) IN_EXTRA) {
            return value & IN_EXTRA;
        }
        if (extra.remaining() < Long.BYTES) {
            throw damaged(offset, "a member without the zip64 field it refers to");
        }
        return extra.getLong();
    }

    /// Where a member's bytes begin: after its own header, whose name and extra field may differ in length from the directory's.
    private long begin(long header, byte[] name, long end, long offset) throws IOException {
        if (header < 0 || header > end - LOCAL) {
            throw damaged(offset, "\"" + JsonReader.abridged(text(name)) + "\" begins at byte " + Long.toUnsignedString(header)
                    + ", the directory at byte " + end);
        }
        int known = (int) Math.min(LOCAL + name.length, end - header);
        ByteBuffer local = bytes(header, known, "header of a member");
        int nameBytes = local.getShort(26) & 0xFFFF;
        long begin = header + LOCAL + nameBytes + (local.getShort(28) & 0xFFFF);
        boolean isSame = nameBytes == name.length && known == LOCAL + nameBytes
                && local.slice(LOCAL, nameBytes).equals(ByteBuffer.wrap(name));
        if (local.getInt(0) != 0x04034B50 || !isSame || begin > end) {
            throw damaged(header, "no header of the member \"" + JsonReader.abridged(text(name)) + "\"");
        }
        return begin;
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    private void demandApart() throws WeightFormatException {
        List<Member> byPlace = new ArrayList<>(members);
        byPlace.sort(Comparator.comparingLong(Member::header));
        for (int i = 1; i < byPlace.size(); i++) {
            if (byPlace.get(i).header < byPlace.get(i - 1).end) {
                throw damaged(byPlace.get(i).header, "\"" + JsonReader.abridged(byPlace.get(i).name) + "\" overlaps \""
                        + JsonReader.abridged(byPlace.get(i - 1).name) + "\", which ends at byte " + byPlace.get(i - 1).end);
            }
        }
    }

    private ByteBuffer bytes(long offset, int length, String what) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        int read = Region.fill(channel, bytes, offset);
        if (read < length) {
            throw damaged(offset + read, what + ": the file ends here");
        }
        return bytes.flip();
    }

    private WeightFormatException damaged(long offset, String problem) {
        return new WeightFormatException(file, offset, "zip: " + problem, null);
    }
}
