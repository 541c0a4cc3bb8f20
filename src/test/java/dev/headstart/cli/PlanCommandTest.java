package dev.headstart.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.cli.TuningExample.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// What `headstart plan` says, against what the network is.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlanCommandTest {
    private TuningExample example = TuningExample.NONE;

    @BeforeAll
    void write(@TempDir Path folder) throws IOException {
        example = TuningExample.in(folder);
    }

    /// ResNet-8 with a head of 2 classes: 74,640 numbers below the head, and 64 · 2 + 2.
    @Test
    void parameters_are_counted_and_frozen_ones_cost_no_gradients() {
        Outcome all = example.succeeding("plan", example.images());
        assertTrue(all.out().contains("parameters  74,770, of which 74,770 learn"), all.out());
        Outcome head = example.succeeding("plan", example.images(), "--freeze", "{conv1,bn1}.**", "--freeze", "layer[1-3].**");
        assertTrue(head.out().contains("parameters  74,770, of which 130 learn"), head.out());
        assertTrue(head.out().contains("gradients 0.0, optimiser 0.0"), head.out());
        assertTrue(all.out().contains("gradients 0.3, optimiser 0.6"), all.out());
        assertTrue(all.out().contains("s per epoch of 2 steps"), all.out());
    }

    @Test
    void levels_are_told_with_their_rates_and_steps() {
        Outcome gradual = example.succeeding("plan", example.images(), "--gradual", 3, "--rate", 0.01, "--rate-decay", 0.5);
        String levels = gradual.out().substring(gradual.out().indexOf("What is trained"));
        assertTrue(levels.matches("(?s).*layer3\\.0\\.conv1\\.weight +55,552 +55,552 +0\\.005\\S* +0\\.01\\S* +from step 3\\R.*"), levels);
        assertTrue(levels.matches("(?s).*linear\\.weight +130 +130 +0\\.01\\S* +0\\.01\\S* +from the start\\R.*"), levels);
    }

    @Test
    void what_is_pulled_to_the_source_does_not_decay_towards_zero() {
        String pulled = example.succeeding("plan", example.images(), "--l2sp", 0.1, "--rate", 0.01).out();
        String levels = pulled.substring(pulled.indexOf("What is trained"));
        assertTrue(levels.matches("(?s).*layer3\\.0\\.conv1\\.weight +55,552 +55,552 +0\\.01\\S* +0(\\.0+)? +from the start\\R.*"), levels);
        assertTrue(levels.matches("(?s).*linear\\.weight +130 +130 +0\\.01\\S* +0\\.01\\S* +from the start\\R.*"), levels);
    }

    @Test
    void what_learns_later_costs_as_much_as_what_learns_at_once_and_an_average_is_a_copy() {
        String cost = "parameters .*\\R.*memory .*\\R";
        String all = found(cost, example.succeeding("plan", example.images(), "--head-rate", 0.01).out());
        assertEquals(all, found(cost, example.succeeding("plan", example.images(), "--probe-first", 3).out()));
        assertEquals(all, found(cost, example.succeeding("plan", example.images(), "--gradual", 3).out()));
        double weights = Double.parseDouble(found("(?<=weights )[\\d.]+", all));
        String averaged = example.succeeding("plan", example.images(), "--ema", 0.9).out();
        assertEquals(2 * weights, Double.parseDouble(found("(?<=weights )[\\d.]+(?=, gradients)", averaged)), 0.11);
    }

    private static String found(String pattern, String in) {
        Matcher matcher = Pattern.compile(pattern).matcher(in);
        assertTrue(matcher.find(), in);
        return matcher.group();
    }

    @Test
    void it_takes_no_folder() {
        Outcome outcome = example.headstart("plan", example.images(), "--out", "somewhere");
        assertEquals(2, outcome.code());
        assertTrue(outcome.err().contains("--out"), outcome.err());
    }
}
