package dev.headstart.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.file.Disk;
import dev.headstart.io.file.Source;
import dev.headstart.io.weights.WeightFormatException;
import dev.headstart.io.zip.ZipArchive;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Zip files whose directory lies: refused at the byte that does. And zip64.
class ZipRejectTest {
    private static final Map<String, byte[]> MEMBERS = members();

    @TempDir
    Path folder;

    private static Map<String, byte[]> members() {
        Map<String, byte[]> members = new LinkedHashMap<>();
        members.put("x/data.pkl", Torch.bytes(Torch.PROTO + "}."));
        members.put("x/data/0", new byte[8]);
        return members;
    }

    /// A stored zip of those members, to be spoilt: little-endian.
    private static ByteBuffer zip() {
        return ByteBuffer.wrap(Torch.zip(MEMBERS, ZipEntry.STORED)).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] bytes(ByteBuffer zip) {
        byte[] bytes = new byte[zip.capacity()];
        zip.get(0, bytes);
        return bytes;
    }

    private static int end(ByteBuffer zip) {
        return zip.capacity() - 22;
    }

    private static int directory(ByteBuffer zip) {
        return zip.getInt(end(zip) + 16);
    }

    /// Where the directory's second member is.
    private static int second(ByteBuffer zip) {
        return directory(zip) + 46 + "x/data.pkl".length();
    }

    private void refuse(ByteBuffer zip, long offset, String says) throws IOException {
        Path file = Files.write(folder.resolve("x.zip"), bytes(zip));
        WeightFormatException e = assertThrows(WeightFormatException.class, () -> Weights.open(file));
        assertTrue(Refusals.message(e).startsWith(file + ": byte " + offset + ": "), e.getMessage());
        assertTrue(Refusals.message(e).contains(says), e.getMessage());
    }

    @Test
    void the_directory_must_be_there() throws IOException {
        ByteBuffer zip = zip();
        refuse(zip.putInt(end(zip), 0), zip.capacity(), "without the directory of a zip file");
        zip = zip();
        refuse(zip.putInt(end(zip) + 16, end(zip) + 1), end(zip), "does not fit before byte");
        zip = zip();
        refuse(zip.putInt(end(zip) + 12, -1), end(zip), "does not fit");
        zip = zip();
        refuse(zip.putShort(end(zip) + 10, (short) 3), end(zip), "a directory of 3 members");
        zip = zip();
        refuse(zip.putShort(end(zip) + 10, (short) 1), second(zip), "goes on after its last member");
        zip = zip();
        refuse(zip.putShort(end(zip) + 4, (short) 1), end(zip) + 4, "in several parts");
        zip = zip();
        refuse(zip.putInt(second(zip), 0), second(zip), "has no member here");
        zip = zip();
        refuse(zip.putShort(second(zip) + 28, (short) -1), second(zip), "leave the directory");
    }

    @Test
    void members_must_be_readable() throws IOException {
        ByteBuffer zip = zip();
        refuse(zip.putShort(second(zip) + 8, (short) 1), second(zip) + 8, "member \"x/data/0\": is encrypted");
        zip = zip();
        refuse(zip.putShort(second(zip) + 10, (short) 14), second(zip) + 10, "compressed by method 14");
        zip = zip();
        refuse(zip.put(second(zip) + 46, (byte) 0xFF), second(zip) + 46, "not UTF-8");
    }

    @Test
    void members_must_lie_in_the_file_and_apart() throws IOException {
        ByteBuffer zip = zip();
        refuse(zip.putInt(second(zip) + 42, directory(zip)), second(zip) + 42, "beyond the members");
        zip = zip();
        refuse(zip.putInt(second(zip) + 42, 1), 1, "does not begin here");
        zip = zip();
        refuse(zip.putInt(second(zip) + 42, 0), 0, "overlaps the member before it");
        zip = zip();
        int size = 500;
        zip.putInt(directory(zip) + 20, size).putInt(directory(zip) + 24, size);
        refuse(zip, directory(zip) + 20, "its 500 bytes leave the members");
        zip = zip();
        zip.putInt(directory(zip) + 20, 5).putInt(directory(zip) + 24, 5);
        refuse(zip, 44, "overlaps the member before it");
    }

    @Test
    void sizes_must_be_possible() throws IOException {
        ByteBuffer zip = zip();
        refuse(zip.putInt(second(zip) + 24, 9), second(zip) + 20, "is stored, but 8 bytes are said to become 9");
        zip = zip();
        zip.putShort(second(zip) + 10, (short) 8).putInt(second(zip) + 24, 9 * 1032);
        refuse(zip, second(zip) + 20, "8 deflated bytes cannot become 9288");
        zip = zip();
        refuse(zip.putInt(second(zip) + 24, -1), second(zip) + 20, "8 bytes are said to become 4294967295");
    }

    @Test
    void a_member_that_is_there_twice_is_refused() throws IOException {
        Map<String, byte[]> members = members();
        members.put("x/data.pk_", new byte[1]);
        ByteBuffer zip = ByteBuffer.wrap(Torch.bytes(new String(Torch.zip(members, ZipEntry.STORED), StandardCharsets.ISO_8859_1)
                .replace("x/data.pk_", "x/data.pkl"))).order(ByteOrder.LITTLE_ENDIAN);
        refuse(zip, second(zip) + 46 + "x/data/0".length(), "member \"x/data.pkl\": is there twice");
    }

    @Test
    void deflated_bytes_that_are_damaged_or_too_few_are_refused() throws IOException {
        Map<String, byte[]> members = members();
        members.put("x/data.pkl", Torch.bytes(Torch.named("text", Torch.text("a".repeat(1000)))));
        byte[] deflated = Torch.zip(members, ZipEntry.DEFLATED);
        ByteBuffer zip = ByteBuffer.wrap(deflated.clone()).order(ByteOrder.LITTLE_ENDIAN);
        int begin = 30 + "x/data.pkl".length();
        refuse(zip.putInt(directory(zip) + 24, 2000), begin, "its bytes are not the 2000 the directory says");
        zip = ByteBuffer.wrap(deflated.clone()).order(ByteOrder.LITTLE_ENDIAN);
        refuse(zip.put(begin, (byte) 7), begin, "its deflated bytes are damaged");
    }

    @Test
    void a_zip_that_holds_no_weights_says_what_it_holds() throws IOException {
        ByteBuffer zip = ByteBuffer.wrap(Torch.zip(Map.of("word/document.xml", new byte[1]), ZipEntry.STORED));
        refuse(zip, 0, "holds no weights (the first member is word/document.xml; the formats read are");
    }

    @Test
    void folders_are_no_members() throws IOException {
        Map<String, byte[]> members = new LinkedHashMap<>();
        members.put("a/", new byte[0]);
        members.putAll(MEMBERS);
        Path file = Files.write(folder.resolve("x.zip"), Torch.zip(members, ZipEntry.STORED));
        try (Source source = Source.open(Disk.real(), file, Disk.real().demand(file))) {
            assertEquals(List.of("x/data.pkl", "x/data/0"),
                    new ArrayList<>(ZipArchive.read(source).members().keySet()));
        }
    }

    // ---- zip64 ----

    /// The same file with a zip64 end record and locator, its sizes and offsets there only.
    private static ByteBuffer zip64() {
        ByteBuffer zip = zip();
        int end = end(zip);
        int directory = directory(zip);
        ByteBuffer wide = ByteBuffer.allocate(zip.capacity() + 20 + 56 + 20).order(ByteOrder.LITTLE_ENDIAN);
        wide.put(bytes(zip), 0, second(zip));
        byte[] header = new byte[46 + "x/data/0".length()];
        zip.get(second(zip), header);
        ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).putShort(30, (short) 20).putInt(24, -1).putInt(42, -1);
        wide.put(header).putShort((short) 1).putShort((short) 16).putLong(8).putLong(zip.getInt(second(zip) + 42) & 0xFFFFFFFFL);
        int end64 = end + 20;
        wide.putInt(0x06064b50).putLong(44).putShort((short) 45).putShort((short) 45).putInt(0).putInt(0).putLong(2).putLong(2)
                .putLong(end64 - directory).putLong(directory);
        wide.putInt(0x07064b50).putInt(0).putLong(end64).putInt(1);
        wide.putInt(0x06054b50).putInt(0).putShort((short) -1).putShort((short) -1).putInt(-1).putInt(-1).putShort((short) 0);
        return wide;
    }

    @Test
    void zip64_is_read() throws IOException {
        Path file = Files.write(folder.resolve("x.zip"), bytes(zip64()));
        try (Source source = Source.open(Disk.real(), file, Disk.real().demand(file))) {
            Map<String, ZipArchive.Member> members = ZipArchive.read(source).members();
            assertEquals(List.of("x/data.pkl", "x/data/0"), List.copyOf(members.keySet()));
            assertEquals(8, members.values().stream().toList().get(1).size());
        }
    }

    @Test
    void zip64_records_must_be_true() throws IOException {
        ByteBuffer zip = zip64();
        int locator = zip.capacity() - 22 - 20;
        refuse(zip.putLong(locator + 8, Long.MAX_VALUE), locator + 8, "is said to be at byte 9223372036854775807");
        zip = zip64();
        refuse(zip.putLong(locator + 8, 3), 3, "no zip64 end record is here");
        zip = zip64();
        refuse(zip.putLong(locator - 56 + 32, 1L << 60), zip.capacity() - 22, "does not fit");
        zip = zip64();
        refuse(zip.putLong(locator - 56 + 48, -1), zip.capacity() - 22, "does not fit");
        zip = zip64();
        int extra = locator - 56 - 20;
        refuse(zip.putLong(extra + 12, -1), second(zip()), "missing or negative");
    }
}
