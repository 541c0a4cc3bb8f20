package dev.headstart.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.json.Json;
import dev.headstart.io.weights.WeightFormatException;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/// Damaged and hostile files: always a [WeightFormatException] or the tensors, never another exception, and bounded memory.
class DamagedFileTest {
    private static Path folder = Path.of("");
    private static byte[][] wholes = {};
    private static byte[] checkpoint = {};

    @BeforeContainer
    static void makeFiles() throws IOException {
        folder = Files.createTempDirectory("damaged");
        Tensor tensor = Tensor.of(Shape.of(2, 2), 1, Float.NaN, -0f, 3);
        Checkpoint small = new Checkpoint(Map.of("w", tensor), Json.object().put("step", 7).put("loss", 0.5).build());
        checkpoint = Files.readAllBytes(Checkpoints.in(folder.resolve("run")).save(7, small));
        wholes = new byte[][] {Damage.resource("golden.safetensors"), Damage.resource("dtypes.safetensors"), checkpoint};
    }

    @AfterContainer
    static void deleteFiles() throws IOException {
        Folders.delete(folder);
    }

    private static Damage damage() {
        return new Damage(folder, "x.safetensors");
    }

    @Example
    void a_file_cut_off_at_any_byte_is_refused() throws IOException {
        for (byte[] whole : wholes) {
            damage().cutAtEachByte(whole);
            damage().refused(Arrays.copyOf(whole, whole.length + 1), "a byte too many");
            for (int length = 0; length < whole.length; length++) {
                Path file = damage().written(Arrays.copyOf(whole, length));
                assertThrows(WeightFormatException.class, () -> Checkpoints.load(file), "cut off at " + length);
            }
        }
    }

    @Property(tries = 10_000, edgeCases = EdgeCasesMode.NONE)
    void flipped_bits_are_refused_or_read(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        byte[] whole = wholes[random.nextInt(wholes.length)];
        int header = 8 + (whole[0] & 0xFF) + ((whole[1] & 0xFF) << 8);
        Damage.count(damage().isRead(Damage.flipped(whole, random, 0, header)));
    }

    @Property(tries = 2000, edgeCases = EdgeCasesMode.NONE)
    void a_checkpoint_with_a_changed_byte_is_refused(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        byte[] damaged = checkpoint.clone();
        int at = random.nextInt(damaged.length);
        damaged[at] = (byte) (damaged[at] ^ 1 + random.nextInt(255));
        Path file = damage().written(damaged);
        assertThrows(WeightFormatException.class, () -> Checkpoints.load(file), "byte " + at);
    }

    /// Opens each file named and reads all tensors, printing what came of it: run with a small heap.
    static final class SmallHeap {
        private SmallHeap() {}

        public static void main(String[] files) throws IOException {
            for (String file : files) {
                try {
                    System.out.println(Weights.open(Path.of(file)).tensors().size() + " tensors");
                } catch (WeightFormatException e) {
                    System.out.println(e.getMessage());
                }
            }
        }
    }

    @Example
    void hostile_files_do_not_fill_a_small_heap() throws IOException, InterruptedException {
        // Just below the 16th of the heap from which a header is refused in advance.
        int size = 3_700_000;
        Path texts = headerOf("texts", size, "{\"__metadata__\":{", i -> "\"" + Integer.toString(i, 36) + "\":\"\"", "}}");
        Path empty = headerOf("empty", size, "{",
                i -> "\"" + Integer.toString(i, 36) + "\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}",
                "}");
        Path axes = headerOf("axes", size, "{\"w\":{\"shape\":[", i -> "1000", "]}}");
        Path skipped = headerOf("skipped", size, "{\"w\":{\"x\":[", i -> "[]", "]}}");
        Path name = headerOf("name", size, "{\"", i -> "x", "\":{}}");
        Path large = headerOf("large", 5 * size, "{\"__metadata__\":{", i -> "\"" + i + "\":\"\"", "}}");
        Path data = folder.resolve("data");
        String header = "{\"w\":{\"dtype\":\"F32\",\"shape\":[1000000000],\"data_offsets\":[0,4000000000]}}";
        try (RandomAccessFile sparse = new RandomAccessFile(data.toFile(), "rw")) {
            sparse.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length()).array());
            sparse.write(header.getBytes(StandardCharsets.UTF_8));
            sparse.setLength(8 + header.length() + 4_000_000_000L);
        }
        for (int i = 0; i < 3; i++) {
            headerOf("part" + i, size / 3 + 200_000, "{\"__metadata__\":{", key -> "\"" + Integer.toString(key, 36) + "\":\"\"", "}}");
        }
        Path index = Files.writeString(folder.resolve("index.json"), "{\"weight_map\":{\"a\":\"part0\",\"b\":\"part1\",\"c\":\"part2\"}}");
        Path longIndex = folder.resolve("long.json");
        try (RandomAccessFile sparse = new RandomAccessFile(longIndex.toFile(), "rw")) {
            sparse.write("{\"weight_map\":{".getBytes(StandardCharsets.UTF_8));
            sparse.setLength(100_000_001);
        }
        List<String> said = run(texts, empty, axes, skipped, name, large, data, index, longIndex);
        assertEquals(9, said.size(), said.toString());
        assertTrue(said.get(7).contains("part2: byte 0: a header of ") && said.get(7).contains("raise it with -Xmx"), said.get(7));
        assertTrue(said.get(8).endsWith("an index of 100000001 bytes, the limit is 100000000"), said.get(8));
        assertEquals("0 tensors", said.get(0));
        assertTrue(said.get(1).endsWith(" tensors"), said.get(1));
        assertTrue(said.get(2).contains("more than 64 axes"), said.get(2));
        assertTrue(said.get(3).contains("\"dtype\" is missing"), said.get(3));
        assertTrue(said.get(4).contains("\"dtype\" is missing") && said.get(4).length() < 500, said.get(4));
        assertTrue(said.get(5).contains("raise it with -Xmx"), said.get(5));
        assertTrue(said.get(6).contains("tensor \"w\": needs 4000000000 bytes of heap"), said.get(6));
    }

    private interface Piece {
        String at(int i);
    }

    private static Path headerOf(String name, int size, String begin, Piece piece, String end) throws IOException {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        header.writeBytes(new byte[8]);
        header.writeBytes(begin.getBytes(StandardCharsets.UTF_8));
        for (int i = 0; header.size() < size; i++) {
            header.writeBytes(((i == 0 || piece.at(i).equals("x") ? "" : ",") + piece.at(i)).getBytes(StandardCharsets.UTF_8));
        }
        header.writeBytes(end.getBytes(StandardCharsets.UTF_8));
        byte[] bytes = header.toByteArray();
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(0, bytes.length - 8);
        return Files.write(folder.resolve(name), bytes);
    }

    private static List<String> run(Path... files) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(ForkedJava.command("-Xmx64m", SmallHeap.class));
        for (Path file : files) {
            command.add(file.toString());
        }
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> lines = process.inputReader().readAllLines();
        assertEquals(0, process.waitFor(), lines.toString());
        return lines;
    }
}
