package dev.headstart.train.tuning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.autograd.Gradients;
import dev.headstart.autograd.Mode;
import dev.headstart.io.Checkpoints;
import dev.headstart.optim.Adam;
import dev.headstart.optim.FineTuning;
import dev.headstart.optim.Optimizer;
import dev.headstart.optim.ParamGroups;
import dev.headstart.optim.Schedule;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.Batches;
import dev.headstart.train.Trainer;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Law 4, clause by clause, on a network with two convolutions (0, 3), two batch normalisations (1, 4) and a head (8).
class FrozenTest {
    private static final String HEAD = "8.**";

    private static Adam adam(Small small) {
        return Adam.adamW(ParamGroups.byDepth(small.parameters, HEAD).rate(0.01).decay(0.1).list(), Schedule.constant(), 1);
    }

    private static Trainer trainer(Small small, Optimizer optimizer) {
        return Trainer.of(small.objective(), small.parameters, optimizer, Batches.of(Small.EXAMPLES, 12, RandomStream.of(2)),
                RandomStream.of(3));
    }

    /// Names of what training changes.
    private static Set<String> moved(Small small, Snapshot before) {
        Set<String> moved = new TreeSet<>();
        before.values().forEach((name, value) -> {
            if (!small.parameters.get(name).value().bitsEqual(value)) {
                moved.add(name);
            }
        });
        return moved;
    }

    private static Gradients gradients(Small small) {
        return Mode.training(RandomStream.of(1), () -> small.objective().loss(new int[] {0, 1, 2, 3, 4, 5}, RandomStream.of(1))).backward();
    }

    @Test
    void a_frozen_output_layer_stays_and_all_beneath_learns() {
        Small small = new Small();
        Snapshot before = Snapshot.of(small.parameters);
        small.parameters.select(HEAD).freeze();
        trainer(small, adam(small)).run(3);
        Set<String> expected = new TreeSet<>(small.parameters.without(HEAD).byName().keySet());
        assertEquals(expected, moved(small, before), "every parameter, and every statistic, beneath the head");
        Gradients gradients = gradients(small);
        assertNull(gradients.get(small.head().weight()));
        assertNotNull(gradients.get(small.parameters.get("0.weight")));
    }

    @Test
    void a_frozen_layer_in_the_middle_passes_the_very_gradients_it_passed_before() {
        Small small = new Small();
        Gradients all = gradients(small);
        small.parameters.select("3.**").freeze();
        Gradients through = gradients(small);
        assertNull(through.get(small.parameters.get("3.weight")));
        for (String name : new String[] {"0.weight", "0.bias", "1.weight", "8.weight"}) {
            Tensor expected = all.get(small.parameters.get(name));
            Tensor actual = through.get(small.parameters.get(name));
            assertTrue(expected != null && actual != null && expected.bitsEqual(actual), name);
        }
    }

    @Test
    void what_is_frozen_does_not_decay_and_its_statistics_stand_still() {
        Small small = new Small();
        Snapshot before = Snapshot.of(small.parameters);
        small.parameters.select("{0,1}.**").freeze();
        trainer(small, adam(small)).run(4);
        Set<String> moved = moved(small, before);
        assertTrue(moved.stream().noneMatch(name -> name.startsWith("0.") || name.startsWith("1.")), moved.toString());
        assertTrue(moved.contains("4.running_mean") && moved.contains("4.num_batches_tracked"), "those that learn move theirs");
    }

    @Test
    void optimiser_state_is_dropped_when_frozen_and_begins_anew_when_unfrozen_in_the_middle_of_a_run() {
        Small small = new Small();
        Adam adam = adam(small);
        trainer(small, adam).run(2);
        assertEquals(2L, adam.state().slotSteps().get("3.weight"));
        small.parameters.select("3.**").freeze();
        adam.step(gradients(small));
        assertFalse(adam.state().slotSteps().containsKey("3.weight"));
        assertFalse(adam.state().tensors().containsKey("3.weight/m"));
        small.parameters.select("3.**").unfreeze();
        adam.step(gradients(small));
        assertEquals(1L, adam.state().slotSteps().get("3.weight"));
        assertEquals(4L, adam.state().slotSteps().get("8.weight"));
    }

    @Test
    void unfreezing_by_schedule_is_saved_and_restored_with_the_same_bits_wherever_the_run_stopped(@TempDir Path folder) {
        Small whole = new Small();
        trainer(whole, gradual(whole)).run(9);
        for (int stop = 1; stop < 9; stop += 2) {
            Checkpoints checkpoints = Checkpoints.in(folder.resolve("stop-" + stop));
            Small first = new Small();
            trainer(first, gradual(first)).checkpoints(checkpoints, 1).run(stop);
            Small second = new Small();
            trainer(second, gradual(second)).checkpoints(checkpoints, 1).run(9);
            assertEquals(Set.of(), moved(second, Snapshot.of(whole.parameters)), "stopped after " + stop);
        }
    }

    private static Adam gradual(Small small) {
        return Adam.adamW(ParamGroups.of(small.parameters, "{0,1}.**", "{3,4}.**", HEAD).rate(0.01).rateDecay(0.5)
                .tuned(new FineTuning.Gradual(3)).list(), Schedule.slantedTriangular(9, 0.2, 32), 1);
    }

    @Test
    void what_was_frozen_by_hand_in_a_gradual_run_is_frozen_after_a_restore(@TempDir Path folder) {
        Small first = new Small();
        AtomicInteger steps = new AtomicInteger();
        trainer(first, gradual(first)).afterEachStep(() -> {
            if (steps.incrementAndGet() == 5) {
                first.parameters.get("3.bias").freeze();
            }
        }).checkpoints(Checkpoints.in(folder), 6).run(6);
        Small second = new Small();
        trainer(second, gradual(second)).checkpoints(Checkpoints.in(folder), 6).run(7);
        assertFalse(second.parameters.get("3.bias").isTrainable());
        assertTrue(second.parameters.get("3.weight").isTrainable());
        assertTrue(second.parameters.get("0.weight").isTrainable());
    }

    @Test
    void a_pattern_that_matches_nothing_is_an_error_and_changes_nothing() {
        Small small = new Small();
        assertThrows(IllegalArgumentException.class, () -> small.parameters.only(HEAD, "fc.**"));
        assertEquals(small.parameters.stream().filter(p -> !p.isBuffer()).count(), small.parameters.trainable().size());
        assertEquals(Set.of("8.weight", "8.bias"), small.parameters.only(HEAD).byName().keySet());
    }

    @Test
    void a_batch_in_parts_takes_the_step_of_the_whole_but_for_rounding_and_with_the_same_bits_every_time() {
        Small whole = new Small();
        Small parts = new Small();
        Small again = new Small();
        for (Small small : new Small[] {whole, parts, again}) {
            small.parameters.select("{1,4}.**").freeze(); // moments of a part are not those of the batch
            trainer(small, adam(small)).accumulate(small == whole ? 1 : 5).run(4);
        }
        parts.parameters.byName().forEach((name, p) -> {
            assertTrue(p.value().bitsEqual(again.parameters.get(name).value()), name);
            float[] expected = whole.parameters.get(name).value().toArray();
            org.junit.jupiter.api.Assertions.assertArrayEquals(expected, p.value().toArray(), 2e-4f, name);
        });
        assertThrows(IllegalArgumentException.class, () -> trainer(whole, adam(whole)).accumulate(0));
    }
}
