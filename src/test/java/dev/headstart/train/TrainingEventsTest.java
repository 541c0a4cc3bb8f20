package dev.headstart.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Parameters;
import dev.headstart.autograd.Variable;
import dev.headstart.io.Checkpoints;
import dev.headstart.optim.Optimizer;
import dev.headstart.optim.ParamGroup;
import dev.headstart.optim.Schedule;
import dev.headstart.optim.Sgd;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What listeners are called with, in order.
class TrainingEventsTest {
    private final Parameter weight = Parameter.of(Tensor.scalar(1));
    private final Parameters parameters = Parameters.of(Map.of("weight", weight));
    private final List<String> events = new ArrayList<>();
    private final TrainingListener listener = new TrainingListener() {
        @Override
        public void began(String phase, long done, long steps) {
            events.add(phase + " " + done + "/" + steps);
        }

        @Override
        public void stepped(int examples, double loss) {
            events.add("step of " + examples);
        }

        @Override
        public void validated(String metric, double value) {
            events.add(metric + " " + value);
        }

        @Override
        public void noted(String figure, String value) {
            events.add(figure + " " + value);
        }

        @Override
        public void warned(String message) {
            events.add("warning: " + message);
        }

        @Override
        public void ended() {
            events.add("end");
        }

        @Override
        public void failed() {
            events.add("failure");
        }
    };

    /// The loss is the weight, so a step of rate 1 takes 1 away from it.
    private Trainer trainer(Objective objective, double maxNorm) {
        Optimizer sgd = Sgd.of(List.of(ParamGroup.of(parameters).rate(1)), Schedule.constant(), maxNorm, 0, false);
        return Trainer.of(objective, parameters, sgd, Batches.of(4, 2, RandomStream.of(1)), RandomStream.of(2)).named("phase")
                .listener(listener);
    }

    private Trainer trainer() {
        return trainer((examples, random) -> weight.sum(), Double.POSITIVE_INFINITY);
    }

    private static DoubleSupplier metrics(double... values) {
        int[] next = {0};
        return () -> values[next[0]++];
    }

    @Test
    void a_run_begins_steps_is_validated_and_ends() {
        trainer().validate(2, "accuracy", () -> 0.5).run(3);
        assertEquals(List.of("phase 0/3", "step of 2", "step of 2", "accuracy 0.5", "step of 2", "accuracy 0.5", "end"), events);
    }

    @Test
    void a_metric_may_be_any_number() {
        trainer().validate(1, "log-likelihood", metrics(-37.5, Double.NaN)).run(2);
        assertEquals(List.of("phase 0/2", "step of 2", "log-likelihood -37.5", "step of 2", "log-likelihood NaN", "end"), events);
    }

    @Test
    void several_listeners_are_called_in_order_with_everything() {
        Trainer trainer = trainer().listener(new TrainingListener() {
            @Override
            public void stepped(int examples, double loss) {
                events.add("second");
            }
        }).listener(listener).validate(1, "accuracy", () -> 1);
        trainer.run(1);
        assertEquals(List.of("phase 0/1", "phase 0/1", "step of 2", "second", "step of 2", "accuracy 1.0", "accuracy 1.0", "end", "end"),
                events);
        events.clear();
        Listeners both = new Listeners(List.of(listener, listener));
        both.noted("runs", "3/20");
        both.warned("one");
        both.failed();
        assertEquals(List.of("runs 3/20", "runs 3/20", "warning: one", "warning: one", "failure", "failure"), events);
    }

    /// The name is in the checkpoint, listeners are not.
    @Test
    void a_listener_may_come_and_go_between_the_parts_of_a_run(@TempDir Path folder) {
        Optimizer sgd = Sgd.of(ParamGroup.of(parameters).rate(1));
        Trainer.of((examples, random) -> weight.sum(), parameters, sgd, Batches.of(4, 2, RandomStream.of(1)), RandomStream.of(2))
                .named("phase").checkpoints(Checkpoints.in(folder), 1).run(1);
        trainer().checkpoints(Checkpoints.in(folder), 1).run(2);
        assertEquals(List.of("phase 1/2", "step of 2", "end"), events);
        Trainer other = trainer().named("other").checkpoints(Checkpoints.in(folder), 1);
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> other.run(3));
        assertTrue(String.valueOf(e.getMessage()).startsWith("resume: the checkpoint is of another run (phase "), e.getMessage());
    }

    @Test
    void a_run_ends_after_the_best_weights_are_back() {
        List<Float> atTheEnd = new ArrayList<>();
        TrainingResult result = trainer().validate(1, "accuracy", metrics(0.5, 0.4)).earlyStopping(1).listener(new TrainingListener() {
            @Override
            public void ended() {
                atTheEnd.add(weight.value().item());
            }
        }).run(9);
        assertTrue(result.stoppedEarly());
        assertEquals(List.of("phase 0/9", "step of 2", "accuracy 0.5", "step of 2", "accuracy 0.4", "end"), events);
        assertEquals(List.of(0f), atTheEnd, "of step 1: 1 - 1");
    }

    @Test
    void an_interrupted_run_ends() {
        TrainingResult result = trainer().stopWhen(() -> true).run(3);
        assertTrue(result.interrupted());
        assertEquals(List.of("phase 0/3", "step of 2", "end"), events);
    }

    @Test
    void a_resumed_run_begins_with_the_steps_that_are_done(@TempDir Path folder) {
        trainer().checkpoints(Checkpoints.in(folder), 1).run(2);
        events.clear();
        trainer().checkpoints(Checkpoints.in(folder), 1).run(3);
        assertEquals(List.of("phase 2/3", "step of 2", "end"), events);
        events.clear();
        trainer().checkpoints(Checkpoints.in(folder), 1).run(3);
        assertEquals(List.of("phase 3/3", "end"), events, "nothing is left to do");
    }

    @Test
    void a_damaged_checkpoint_is_a_warning_before_the_run_begins(@TempDir Path folder) throws IOException {
        trainer().checkpoints(Checkpoints.in(folder), 1).run(2);
        events.clear();
        Path newest = folder.resolve("step-000000000002.ckpt");
        byte[] bytes = Files.readAllBytes(newest);
        bytes[bytes.length - 1] ^= 1;
        Files.write(newest, bytes);
        trainer().checkpoints(Checkpoints.in(folder), 1).run(3);
        assertTrue(events.getFirst().startsWith("warning: skipped a damaged checkpoint: "), events.getFirst());
        assertEquals(List.of("phase 1/3", "step of 2", "step of 2", "end"), events.subList(1, events.size()));
    }

    @Test
    void the_first_step_without_a_gradient_is_a_warning() {
        int[] step = {0};
        trainer((examples, random) -> step[0]++ < 2 ? Variable.of(Tensor.scalar(1)) : weight.sum(), Double.POSITIVE_INFINITY).run(3);
        assertEquals(List.of("phase 0/3", "warning: the loss of step 1 depends on no parameter of the optimiser", "step of 2", "step of 2",
                "step of 2", "end"), events);
    }

    // ---- what breaks off fails once, whatever broke it ----

    private <E extends Throwable> E fails(Class<E> how, Trainer trainer) {
        events.clear();
        E e = assertThrows(how, () -> trainer.run(3));
        assertEquals("phase 0/3", events.getFirst());
        assertEquals("failure", events.getLast());
        assertEquals(1, Collections.frequency(events, "failure"));
        assertEquals(0, Collections.frequency(events, "end"));
        return e;
    }

    @Test
    void a_loss_that_is_not_finite_fails() {
        fails(NonFiniteLossException.class, trainer((examples, random) -> weight.sum().times(Float.POSITIVE_INFINITY), 1));
        assertEquals(List.of("phase 0/3", "failure"), events);
    }

    @Test
    void gradients_that_are_not_finite_fail_where_they_are_clipped() {
        Objective root = (examples, random) -> weight.minus(weight).sqrt().sum(); // 0, and its slope infinite
        NonFiniteLossException e = fails(NonFiniteLossException.class, trainer(root, 1));
        assertTrue(String.valueOf(e.getMessage()).contains("the gradient's norm is NaN at step 1 although the loss is 0.0"),
                e.getMessage());
        assertEquals(List.of("phase 0/3", "failure"), events);
    }

    @Test
    void a_refusal_in_the_run_fails() {
        Parameter other = Parameter.of(Tensor.scalar(1));
        fails(IllegalStateException.class, trainer((examples, random) -> weight.times(other), 1));
        fails(IllegalStateException.class, trainer((examples, random) -> Variable.of(Tensor.scalar(1)), 1));
    }

    @Test
    void what_an_objective_a_measure_a_listener_or_the_user_throws_fails() {
        IllegalArgumentException mistake = new IllegalArgumentException("mistake");
        OutOfMemoryError error = new OutOfMemoryError("none left");
        assertSame(mistake, fails(IllegalArgumentException.class, trainer((examples, random) -> {
            throw mistake;
        }, 1)));
        assertSame(error, fails(OutOfMemoryError.class, trainer((examples, random) -> {
            throw error;
        }, 1)));
        assertSame(mistake, fails(IllegalArgumentException.class, trainer().validate(1, "accuracy", () -> {
            throw mistake;
        })));
        assertSame(mistake, fails(IllegalArgumentException.class, trainer().afterEachStep(() -> {
            throw mistake;
        })));
        assertSame(mistake, fails(IllegalArgumentException.class, trainer().listener(new TrainingListener() {
            @Override
            public void stepped(int examples, double loss) {
                throw mistake;
            }
        })));
    }

    @Test
    void files_that_cannot_be_written_fail(@TempDir Path folder) throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        fails(UncheckedIOException.class, trainer().checkpoints(Checkpoints.in(file.resolve("below a file")), 1));
        MetricsLog log = MetricsLog.create(folder.resolve("metrics.jsonl")).alsoTo(line -> {
            throw new IOException("full");
        });
        fails(UncheckedIOException.class, trainer().metrics(log));
    }

    @Test
    void what_is_refused_before_it_begins_reports_nothing() {
        weight.freeze();
        assertThrows(IllegalStateException.class, () -> trainer().run(3));
        assertEquals(List.of(), events);
    }
}
