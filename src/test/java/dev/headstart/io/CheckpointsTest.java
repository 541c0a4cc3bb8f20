package dev.headstart.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.Checkpoints.Loaded;
import dev.headstart.io.file.Disk;
import dev.headstart.io.json.Json;
import dev.headstart.io.weights.WeightFormatException;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Checkpoints come back bit by bit, damaged ones are passed over, and nothing that fails costs an earlier one.
class CheckpointsTest {
    @TempDir
    Path parent;

    private Path folder = Path.of("");

    @BeforeEach
    void nameFolder() {
        folder = parent.resolve("a/b");
    }

    private static Checkpoint checkpoint(long step) {
        float[] values = new float[1000];
        for (int i = 0; i < values.length; i++) {
            values[i] = step + i;
        }
        return new Checkpoint(Map.of("w", Tensor.wrap(Shape.of(10, 100), values)), Json.object().put("step", step).build());
    }

    private static Tensor tensor(Checkpoint checkpoint, String name) {
        return Objects.requireNonNull(checkpoint.tensors().get(name), name);
    }

    private static void assertIs(long step, Loaded loaded) throws IOException {
        assertEquals(step, loaded.step());
        assertEquals(step, loaded.checkpoint().state().integer("step"));
        assertTrue(tensor(checkpoint(step), "w").bitsEqual(tensor(loaded.checkpoint(), "w")));
    }

    @Test
    void tensors_and_state_come_back_bit_by_bit() throws IOException {
        Tensor nans = Tensor.of(Shape.of(4), Float.intBitsToFloat(0x7FA12345), Float.intBitsToFloat(0xFFC00001), -0f, Float.MIN_VALUE);
        Json.Obj state = Json.object().put("seed", Long.MIN_VALUE).put("loss", 0.1).put("tiny", Double.MIN_VALUE)
                .put("name", "zürich \"1\"\n")
                .put("frozen", Json.strings(List.of("a", "b"))).build();
        Path file = Checkpoints.in(folder).save(12, new Checkpoint(Map.of("nans", nans, "scalar", Tensor.scalar(1), "", nans), state));
        Loaded loaded = Checkpoints.in(folder).latest().orElseThrow();
        assertEquals(12, loaded.step());
        assertEquals(file, loaded.file());
        assertEquals(state, loaded.checkpoint().state());
        assertEquals(List.of(), loaded.warnings());
        assertEquals(List.of("", "nans", "scalar"), List.copyOf(loaded.checkpoint().tensors().keySet()));
        assertTrue(nans.bitsEqual(tensor(loaded.checkpoint(), "nans")));
        assertTrue(Tensor.scalar(1).bitsEqual(tensor(loaded.checkpoint(), "scalar")));
    }

    @Test
    void equal_checkpoints_are_equal_bytes() throws IOException {
        Path one = Checkpoints.in(folder).save(1, checkpoint(1));
        Path other = Checkpoints.in(parent.resolve("other")).save(1, checkpoint(1));
        assertEquals(-1, Files.mismatch(one, other));
    }

    @Test
    void a_checkpoint_is_a_weight_file() throws IOException {
        Weights weights = Weights.open(Checkpoints.in(folder).save(3, checkpoint(3)));
        assertEquals(Shape.of(10, 100), weights.shape("w"));
        assertEquals("3", weights.metadata().get("headstart.step"));
        assertEquals("{\"step\":3}", weights.metadata().get("headstart.state"));
    }

    @Test
    void no_folder_and_an_empty_folder_hold_no_checkpoint() throws IOException {
        assertTrue(Checkpoints.in(folder).latest().isEmpty());
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("step-notes.ckpt"), "x");
        assertTrue(Checkpoints.in(folder).latest().isEmpty());
        assertEquals(List.of(), Checkpoints.in(folder).steps());
    }

    @Test
    void the_last_n_are_kept() throws IOException {
        Checkpoints checkpoints = Checkpoints.in(folder);
        for (long step : new long[] {9, 100, 1000}) {
            checkpoints.save(step, checkpoint(step));
        }
        assertEquals(List.of(100L, 1000L), checkpoints.steps());
        assertIs(1000, checkpoints.latest().orElseThrow());
        checkpoints.keep(1).save(1001, checkpoint(1001));
        assertEquals(List.of("step-000000001001.ckpt"), Folders.names(folder));
        assertThrows(IllegalArgumentException.class, () -> checkpoints.keep(0));
    }

    @Test
    void an_earlier_step_saved_later_deletes_no_newer_one() throws IOException {
        Checkpoints checkpoints = Checkpoints.in(folder).keep(1);
        checkpoints.save(500, checkpoint(500));
        checkpoints.save(100, checkpoint(100));
        checkpoints.save(200, checkpoint(200));
        assertEquals(List.of(200L, 500L), checkpoints.steps());
    }

    @Test
    void the_same_step_is_replaced() throws IOException {
        Checkpoints checkpoints = Checkpoints.in(folder);
        checkpoints.save(5, checkpoint(4));
        checkpoints.save(5, checkpoint(5));
        assertIs(5, checkpoints.latest().orElseThrow());
    }

    @Test
    void steps_outside_the_range_are_refused() {
        assertThrows(IllegalArgumentException.class, () -> Checkpoints.in(folder).save(-1, checkpoint(1)));
        assertThrows(IllegalArgumentException.class, () -> Checkpoints.in(folder).save(Long.MAX_VALUE, checkpoint(1)));
    }

    @Test
    void a_damaged_newest_one_is_passed_over_with_a_warning() throws IOException {
        Checkpoints checkpoints = Checkpoints.in(folder).keep(3);
        for (long step = 1; step <= 3; step++) {
            Path file = checkpoints.save(step, checkpoint(step));
            byte[] bytes = Files.readAllBytes(file);
            if (step == 2) {
                bytes[bytes.length - 1] ^= 1;
                Files.write(file, bytes);
            } else if (step == 3) {
                Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
            }
        }
        Loaded loaded = checkpoints.latest().orElseThrow();
        assertIs(1, loaded);
        assertEquals(2, loaded.warnings().size());
        assertTrue(loaded.warnings().get(0).contains("step-000000000003.ckpt") && loaded.warnings().get(0).contains("truncated"),
                loaded.warnings().toString());
        assertTrue(loaded.warnings().get(1).contains("step-000000000002.ckpt") && loaded.warnings().get(1).contains("SHA-256"),
                loaded.warnings().toString());
    }

    @Test
    void when_all_are_damaged_the_run_is_not_silently_begun_again() throws IOException {
        Path file = Checkpoints.in(folder).save(1, checkpoint(1));
        Files.write(file, new byte[] {1, 2, 3});
        String message = Refusals.message(IOException.class, () -> Checkpoints.in(folder).latest());
        assertTrue(message.contains("none of 1 can be used") && message.contains("step-000000000001.ckpt: byte 3"), message);
    }

    @Test
    void a_weight_file_is_no_checkpoint() throws IOException {
        Path file = parent.resolve("w.safetensors");
        SafeTensors.write(file, checkpoint(1).tensors());
        assertTrue(Refusals.message(WeightFormatException.class, () -> Checkpoints.load(file)).contains("not a checkpoint"));
    }

    // ---- failing disks ----

    /// A disk of which one step fails, and which counts the steps.
    private static final class FailingDisk extends ForwardingDisk {
        private final int failing;
        private final List<String> steps = new ArrayList<>();

        FailingDisk(int failing) {
            this.failing = failing;
        }

        @Override
        public void step(String what) throws IOException {
            steps.add(what);
            if (steps.size() == failing + 1) {
                throw new IOException("No space left on device");
            }
        }
    }

    private static final List<String> STEPS_OF_SAVING = List.of("state", "state", "create", "write", "write", "write", "force", "close",
            "rename", "force folder", "state", "list", "delete", "list");

    /// Saves step 2 beside step 1 on this disk, where one of them is to be kept.
    private static void saveSecond(Path in, FailingDisk disk) throws IOException {
        new Checkpoints(in, 1, Disk.real()).save(1, checkpoint(1));
        new Checkpoints(in, 1, disk).save(2, checkpoint(2));
    }

    @Test
    void whichever_step_of_saving_fails_the_last_good_one_is_there() throws IOException {
        FailingDisk never = new FailingDisk(-1);
        saveSecond(parent.resolve("count"), never);
        assertEquals(STEPS_OF_SAVING, never.steps);
        int renamed = STEPS_OF_SAVING.indexOf("rename");
        int deleted = STEPS_OF_SAVING.indexOf("delete");
        for (int failing = 0; failing < STEPS_OF_SAVING.size(); failing++) {
            Path tried = parent.resolve("failing" + failing);
            FailingDisk disk = new FailingDisk(failing);
            if (failing == deleted) {
                saveSecond(tried, disk);
            } else {
                String message = Refusals.message(IOException.class, () -> saveSecond(tried, disk));
                assertTrue(message.contains(tried.toString()) && message.contains("No space left on device"), message);
                assertEquals(failing == renamed + 1, message.endsWith(": the new file is in place, but a crash may lose it"), message);
                assertEquals(failing > renamed + 1, message.contains("step 2 is saved, but older ones could not be deleted: "), message);
            }
            assertEquals(0, disk.open(), STEPS_OF_SAVING.get(failing));
            Checkpoints found = Checkpoints.in(tried);
            List<Long> expected = failing <= renamed ? List.of(1L) : failing <= deleted ? List.of(1L, 2L) : List.of(2L);
            assertEquals(expected, found.steps(), STEPS_OF_SAVING.get(failing));
            assertEquals(expected.size(), Folders.names(tried).size(), "no temporary file is left");
            assertIs(expected.getLast(), found.latest().orElseThrow());
            found.keep(1).save(3, checkpoint(3));
            assertEquals(List.of(3L), found.steps());
        }
    }

    @Test
    void whichever_step_of_making_the_folder_fails_the_error_names_it() throws IOException {
        List<String> steps = List.of("state", "create folders", "force folder");
        for (int failing = 0; failing < steps.size(); failing++) {
            FailingDisk disk = new FailingDisk(failing);
            Path made = parent.resolve("made" + failing);
            String message = Refusals.message(IOException.class, () -> new Checkpoints(made, 1, disk).save(1, checkpoint(1)));
            assertTrue(message.contains(parent.toString()), message);
            assertEquals(steps.subList(0, failing + 1), disk.steps);
        }
    }

    @Test
    void a_folder_that_cannot_be_looked_at_is_not_an_empty_one() throws IOException {
        Checkpoints.in(folder).save(1, checkpoint(1));
        FailingDisk never = new FailingDisk(-1);
        assertIs(1, new Checkpoints(folder, 1, never).latest().orElseThrow());
        assertTrue(never.steps.containsAll(List.of("state", "list", "open", "size", "read", "close")), never.steps.toString());
        for (int failing = 0; failing < never.steps.size(); failing++) {
            FailingDisk disk = new FailingDisk(failing);
            String message = Refusals.message(IOException.class, () -> new Checkpoints(folder, 1, disk).latest());
            assertTrue(message.contains(folder.toString()) && message.contains("No space left on device"), message);
            assertEquals(0, disk.open(), never.steps.get(failing));
        }
        Path loop = Files.createSymbolicLink(parent.resolve("loop"), Path.of("loop"));
        assertThrows(IOException.class, () -> Checkpoints.in(loop).latest());
    }

    @Test
    void a_failing_replacement_leaves_the_file_that_was_there() throws IOException {
        Checkpoints checkpoints = Checkpoints.in(folder);
        checkpoints.save(1, checkpoint(1));
        Checkpoints failing = new Checkpoints(folder, 2, new FailingDisk(STEPS_OF_SAVING.indexOf("write")));
        String message = Refusals.message(IOException.class, () -> failing.save(1, checkpoint(9)));
        assertTrue(message.contains("step-000000000001.ckpt: No space left on device: what was there before is unchanged"), message);
        assertIs(1, checkpoints.latest().orElseThrow());
    }

    @Test
    void a_state_that_cannot_be_written_touches_nothing() throws IOException {
        Checkpoints checkpoints = Checkpoints.in(folder).keep(1);
        checkpoints.save(1, checkpoint(1));
        Checkpoint bad = new Checkpoint(Map.of(), Json.object().put("half", "\ud800").build());
        assertThrows(IllegalArgumentException.class, () -> checkpoints.save(2, bad));
        assertEquals(List.of("step-000000000001.ckpt"), Folders.names(folder));
    }

    @Test
    void weight_files_are_written_to_existing_folders_only() {
        Path file = parent.resolve("missing/w.safetensors");
        String message = Refusals.message(IOException.class, () -> SafeTensors.write(file, checkpoint(1).tensors()));
        assertTrue(message.contains("there is no folder") && message.contains("create it first"), message);
        assertFalse(Files.exists(file));
    }
}
