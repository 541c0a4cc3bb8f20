package dev.headstart.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.Checkpoints.Loaded;
import dev.headstart.io.file.Disk;
import dev.headstart.io.json.Json;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// kill -9 while saving: what was announced as saved is there, whole, and the next process goes on from it.
class CheckpointCrashTest {
    private static final int KILLS = 20;

    /// Saves checkpoint after checkpoint until killed, telling each step of it before it is taken.
    static final class Child {
        private Child() {}

        public static void main(String[] args) throws IOException {
            Disk telling = new ForwardingDisk() {
                @Override
                public void step(String what) {
                    System.out.println(what);
                }
            };
            Checkpoints checkpoints = new Checkpoints(Path.of(args[0]), 2, telling);
            for (long step = Long.parseLong(args[1]); true; step++) {
                checkpoints.save(step, checkpoint(step));
                System.out.println("saved " + step);
            }
        }
    }

    private static Checkpoint checkpoint(long step) {
        Map<String, Tensor> tensors = Map.of("w", filled((float) step, 150_000), "m", filled((float) -step, 70_000));
        return new Checkpoint(tensors, Json.object().put("step", step).build());
    }

    private static Tensor tensor(Checkpoint checkpoint, String name) {
        return Objects.requireNonNull(checkpoint.tensors().get(name), name);
    }

    private static Tensor filled(float value, int size) {
        float[] values = new float[size];
        Arrays.fill(values, value);
        return Tensor.wrap(Shape.of(size), values);
    }

    @Test
    void twenty_kills_never_lose_the_last_good_checkpoint(@TempDir Path folder) throws IOException, InterruptedException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Checkpoints checkpoints = Checkpoints.in(folder);
        long announced = 0;
        int interrupted = 0;
        for (int kill = 1; kill <= KILLS; kill++) {
            announced = Math.max(announced, lastAnnouncedBeforeKill(folder, announced + 1, 1 + random.nextInt(30)));
            interrupted += Folders.names(folder).stream().anyMatch(name -> name.endsWith(Disk.TEMPORARY)) ? 1 : 0;
            Optional<Loaded> latest = checkpoints.latest();
            String where = "seed " + seed + ", kill " + kill + ", announced " + announced + ", found " + Folders.names(folder);
            assertTrue(announced == 0 || latest.isPresent(), where);
            if (latest.isPresent()) {
                Loaded loaded = latest.get();
                assertTrue(loaded.step() >= announced && loaded.step() <= announced + 1, where);
                assertEquals(List.of(), loaded.warnings(), where);
                assertEquals(loaded.step(), loaded.checkpoint().state().integer("step"), where);
                assertTrue(tensor(checkpoint(loaded.step()), "w").bitsEqual(tensor(loaded.checkpoint(), "w")), where);
                assertTrue(tensor(checkpoint(loaded.step()), "m").bitsEqual(tensor(loaded.checkpoint(), "m")), where);
                announced = loaded.step();
            }
        }
        assertTrue(announced > 0 && interrupted > 0, "no kill came while a file was written: seed " + seed);
        checkpoints.save(announced + 1, checkpoint(announced + 1));
        assertEquals(2, Folders.names(folder).size(), "what killed processes left behind is gone: " + Folders.names(folder));
    }

    /// Starts a child at this step, kills it after so many lines, and returns the last step it announced as saved, or 0.
    private static long lastAnnouncedBeforeKill(Path folder, long firstStep, int lines) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(ForkedJava.command("-Xmx32m", Child.class));
        command.addAll(List.of(folder.toString(), Long.toString(firstStep)));
        Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
        long saved = 0;
        try (BufferedReader out = child.inputReader()) {
            int read = 0;
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.startsWith("saved ")) {
                    saved = Long.parseLong(line.substring(6));
                }
                if (++read == lines) {
                    // Not Process.destroyForcibly, which closes what is still to be read.
                    child.toHandle().destroyForcibly();
                }
            }
            assertTrue(read >= lines, "the child ended by itself after " + read + " lines");
        } finally {
            child.destroyForcibly().waitFor();
        }
        return saved;
    }
}
