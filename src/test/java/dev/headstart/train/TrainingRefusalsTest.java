package dev.headstart.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.autograd.Gradients;
import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Parameters;
import dev.headstart.autograd.Variable;
import dev.headstart.io.Checkpoints;
import dev.headstart.optim.Optimizer;
import dev.headstart.optim.ParamGroup;
import dev.headstart.optim.Schedule;
import dev.headstart.optim.Sgd;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a trainer refuses, each time by the class that its documentation names.
class TrainingRefusalsTest {
    private static final String NO_GRADIENT = "training: the loss depends on no parameter of the optimiser: without a gradient are body.weight, head.weight";
    private static final String NOT_GIVEN = "training: the loss has gradients of parameters that were not given to the trainer: "
            + "one of shape [2]; freeze them or give all of the model's";

    private final Parameter body = Parameter.of(Tensor.ones(Shape.of(2)));
    private final Parameter head = Parameter.of(Tensor.ones(Shape.of(2)));
    private final Parameters parameters = parameters(body, head);
    private final Objective objective = (examples, random) -> body.times(head).sum();
    private final Objective constant = (examples, random) -> Variable.of(Tensor.scalar(1));

    private static Parameters parameters(Parameter body, Parameter head) {
        Map<String, Parameter> both = new LinkedHashMap<>();
        both.put("body.weight", body);
        both.put("head.weight", head);
        return Parameters.of(both);
    }

    private Trainer trainer(Objective what, Parameters model, Parameters optimised) {
        return trainer(what, model, Sgd.of(ParamGroup.of(optimised).rate(0.1)));
    }

    private static Trainer trainer(Objective what, Parameters model, Optimizer optimizer) {
        return Trainer.of(what, model, optimizer, Batches.of(4, 2, RandomStream.of(1)), RandomStream.of(2));
    }

    /// An objective that is another one in the steps after the first `n`.
    private static Objective after(int n, Objective first, Objective then) {
        int[] steps = {0};
        return (examples, random) -> (steps[0]++ < n ? first : then).loss(examples, random);
    }

    private static void refused(String message, Trainer trainer) {
        IllegalStateException e = assertThrowsExactly(IllegalStateException.class, () -> trainer.run(3));
        assertEquals(message, e.getMessage());
    }

    @Test
    void a_model_without_a_trainable_parameter_is_refused() {
        parameters.freeze();
        refused("training: the optimiser has no trainable parameter: frozen are body.weight, head.weight",
                trainer(objective, parameters, parameters));
        refused("training: the optimiser has no trainable parameter", trainer(objective, parameters, Parameters.of(Map.of())));
    }

    @Test
    void buffers_are_not_called_frozen() {
        Parameter buffer = Parameter.buffer(Tensor.ones(Shape.of(2)));
        Parameters some = parameters(buffer, head);
        head.freeze();
        refused("training: the optimiser has no trainable parameter: frozen are head.weight", trainer(objective, some, some));
        Parameters buffers = Parameters.of(Map.of("mean", buffer));
        refused("training: the optimiser has no trainable parameter", trainer(objective, buffers, buffers));
    }

    @Test
    void a_loss_that_depends_on_no_parameter_in_the_whole_run_is_refused(@TempDir Path folder) {
        Tensor before = head.value().copy();
        refused(NO_GRADIENT, trainer(constant, parameters, parameters));
        refused(NO_GRADIENT, trainer(constant, parameters, parameters).validate(1, "accuracy", () -> 0).earlyStopping(1));
        assertTrue(before.bitsEqual(head.value()));
        refused(NO_GRADIENT, trainer(constant, parameters, parameters).checkpoints(Checkpoints.in(folder), 3));
        assertFalse(Files.exists(folder.resolve("step-000000000003.ckpt")), "nothing is saved that a later run would call done");
    }

    @Test
    void a_step_that_reaches_no_parameter_is_no_reason_to_refuse() {
        trainer(after(1, constant, objective), parameters, parameters).run(3);
        assertTrue(head.value().get(0) < 1);
        trainer(after(1, objective, constant), parameters, parameters).run(3);
    }

    @Test
    void gradients_of_parameters_it_was_not_given_are_refused_at_any_step() {
        Parameters heads = parameters.select("head.**");
        refused(NOT_GIVEN, trainer(objective, heads, heads));
        Tensor[] before = new Tensor[1];
        Objective both = (examples, random) -> {
            before[0] = head.value().copy();
            return objective.loss(examples, random);
        };
        refused(NOT_GIVEN, trainer(after(2, (examples, random) -> head.sum(), both), heads, heads));
        assertTrue(before[0].bitsEqual(head.value()), "nothing is changed by such a step");
        body.freeze();
        trainer(objective, heads, heads).run(3);
    }

    @Test
    void an_optimiser_of_other_parameters_than_the_models_is_refused() {
        Parameters other = parameters(Parameter.of(Tensor.ones(Shape.of(2))), head);
        refused("training: the optimiser has parameters that are not the model's: body.weight", trainer(objective, parameters, other));
    }

    @Test
    void early_stopping_and_patience_are_refused_without_what_they_look_at() {
        refused("training: early stopping without validation: ask for validate(…) too", trainer(objective, parameters, parameters)
                .earlyStopping(3));
        refused("training: patience without validation: ask for validate(…) too", trainer(objective, parameters, parameters)
                .patienceFrom(3));
        refused("training: patience from step 3 without early stopping: ask for earlyStopping(…) too",
                trainer(objective, parameters, parameters).validate(1, "accuracy", () -> 1).patienceFrom(3));
    }

    @Test
    void a_second_run_is_refused() {
        Trainer trainer = trainer(objective, parameters, parameters);
        trainer.run(2);
        refused("training: this trainer ran already: make another for another run", trainer);
    }

    @Test
    void groups_that_begin_within_the_run_are_no_reason_to_refuse() {
        Sgd sgd = Sgd.of(ParamGroup.of(parameters).rate(0.1).from(2));
        assertFalse(head.isTrainable());
        trainer(objective, parameters, sgd).run(4);
        assertTrue(head.value().get(0) < 1);
    }

    @Test
    void groups_that_begin_after_the_run_are_refused_with_both_steps() {
        refused("training: the optimiser has no trainable parameter: the group of body.weight, head.weight begins at step 9, "
                + "the run ends at step 3", trainer(objective, parameters, Sgd.of(ParamGroup.of(parameters).rate(0.1).from(9))));
        refused("training: the optimiser has no trainable parameter: the group of body.weight, head.weight begins at step 3, "
                + "the run ends at step 3", trainer(objective, parameters, Sgd.of(ParamGroup.of(parameters).rate(0.1).from(3))));
        Sgd never = Sgd.of(List.of(ParamGroup.of(parameters.select("body.**")).from(ParamGroup.NEVER),
                ParamGroup.of(parameters.select("head.**")).from(4)), Schedule.constant(), Double.POSITIVE_INFINITY, 0, false);
        refused("training: the optimiser has no trainable parameter: frozen are body.weight; the group of head.weight begins at step 4, "
                + "the run ends at step 3", trainer(objective, parameters, never));
    }

    /// The steps a group waits for are the optimiser's, which count on from one training to the next.
    @Test
    void a_group_begins_by_the_clock_of_its_optimiser() {
        Sgd used = used(3, 5);
        assertFalse(head.isTrainable());
        trainer(objective, parameters, used).run(3);
        assertTrue(head.value().get(0) < 1, "it begins after 2 steps more");
        refused("training: the optimiser has no trainable parameter: the group of body.weight, head.weight begins at step 4, "
                + "the run ends at step 3", trainer(objective, parameters, used(2, 6)));
    }

    /// An optimiser that has taken some steps already, of a group that begins at a later one.
    private Sgd used(int steps, long from) {
        Sgd sgd = Sgd.of(ParamGroup.of(parameters).rate(0.1).from(from));
        for (int step = 0; step < steps; step++) {
            sgd.step(Gradients.of(Map.of()));
        }
        return sgd;
    }
}
