package dev.headstart.bench.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.bench.workload.Workload;
import dev.headstart.bench.workload.Workload.Bound;
import dev.headstart.cli.Main;
import dev.headstart.cli.terminal.TextTable;
import dev.headstart.io.json.Json;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.Workers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What is said of memory is what was used.
class MemoryBenchTest {
    private static final boolean LINUX = Files.exists(Path.of("/proc/self/status"));
    private static final int FLOATS = 5_000_000;

    /// Starts the command line, as `headstart bench --memory` does.
    private static MemoryBench.ProcessCommand java(String... options) {
        return (workload, peer) -> {
            assertFalse(peer);
            List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
            command.addAll(List.of(options));
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
            command.addAll(List.of("bench", "--memory-of", workload, "--threads", "2"));
            return command;
        };
    }

    /// Holds an operand, and computes two results of its size.
    private static final Workload THREE_ARRAYS = new Workload("three arrays", Bound.MEMORY, 1, () -> {
        Tensor x = Tensor.ones(Shape.of(FLOATS));
        return () -> x.negate().negate();
    });

    @Test
    void live_bytes_are_those_of_operands_and_results_and_no_garbage() throws IOException {
        Memory memory = Memory.of(THREE_ARRAYS, Workers.of(2));
        assertEquals(12.0 * FLOATS, memory.live(), 3e6);
        assertEquals(LINUX, memory.grown() >= 0, memory.toString());
        assertEquals(memory, Memory.parse("a warning\n" + memory.line() + "\n").orElseThrow());
        assertEquals(Optional.empty(), Memory.parse("a warning\n"));
    }

    @Test
    void the_bench_counts_the_same_bytes() {
        assertEquals(12.0 * FLOATS, new Bench(Workers.of(2), 0.001, null).measure(THREE_ARRAYS).peakBytes(), 3e6);
    }

    @Test
    void each_workload_has_a_process_of_its_own() throws IOException {
        List<String> failures = new ArrayList<>();
        MemoryBench bench = new MemoryBench(java("-Xmx256m", "-XX:+UseSerialGC"), failures::add);
        Footprint footprint = bench.measure("softmax 12288x128", false); // operand and result: 2 · 6.3 MB

        assertEquals(List.of(), failures);
        Memory ours = Objects.requireNonNull(footprint.ours());
        assertEquals(8.0 * 12_288 * 128, ours.live(), 3e6);
        assertEquals(LINUX, ours.grown() > 8.0 * 12_288 * 128, ours.toString());
        assertNull(footprint.peers());
    }

    @Test
    void a_process_that_fails_is_told_and_leaves_its_figure_out() throws IOException {
        List<String> failures = new ArrayList<>();
        Footprint footprint = new MemoryBench(java("-Xmx16m"), failures::add).measure("matmul 2048x2048x2048", false);

        assertNull(footprint.ours());
        assertEquals(1, failures.size());
        assertTrue(failures.getFirst().contains("matmul 2048x2048x2048: headstart: out of memory"), failures.toString());
    }

    @Test
    void the_table_compares_how_much_processes_grew() throws IOException {
        Footprint both = new Footprint("step", new Memory(30e6, 50e6, 150e6), new Memory(Double.NaN, 300e6, 450e6));
        assertEquals(1.5, both.ratio(), 1e-12);
        List<String> lines = TextTable.render(BenchReport.memoryTable(List.of(both, new Footprint("lost", both.ours(), null)))).lines()
                .toList();
        assertTrue(lines.get(2).matches("step +30.0 +100.0 +150.0 +1.50"), lines.get(2));
        assertTrue(lines.get(3).matches("lost +30.0 +100.0 *"), lines.get(3));
        Json.Obj json = (Json.Obj) Json.parse(BenchReport.memoryJson(List.of(both), 2, "-Xmx1g").pretty());
        assertEquals("-Xmx1g", json.string("javaOptions"));
        Json.Obj one = (Json.Obj) json.array("workloads").getFirst();
        assertEquals(30e6, one.object("ours").number("liveBytes"));
        assertEquals(450e6, one.object("peer").number("peakBytes"));
        assertEquals(Json.Null.NULL, one.object("peer").get("liveBytes"));
    }
}
