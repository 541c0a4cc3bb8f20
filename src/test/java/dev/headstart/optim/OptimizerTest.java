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
import dev.headstart.tensor.Workers;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OptimizerTest {
    private static final double NO_CLIPPING = Double.POSITIVE_INFINITY;
    private final Parameter w = Parameter.of(RandomStream.of(1).normal(Shape.of(37), 0, 1));
    private final Parameter other = Parameter.of(RandomStream.of(2).normal(Shape.of(5), 0, 1));
    private final Parameters both = Parameters.of(new java.util.TreeMap<>(Map.of("a.weight", w, "b.weight", other)));

    private static Tensor gradient(int step, int n) {
        return RandomStream.of(100 + step).normal(Shape.of(n), 0, 1);
    }

    private Gradients gradients(int step) {
        return Gradients.of(Map.of(w, gradient(step, 37), other, gradient(step + 50, 5)));
    }

    @Test
    void adamw_follows_the_paper() {
        double[] x = doubles(w.value());
        double[] m = new double[37];
        double[] v = new double[37];
        Adam adam = Adam.adamW(List.of(ParamGroup.of(both).rate(0.01).decay(0.1)), Schedule.constant(), NO_CLIPPING);
        for (int t = 1; t <= 5; t++) {
            double[] g = doubles(gradient(t, 37));
            for (int i = 0; i < 37; i++) {
                x[i] -= 0.01 * 0.1 * x[i];
                m[i] = 0.9 * m[i] + 0.1 * g[i];
                v[i] = 0.999 * v[i] + 0.001 * g[i] * g[i];
                x[i] -= 0.01 * (m[i] / (1 - Math.pow(0.9, t))) / (Math.sqrt(v[i] / (1 - Math.pow(0.999, t))) + 1e-8);
            }
            adam.step(gradients(t));
            for (int i = 0; i < 37; i++) {
                assertEquals(x[i], w.value().get(i), 2e-6);
            }
        }
    }

    @Test
    void sgd_with_nesterov_momentum_follows_pytorch() {
        double[] x = doubles(w.value());
        double[] v = new double[37];
        Sgd sgd = Sgd.of(List.of(ParamGroup.of(both).rate(0.1).decay(0.01)), Schedule.constant(), NO_CLIPPING, 0.9, true);
        for (int t = 1; t <= 5; t++) {
            double[] g = doubles(gradient(t, 37));
            for (int i = 0; i < 37; i++) {
                double d = g[i] + 0.01 * x[i];
                v[i] = t == 1 ? d : 0.9 * v[i] + d;
                x[i] -= 0.1 * (d + 0.9 * v[i]);
            }
            sgd.step(gradients(t));
            for (int i = 0; i < 37; i++) {
                assertEquals(x[i], w.value().get(i), 2e-6);
            }
        }
    }

    @Test
    void frozen_parameters_are_not_touched_and_their_state_is_dropped() {
        Adam adam = Adam.adamW(List.of(ParamGroup.of(both).rate(0.01).decay(0.5)), Schedule.constant(), 1);
        adam.step(gradients(1));
        Tensor before = other.value().copy();
        ParamGroup.of(both.select("b.**")).freeze();
        adam.step(gradients(2));
        assertTrue(before.bitsEqual(other.value()), "neither gradient nor decay moves a frozen parameter");
        assertFalse(adam.state().slotSteps().containsKey("b.weight"), "no optimiser state for a frozen parameter");
        other.unfreeze();
        adam.step(gradients(3));
        assertFalse(before.bitsEqual(other.value()));
        assertEquals(1L, adam.state().slotSteps().get("b.weight"), "an unfrozen parameter begins anew");
        assertEquals(3L, adam.state().slotSteps().get("a.weight"));
    }

    @Test
    void gradients_are_clipped_by_their_joint_norm() {
        double norm = gradients(1).norm(both);
        double[] sum = {0};
        both.forEach(p -> sum[0] += p == w ? square(gradient(1, 37)) : square(gradient(51, 5)));
        assertEquals(Math.sqrt(sum[0]), norm, 1e-4);
        Tensor before = w.value().copy();
        Sgd sgd = Sgd.of(List.of(ParamGroup.of(both).rate(1)), Schedule.constant(), 0.5, 0, false);
        assertEquals(norm, sgd.step(gradients(1)), 0);
        for (int i = 0; i < 37; i++) {
            assertEquals(before.get(i) - gradient(1, 37).get(i) * 0.5 / norm, w.value().get(i), 1e-5);
        }
    }

    @Test
    void a_norm_that_is_not_finite_changes_nothing() {
        Tensor before = w.value().copy();
        Sgd sgd = Sgd.of(List.of(ParamGroup.of(both).rate(1)), Schedule.constant(), 0.5, 0, false);
        double norm = sgd.step(Gradients.of(Map.of(w, Tensor.full(Shape.of(37), Float.NaN))));
        assertTrue(Double.isNaN(norm));
        assertTrue(before.bitsEqual(w.value()));
        assertEquals(0, sgd.steps());
    }

    @Test
    void a_restored_state_goes_on_with_the_same_bits() {
        Adam adam = Adam.adam(List.of(ParamGroup.of(both).rate(0.01).decay(0.1)), Schedule.linear(2, 10), 1);
        adam.step(gradients(1));
        adam.step(gradients(2));
        Optimizer.State state = adam.state();
        Tensor atTwo = w.value().copy();
        adam.step(gradients(3));
        Tensor atThree = w.value().copy();
        Adam again = Adam.adam(List.of(ParamGroup.of(both).rate(0.01).decay(0.1)), Schedule.linear(2, 10), 1);
        again.restore(state);
        w.value().copyInPlace(atTwo);
        again.step(gradients(3));
        assertTrue(atThree.bitsEqual(w.value()));
        assertThrows(IllegalArgumentException.class,
                () -> Sgd.of(List.of(ParamGroup.of(both)), Schedule.constant(), 1, 0.9, false).restore(state), "another optimiser's state");
    }

    @Test
    void groups_may_not_overlap() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class,
                () -> Sgd.of(ParamGroup.of(both), ParamGroup.of(both.select("a.*"))));
        assertEquals("optimizer: a.weight is in two groups: groups must not overlap", e.getMessage());
    }

    @Test
    void each_group_has_its_own_rate() {
        Tensor before = other.value().copy();
        Tensor wBefore = w.value().copy();
        Sgd.of(ParamGroup.of(both.select("a.*")).rate(0.5), ParamGroup.of(both.select("b.*")).rate(0)).step(gradients(1));
        assertTrue(before.bitsEqual(other.value()));
        assertEquals(wBefore.get(3) - 0.5f * gradient(1, 37).get(3), w.value().get(3), 1e-6);
    }

    @Test
    void schedules_have_their_published_shapes() {
        Schedule linear = Schedule.linear(10, 110);
        assertEquals(0.1, linear.factor(0), 1e-12);
        assertEquals(1, linear.factor(10), 1e-12);
        assertEquals(0.5, linear.factor(60), 1e-12);
        assertEquals(0, linear.factor(110), 1e-12);
        Schedule cosine = Schedule.cosine(0, 100, 0.1);
        assertEquals(1, cosine.factor(0), 1e-12);
        assertEquals(0.55, cosine.factor(50), 1e-12);
        assertEquals(0.1, cosine.factor(100), 1e-12);
        Schedule slanted = Schedule.slantedTriangular(100, 0.1, 32);
        assertEquals(1.0 / 32, slanted.factor(0), 1e-12);
        assertEquals(1, slanted.factor(10), 1e-12);
        assertEquals(1.0 / 32, slanted.factor(100), 1e-12);
        assertTrue(slanted.factor(5) > slanted.factor(0) && slanted.factor(50) < slanted.factor(10));
        assertThrows(IllegalArgumentException.class, () -> Schedule.linear(11, 10));
    }

    /// Sizes of tensors of which tasks hold many, one, or parts.
    private static final int[] SIZES = {7, 70_000, 0, 1, 33_000, 65_536, 5, 0, 40_001, 12};
    private static final int ALL = 208_562;

    /// Values of parameters of these sizes, one after the other, after three steps.
    private static float[] trained(Function<Parameters, Optimizer> optimizer, int... sizes) {
        assertEquals(ALL, IntStream.of(sizes).sum());
        Map<String, Parameter> byName = new LinkedHashMap<>();
        Tensor initial = RandomStream.of(1).normal(Shape.of(ALL), 0, 1);
        forEachPart(sizes, (i, from, to) -> byName.put("p" + i, Parameter.of(initial.slice(0, from, to))));
        List<Parameter> parameters = List.copyOf(byName.values());
        Optimizer made = optimizer.apply(Parameters.of(byName));
        for (int step = 0; step < 3; step++) {
            Tensor gradient = RandomStream.of(2 + step).normal(Shape.of(ALL), 0, 1);
            Map<Parameter, Tensor> gradients = new HashMap<>();
            forEachPart(sizes, (i, from, to) -> gradients.put(parameters.get(i), gradient.slice(0, from, to)));
            made.step(Gradients.of(gradients));
        }
        float[] values = new float[ALL];
        forEachPart(sizes, (i, from, to) -> System.arraycopy(parameters.get(i).value().toArray(), 0, values, from, to - from));
        return values;
    }

    private interface OnPart {
        void accept(int index, int from, int to);
    }

    private static void forEachPart(int[] sizes, OnPart body) {
        int from = 0;
        for (int i = 0; i < sizes.length; i++) {
            body.accept(i, from, from + sizes[i]);
            from += sizes[i];
        }
    }

    @Test
    void where_tensors_and_tasks_end_makes_no_difference_to_a_number() {
        int[] small = new int[2 * 103 + 1];
        Arrays.fill(small, 1011);
        small[small.length - 1] = ALL - 1011 * (small.length - 1);
        List<Function<Parameters, Optimizer>> optimizers = List.of(
                p -> Adam.adamW(List.of(ParamGroup.of(p).rate(0.01).decay(0.1)), Schedule.constant(), NO_CLIPPING),
                p -> Adam.adam(List.of(ParamGroup.of(p).rate(0.01).decay(0.1)), Schedule.constant(), NO_CLIPPING),
                p -> Sgd.of(List.of(ParamGroup.of(p).rate(0.1).decay(0.1)), Schedule.constant(), NO_CLIPPING, 0.9, true));
        for (Function<Parameters, Optimizer> optimizer : optimizers) {
            float[] alone = trained(optimizer, small); // up to 1011 elements at a time
            for (int threads : new int[] {1, 3}) {
                Workers workers = Workers.of(threads);
                assertArrayEquals(alone, workers.call(() -> trained(optimizer, ALL)));
                assertArrayEquals(alone, workers.call(() -> trained(optimizer, SIZES)));
            }
        }
    }

    @Test
    void the_joint_norm_is_the_root_of_each_gradients_own_sum_of_squares() {
        Map<Parameter, Tensor> gradients = new LinkedHashMap<>();
        double sum = 0;
        for (int size : SIZES) {
            Tensor gradient = RandomStream.of(size).normal(Shape.of(size), 0, 1);
            gradients.put(Parameter.of(gradient), gradient);
            sum += gradient.sumOfSquares().item();
        }
        List<Parameter> order = List.copyOf(gradients.keySet());
        for (int threads : new int[] {1, 3}) {
            assertEquals(Math.sqrt(sum), Workers.of(threads).call(() -> Gradients.of(gradients).norm(order)), 0);
        }
        gradients.put(order.get(1), Tensor.full(Shape.of(70_000), Float.POSITIVE_INFINITY));
        assertEquals(Double.POSITIVE_INFINITY, Gradients.of(gradients).norm(order));
    }

    @Test
    void a_step_over_many_tensors_is_one_region_and_its_clipping_another() {
        AtomicInteger regions = new AtomicInteger();
        Workers counting = Workers.on(task -> {
            regions.incrementAndGet();
            task.run();
        }, 2);
        Map<String, Parameter> byName = new LinkedHashMap<>();
        Map<Parameter, Tensor> gradients = new HashMap<>();
        for (int i = 0; i < 100; i++) {
            Parameter parameter = Parameter.of(Tensor.zeros(Shape.of(1, 3000)));
            byName.put("p" + i, parameter);
            gradients.put(parameter, Tensor.ones(Shape.of(1, 3000)));
        }
        Parameters parameters = Parameters.of(byName);
        ParamGroup[] groups = {ParamGroup.of(parameters.select("p?")), ParamGroup.of(parameters.select("p??")).decay(0.1)};
        counting.run(() -> Sgd.of(groups).step(Gradients.of(gradients)));
        assertEquals(1, regions.getAndSet(0));
        counting.run(() -> Adam.adamW(List.of(groups), Schedule.constant(), 1).step(Gradients.of(gradients)));
        assertEquals(2, regions.get());
    }

    private static double[] doubles(Tensor t) {
        float[] values = t.toArray();
        double[] doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            doubles[i] = values[i];
        }
        return doubles;
    }

    private static double square(Tensor t) {
        double sum = 0;
        for (float x : t.toArray()) {
            sum += (double) x * x;
        }
        return sum;
    }
}
