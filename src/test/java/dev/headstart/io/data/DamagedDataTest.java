package dev.headstart.io.data;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.statistics.Statistics;

/// Flipped bits in data files: always a [DataFileException] or the data, never another exception.
class DamagedDataTest {
    private static Path file = Path.of("");
    private static byte[][] wholes = {};

    @BeforeContainer
    static void makeFiles() throws IOException {
        file = Files.createTempFile("damaged", "");
        byte[] array = ByteBuffer.allocate(16 + 24).putInt(0x00000B03).putInt(2).putInt(3).putInt(2).array();
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (OutputStream zip = new GZIPOutputStream(zipped)) {
            zip.write(array);
        }
        wholes = new byte[][] {array, zipped.toByteArray(), new byte[3073],
            "one\ntwo: äöü😀\r\n".repeat(3).getBytes(StandardCharsets.UTF_8)};
    }

    @AfterContainer
    static void deleteFiles() throws IOException {
        Files.delete(file);
    }

    private interface Reading {
        void read() throws IOException;
    }

    private static String outcome(Reading reading) {
        try {
            reading.read();
            return "read";
        } catch (DataFileException e) {
            assertTrue(String.valueOf(e.getMessage()).startsWith(file + ": "), e.getMessage());
            return "refused";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Property(tries = 12_000, edgeCases = EdgeCasesMode.NONE)
    void flipped_bits_are_refused_or_read(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        int format = random.nextInt(wholes.length);
        byte[] damaged = wholes[format].clone();
        for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
            int at = random.nextInt(random.nextBoolean() ? Math.min(20, damaged.length) : damaged.length);
            damaged[at] = (byte) (damaged[at] ^ 1 << random.nextInt(8));
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) { // in place, see DamagedFileTest
            channel.write(ByteBuffer.wrap(damaged));
            channel.truncate(damaged.length);
        }
        String outcome = switch (format) {
            case 0, 1 -> outcome(() -> Idx.read(file).tensor());
            case 2 -> outcome(() -> Images.open(file));
            default -> outcome(() -> Utf8.read(file));
        };
        Statistics.label("outcome").collect(outcome).coverage(check -> {
            check.check("read").percentage(p -> p > 5);
            check.check("refused").percentage(p -> p > 5);
        });
    }
}
