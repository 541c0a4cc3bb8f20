package dev.headstart.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// The mode is what surrounds the code, and nothing else.
class ModeTest {
    private static final RandomStream RANDOM = RandomStream.of(11);
    private static final Parameter W = Parameter.of(Tensor.ones(Shape.of(40)));

    private static String description() {
        Mode mode = Mode.current();
        return (mode.isTraining() ? "training" : "not training") + (mode.isRecording() ? ", recording" : ", not recording");
    }

    private static Tensor dropped() {
        Supplier<Variable> drop = () -> W.dropout(0.5f, Mode.current().nextStream());
        return drop.get().value();
    }

    @Test
    void outside_any_scope_all_is_recorded_and_nothing_dropped() {
        assertEquals("not training, recording", description());
        assertInstanceOf(Result.class, W.square());
    }

    @Test
    void training_records_and_drops() {
        assertEquals("training, recording", Mode.training(RANDOM, ModeTest::description));
        assertInstanceOf(Result.class, Mode.training(RANDOM, W::square));
    }

    @Test
    void inference_records_nothing() {
        assertEquals("not training, not recording", Mode.inference(ModeTest::description));
        assertInstanceOf(Constant.class, Mode.inference(W::square));
    }

    @Test
    void the_innermost_scope_counts_and_ends_with_its_code() {
        List<String> seen = Mode.training(RANDOM, () -> List.of(description(), Mode.inference(ModeTest::description),
                Mode.inference(() -> Mode.training(RANDOM, ModeTest::description)), description()));
        assertEquals(List.of("training, recording", "not training, not recording", "training, recording", "training, recording"), seen);
        assertEquals("not training, recording", description());
    }

    @Test
    void a_scope_ends_when_its_code_throws() {
        assertThrows(IllegalStateException.class, () -> Mode.inference(() -> {
            throw new IllegalStateException("on purpose");
        }));
        assertEquals("not training, recording", description());
    }

    @Test
    void other_threads_are_outside_the_scope() {
        String seen = Mode.inference(() -> {
            FutureTask<String> task = new FutureTask<>(ModeTest::description);
            new Thread(task).start();
            try {
                return task.get();
            } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
                throw new IllegalStateException(e);
            }
        });
        assertEquals("not training, recording", seen);
    }

    @Test
    void dropout_is_repeatable_with_the_same_stream() {
        Tensor first = Mode.training(RANDOM, ModeTest::dropped);
        assertTrue(first.bitsEqual(Mode.training(RANDOM, ModeTest::dropped)));
        assertFalse(first.bitsEqual(Mode.training(RANDOM.child(1), ModeTest::dropped)));
    }

    @Test
    void each_use_of_dropout_has_a_stream_of_its_own() {
        List<Long> keys = Mode.training(RANDOM, () -> List.of(Mode.current().nextStream().key(), Mode.current().nextStream().key()));
        assertNotEquals(keys.get(0), keys.get(1));
        assertEquals(keys, Mode.training(RANDOM, () -> List.of(Mode.current().nextStream().key(), Mode.current().nextStream().key())));
    }

    @Test
    void an_inner_scope_takes_no_streams_from_the_outer_one() {
        Tensor undisturbed = Mode.training(RANDOM, ModeTest::dropped);
        Tensor after = Mode.training(RANDOM, () -> {
            assertTrue(Mode.training(RANDOM.child(2), ModeTest::dropped).isFinite());
            return dropped();
        });
        assertTrue(undisturbed.bitsEqual(after));
    }

    @Test
    void a_fork_repeats_what_comes_next() {
        Mode.training(RANDOM, () -> {
            assertTrue(dropped().isFinite());
            Mode here = Mode.current().fork();
            Tensor next = dropped();
            assertTrue(here.fork().call(ModeTest::dropped).bitsEqual(next));
            assertTrue(here.fork().call(ModeTest::dropped).bitsEqual(next));
            assertFalse(dropped().bitsEqual(next));
            return next;
        });
    }

    @Test
    void streams_are_for_training_only() {
        IllegalStateException error = assertThrows(IllegalStateException.class, () -> Mode.current().nextStream());
        assertEquals("mode: random streams belong to training: use Mode.training", error.getMessage());
        assertThrows(IllegalStateException.class, () -> Mode.inference(() -> Mode.current().nextStream()));
    }

    @Test
    void no_dropout_is_no_operator() {
        assertSame(W.value(), W.dropout(0, RANDOM).value());
    }

    @Test
    void dropout_drops_its_share_and_keeps_the_mean() {
        Tensor y = Tensor.ones(Shape.of(40_000)).dropout(0.25f, RANDOM);
        float[] values = y.toArray();
        int dropped = 0;
        for (float value : values) {
            assertTrue(value == 0 || value == 1 / 0.75f);
            dropped += value == 0 ? 1 : 0;
        }
        // four standard deviations of the binomial distribution: 4 √(40 000 · 0.25 · 0.75) = 346
        assertEquals(10_000, dropped, 346);
    }
}
