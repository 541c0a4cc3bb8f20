package dev.headstart.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.json.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `headstart bench` from the command line to the file.
class BenchCommandTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }

    @Test
    void the_workloads_that_were_named_are_printed_and_written() throws IOException {
        Path file = folder.resolve("bench.json");

        assertEquals(0, run("bench", "--only", "matmul 64x,mlp 64-", "--seconds", "0.01", "--json", file.toString(), "--threads", "2"),
                err.toString());
        assertTrue(out.toString().contains("matmul 64x64x64") && out.toString().contains("train mlp 64-32-10"), out.toString());
        assertEquals(2, ((Json.Obj) Json.read(file)).integer("threads"));
        assertEquals(2, ((Json.Obj) Json.read(file)).array("workloads").size());
    }

    @Test
    void memory_needs_a_process_that_can_be_started_again() {
        assertEquals(1, run("bench", "--memory", "--only", "mlp 64-")); // the tests were not started by this command line
        assertTrue(err.toString().contains("start it with ./headstart"), err.toString());
        assertEquals(2, run("bench", "--memory", "--peers"));
        assertEquals(2, run("bench", "--memory-of", "mlp 64-"));
        assertTrue(err.toString().contains("there is no such workload"), err.toString());
        assertEquals("", out.toString());
    }

    @Test
    void a_process_that_measures_memory_is_started_with_the_same_options() {
        List<String> modules = List.of("java", "-Xmx1g", "-p", "cli.jar:lib", "-m", "dev.headstart.cli/dev.headstart.cli.Main");
        List<String> whole = new ArrayList<>(modules);
        whole.addAll(List.of("bench", "--memory"));
        SameProgram program = SameProgram.in(whole).orElseThrow();
        assertEquals(modules, program.command());
        assertEquals("-Xmx1g", program.javaOptions());
        whole.set(whole.size() - 1, "--memory-of");
        assertEquals(whole, program.with(List.of("bench", "--memory-of")));
        assertEquals(Optional.empty(), SameProgram.in(List.of("java", "-jar", "tests.jar")));
    }

    @Test
    void each_of_several_names_must_fit_something() {
        assertEquals(2, run("bench", "--only", "matmul 64x,conv 7x7"));
        assertTrue(err.toString().contains("--only conv 7x7: no workload's name contains it"), err.toString());
        assertEquals("", out.toString());
    }

    @Test
    void wrong_options_are_told_before_anything_runs() {
        assertEquals(2, run("bench", "--only", "conv 7x7"));
        assertTrue(err.toString().contains("there are matmul 64x64x64"), err.toString());
        assertEquals(2, run("bench", "--seconds", "0"));
        assertEquals(1, run("bench", "--json", folder.resolve("none/bench.json").toString()));
        assertEquals(2, run("bench", "--peers"));
        assertTrue(err.toString().contains("no peer on the class path"), err.toString());
        assertEquals("", out.toString());
    }
}
