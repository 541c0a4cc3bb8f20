package dev.headstart.task.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.SafeTensors;
import dev.headstart.io.Weights;
import dev.headstart.io.json.Json;
import dev.headstart.nn.Linear;
import dev.headstart.tensor.RandomStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Event files and model cards.
class TensorBoardTest {
    /// What the package `tensorboard` 2.21 reads as: version brain.Event:2; 0 loss/train 2.5; 300 accuracy 0.75 (src/test/resources/selection/read_events.py).
    private static final String RECORDS = "1800000000000000a37f4b220900000040fc54d9411a0d627261696e2e4576656e743a32eced8f9d200000000000000029eda950090000"
            + "4040fc54d94110002a130a110a0a6c6f73732f747261696e150000204047e5a6f01f00000000000000514b4418090000a040fc54d94110"
            + "ac022a110a0f0a086163637572616379150000403f6a96d89d";

    @Test
    void records_have_lengths_and_masked_checksums_and_say_what_was_said(@TempDir Path folder) throws IOException {
        TensorBoard board = TensorBoard.create(folder.resolve("runs/a"), 1_700_000_000L);
        board.scalar("loss/train", 0, 2.5, 1_700_000_001);
        board.scalar("accuracy", 300, 0.75, 1_700_000_002.5);
        assertEquals("events.out.tfevents.1700000000.headstart", board.file().getFileName().toString());
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(board.file())).order(ByteOrder.LITTLE_ENDIAN);
        int records = 0;
        while (bytes.hasRemaining()) {
            byte[] length = new byte[8];
            bytes.get(length);
            assertEquals(TensorBoard.masked(length), bytes.getInt());
            byte[] data = new byte[(int) ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong()];
            bytes.get(data);
            assertEquals(TensorBoard.masked(data), bytes.getInt());
            records++;
        }
        assertEquals(3, records);
        assertEquals(RECORDS, HexFormat.of().formatHex(bytes.array()));
    }

    /// Wherever a crash cut the file off behind the checkpoint's step.
    @Test
    void a_run_that_goes_on_leaves_the_bytes_of_one_that_never_stopped(@TempDir Path folder) throws IOException {
        TensorBoard whole = TensorBoard.create(folder.resolve("whole"), 1_700_000_000L);
        write(whole, 1, 200);
        byte[] expected = Files.readAllBytes(whole.file());
        for (int step : new int[] {0, 1, 127, 128, 150, 200}) {
            TensorBoard first = TensorBoard.create(folder.resolve("cut"), 1_700_000_000L);
            write(first, 1, step);
            int safe = (int) Files.size(first.file());
            for (int cut = safe; cut <= expected.length; cut += 1 + (expected.length - safe) / 40) {
                Files.write(first.file(), Arrays.copyOf(expected, cut));
                TensorBoard second = TensorBoard.resume(folder.resolve("cut"), step, 1_700_009_999L);
                write(second, step + 1, 200);
                assertArrayEquals(expected, Files.readAllBytes(second.file()), "step " + step + ", cut at " + cut);
            }
        }
        byte[] damaged = expected.clone();
        damaged[damaged.length - 10] ^= 1;
        Files.write(whole.file(), damaged);
        byte[] read = Files.readAllBytes(TensorBoard.resume(folder.resolve("whole"), 200, 0).file());
        assertArrayEquals(Arrays.copyOf(expected, read.length), read);
        assertTrue(read.length < expected.length && read.length > expected.length - 100, "the damaged record alone is gone");
        TensorBoard.forget(folder.resolve("whole"));
        assertTrue(Files.notExists(whole.file()));
        TensorBoard.forget(folder.resolve("nowhere"));
    }

    private static void write(TensorBoard board, int from, int to) throws IOException {
        for (int step = from; step <= to; step++) {
            board.figures(Json.object().put("phase", "fine-tune").put("step", step).put("loss", 1.0 / step).put("accuracy", Json.Null.NULL)
                    .put("rate", 3).build(), 1_700_000_000.0 + step);
        }
    }

    @Test
    void the_masked_checksum_is_that_of_tensorflow() {
        // crc32c of "123456789" is e3069283; rotated right by 15 and a282ead8 added
        int expected = Integer.rotateRight(0xe3069283, 15) + 0xa282ead8;
        assertEquals(expected, TensorBoard.masked("123456789".getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void a_card_is_in_the_weight_file_and_tells_where_the_weights_come_from(@TempDir Path folder) throws IOException {
        Linear linear = new Linear(4, 3, RandomStream.of(1));
        String hash = ModelCard.hash(linear.parameters());
        ModelCard card = new ModelCard("birds", "Linear", "ResNet-20 on CIFAR-10", "birds | seen", "ab12", 7, "0.5.0", hash,
                Map.of("rate", "0.01"), Map.of("accuracy", 0.875), "Only for birds.");
        Path file = folder.resolve("model.safetensors");
        SafeTensors.write(file, Map.of("weight", linear.weight().value()), card.metadata());
        Json json = Json.parse(Weights.open(file).metadata().getOrDefault("headstart.card", ""));
        assertTrue(json instanceof Json.Obj);
        Json.Obj read = (Json.Obj) json;
        assertEquals(hash, read.string("weightsHash"));
        assertEquals(7, read.integer("seed"));
        assertEquals(0.875, read.object("metrics").number("accuracy"), 0);
        assertEquals(Optional.of(card), ModelCard.in(Weights.open(file).metadata()));
        assertEquals(Optional.empty(), ModelCard.in(Map.of(ModelCard.KEY, "{\"name\": 7}")));
        assertEquals(Optional.empty(), ModelCard.in(Map.of(ModelCard.KEY, "a birthday card")));
        String text = card.markdown();
        assertTrue(text.startsWith("---\nlibrary_name: headstart\nmodel_name: \"birds\"\nbase_model: \"ResNet-20 on CIFAR-10\"\n"), text);
        assertTrue(text.contains("| accuracy | 0.8750 |") && text.contains("| weights (SHA-256) | " + hash + " |"), text);
        assertTrue(text.contains("Only for birds."), text);
        linear.weight().value().copyInPlace(linear.weight().value().times(2));
        assertNotEquals(hash, ModelCard.hash(linear.parameters()));
    }
}
