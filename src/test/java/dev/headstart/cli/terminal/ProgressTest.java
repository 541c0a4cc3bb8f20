package dev.headstart.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Parameters;
import dev.headstart.optim.ParamGroup;
import dev.headstart.optim.Sgd;
import dev.headstart.task.report.TextWidth;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.Batches;
import dev.headstart.train.Trainer;
import dev.headstart.train.TrainingResult;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
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
        progress.began("train", 0, 4);
        assertEquals("\rtrain  [--------------------]  0/4", taken());
        pass(500);
        progress.stepped(64, 2);
        String line = "train  [#####---------------]  1/4  loss 2.00  128 samples/s  1.5 s left";
        assertEquals("\r" + line, taken());
        progress.failed();
        assertEquals("\r" + " ".repeat(line.length()) + "\r", taken());
    }

    @Test
    void a_shorter_line_covers_the_longer_one() {
        Progress progress = Progress.onTerminal(out, 120, this::nanos);
        progress.began("train", 0, 100);
        pass(1000);
        progress.noted("accuracy", "31.2 %");
        taken();
        pass(1000);
        progress.noted("accuracy", "?");
        assertEquals("\rtrain  [--------------------]  0/100  accuracy ?     ", taken());
    }

    @Test
    void the_line_changes_ten_times_a_second_at_most() {
        Progress progress = Progress.onTerminal(out, 120, this::nanos);
        progress.began("train", 0, 1000);
        for (int i = 0; i < 1000; i++) {
            pass(1);
            progress.stepped(1, 1);
        }
        assertEquals(1 + 10, taken().chars().filter(c -> c == '\r').count());
    }

    @Test
    void a_finished_phase_leaves_one_line() {
        Progress progress = Progress.onTerminal(out, 120, this::nanos);
        progress.began("train", 0, 2);
        pass(40_000);
        progress.stepped(1000, 3);
        pass(40_000);
        progress.stepped(1000, 3);
        progress.noted("accuracy", "31.2 %");
        taken();
        progress.ended();
        String last = taken();
        assertEquals("train: 2 steps in 1 min 20 s, loss 3.00, accuracy 31.2 %, 25.0 samples/s\n",
                last.substring(last.lastIndexOf('\r') + 1));
        progress.ended();
        progress.failed();
        assertEquals("", taken());
    }

    @Test
    void plain_lines_come_at_an_interval_and_at_the_end() {
        Progress progress = Progress.inLines(out, 10, this::nanos);
        progress.began("pre-train (masked LM)", 0, 3000);
        for (int i = 0; i < 3000; i++) {
            pass(10);
            progress.stepped(128, 1.5);
        }
        progress.ended();
        assertEquals("""
                pre-train (masked LM): 1,000/3,000 steps, loss 1.50, 12,800 samples/s, 20 s left
                pre-train (masked LM): 2,000/3,000 steps, loss 1.50, 12,800 samples/s, 10 s left
                pre-train (masked LM): 3,000/3,000 steps, loss 1.50, 12,800 samples/s, 0 ms left
                pre-train (masked LM): 3,000 steps in 30 s, loss 1.50, 12,800 samples/s
                """, taken());
    }

    @Test
    void the_next_phase_begins_anew_and_an_early_end_is_reported() {
        Progress progress = Progress.inLines(out, 10, this::nanos);
        progress.began("one", 0, 1000);
        progress.noted("accuracy", "9 %");
        pass(2000);
        progress.stepped(8, 4);
        progress.began("two", 500, 600);
        pass(1000);
        progress.stepped(16, 2);
        progress.ended();
        assertEquals("""
                one: stopped at step 1 of 1,000 in 2.0 s, loss 4.00, accuracy 9 %, 4.00 samples/s
                two: stopped at step 501 of 600 in 1.0 s, loss 2.00, 16.0 samples/s
                """, taken());
    }

    @Test
    void the_time_left_follows_the_latest_speed() {
        Progress progress = Progress.inLines(out, 60, this::nanos);
        progress.began("train", 0, 160);
        for (int i = 0; i < 100; i++) {
            pass(1000);
            progress.stepped(1, 1);
        }
        taken();
        for (int i = 0; i < 20; i++) {
            pass(2000);
            progress.stepped(1, 1);
        }
        assertEquals("train: 110/160 steps, loss 1.00, 0.500 samples/s, 1 min 40 s left\n", taken());
    }

    @Test
    void a_training_is_shown_from_its_events() {
        Parameter weight = Parameter.of(Tensor.scalar(3));
        Parameters parameters = Parameters.of(Map.of("weight", weight));
        TrainingResult result = Trainer.of((examples, random) -> weight.sum(), parameters, Sgd.of(ParamGroup.of(parameters).rate(1)),
                Batches.of(8, 4, RandomStream.of(1)), RandomStream.of(2))
                .named("fine-tune").listener(Progress.inLines(out, 10, this::nanos)).afterEachStep(() -> pass(1000))
                .validate(1, "accuracy", () -> 0.312).run(2);
        assertEquals(2, result.steps());
        assertEquals("fine-tune: 2 steps in 2.0 s, loss 2.49, accuracy 31.2 %, 4.00 samples/s\n", taken());
    }

    @Test
    void a_training_that_fails_leaves_no_line() {
        Parameter weight = Parameter.of(Tensor.scalar(3));
        Parameters parameters = Parameters.of(Map.of("weight", weight));
        Trainer trainer = Trainer.of((examples, random) -> {
            throw new IllegalArgumentException("mistake");
        }, parameters, Sgd.of(ParamGroup.of(parameters).rate(1)), Batches.of(8, 4, RandomStream.of(1)), RandomStream.of(2))
                .named("train").listener(Progress.onTerminal(out, 80, this::nanos));
        assertThrows(IllegalArgumentException.class, () -> trainer.run(2));
        String line = "train  [--------------------]  0/2";
        assertEquals("\r" + line + "\r" + " ".repeat(line.length()) + "\r", taken());
    }

    @Test
    void metrics_are_shares_or_plain_numbers_the_same_in_every_locale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            assertEquals("accuracy 31.2 %", validated(0.312));
            assertEquals("accuracy -12.5 %", validated(-0.125));
            assertEquals("accuracy -37.5", validated(-37.5));
            assertEquals("accuracy 12.3", validated(12.345));
            assertEquals("accuracy NaN", validated(Double.NaN));
        } finally {
            Locale.setDefault(before);
        }
    }

    private String validated(double value) {
        Progress progress = Progress.inLines(out, 10, this::nanos);
        progress.began("t", 0, 1);
        progress.validated("accuracy", value);
        progress.ended();
        String[] parts = taken().strip().split(", ", -1);
        return parts[parts.length - 1];
    }

    @Test
    void the_loss_is_smoothed_without_a_pull_to_zero() {
        Progress progress = Progress.silent();
        assertTrue(Double.isNaN(progress.smoothedLoss()));
        progress.began("train", 0, 10);
        progress.stepped(1, 4);
        assertEquals(4, progress.smoothedLoss(), 1e-12);
        progress.stepped(1, 2);
        assertEquals((0.95 * 4 + 2) / 1.95, progress.smoothedLoss(), 1e-12);
        progress.stepped(1, Double.NaN); // a step without a loss
        assertEquals((0.95 * 4 + 2) / 1.95, progress.smoothedLoss(), 1e-12);
    }

    @Test
    void notes_stay_above_the_line() {
        Progress progress = Progress.onTerminal(out, 80, this::nanos);
        progress.began("t", 0, 2);
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
        progress.began("語".repeat(name), 0, 123_456);
        for (int i = 0; i < 5; i++) {
            progress.stepped(64, 2.5);
            progress.noted("accuracy", "31.2 %");
        }
        for (String line : lines.toString().split("\r", -1)) {
            assertTrue(TextWidth.columns(line) < columns, () -> "wraps at " + columns + ": " + line);
        }
    }

    @Test
    void narrow_terminals_keep_what_matters_most() {
        Progress progress = Progress.onTerminal(out, 48, this::nanos);
        progress.began("fine-tune", 0, 5000);
        taken();
        pass(1000);
        progress.stepped(5000, 2.5);
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
        progress.began("train", 0, 1);
        progress.stepped(1, 1);
        progress.ended();
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
