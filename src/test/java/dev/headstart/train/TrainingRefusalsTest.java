package dev.headstart.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Parameters;
import dev.headstart.autograd.Variable;
import dev.headstart.optim.ParamGroup;
import dev.headstart.optim.Sgd;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What a trainer refuses, and what it tells a listener.
class TrainingRefusalsTest {
    private final Parameter body = Parameter.of(Tensor.ones(Shape.of(2)));
    private final Parameter head = Parameter.of(Tensor.ones(Shape.of(2)));
    private final Parameters parameters = parameters(body, head);
    private final Objective objective = (examples, random) -> body.times(head).sum();

    private static Parameters parameters(Parameter body, Parameter head) {
        Map<String, Parameter> both = new LinkedHashMap<>();
        both.put("body.weight", body);
        both.put("head.weight", head);
        return Parameters.of(both);
    }

    private Trainer trainer(Objective what, Parameters model, Parameters optimised) {
        return Trainer.of(what, model, Sgd.of(ParamGroup.of(optimised).rate(0.1)), Batches.of(4, 2, RandomStream.of(1)),
                RandomStream.of(2));
    }

    private static void refused(String message, Trainer trainer) {
        RuntimeException e = assertThrows(RuntimeException.class, () -> trainer.run(3));
        assertEquals(message, e.getMessage());
    }

    @Test
    void a_model_without_a_trainable_parameter() {
        parameters.freeze();
        refused("training: the optimiser has no trainable parameter: frozen are body.weight, head.weight",
                trainer(objective, parameters, parameters));
        refused("training: the optimiser has no trainable parameter", trainer(objective, parameters, Parameters.of(Map.of())));
    }

    @Test
    void a_loss_that_depends_on_no_parameter() {
        Tensor before = head.value().copy();
        refused("training: the loss depends on no parameter of the optimiser: without a gradient are body.weight, head.weight",
                trainer((examples, random) -> Variable.of(Tensor.scalar(1)), parameters, parameters));
        assertTrue(before.bitsEqual(head.value()));
    }

    @Test
    void gradients_of_parameters_it_was_not_given() {
        refused("training: the loss has gradients of parameters that were not given to the trainer: one of shape [2]; "
                + "freeze them or give all of the model's", trainer(objective, parameters.select("head.**"), parameters.select("head.**")));
        body.freeze();
        trainer(objective, parameters.select("head.**"), parameters.select("head.**")).run(3);
    }

    @Test
    void an_optimiser_of_other_parameters_than_the_models() {
        Parameters other = parameters(Parameter.of(Tensor.ones(Shape.of(2))), head);
        refused("training: the optimiser has parameters that are not the model's: body.weight", trainer(objective, parameters, other));
    }

    @Test
    void early_stopping_and_patience_without_what_they_look_at() {
        refused("training: early stopping without validation: ask for validate(…) too", trainer(objective, parameters, parameters)
                .earlyStopping(3));
        refused("training: patience without validation: ask for validate(…) too", trainer(objective, parameters, parameters)
                .patienceFrom(3));
        refused("training: patience from step 3 without early stopping: ask for earlyStopping(…) too",
                trainer(objective, parameters, parameters).validate(1, "accuracy", () -> 1).patienceFrom(3));
    }

    @Test
    void a_second_run() {
        Trainer trainer = trainer(objective, parameters, parameters);
        trainer.run(2);
        refused("training: this trainer ran already: make another for another run", trainer);
    }

    @Test
    void groups_that_begin_later_are_no_reason_to_refuse() {
        Sgd sgd = Sgd.of(ParamGroup.of(parameters).rate(0.1).from(2));
        assertFalse(head.isTrainable());
        Trainer.of(objective, parameters, sgd, Batches.of(4, 2, RandomStream.of(1)), RandomStream.of(2)).run(4);
        assertTrue(head.value().get(0) < 1);
        Sgd never = Sgd.of(ParamGroup.of(parameters).rate(0.1).from(9));
        refused("training: the optimiser has no trainable parameter: frozen are body.weight, head.weight",
                Trainer.of(objective, parameters, never, Batches.of(4, 2, RandomStream.of(1)), RandomStream.of(2)));
    }

    @Test
    void a_listener_is_told_in_order() {
        List<String> told = new ArrayList<>();
        TrainingListener listener = new TrainingListener() {
            @Override
            public void began(String phase, long done, long steps) {
                told.add(phase + " " + done + "/" + steps);
            }

            @Override
            public void stepped(int examples, double loss) {
                told.add("step of " + examples);
            }

            @Override
            public void validated(String metric, double value) {
                told.add(metric + " " + value);
            }

            @Override
            public void ended() {
                told.add("end");
            }

            @Override
            public void failed() {
                told.add("failure");
            }
        };
        trainer(objective, parameters, parameters).listener("phase", listener).validate(2, "accuracy", () -> 0.5).run(3);
        assertEquals(List.of("phase 0/3", "step of 2", "step of 2", "accuracy 0.5", "step of 2", "accuracy 0.5", "end"), told);
        told.clear();
        Objective infinite = (examples, random) -> head.sum().times(Float.POSITIVE_INFINITY);
        assertThrows(NonFiniteLossException.class, () -> trainer(infinite, parameters, parameters).listener("phase", listener).run(3));
        assertEquals(List.of("phase 0/3", "failure"), told);
    }
}
