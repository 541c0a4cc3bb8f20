package dev.headstart.io.zip;

import dev.headstart.io.file.Region;
import dev.headstart.io.file.Source;
import dev.headstart.io.format.Entry;
import dev.headstart.io.weights.WeightFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/// The members of a zip file (APPNOTE 6.3.10, with zip64) and where their bytes lie, which `java.util.zip` does not tell.
///
/// The directory at the file's end is what counts. Refused are members that overlap, leave the file, or are there twice; encrypted ones and
/// those compressed otherwise than by deflate; files in several parts; and sizes that deflate cannot reach (more than 1,032 to 1), so that
/// what a small file inflates to is bounded. Checksums are not compared: a tensor's bytes may be read in part.
public final class ZipArchive {
    private static final int END = 22;
    private static final int MAX_COMMENT = 0xFFFF;
    private static final int END_SIGNATURE = 0x06054b50;
    private static final int LOCATOR = 20;
    private static final int LOCATOR_SIGNATURE = 0x07064b50;
    private static final int END64 = 56;
    private static final int END64_SIGNATURE = 0x06064b50;
    private static final int CENTRAL = 46;
    private static final int CENTRAL_SIGNATURE = 0x02014b50;
    private static final int LOCAL = 30;
    private static final int LOCAL_SIGNATURE = 0x04034b50;
    private static final long MASKED = 0xFFFFFFFFL;
    private static final int STORED = 0;
    private static final int DEFLATED = 8;
    private static final int MAX_RATIO = 1032;
    private static final int HEAP_PER_BYTE = 16;

    private final Source source;
    private final long fileEnd;
    private final Map<String, Member> members = new LinkedHashMap<>();

    private ZipArchive(Source source, long fileEnd) {
        this.source = source;
        this.fileEnd = fileEnd;
    }

    /// One member.
    ///
    /// @param name its name, with `/` between folders
    /// @param deflated whether its bytes are deflated
    /// @param begin where in the file its bytes begin, as they are there
    /// @param end where they end, exclusive
    /// @param size how many there are once inflated
    public record Member(String name, boolean deflated, long begin, long end, long size) {
        /// What a tensor's entry says of its bytes: nothing when they are stored as they are.
        public Entry.@Nullable Inflated inflated(long skip, long bytes) {
            return deflated ? new Entry.Inflated(skip, bytes, size) : null;
        }

        /// Where in the file the byte at this offset of the member lies; of a deflated one, where its first does.
        public long place(long offset) {
            return deflated ? begin : begin + offset;
        }
    }

    /// Whether a file begins as zip files do.
    public static boolean matches(byte[] head) {
        return head.length >= 4 && head[0] == 'P' && head[1] == 'K' && ((head[2] == 3 && head[3] == 4) || (head[2] == 5 && head[3] == 6));
    }

    /// Reads the directory of a file.
    public static ZipArchive read(Source source) throws IOException {
        ZipArchive archive = new ZipArchive(source, source.size());
        Directory directory = archive.directory();
        List<Header> headers = archive.headers(directory);
        headers.sort(Comparator.comparingLong(Header::offset));
        Map<String, Member> byName = new LinkedHashMap<>();
        long end = 0;
        for (Header header : headers) {
            Member member = archive.member(header, directory.begin());
            if (header.offset < end) {
                throw archive.refused(header.offset, about(header.name) + "overlaps the member before it, which ends at byte " + end, null);
            }
            end = member.end;
            byName.put(member.name, member);
        }
        headers.sort(Comparator.comparingLong(Header::at));
        for (Header header : headers) {
            archive.members.put(header.name, byName.remove(header.name));
        }
        return archive;
    }

    /// The file.
    public Source source() {
        return source;
    }

    /// The members by name, in the directory's order; folders are none.
    public Map<String, Member> members() {
        return members;
    }

    /// All bytes of a member, inflated.
    ///
    /// @param most how many there may be
    /// @param heapPerByte bytes of heap that what is made of a byte may take
    public byte[] bytes(Member member, long most, int heapPerByte) throws IOException {
        long limit = Math.min(most, source.budget().heap() / heapPerByte);
        if (member.size > Math.min(limit, Integer.MAX_VALUE - 8)) {
            throw refused(member.begin, about(member.name) + "is " + member.size + " bytes long, the limit is " + limit, null);
        }
        source.budget().allocate(heapPerByte * member.size,
                shortage -> refused(member.begin, about(member.name) + "too long" + shortage, null));
        Inflater inflater = new Inflater(true);
        Region region = new Region(source, member.begin, member.end);
        try (InputStream in = member.deflated ? new InflaterInputStream(region, inflater) : region) {
            byte[] bytes = in.readNBytes((int) member.size);
            if (bytes.length < member.size || in.read() >= 0) {
                throw refused(member.begin, about(member.name) + "its bytes are not the " + member.size + " the directory says", null);
            }
            return bytes;
        } catch (ZipException e) {
            throw refused(member.begin, about(member.name) + "its deflated bytes are damaged: " + e.getMessage(), e);
        } finally {
            inflater.end();
        }
    }

    // ---- the directory ----

    /// Where the directory lies and how many members it has.
    private record Directory(long begin, long end, long count) {
        long bytes() {
            return end - begin;
        }
    }

    private Directory directory() throws IOException {
        int length = (int) Math.min(fileEnd, END + MAX_COMMENT);
        ByteBuffer tail = bytes(fileEnd - length, length);
        for (int at = length - END; at >= 0; at--) {
            if (tail.getInt(at) == END_SIGNATURE && at + END + (tail.getShort(at + 20) & 0xFFFF) == length) {
                return directory(tail.slice(at, END).order(ByteOrder.LITTLE_ENDIAN), fileEnd - length + at);
            }
        }
        throw refused(fileEnd, "the file ends without the directory of a zip file: it is truncated", null);
    }

    private Directory directory(ByteBuffer end, long at) throws IOException {
        demand((end.getShort(4) == 0 && end.getShort(6) == 0) || end.getShort(4) == -1, at + 4, "a zip file in several parts");
        long count = end.getShort(10) & 0xFFFF;
        long size = end.getInt(12) & MASKED;
        long begin = end.getInt(16) & MASKED;
        long limit = at;
        ByteBuffer locator = at < LOCATOR ? ByteBuffer.allocate(4) : bytes(at - LOCATOR, LOCATOR);
        if (locator.getInt(0) == LOCATOR_SIGNATURE) {
            limit = locator.getLong(8);
            demand(limit >= 0 && limit <= at - LOCATOR - END64, at - LOCATOR + 8, "the zip64 end record is said to be at byte " + limit);
            ByteBuffer end64 = bytes(limit, END64);
            demand(end64.getInt(0) == END64_SIGNATURE, limit, "no zip64 end record is here");
            count = end64.getLong(32);
            size = end64.getLong(40);
            begin = end64.getLong(48);
        }
        if (begin < 0 || size < 0 || begin > limit || size > limit - begin || count < 0 || count > size / CENTRAL) {
            throw refused(at, "a directory of " + count + " members, " + size + " bytes from byte " + begin + ", does not fit before byte "
                    + limit, null);
        }
        Directory directory = new Directory(begin, begin + size, count);
        source.budget().allocate(HEAP_PER_BYTE * size, shortage -> refused(directory.begin, "a directory of " + directory.bytes()
                + " bytes may need " + HEAP_PER_BYTE + " times that in heap: raise it with -Xmx" + shortage, null));
        source.budget().read(size, shortage -> refused(directory.begin, "a directory of " + directory.bytes() + " bytes" + shortage, null));
        return directory;
    }

    /// A member as the directory has it; `at` is where that says so, `offset` where its local header begins.
    private record Header(String name, int method, long compressed, long size, long offset, long at) {}

    private List<Header> headers(Directory directory) throws IOException {
        Map<String, Header> headers = new LinkedHashMap<>();
        ByteBuffer bytes = bytes(directory.begin, (int) directory.bytes());
        for (long i = 0; i < directory.count; i++) {
            long at = directory.begin + bytes.position();
            Header header = header(bytes, at);
            if (headers.put(header.name, header) != null) {
                throw refused(at, about(header.name) + "is there twice", null);
            }
        }
        demand(!bytes.hasRemaining(), directory.begin + bytes.position(), "the directory goes on after its last member");
        headers.keySet().removeIf(name -> name.endsWith("/"));
        return new ArrayList<>(headers.values());
    }

    private Header header(ByteBuffer bytes, long at) throws WeightFormatException {
        int start = bytes.position();
        demand(bytes.remaining() >= CENTRAL && bytes.getInt(start) == CENTRAL_SIGNATURE, at, "the directory has no member here");
        int nameLength = bytes.getShort(start + 28) & 0xFFFF;
        int extraLength = bytes.getShort(start + 30) & 0xFFFF;
        int commentLength = bytes.getShort(start + 32) & 0xFFFF;
        demand(CENTRAL + nameLength + extraLength + commentLength <= bytes.remaining(), at, "the member's texts leave the directory");
        String name = name(bytes.slice(start + CENTRAL, nameLength), at);
        int flags = bytes.getShort(start + 8);
        int method = bytes.getShort(start + 10) & 0xFFFF;
        demand((flags & 1) == 0, at + 8, about(name) + "is encrypted");
        demand(method == STORED || method == DEFLATED, at + 10, about(name) + "is compressed by method " + method + ", not by deflate");
        long[] sizes = {bytes.getInt(start + 24) & MASKED, bytes.getInt(start + 20) & MASKED, bytes.getInt(start + 42) & MASKED};
        ByteBuffer extra = bytes.slice(start + CENTRAL + nameLength, extraLength).order(ByteOrder.LITTLE_ENDIAN);
        demand(widen(sizes, extra), at, about(name) + "its zip64 sizes are missing or negative");
        bytes.position(start + CENTRAL + nameLength + extraLength + commentLength);
        return new Header(name, method, sizes[1], sizes[0], sizes[2], at);
    }

    /// Replaces those of size, compressed size and offset that did not fit 32 bits by what the zip64 field says. False when it does not.
    private static boolean widen(long[] sizes, ByteBuffer extra) {
        while (extra.remaining() >= 4) {
            int id = extra.getShort() & 0xFFFF;
            int length = Math.min(extra.getShort() & 0xFFFF, extra.remaining());
            ByteBuffer field = extra.slice(extra.position(), length).order(ByteOrder.LITTLE_ENDIAN);
            extra.position(extra.position() + length);
            for (int i = 0; id == 1 && i < sizes.length; i++) {
                if (sizes[i] == MASKED) {
                    if (field.remaining() < Long.BYTES) {
                        return false;
                    }
                    sizes[i] = field.getLong();
                }
            }
        }
        return sizes[0] >= 0 && sizes[1] >= 0 && sizes[2] >= 0;
    }

    private String name(ByteBuffer utf8, long at) throws WeightFormatException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
        } catch (CharacterCodingException e) {
            throw refused(at + CENTRAL, "a member's name is not UTF-8", e);
        }
    }

    // ---- members ----

    private Member member(Header header, long limit) throws IOException {
        String about = about(header.name);
        demand(header.offset <= limit - LOCAL, header.at + 42, about + "begins at byte " + header.offset + ", beyond the members");
        ByteBuffer local = bytes(header.offset, LOCAL);
        demand(local.getInt(0) == LOCAL_SIGNATURE, header.offset, about + "does not begin here");
        long begin = header.offset + LOCAL + (local.getShort(26) & 0xFFFF) + (local.getShort(28) & 0xFFFF);
        demand(begin <= limit && header.compressed <= limit - begin, header.at + 20, about + "its " + header.compressed
                + " bytes leave the members");
        boolean deflated = header.method == DEFLATED;
        demand(deflated || header.size == header.compressed, header.at + 20, about + "is stored, but " + header.compressed
                + " bytes are said to become " + header.size);
        demand(!deflated || header.size / MAX_RATIO <= header.compressed, header.at + 20, about + header.compressed
                + " deflated bytes cannot become " + header.size);
        return new Member(header.name, deflated, begin, begin + header.compressed, header.size);
    }

    // ---- bytes and refusals ----

    private ByteBuffer bytes(long offset, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        demand(source.fill(bytes, offset) == length, offset, "the file ends within " + length + " bytes from here");
        return bytes.flip();
    }

    private void demand(boolean holds, long offset, String problem) throws WeightFormatException {
        if (!holds) {
            throw refused(offset, problem, null);
        }
    }

    /// A refusal of what stands at this offset of the file.
    public WeightFormatException refused(long offset, String problem, @Nullable Throwable cause) {
        return new WeightFormatException(source.file(), offset, "zip: " + problem, cause);
    }

    private static String about(String name) {
        return "member \"" + Source.abridged(name) + "\": ";
    }
}
