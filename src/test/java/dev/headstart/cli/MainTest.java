package dev.headstart.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.bench.measure.BenchReport;
import dev.headstart.tensor.ShapeException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/// Exit codes, sentences and help of the command line.
class MainTest {
    private record Run(int code, String out, String err) {}

    private static Run run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
        return new Run(code, out.toString(), err.toString());
    }

    @Test
    void help_names_every_command_and_every_exit_code() {
        Run run = run("--help");

        assertEquals(0, run.code);
        assertTrue(run.out.contains("doctor"), run.out);
        assertTrue(run.out.contains("--threads"), run.out);
        assertTrue(run.out.contains("2     the command line or its recipe was not understood"), run.out);
    }

    @Test
    void version_names_headstart_and_java() {
        Run run = run("--version");

        assertEquals(0, run.code);
        assertTrue(run.out.startsWith("headstart "), run.out);
        assertTrue(run.out.contains("Java " + Runtime.version()), run.out);
    }

    @Test
    void wrong_usage_exits_with_2_and_says_where_help_is() {
        for (String[] arguments : new String[][] {{}, {"doctr"}, {"doctor", "--thraeds", "3"}, {"--threads", "0", "doctor"},
            {"doctor", "--threads", "0"}, {"doctor", "--kernels", "gpu"}, {"--seed", "x", "doctor"}}) {
            Run run = run(arguments);

            assertEquals(2, run.code, String.join(" ", arguments));
            assertEquals("", run.out);
            assertTrue(run.err.startsWith("headstart: "), run.err);
            assertTrue(run.err.endsWith("--help tells more" + System.lineSeparator()), run.err);
        }
    }

    @Test
    void a_misspelt_command_gets_a_suggestion() {
        assertTrue(run("doctr").err.contains("did you mean doctor?"));
    }

    /// Names in files of strangers steer no terminal, on the way of errors neither.
    @Test
    void what_a_terminal_would_obey_is_not_printed_in_an_error() {
        for (String[] arguments : new String[][] {{"inspect", "x\u001b]0;owned\u0007\u001b[31m.safetensors"}, {"\u001b[31m"},
            {"demo", "--\u009b31m"}}) {
            String err = run(arguments).err;
            assertTrue(err.startsWith("headstart: "), err);
            assertTrue(err.chars().noneMatch(c -> c != '\n' && c != '\r' && Character.isISOControl(c)), err);
        }
    }

    @Test
    void doctor_finds_equal_bits_and_takes_global_options_after_its_name() {
        Run run = run("doctor", "--threads", "3");

        assertEquals(0, run.code, run.out + run.err);
        assertTrue(run.out.contains("threads    3"), run.out);
        assertTrue(run.out.contains("kernels    " + System.getProperty("headstart.expectedKernels")), run.out);
        assertFalse(run.out.contains("NO"), run.out);
    }

    @Test
    void a_benchmarks_file_names_the_kernels_that_were_measured() throws IOException {
        assertEquals(System.getProperty("headstart.expectedKernels"), BenchReport.json(List.of(), 1, 1, null).string("kernels"));
    }

    @Test
    void failures_are_told_in_one_sentence() {
        assertEquals("rows.csv: there is no such file", Failure.sentence(new NoSuchFileException("rows.csv")));
        assertEquals("disk full", Failure.sentence(new UncheckedIOException(new IOException("disk full"))));
        assertEquals("reshape: no", Failure.sentence(new ExecutionException(new ShapeException("reshape: no"))));
        assertEquals("kernels: no", Failure.sentence(new ExceptionInInitializerError(new IllegalStateException("kernels: no"))));
    }

    @Test
    void only_failures_that_input_cannot_cause_are_called_mistakes() {
        assertFalse(Failure.unexpected(new UncheckedIOException(new IOException("disk full"))));
        assertFalse(Failure.unexpected(new IllegalArgumentException("no")));
        assertTrue(Failure.unexpected(new NullPointerException("oops")));
        assertEquals("java.lang.NullPointerException: oops", Failure.sentence(new NullPointerException("oops")));
    }
}
