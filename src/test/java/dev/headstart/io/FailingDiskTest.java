package dev.headstart.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.file.Disk;
import dev.headstart.io.numpy.NpyWriter;
import dev.headstart.io.numpy.NpzWriter;
import dev.headstart.io.safetensors.SafeTensorsWriter;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Disks that fail at any step, or give less than was asked for: every reader and writer of weights names the file, and none leaves a part.
class FailingDiskTest {
    private static final Tensor TENSOR = Tensor.of(Shape.of(2, 3), new float[] {1, 2, 3, 4, 5, 6});

    @TempDir
    Path folder;

    private final Map<String, Path> files = new LinkedHashMap<>();

    /// A disk of which one step fails, and which counts the steps.
    private static final class Failing extends ForwardingDisk {
        private final int failing;
        private final int shortest;
        private int step;

        Failing(int failing, int shortest) {
            this.failing = failing;
            this.shortest = shortest;
        }

        @Override
        void step(String what) throws IOException {
            if (step++ == failing) {
                throw new IOException("Input/output error");
            }
        }

        @Override
        int shortened(int asked) {
            return Math.min(asked, shortest);
        }
    }

    @BeforeEach
    void files() throws IOException {
        Map<String, Tensor> tensors = Map.of("a", TENSOR, "b", Tensor.scalar(7));
        Path safeTensors = folder.resolve("x.safetensors");
        SafeTensors.write(safeTensors, tensors);
        files.put("safetensors", safeTensors);
        Path npy = folder.resolve("x.npy");
        Npy.write(npy, TENSOR);
        files.put("npy", npy);
        Path npz = folder.resolve("x.npz");
        Npz.write(npz, tensors);
        files.put("npz", npz);
        String pickle = Torch.PROTO + Torch.tensor(Torch.storage("FloatStorage", "0", 6), 0, Torch.tuple(2, 3), Torch.tuple(3, 1)) + ".";
        files.put("pytorch", Files.write(folder.resolve("x.pt"), Torch.zip(pickle, new byte[24])));
        files.put("pytorch-legacy", Files.write(folder.resolve("old.pt"), Torch.legacy(pickle, new byte[24])));
        byte[] hdf5 = new Hdf5Writer(1 << 14).group(Hdf5Writer.ROOT, "x", 1024).dataset(1024, 8192, 3).bytes();
        files.put("hdf5", Files.write(folder.resolve("x.h5"), hdf5));
        files.put("keras", Files.write(folder.resolve("x.keras"), Torch.zip(Map.of("model.weights.h5", hdf5), ZipEntry.STORED)));
    }

    @Test
    void whichever_read_fails_the_error_names_the_file() throws IOException {
        for (Map.Entry<String, Path> file : files.entrySet()) {
            Failing never = new Failing(-1, Integer.MAX_VALUE);
            Weights weights = Formats.open(never, file.getValue());
            assertEquals(file.getKey(), weights.format());
            weights.tensors();
            assertTrue(never.step >= 4, file.getKey() + ": opened and read twice");
            for (int failing = 0; failing < never.step; failing++) {
                Disk disk = new Failing(failing, Integer.MAX_VALUE);
                String message = Refusals.message(IOException.class, () -> Formats.open(disk, file.getValue()).tensors());
                assertTrue(message.startsWith("read " + file.getValue() + ": ") && message.endsWith("Input/output error"), message);
            }
        }
    }

    @Test
    void short_reads_change_nothing() throws IOException {
        for (Map.Entry<String, Path> file : files.entrySet()) {
            Map<String, Tensor> whole = Weights.open(file.getValue()).tensors();
            Map<String, Tensor> pieces = Formats.open(new Failing(-1, 3), file.getValue()).tensors();
            assertEquals(whole.keySet(), pieces.keySet(), file.getKey());
            whole.forEach(
                    (name, tensor) -> assertTrue(tensor.bitsEqual(Objects.requireNonNull(pieces.get(name))), file.getKey() + ": " + name));
        }
    }

    @Test
    void a_shards_failure_names_the_shard() throws IOException {
        Path index = Files.writeString(folder.resolve("model.safetensors.index.json"),
                "{\"weight_map\":{\"a\":\"x.safetensors\",\"b\":\"x.safetensors\"}}");
        Failing never = new Failing(-1, 5);
        assertEquals("sharded safetensors", Formats.open(never, index).format());
        String message = Refusals.message(IOException.class, () -> Formats.open(new Failing(never.step - 1, 5), index));
        assertTrue(message.startsWith("read " + folder.resolve("x.safetensors") + ": byte "), message);
    }

    private interface Writer {
        void write(Disk disk, Path file) throws IOException;
    }

    @Test
    void whichever_step_of_writing_fails_the_file_is_as_it_was() throws IOException {
        Map<String, Tensor> tensors = Map.of("a", TENSOR, "b", TENSOR);
        List<Writer> writers = List.of((disk, file) -> SafeTensorsWriter.write(disk, file, tensors, Map.of("k", "v")),
                (disk, file) -> NpyWriter.write(disk, file, TENSOR),
                (disk, file) -> NpyWriter.write(disk, file, Indices.of(Shape.of(2), 1, 2)),
                (disk, file) -> NpzWriter.write(disk, file, tensors));
        Path target = folder.resolve("target");
        byte[] before = {1, 2, 3};
        for (Writer writer : writers) {
            Failing never = new Failing(-1, 0);
            writer.write(never, target);
            for (int failing = 0; failing < never.step - 1; failing++) { // the last: forcing the folder, when the file is in place
                Files.write(target, before);
                int files = Folders.names(folder).size();
                Disk disk = new Failing(failing, 0);
                String message = Refusals.message(IOException.class, () -> writer.write(disk, target));
                assertEquals("write " + target + ": Input/output error: what was there before is unchanged", message);
                assertArrayEquals(before, Files.readAllBytes(target));
                assertEquals(files, Folders.names(folder).size(), "no temporary file is left");
            }
        }
    }
}
