package dev.headstart.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.task.report.TextWidth;
import java.io.IOException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final StringBuilder out = new StringBuilder();
    private long millis;

    @Test
    void a_terminal_has_one_line_that_is_rewritten_and_erased() {
        Progress progress = Progress.onTerminal(out, 120, this::nanos);
        progress.start("train", 4);
        assertEquals("\rtrain  [--------------------]  0/4", taken());
        pass(500);
        progress.step(64, 2);
        String line = "train  [#####---------------]  1/4  loss 2.00  128 samples/s  1.5 s left";
        assertEquals("\r" + line, taken());
        progress.clear();
        assertEquals("\r" + " ".repeat(line.length()) + "\r", taken());
    }

    @Test
    void a_shorter_line_covers_the_longer_one() {
        Progress progress = Progress.onTerminal(out, 120, this::nanos);
        progress.start("train", 100);
        pass(1000);
        progress.metric("accuracy", "31.2 %");
        taken();
        pass(1000);
        progress.metric("accuracy", "?");
        assertEquals("\rtrain  [--------------------]  0/100  accuracy ?     ", taken());
    }

    @Test
    void the_line_changes_ten_times_a_second_at_most() {
        Progress progress = Progress.onTerminal(out, 120, this::nanos);
        progress.start("train", 1000);
        for (int i = 0; i < 1000; i++) {
            pass(1);
            progress.step(1, 1);
        }
        assertEquals(1 + 10, taken().chars().filter(c -> c == '\r').count());
    }

    @Test
    void a_finished_phase_leaves_one_line() {
        Progress progress = Progress.onTerminal(out, 120, this::nanos);
        progress.start("train", 2);
        pass(40_000);
        progress.step(1000, 3);
        pass(40_000);
        progress.step(1000, 3);
        progress.metric("accuracy", "31.2 %");
        taken();
        progress.finish();
        String last = taken();
        assertEquals("train: 2 steps in 1 min 20 s, loss 3.00, accuracy 31.2 %, 25.0 samples/s\n",
                last.substring(last.lastIndexOf('\r') + 1));
        progress.finish();
        progress.clear();
        assertEquals("", taken());
    }

    @Test
    void plain_lines_come_every_so_many_seconds_and_at_the_end() {
        Progress progress = Progress.inLines(out, 10, this::nanos);
        progress.start("pre-train (masked LM)", 3000);
        for (int i = 0; i < 3000; i++) {
            pass(10);
            progress.step(128, 1.5);
        }
        progress.finish();
        assertEquals("""
                pre-train (masked LM): 1,000/3,000 steps, loss 1.50, 12,800 samples/s, 20 s left
                pre-train (masked LM): 2,000/3,000 steps, loss 1.50, 12,800 samples/s, 10 s left
                pre-train (masked LM): 3,000/3,000 steps, loss 1.50, 12,800 samples/s, 0 ms left
                pre-train (masked LM): 3,000 steps in 30 s, loss 1.50, 12,800 samples/s
                """, taken());
    }

    @Test
    void the_next_phase_begins_anew_and_an_early_end_is_told() {
        Progress progress = Progress.inLines(out, 10, this::nanos);
        progress.start("one", 1000);
        progress.metric("accuracy", "9 %");
        pass(2000);
        progress.step(8, 4);
        progress.resume("two", 500, 600);
        pass(1000);
        progress.step(16, 2);
        progress.finish();
        assertEquals("""
                one: stopped at step 1 of 1,000 in 2.0 s, loss 4.00, accuracy 9 %, 4.00 samples/s
                two: stopped at step 501 of 600 in 1.0 s, loss 2.00, 16.0 samples/s
                """, taken());
    }

    @Test
    void the_time_left_follows_the_latest_speed() {
        Progress progress = Progress.inLines(out, 60, this::nanos);
        progress.start("train", 160);
        for (int i = 0; i < 100; i++) {
            pass(1000);
            progress.step(1, 1);
        }
        taken();
        for (int i = 0; i < 20; i++) {
            pass(2000);
            progress.step(1, 1);
        }
        assertEquals("train: 110/160 steps, loss 1.00, 0.500 samples/s, 1 min 40 s left\n", taken());
    }

    @Test
    void the_loss_is_smoothed_without_a_pull_to_zero() {
        Progress progress = Progress.silent();
        assertTrue(Double.isNaN(progress.smoothedLoss()));
        progress.start("train", 10);
        progress.step(1, 4);
        assertEquals(4, progress.smoothedLoss(), 1e-12);
        progress.step(1, 2);
        assertEquals((0.95 * 4 + 2) / 1.95, progress.smoothedLoss(), 1e-12);
        progress.step(1, Double.NaN);
        assertTrue(Double.isNaN(progress.smoothedLoss()));
    }

    @Test
    void notes_stay_above_the_line() {
        Progress progress = Progress.onTerminal(out, 80, this::nanos);
        progress.start("t", 2);
        taken();
        progress.note("restored the best weights");
        String line = "t  [--------------------]  0/2";
        assertEquals("\r" + " ".repeat(line.length()) + "\rrestored the best weights\n\r" + line, taken());
    }

    @Property(tries = 300)
    void a_line_never_wraps(@ForAll @IntRange(min = 10, max = 130) int columns, @ForAll @IntRange(min = 0, max = 60) int name) {
        StringBuilder lines = new StringBuilder();
        long[] time = {0};
        Progress progress = Progress.onTerminal(lines, columns, () -> time[0] += 300_000_000L);
        progress.start("語".repeat(name), 123_456);
        for (int i = 0; i < 5; i++) {
            progress.step(64, 2.5);
            progress.metric("accuracy", "31.2 %");
        }
        for (String line : lines.toString().split("\r", -1)) {
            assertTrue(TextWidth.columns(line) < columns, () -> "wraps at " + columns + ": " + line);
        }
    }

    @Test
    void narrow_terminals_keep_what_matters_most() {
        Progress progress = Progress.onTerminal(out, 48, this::nanos);
        progress.start("fine-tune", 5000);
        taken();
        pass(1000);
        progress.step(5000, 2.5);
        assertEquals("\rfine-tune  1/5,000  loss 2.50  1 h 23 min left", taken().stripTrailing());
    }

    @Test
    void a_stream_that_fails_is_given_up() {
        Appendable closed = new Appendable() {
            @Override
            public Appendable append(CharSequence text) throws IOException {
                out.append("tried ");
                throw new IOException("closed");
            }

            @Override
            public Appendable append(CharSequence text, int start, int end) throws IOException {
                return append(text);
            }

            @Override
            public Appendable append(char c) throws IOException {
                return append("");
            }
        };
        Progress progress = Progress.onTerminal(closed, 80, this::nanos);
        progress.start("train", 1);
        progress.step(1, 1);
        progress.finish();
        assertEquals("tried ", taken());
    }

    @Test
    void columns_come_from_the_environment_when_they_make_sense() {
        assertEquals(132, Progress.columns("132"));
        assertEquals(80, Progress.columns(null));
        assertEquals(80, Progress.columns("wide"));
        assertEquals(80, Progress.columns("99999999999"));
        assertEquals(10, Progress.columns("0"));
        assertFalse(Progress.columns("-5") < 10);
    }

    private long nanos() {
        return millis * 1_000_000;
    }

    private void pass(long time) {
        millis += time;
    }

    private String taken() {
        String text = out.toString();
        out.setLength(0);
        return text;
    }
}
