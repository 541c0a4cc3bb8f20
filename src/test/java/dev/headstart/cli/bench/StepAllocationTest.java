package dev.headstart.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.tensor.Backend;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// A training step in its workspace uses memory again: what it allocates, on all threads, is small change beside its operands.
///
/// Each is counted in a process of its own. In one that has run other things the compiler may leave an object for each vector in a loop for
/// ever; and now and then it does so in a fresh one: hence a few attempts.
class StepAllocationTest {
    static final String MARK = "bytes of a step: ";
    private static final int ATTEMPTS = 3;

    private static String run(String name) throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(java, "-Xmx1g", "--add-modules", "jdk.incubator.vector", "-cp",
                System.getProperty("java.class.path"), StepAllocationMain.class.getName(), name).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output;
    }

    private static long bytes(String output) {
        return Long.parseLong(output.lines().filter(line -> line.startsWith(MARK)).findFirst().orElseThrow().substring(MARK.length()));
    }

    private static void assertFrugal(String name) throws IOException, InterruptedException {
        if (Backend.active().vectorBits() == 0) {
            System.out.println("scalar kernels make their rows anew: they are not counted");
            return;
        }
        StringBuilder outputs = new StringBuilder();
        boolean frugal = false;
        for (int i = 0; i < ATTEMPTS && !frugal; i++) {
            String output = run(name);
            outputs.append(output);
            frugal = bytes(output) <= StepAllocationMain.MOST_BYTES;
        }
        assertTrue(frugal, () -> name + " allocates too much:\n" + outputs);
    }

    @Test
    void what_is_allocated_on_any_thread_is_counted_and_its_place_is_told() throws IOException, InterruptedException {
        String output = run("wasteful"); // five times 256 KB
        long bytes = bytes(output);
        assertTrue(bytes >= 1_310_720 && bytes < 1_572_864, output);
        assertTrue(output.contains("[F at Tensor.zeros:"), output);
    }

    @Test
    void a_perceptron_with_momentum_uses_its_memory_again() throws IOException, InterruptedException {
        assertFrugal("perceptron");
    }

    @Test
    void a_classifier_of_sequences_uses_its_memory_again() throws IOException, InterruptedException {
        assertFrugal("classifier");
    }

    @Test
    void a_causal_language_model_with_adamw_uses_its_memory_again() throws IOException, InterruptedException {
        assertFrugal("causal");
    }

    @Test
    void a_convolutional_net_with_max_pooling_uses_its_memory_again() throws IOException, InterruptedException {
        assertFrugal("lenet");
    }
}
