package dev.headstart.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.autograd.Gradients;
import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Parameters;
import dev.headstart.io.Checkpoint;
import dev.headstart.io.json.Json;
import dev.headstart.io.json.JsonException;
import dev.headstart.optim.Adam;
import dev.headstart.optim.Optimizer;
import dev.headstart.optim.ParamGroup;
import dev.headstart.optim.Schedule;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TrainingCheckpointTest {
    /// A model of two numbers, one of them frozen, with what a training keeps beside it.
    private static final class Kept {
        final Parameter body = Parameter.of(Tensor.scalar(1));
        final Parameter head = Parameter.of(Tensor.scalar(2));
        final Parameters parameters;
        final Optimizer adam;
        final EarlyStopping stopping = EarlyStopping.after(3, 0);
        final LearningCurve curve = new LearningCurve();
        final TrainingCheckpoint checkpoint;

        Kept(String run) {
            Map<String, Parameter> both = new LinkedHashMap<>();
            both.put("body", body);
            both.put("head", head);
            parameters = Parameters.of(both);
            adam = Adam.adamW(List.of(ParamGroup.of(parameters).rate(0.1)), Schedule.constant(), 1);
            checkpoint = new TrainingCheckpoint(run, parameters, adam, stopping, curve);
        }

        Kept trained() {
            body.value().copyInPlace(Tensor.scalar(7));
            body.freeze();
            adam.step(Gradients.of(Map.of(head, Tensor.scalar(1))));
            curve.loss(0.5);
            curve.point(1, 0.25);
            stopping.measured(1, 0.25, parameters);
            curve.loss(0.75);
            adam.step(Gradients.of(Map.of(head, Tensor.scalar(1))));
            return this;
        }
    }

    /// Another training with the same parts is as the saved one in every bit.
    private static Kept assertRestored(Kept first) throws JsonException {
        Checkpoint saved = first.checkpoint.save(2);
        Kept second = new Kept("run");
        assertEquals(2, second.checkpoint.restore(saved));
        Checkpoint again = second.checkpoint.save(2);
        assertEquals(saved.state().compact(), again.state().compact());
        assertEquals(List.copyOf(saved.tensors().keySet()), List.copyOf(again.tensors().keySet()));
        saved.tensors().forEach((name, tensor) -> assertTrue(tensor.bitsEqual(Objects.requireNonNull(again.tensors().get(name))), name));
        return second;
    }

    private static float best(Kept kept, String name) {
        return Objects.requireNonNull(kept.stopping.state().weights().get(name)).item();
    }

    @Test
    void everything_is_restored() throws JsonException {
        Kept first = new Kept("run").trained();
        assertEquals(List.of(7f, 7f), List.of(first.body.value().item(), best(first, "body")));
        assertNotEquals(first.head.value().item(), best(first, "head"), "the best weights are others");
        Kept second = assertRestored(first);
        assertEquals(7, second.body.value().item());
        assertTrue(first.head.value().bitsEqual(second.head.value()));
        assertFalse(second.body.isTrainable());
        assertTrue(second.head.isTrainable());
        assertEquals(first.curve.points(), second.curve.points());
        assertEquals(0.75, second.curve.lossSum());
        assertEquals(1, second.curve.losses());
        assertEquals(1, second.stopping.state().bestStep());
        assertEquals(0.25, second.stopping.state().best());
    }

    @Test
    void before_the_first_validation_there_is_no_best_and_none_is_restored() throws JsonException {
        Kept first = new Kept("run");
        first.adam.step(Gradients.of(Map.of(first.head, Tensor.scalar(1))));
        assertTrue(Double.isNaN(first.stopping.state().best()));
        Kept second = assertRestored(first);
        assertTrue(Double.isNaN(second.stopping.state().best()));
        assertEquals(Map.of(), second.stopping.state().weights());
        second.stopping.measured(3, -100, second.parameters);
        assertEquals(-100, second.stopping.state().best(), "any number is better than none");
    }

    /// Runs of earlier versions go on: the names are a file format.
    @Test
    void its_contents_have_the_names_they_always_had() {
        Checkpoint saved = new Kept("run").trained().checkpoint.save(2);
        assertEquals(List.of("model/body", "model/head", "best/body", "best/head", "optimizer/head/m", "optimizer/head/v"),
                List.copyOf(saved.tensors().keySet()));
        assertEquals(List.of("run", "step", "optimizerSteps", "slotSteps", "frozen", "lossSum", "lossSteps", "best", "bestStep", "worse",
                "curve"), List.copyOf(saved.state().members().keySet()));
    }

    @Test
    void another_run_and_another_model_are_refused() {
        Checkpoint saved = new Kept("run").trained().checkpoint.save(2);
        IllegalStateException run = assertThrows(IllegalStateException.class, () -> new Kept("other").checkpoint.restore(saved));
        assertEquals("resume: the checkpoint is of another run (run, this is other): choose another folder or the same settings",
                run.getMessage());
        Map<String, Tensor> tensors = new LinkedHashMap<>(saved.tensors());
        tensors.remove("model/head");
        IllegalStateException model = assertThrows(IllegalStateException.class,
                () -> new Kept("run").checkpoint.restore(new Checkpoint(tensors, saved.state())));
        assertEquals("resume: the checkpoint's parameters are not the model's: head is missing", model.getMessage());
    }

    private static Tensor longer(Tensor tensor) {
        return Tensor.zeros(Shape.of(tensor.size() + 2));
    }

    /// Whichever tensor has another shape: nothing of the model, its optimiser and what stands beside them is changed.
    @Test
    void another_shape_is_refused_by_name_before_anything_is_changed() throws JsonException {
        Checkpoint saved = new Kept("run").trained().checkpoint.save(2);
        for (String name : saved.tensors().keySet()) {
            Map<String, Tensor> tensors = new LinkedHashMap<>(saved.tensors());
            tensors.computeIfPresent(name, (n, tensor) -> longer(tensor));
            Kept kept = new Kept("run");
            kept.adam.step(Gradients.of(Map.of(kept.body, Tensor.scalar(1), kept.head, Tensor.scalar(1))));
            Checkpoint before = copied(kept.checkpoint.save(1));
            RuntimeException e = assertThrows(RuntimeException.class,
                    () -> kept.checkpoint.restore(new Checkpoint(tensors, saved.state())));
            String parameter = name.split("/", -1)[1];
            assertTrue(String.valueOf(e.getMessage()).contains(parameter) && String.valueOf(e.getMessage()).contains("[3]"),
                    e.getMessage());
            Checkpoint after = kept.checkpoint.save(1);
            assertEquals(before.state().compact(), after.state().compact(), name);
            before.tensors().forEach((n, tensor) -> assertTrue(tensor.bitsEqual(Objects.requireNonNull(after.tensors().get(n))), n));
        }
        Map<String, Tensor> tensors = new LinkedHashMap<>(saved.tensors());
        tensors.computeIfPresent("model/head", (n, tensor) -> longer(tensor));
        assertEquals("resume: the checkpoint's parameters are not the model's: head is [3] in the file, [] in the model",
                assertThrows(IllegalStateException.class, () -> new Kept("run").checkpoint.restore(new Checkpoint(tensors, saved.state())))
                        .getMessage());
    }

    private static Checkpoint copied(Checkpoint checkpoint) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        checkpoint.tensors().forEach((name, tensor) -> tensors.put(name, tensor.copy()));
        return new Checkpoint(tensors, checkpoint.state());
    }

    @Test
    void a_state_with_less_than_all_changes_nothing() {
        Checkpoint saved = new Kept("run").trained().checkpoint.save(2);
        for (String member : saved.state().members().keySet()) {
            Json.Builder others = Json.object();
            saved.state().members().forEach((name, value) -> {
                if (!name.equals(member)) {
                    others.put(name, value);
                }
            });
            Kept kept = new Kept("run");
            try {
                kept.checkpoint.restore(new Checkpoint(saved.tensors(), others.build()));
            } catch (JsonException e) {
                assertEquals(1, kept.body.value().item(), member);
                assertEquals(0, kept.adam.steps(), member);
                assertTrue(kept.body.isTrainable(), member);
            }
        }
    }

    @Test
    void a_state_that_lacks_something_is_refused() {
        Kept kept = new Kept("run").trained();
        Checkpoint saved = kept.checkpoint.save(2);
        Json.Obj little = Json.object().put("run", "run").build();
        assertThrows(JsonException.class, () -> new Kept("run").checkpoint.restore(new Checkpoint(saved.tensors(), little)));
    }
}
