package dev.headstart.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.autograd.Gradients;
import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Parameters;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Levels of a model with rates and times of their own.
class ParamGroupsTest {
    private final Parameters model = model();

    private static Parameters model() {
        Map<String, Parameter> named = new LinkedHashMap<>();
        for (String name : List.of("embeddings.word.weight", "embeddings.norm.weight", "layer.0.dense.weight", "layer.0.dense.bias",
                "layer.1.dense.weight", "layer.1.dense.bias", "pooler.weight", "classifier.weight", "classifier.bias")) {
            named.put(name, Parameter.of(RandomStream.of(name.hashCode()).normal(Shape.of(4), 0, 1)));
        }
        return Parameters.of(named);
    }

    private static Gradients gradients(Parameters of, long step) {
        Map<Parameter, Tensor> gradients = new HashMap<>();
        of.byName().forEach((name, p) -> {
            if (p.isTrainable()) {
                gradients.put(p, RandomStream.of(step).child(name).normal(p.shape(), 0, 1));
            }
        });
        return Gradients.of(gradients);
    }

    private static List<List<String>> names(ParamGroups groups) {
        return java.util.stream.IntStream.range(0, groups.size()).mapToObj(i -> List.copyOf(groups.level(i).parameters().byName().keySet()))
                .toList();
    }

    private static List<String> trainable(Parameters parameters) {
        return List.copyOf(parameters.trainable().byName().keySet());
    }

    @Test
    void levels_are_told_from_the_first_number_in_a_name() {
        assertEquals(List.of(
                List.of("embeddings.word.weight", "embeddings.norm.weight"),
                List.of("layer.0.dense.weight", "layer.0.dense.bias"),
                List.of("layer.1.dense.weight", "layer.1.dense.bias"),
                List.of("pooler.weight"),
                List.of("classifier.weight", "classifier.bias")), names(ParamGroups.byDepth(model, "classifier.**")));
        assertEquals(4, ParamGroups.byDepth(model).size(), "without a head, what stands together is one level");
    }

    @Test
    void patterns_must_match_each_parameter_once() {
        assertEquals(3, ParamGroups.of(model, "embeddings.**", "layer.**", "{pooler,classifier}.**").size());
        assertEquals("param groups: pooler.weight is matched by no pattern: it would never learn",
                assertThrows(IllegalArgumentException.class,
                        () -> ParamGroups.of(model, "embeddings.**", "layer.**", "classifier.**")).getMessage());
        assertEquals("param groups: layer.1.dense.weight is matched by 'layer.**' and by 'layer.1.**': groups must not overlap",
                assertThrows(IllegalArgumentException.class, () -> ParamGroups.of(model, "layer.**", "layer.1.**")).getMessage());
        assertThrows(IllegalArgumentException.class, () -> ParamGroups.of(model, "nothing.**"));
        assertThrows(IllegalArgumentException.class, () -> ParamGroups.byDepth(model, "fc.**"));
    }

    @Test
    void discriminative_rates_fall_from_the_head_to_the_input() {
        ParamGroups groups = ParamGroups.byDepth(model, "classifier.**").rate(0.01).rateDecay(1 / 2.6);
        double[] rates = groups.list().stream().mapToDouble(ParamGroup::rate).toArray();
        assertArrayEquals(new double[] {0.01 / Math.pow(2.6, 4), 0.01 / Math.pow(2.6, 3), 0.01 / (2.6 * 2.6), 0.01 / 2.6, 0.01}, rates,
                1e-15);
    }

    @Test
    void what_must_not_decay_is_a_group_of_its_own_whenever_that_was_said() {
        ParamGroups groups = ParamGroups.byDepth(model, "classifier.**").withoutDecay("**.bias").decay(0.1).rate(1).rateDecay(0.5);
        List<ParamGroup> list = groups.list();
        assertEquals(8, list.size());
        for (ParamGroup group : list) {
            boolean bias = group.parameters().byName().keySet().stream().anyMatch(name -> name.endsWith("bias"));
            assertEquals(bias ? 0 : 0.1, group.decay(), 0, group.toString());
        }
        assertEquals(0.125, list.get(2).rate(), 0, "both halves of a level have its rate");
        assertEquals(list.get(1).rate(), list.get(2).rate(), 0);
        assertThrows(IllegalArgumentException.class, () -> groups.withoutDecay("**.gamma"));
    }

    @Test
    void modes_say_what_learns() {
        ParamGroups groups = ParamGroups.byDepth(model, "classifier.**");
        groups.tuned(new FineTuning.FeatureExtraction());
        assertEquals(List.of("classifier.weight", "classifier.bias"), trainable(model));
        groups.tuned(new FineTuning.Partial(3));
        assertEquals(List.of("layer.1.dense.weight", "layer.1.dense.bias", "pooler.weight", "classifier.weight", "classifier.bias"),
                trainable(model));
        groups.tuned(new FineTuning.Full());
        assertEquals(9, trainable(model).size());
        assertThrows(IllegalArgumentException.class, () -> new FineTuning.Partial(0));
        assertThrows(IllegalArgumentException.class, () -> new FineTuning.Gradual(0));
        assertThrows(IllegalArgumentException.class, () -> new FineTuning.ProbeThenTune(0));
    }

    @Test
    void gradual_unfreezing_takes_one_level_more_every_n_steps_and_what_is_frozen_does_not_move() {
        ParamGroups groups = ParamGroups.byDepth(model, "classifier.**").rate(0.1).decay(0.1).tuned(new FineTuning.Gradual(3));
        Adam adam = Adam.adamW(groups.list(), Schedule.constant(), 1);
        for (int step = 0; step < 15; step++) {
            int learning = Math.min(5, step / 3 + 1);
            for (int level = 0; level < 5; level++) {
                boolean learns = level >= 5 - learning;
                groups.level(level).parameters().forEach(p -> assertEquals(learns, p.isTrainable()));
            }
            Tensor[] before = model.stream().map(p -> p.value().copy()).toArray(Tensor[]::new);
            boolean[] learnt = new boolean[before.length];
            List<Parameter> all = model.stream().toList();
            for (int i = 0; i < learnt.length; i++) {
                learnt[i] = all.get(i).isTrainable();
            }
            adam.step(gradients(model, step));
            for (int i = 0; i < learnt.length; i++) {
                assertEquals(learnt[i], !before[i].bitsEqual(all.get(i).value()), "step " + step + ", parameter " + i);
            }
        }
    }

    @Test
    void the_head_alone_then_everything() {
        ParamGroups groups = ParamGroups.byDepth(model, "classifier.**").tuned(new FineTuning.ProbeThenTune(2));
        Sgd sgd = Sgd.of(groups.list(), Schedule.constant(), Double.POSITIVE_INFINITY, 0.9, false);
        assertEquals(2, trainable(model).size());
        sgd.step(gradients(model, 0));
        assertEquals(2, trainable(model).size());
        sgd.step(gradients(model, 1));
        assertEquals(9, trainable(model).size());
        assertEquals(2, sgd.state().slotSteps().size(), "state is made when a parameter first learns");
    }

    @Test
    void gradual_unfreezing_goes_on_after_a_restore_with_the_same_bits_wherever_it_stopped() {
        Parameters whole = model();
        Adam expected = adam(whole);
        for (int step = 0; step < 8; step++) {
            expected.step(gradients(whole, step));
        }
        for (int stop = 0; stop < 8; stop++) {
            Parameters first = model();
            Adam before = adam(first);
            for (int step = 0; step < stop; step++) {
                before.step(gradients(first, step));
            }
            Parameters second = model();
            second.byName().forEach((name, p) -> p.value().copyInPlace(first.get(name).value()));
            Adam after = adam(second);
            after.restore(before.state());
            assertEquals(trainable(first), trainable(second), "stopped at " + stop);
            for (int step = stop; step < 8; step++) {
                after.step(gradients(second, step));
            }
            second.byName().forEach((name, p) -> assertTrue(p.value().bitsEqual(whole.get(name).value()), name));
        }
    }

    private static Adam adam(Parameters parameters) {
        return Adam.adamW(ParamGroups.byDepth(parameters, "classifier.**").rate(0.1).tuned(new FineTuning.Gradual(2)).list(),
                Schedule.cosine(2, 8, 0), 1);
    }

    @Test
    void a_group_without_a_step_leaves_what_was_frozen_by_hand() {
        model.select("layer.0.**").freeze();
        Sgd.of(ParamGroup.of(model));
        assertFalse(model.get("layer.0.dense.bias").isTrainable());
        assertTrue(model.get("layer.1.dense.bias").isTrainable());
        Sgd.of(ParamGroup.of(model).from(ParamGroup.NEVER)).step(gradients(model, 1));
        assertEquals(List.of(), trainable(model));
    }

    @Test
    void one_cycle_has_the_shape_of_pytorch_s() {
        Schedule cycle = Schedule.oneCycle(100, 0.3); // max_lr 1, total_steps 100, pct_start 0.3
        assertEquals(0.04, cycle.factor(0), 1e-12);
        assertEquals(0.52, cycle.factor(0) + (cycle.factor(29) - cycle.factor(0)) / 2, 1e-12);
        assertEquals(1, cycle.factor(29), 1e-12);
        assertEquals(0.5 + 2e-6, cycle.factor(64), 1e-6);
        assertEquals(4e-6, cycle.factor(99), 1e-12);
        for (int step = 1; step < 100; step++) {
            assertEquals(step <= 29, cycle.factor(step) > cycle.factor(step - 1), "step " + step);
        }
        assertThrows(IllegalArgumentException.class, () -> Schedule.oneCycle(10, 1));
    }
}
