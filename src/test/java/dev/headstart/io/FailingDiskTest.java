package dev.headstart.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.file.Disk;
import dev.headstart.io.file.Source;
import dev.headstart.io.numpy.NpyWriter;
import dev.headstart.io.numpy.NpzWriter;
import dev.headstart.io.safetensors.SafeTensorsWriter;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
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
        private final List<String> steps = new ArrayList<>();

        Failing(int failing, int shortest) {
            this.failing = failing;
            this.shortest = shortest;
        }

        @Override
        public void step(String what) throws IOException {
            steps.add(what);
            if (steps.size() == failing + 1) {
                throw new IOException("Input/output error");
            }
        }

        @Override
        public int shortened(int asked) {
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
            assertEquals(2, Collections.frequency(never.steps, "open"), file.getKey() + ": opened and read twice");
            assertTrue(never.steps.containsAll(List.of("state", "size", "read", "close")), never.steps.toString());
            for (int failing = 0; failing < never.steps.size(); failing++) {
                Failing disk = new Failing(failing, Integer.MAX_VALUE);
                String message = Refusals.message(IOException.class, () -> Formats.open(disk, file.getValue()).tensors());
                boolean atPath = List.of("state", "open").contains(never.steps.get(failing));
                assertTrue(message.startsWith((atPath ? "" : "read ") + file.getValue() + ": ") && message.endsWith("Input/output error"),
                        message);
                assertEquals(0, disk.open(), file.getKey() + ": " + never.steps.get(failing));
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
        String message = Refusals.message(IOException.class, () -> Formats.open(new Failing(never.steps.lastIndexOf("read"), 5), index));
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
            int last = never.steps.size() - 1;
            assertEquals("force folder", never.steps.get(last));
            for (int failing = 0; failing <= last; failing++) {
                Files.write(target, before);
                int files = Folders.names(folder).size();
                Failing disk = new Failing(failing, 0);
                String message = Refusals.message(IOException.class, () -> writer.write(disk, target));
                assertTrue(message.contains("Input/output error"), message);
                assertTrue(message.startsWith((failing == 0 ? "" : "write ") + (failing == 0 ? folder : target) + ": "), message);
                assertEquals(failing > 0 && failing < last, message.endsWith(": what was there before is unchanged"), message);
                assertEquals(failing == last, message.endsWith(": the new file is in place, but a crash may lose it"), message);
                assertEquals(failing < last, Arrays.equals(before, Files.readAllBytes(target)), message);
                assertEquals(files, Folders.names(folder).size(), "no temporary file is left");
                assertEquals(0, disk.open(), never.steps.get(failing));
            }
        }
    }

    @Test
    void names_that_utf8_cannot_write_are_refused_before_the_file_is_touched() throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("\ud800", Tensor.scalar(1));
        tensors.put("?", Tensor.scalar(2));
        Path target = folder.resolve("target");
        for (Writer writer : List.<Writer>of((disk, file) -> SafeTensorsWriter.write(disk, file, tensors, Map.of()),
                (disk, file) -> SafeTensorsWriter.write(disk, file, Map.of(), Map.of("\udc00", "x")),
                (disk, file) -> NpzWriter.write(disk, file, tensors))) {
            Failing never = new Failing(-1, 0);
            assertTrue(Refusals.message(IllegalArgumentException.class, () -> writer.write(never, target))
                    .endsWith("\" has half a surrogate pair"));
            assertEquals(List.of(), never.steps);
        }
    }

    @Test
    void only_plain_names_of_files_beside_a_file_are_opened() throws IOException {
        Path file = folder.resolve("x.npy");
        Failing disk = new Failing(-1, 5);
        Files.createDirectories(folder.resolve("sub"));
        try (Source source = Source.open(disk, file, disk.demand(file))) {
            disk.steps.clear();
            for (String name : List.of("../../etc/passwd", "/etc/passwd", "sub/x", "..", ".", "", "C:x.npz", "..\\x.npz", "x\0y")) {
                assertEquals("\"" + name + "\" is not the plain name of a file",
                        Refusals.message(IOException.class, () -> source.sibling(name, IOException::new)));
            }
            assertEquals(List.of(), disk.steps, "the disk was not asked");
            for (String name : List.of("sub", "missing")) {
                assertEquals("the file \"" + name + "\" is missing",
                        Refusals.message(IOException.class, () -> source.sibling(name, IOException::new)));
            }
            try (Source sibling = source.sibling("x.npz", IOException::new)) {
                assertEquals(folder.resolve("x.npz"), sibling.file());
                sibling.budget().allocate(1000, IOException::new);
                assertEquals(sibling.budget().heap(), source.budget().heap(), "the heap is shared");
            }
        }
        assertEquals(0, disk.open());
    }
}
