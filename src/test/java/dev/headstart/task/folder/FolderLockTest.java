package dev.headstart.task.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.ForkedJava;
import dev.headstart.io.SafeTensors;
import dev.headstart.io.data.Images;
import dev.headstart.task.FineTune;
import dev.headstart.task.ImageClassification;
import dev.headstart.task.model.Pretrained;
import dev.headstart.tensor.RandomStream;
import dev.headstart.zoo.vision.CifarResNet;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderLockTest {
    @TempDir
    private Path folder;

    /// Holds a folder until it is killed.
    static final class Holder {
        private Holder() {}

        public static void main(String... args) throws IOException {
            try (FolderLock _ = FolderLock.of(Path.of(args[0]))) {
                System.out.println("held");
                System.in.read();
            }
        }
    }

    private static String refusal(Path folder) {
        return String.valueOf(assertThrows(IOException.class, () -> FolderLock.of(folder)).getMessage());
    }

    @Test
    void one_run_of_a_process_has_a_folder_at_a_time() throws IOException {
        Path mine = folder.resolve("mine");
        for (int i = 0; i < 3; i++) {
            try (FolderLock _ = FolderLock.of(mine)) {
                String message = refusal(mine);
                assertTrue(message.startsWith(mine + ": another run writes to this folder (process " + ProcessHandle.current().pid()
                        + ", since 2"), message);
                FolderLock.of(folder.resolve("other")).close();
            }
            assertEquals(0, Files.size(mine.resolve(".lock")));
        }
    }

    @Test
    void another_process_is_refused_until_the_first_is_killed() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(ForkedJava.command("-Xmx32m", Holder.class));
        command.add(folder.toString());
        Process holder = new ProcessBuilder(command).start();
        try (BufferedReader out = holder.inputReader()) {
            assertEquals("held", out.readLine());
            for (int i = 0; i < 2; i++) { // a refusal takes nothing away
                assertTrue(refusal(folder).contains("(process " + holder.pid() + ", since "));
            }
        } finally {
            holder.toHandle().destroyForcibly();
            holder.waitFor();
        }
        FolderLock.of(folder).close();
        assertEquals(0, Files.size(folder.resolve(".lock")));
    }

    @Test
    void a_refusal_in_this_process_does_not_let_another_in() throws IOException, InterruptedException {
        try (FolderLock _ = FolderLock.of(folder)) {
            refusal(folder);
            List<String> command = new ArrayList<>(ForkedJava.command("-Xmx32m", Holder.class));
            command.add(folder.toString());
            Process second = new ProcessBuilder(command).redirectErrorStream(true).start();
            second.outputWriter().close();
            try (BufferedReader out = second.inputReader()) {
                assertTrue(out.lines().anyMatch(line -> line.contains("another run writes to this folder")));
            }
            assertEquals(1, second.waitFor());
        }
    }

    @Test
    void a_run_whose_folder_is_taken_says_so_and_writes_nothing() throws IOException {
        Path file = folder.resolve("resnet.safetensors");
        SafeTensors.write(file, CifarResNet.of(8, 2, RandomStream.of(1)).export());
        Images images = new Images(new byte[4 * 8 * 8 * 3], 4, 8, 8, 3, new int[] {0, 1, 0, 1}, List.of("a", "b"));
        Path out = folder.resolve("out");
        FineTune run = FineTune.of(Pretrained.open(file), ImageClassification.of(images).measuredOn(images)).steps(2).batch(2).saveIn(out);
        try (FolderLock _ = FolderLock.of(out)) {
            assertTrue(
                    String.valueOf(assertThrows(IOException.class, run::run).getMessage()).contains("another run writes to this folder"));
            try (var there = Files.list(out)) {
                assertEquals(List.of(out.resolve(".lock")), there.toList());
            }
        }
        run.run();
        assertEquals(0, Files.size(out.resolve(".lock")));
    }
}
