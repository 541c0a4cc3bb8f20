package dev.headstart.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.data.Idx;
import dev.headstart.io.file.Disk;
import dev.headstart.io.json.Json;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.Workers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A thread that is interrupted saves and reads as any other, and is interrupted still afterwards.
class InterruptTest {
    private static final Tensor TENSOR = Tensor.of(Shape.of(2, 3), new float[] {1, 2, 3, 4, 5, 6});

    @TempDir
    Path folder;

    @AfterEach
    void clear() {
        Thread.interrupted();
    }

    @FunctionalInterface
    private interface Action {
        void run() throws IOException;
    }

    private static void interrupted(Action action) throws IOException {
        Thread.currentThread().interrupt();
        action.run();
        assertTrue(Thread.interrupted(), "the interrupt was lost");
    }

    @Test
    void every_format_is_written_and_read() throws IOException {
        Map<String, Tensor> tensors = Map.of("x", TENSOR);
        Path safe = folder.resolve("x.safetensors");
        Path npz = folder.resolve("x.npz");
        Path npy = folder.resolve("x.npy");
        Path json = folder.resolve("x.json");
        interrupted(() -> SafeTensors.write(safe, tensors));
        interrupted(() -> Npz.write(npz, tensors));
        interrupted(() -> Npy.write(npy, TENSOR));
        interrupted(() -> Json.object().put("a", 1).build().write(json));
        for (Path file : List.of(safe, npz, npy)) {
            interrupted(() -> {
                Weights weights = Weights.open(file);
                for (String name : weights.names()) {
                    assertTrue(weights.tensor(name).bitsEqual(TENSOR), file + " " + name);
                }
            });
        }
        interrupted(() -> assertEquals("{\"a\":1}", ((Json.Obj) Json.read(json)).compact()));
        byte[] idx = {0, 0, 8, 1, 0, 0, 0, 2, 3, 4};
        Files.write(folder.resolve("labels"), idx);
        interrupted(() -> assertEquals(2, Idx.read(folder.resolve("labels")).indices().size()));
    }

    @Test
    void a_checkpoint_is_saved_and_found() throws IOException {
        Checkpoints checkpoints = Checkpoints.in(folder.resolve("new").resolve("checkpoints"));
        interrupted(() -> checkpoints.save(7, new Checkpoint(Map.of("x", TENSOR), Json.object().put("a", 1).build())));
        interrupted(() -> checkpoints.save(8, new Checkpoint(Map.of("x", TENSOR), Json.object().put("a", 2).build())));
        interrupted(() -> assertEquals(8, checkpoints.latest().orElseThrow().step()));
    }

    @Test
    void an_interrupt_in_the_middle_of_writing_is_kept_and_nothing_is_lost() throws IOException {
        Path file = folder.resolve("x");
        Disk.real().replace(file, sink -> {
            sink.write(new byte[] {1, 2});
            Thread.currentThread().interrupt();
            sink.write(new float[200_000]);
            sink.overwrite(1, new byte[] {9});
            sink.write(new byte[] {3});
        });
        assertTrue(Thread.interrupted());
        byte[] bytes = Files.readAllBytes(file);
        assertEquals(800_003, bytes.length);
        assertArrayEquals(new byte[] {1, 9, 3}, new byte[] {bytes[0], bytes[1], bytes[800_002]});
    }

    @Test
    void an_interrupt_of_one_reader_disturbs_no_other() throws Exception {
        byte[] content = new byte[300_000];
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) (i * 31);
        }
        Path file = Files.write(folder.resolve("x"), content);
        CountDownLatch broken = new CountDownLatch(1);
        try (Disk.Reading reading = Disk.real().open(file)) {
            List<FutureTask<Boolean>> readers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                boolean first = i == 0;
                readers.add(new FutureTask<>(() -> {
                    if (first) {
                        Thread.currentThread().interrupt();
                        broken.countDown();
                    } else {
                        broken.await();
                    }
                    for (int round = 0; round < 20; round++) {
                        assertArrayEquals(content, whole(reading, content.length));
                    }
                    return Thread.interrupted();
                }));
            }
            readers.forEach(task -> new Thread(task).start());
            for (int i = 0; i < readers.size(); i++) {
                assertEquals(i == 0, readers.get(i).get());
            }
            Files.move(Files.write(folder.resolve("y"), new byte[] {1}), file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            interrupted(() -> assertArrayEquals(content, whole(reading, content.length), "it is the file that was opened"));
            interrupted(() -> assertEquals(300_000, reading.size()));
        }
    }

    private static byte[] whole(Disk.Reading reading, int length) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(length + 1);
        int read = 0;
        while (read >= 0) {
            read = reading.read(into, into.position());
        }
        byte[] bytes = new byte[into.position()];
        into.flip().get(bytes);
        return bytes;
    }

    @Test
    void a_stream_is_read_and_a_long_tensor_by_several_threads() throws IOException {
        Path file = folder.resolve("long.safetensors");
        Tensor tensor = Tensor.full(Shape.of(3_000_000), 0.5f);
        interrupted(() -> SafeTensors.write(file, Map.of("x", tensor)));
        interrupted(() -> assertTrue(Workers.of(3).call(() -> Weights.open(file).tensor("x")).bitsEqual(tensor)));
        interrupted(() -> {
            try (InputStream in = Disk.real().stream(file)) {
                assertEquals(Files.size(file), in.readAllBytes().length);
            }
        });
    }
}
