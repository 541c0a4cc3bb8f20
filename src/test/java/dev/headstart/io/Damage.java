package dev.headstart.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.weights.WeightFormatException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.statistics.Statistics;

/// Weight files damaged in every way: a file is read, or refused by a [WeightFormatException] that names it and a byte of it, whatever its
/// format. One object damages files of one folder, by overwriting one and the same file.
final class Damage {
    private final Path file;

    Damage(Path folder, String name) {
        this.file = folder.resolve(name);
    }

    /// The bytes of a file beside the tests.
    static byte[] resource(String name) {
        try {
            return Files.readAllBytes(Path.of(Objects.requireNonNull(Damage.class.getResource("/io/" + name), name).toURI()));
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException("a file of the tests' own", e instanceof IOException io ? new UncheckedIOException(io) : e);
        }
    }

    /// Overwrites the file in place: cutting it to nothing first makes some file systems force it to the device.
    Path written(byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            channel.write(ByteBuffer.wrap(bytes));
            channel.truncate(bytes.length);
        }
        return file;
    }

    /// Demands that the whole file is read, and that every beginning of it is refused.
    void cutAtEachByte(byte[] whole) throws IOException {
        assertTrue(isRead(whole), "the whole file is read");
        for (int length = 0; length < whole.length; length++) {
            refused(Arrays.copyOf(whole, length), "cut off at " + length);
        }
    }

    /// Demands that these bytes are refused, and says how.
    WeightFormatException refused(byte[] bytes, String claim) throws IOException {
        Path damaged = written(bytes);
        WeightFormatException e = assertThrows(WeightFormatException.class, () -> Weights.open(damaged).tensors(), claim);
        demandPlace(e, bytes.length);
        return e;
    }

    /// Opens these bytes and reads all tensors. True when they were read, false when they were refused as they should be.
    boolean isRead(byte[] bytes) throws IOException {
        try {
            Weights weights = Weights.open(written(bytes));
            assertEquals(weights.names(), weights.tensors().keySet());
            return true;
        } catch (WeightFormatException e) {
            demandPlace(e, bytes.length);
            return false;
        }
    }

    private void demandPlace(WeightFormatException e, int length) {
        assertTrue(Refusals.message(e).startsWith(file + ": byte "), e.getMessage());
        assertTrue(e.offset() >= 0 && e.offset() <= length, e.getMessage());
    }

    /// The file with one to three bits flipped, every second one of them between `from` and `to`, where the structure lies.
    static byte[] flipped(byte[] whole, Random random, int from, int to) {
        byte[] damaged = whole.clone();
        for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
            int at = random.nextBoolean() ? random.nextInt(from, to) : random.nextInt(damaged.length);
            damaged[at] = (byte) (damaged[at] ^ 1 << random.nextInt(8));
        }
        return damaged;
    }

    /// The file with a run of bytes cut out, doubled, or replaced by others.
    static byte[] shuffled(byte[] whole, Random random) {
        int from = random.nextInt(whole.length);
        int length = 1 + random.nextInt(Math.min(16, whole.length - from));
        int kind = random.nextInt(3);
        byte[] run = new byte[kind == 0 ? 0 : kind == 1 ? 2 * length : length];
        random.nextBytes(run);
        for (int i = 0; kind == 1 && i < run.length; i++) {
            run[i] = whole[from + i % length];
        }
        int rest = whole.length - from - length;
        return ByteBuffer.allocate(from + run.length + rest).put(whole, 0, from).put(run).put(whole, from + length, rest).array();
    }

    /// Counts what came of a try, and demands that both happen.
    static void count(boolean read) {
        Statistics.label("read").collect(read).coverage(check -> {
            check.check(true).percentage(p -> p > 2);
            check.check(false).percentage(p -> p > 2);
        });
    }
}
