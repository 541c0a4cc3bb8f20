package dev.headstart.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What kernels need for a while they put into arrays that a thread keeps.
///
/// They are counted in another JVM: what the compiler makes of a kernel depends on what has run before, and a vector that it does not keep
/// in a register is allocated too.
class KernelAllocationTest {
    @Test
    void kernels_with_vectors_allocate_nothing_that_grows_with_their_operands() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector", "-Dheadstart.kernels=simd", "-Xmx512m", "-XX:+UseSerialGC", "-cp",
                System.getProperty("java.class.path"), AllocationMain.class.getName()).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        Map<String, Long> bytes = new LinkedHashMap<>();
        output.lines().filter(line -> line.startsWith("bytes ")).map(line -> line.split(" "))
                .forEach(words -> bytes.put(words[1], Long.valueOf(words[2])));
        Long control = bytes.remove("control");
        assertTrue(control != null && control >= 256 * Float.BYTES, output);
        assertEquals(List.of("dropout", "sum", "dot", "forward", "inputGradient", "weightGradient"), List.copyOf(bytes.keySet()), output);
        bytes.forEach((name, most) -> assertTrue(most <= AllocationMain.MOST_BYTES, name + ": a call allocates " + most + " bytes"));
    }
}
