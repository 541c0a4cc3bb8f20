package dev.headstart.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.autograd.Gradients;
import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Parameters;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.ShapeException;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.Updates;
import dev.headstart.tensor.kernel.Slice;
import dev.headstart.tensor.kernel.Update;
import dev.headstart.tensor.kernel.choice.KernelChoice;
import dev.headstart.tensor.kernel.scalar.ScalarKernels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// Optimisers against their formulas, step after step in double precision, and the edges of their settings: what mutation of the code asked for.
class OptimizerFormulaTest {
    private static final double NO_CLIPPING = Double.POSITIVE_INFINITY;
    private static final float[] GRADIENTS = {0.5f, -0.25f, 2, 0.125f, -1};

    private final Parameter w = Parameter.of(Tensor.scalar(0.75f));
    private final Parameters parameters = Parameters.of(Map.of("w", w));
    private final List<ParamGroup> group = List.of(ParamGroup.of(parameters).rate(0.1).decay(0.3));

    private void follows(Optimizer optimizer, double[] expected) {
        for (int step = 0; step < GRADIENTS.length; step++) {
            assertEquals(step, optimizer.steps());
            optimizer.step(Gradients.of(Map.of(w, Tensor.scalar(GRADIENTS[step]))));
            assertEquals(expected[step], w.value().item(), 2e-6, "after step " + (step + 1));
        }
        assertEquals(GRADIENTS.length, optimizer.steps());
    }

    private static double[] adam(double beta1, double beta2, double eps, boolean decoupled, Schedule schedule) {
        double[] values = new double[GRADIENTS.length];
        double value = 0.75;
        double m = 0;
        double v = 0;
        for (int t = 1; t <= values.length; t++) {
            double rate = 0.1 * schedule.factor(t - 1L);
            double g = GRADIENTS[t - 1] + (decoupled ? 0 : 0.3 * value);
            value -= decoupled ? rate * 0.3 * value : 0;
            m = beta1 * m + (1 - beta1) * g;
            v = beta2 * v + (1 - beta2) * g * g;
            value -= rate * m / (1 - Math.pow(beta1, t)) / (Math.sqrt(v / (1 - Math.pow(beta2, t))) + eps);
            values[t - 1] = value;
        }
        return values;
    }

    @Test
    void adam_is_its_formula() {
        follows(Adam.adam(group, Schedule.constant(), NO_CLIPPING), adam(0.9, 0.999, 1e-8, false, Schedule.constant()));
    }

    @Test
    void adam_w_is_its_formula_with_a_schedule() {
        Schedule falling = Schedule.linear(2, 5);
        follows(Adam.adamW(group, falling, NO_CLIPPING), adam(0.9, 0.999, 1e-8, true, falling));
    }

    @Test
    void adam_with_settings_of_one_s_own_is_its_formula() {
        follows(Adam.of(group, Schedule.constant(), NO_CLIPPING, 0, 0.5, 0.01, true), adam(0, 0.5, 0.01, true, Schedule.constant()));
    }

    @Test
    void adam_without_memory_is_its_formula() {
        follows(Adam.of(group, Schedule.constant(), NO_CLIPPING, 0.5, 0, 0.01, false), adam(0.5, 0, 0.01, false, Schedule.constant()));
    }

    private static double[] sgd(double momentum, Schedule course, boolean nesterov) {
        double[] values = new double[GRADIENTS.length];
        double value = 0.75;
        double v = 0;
        for (int t = 1; t <= values.length; t++) {
            double now = momentum * course.factor(t - 1L);
            double g = GRADIENTS[t - 1] + 0.3 * value;
            v = t == 1 ? g : now * v + g;
            value -= 0.1 * (nesterov ? g + now * v : v);
            values[t - 1] = value;
        }
        return values;
    }

    @Test
    void gradient_descent_is_its_formula() {
        follows(Sgd.of(group.getFirst()), sgd(0, Schedule.constant(), false));
    }

    @Test
    void momentum_is_its_formula() {
        follows(Sgd.of(group, Schedule.constant(), NO_CLIPPING, 0.9, false), sgd(0.9, Schedule.constant(), false));
    }

    @Test
    void nesterov_s_momentum_is_its_formula() {
        follows(Sgd.of(group, Schedule.constant(), NO_CLIPPING, 0.9, true), sgd(0.9, Schedule.constant(), true));
    }

    @Test
    void a_momentum_that_changes_is_its_formula() {
        Schedule course = step -> step < 3 ? 0.5 : 1;
        follows(Sgd.of(group, Schedule.constant(), NO_CLIPPING, 0.8, course, false), sgd(0.8, course, false));
    }

    @Test
    void settings_are_told() {
        Schedule falling = step -> 1.0 / (step + 2);
        Optimizer clipping = Adam.adamW(group, falling, 1);
        assertTrue(clipping.clips());
        assertFalse(Adam.adamW(group, falling, NO_CLIPPING).clips());
        assertSame(group.getFirst(), clipping.groups().getFirst());
        assertEquals(0.05, clipping.rate(group.getFirst()), 1e-15);
        clipping.step(Gradients.of(Map.of(w, Tensor.scalar(1))));
        assertEquals(0.1 / 3, clipping.rate(group.getFirst()), 1e-15);
    }

    private static void refused(Supplier<Object> made) {
        assertThrows(IllegalArgumentException.class, made::get);
    }

    @Test
    void settings_out_of_range_are_refused_and_those_at_its_edge_are_not() {
        Schedule constant = Schedule.constant();
        for (double clipping : new double[] {0, -1, Double.NaN}) {
            refused(() -> Adam.adamW(group, constant, clipping));
        }
        for (double beta : new double[] {-0.1, 1, Double.NaN}) {
            refused(() -> Adam.of(group, constant, 1, beta, 0.9, 1e-8, true));
            refused(() -> Adam.of(group, constant, 1, 0.9, beta, 1e-8, true));
            refused(() -> Sgd.of(group, constant, 1, beta, false));
        }
        for (double eps : new double[] {0, -1e-8, Double.NaN}) {
            refused(() -> Adam.of(group, constant, 1, 0.9, 0.999, eps, true));
        }
        refused(() -> Sgd.of(group, constant, 1, 0, true));
        Adam.of(group, constant, Double.MIN_VALUE, 0, 0, Double.MIN_NORMAL, true);
        Sgd.of(group, constant, 1, 0, false);
        refused(() -> new FineTuning.Partial(0));
        refused(() -> new FineTuning.ProbeThenTune(0));
        refused(() -> new FineTuning.Gradual(0));
        assertEquals(ParamGroup.NEVER, new FineTuning.Partial(1).from(1));
        assertEquals(1, new FineTuning.ProbeThenTune(1).from(1));
        assertEquals(3, new FineTuning.Gradual(1).from(3));
        refused(() -> ParamGroup.of(parameters).from(-1));
    }

    @Test
    void schedules_out_of_range_are_refused_and_those_at_its_edge_are_not() {
        for (long total : new long[] {0, -1}) {
            refused(() -> Schedule.linear(0, total));
            refused(() -> Schedule.cosine(0, total, 0));
            refused(() -> Schedule.oneCycle(total, 0.3));
            refused(() -> Schedule.slantedTriangular(total, 0.1, 32));
        }
        refused(() -> Schedule.linear(-1, 5));
        refused(() -> Schedule.cosine(6, 5, 0));
        for (double share : new double[] {0, 1, -0.5, 1.5, Double.NaN}) {
            refused(() -> Schedule.oneCycle(10, share));
            refused(() -> Schedule.slantedTriangular(10, share, 32));
        }
        refused(() -> Schedule.slantedTriangular(10, 0.1, 0.99));
        assertEquals(1, Schedule.slantedTriangular(10, 0.1, 1).factor(5));
        assertEquals(1, Schedule.linear(5, 5).factor(4));
    }

    /// The state of a parameter that is not among what is restored is dropped, and a group is frozen before its step, not at it.
    @Test
    void restoring_takes_nothing_over() {
        Parameter late = Parameter.of(Tensor.scalar(1));
        List<ParamGroup> groups = List.of(group.getFirst(), ParamGroup.of(Parameters.of(Map.of("late", late))).from(2));
        Adam adam = Adam.adamW(groups, Schedule.constant(), NO_CLIPPING);
        Optimizer.State fresh = adam.state();
        Gradients both = Gradients.of(Map.of(w, Tensor.scalar(1), late, Tensor.scalar(1)));
        adam.step(both);
        assertFalse(late.isTrainable());
        adam.step(both);
        assertTrue(late.isTrainable());
        Optimizer.State second = adam.state();
        adam.step(both);
        assertEquals(List.of("w/m", "w/v", "late/m", "late/v"), List.copyOf(adam.state().tensors().keySet()));
        assertEquals(Map.of("w", 3L, "late", 1L), adam.state().slotSteps());
        adam.restore(second);
        assertTrue(late.isTrainable(), "its step has come");
        assertEquals(List.of("w/m", "w/v"), List.copyOf(adam.state().tensors().keySet()));
        adam.restore(fresh);
        assertFalse(late.isTrainable());
        assertEquals(Map.of(), adam.state().tensors());
        assertEquals(0, adam.steps());
        w.freeze();
        adam.restore(second);
        assertFalse(w.isTrainable(), "a group that learns from the start leaves its parameters as they are");
    }

    @Test
    void a_moment_as_small_as_the_smallest_normal_number_is_kept_and_one_below_is_not() {
        for (Update kernel : List.of(ScalarKernels.create().update(), KernelChoice.ACTIVE.update())) {
            for (float sign : new float[] {1, -1}) {
                float[] gradient = {sign * Float.MIN_NORMAL, sign * Math.nextDown(Float.MIN_NORMAL)};
                float[] momentum = new float[2];
                kernel.sgd(new Slice(new float[2], 0), new Slice(gradient, 0), new Slice(momentum, 0), 2,
                        new Update.SgdStep(0.1f, 0.9f, 0, false, 0, true, 1));
                assertEquals(sign * Float.MIN_NORMAL, momentum[0]);
                assertEquals(0f, momentum[1] + 0f);
            }
        }
    }

    @Test
    void operands_that_do_not_fit_are_refused() {
        Tensor right = Tensor.zeros(Shape.of(2, 3));
        Tensor wrong = Tensor.zeros(Shape.of(3, 2));
        Tensor turned = wrong.transpose(0, 1);
        List<Runnable> misfits = new ArrayList<>();
        for (Tensor other : List.of(wrong, turned)) {
            misfits.add(() -> Updates.adam(right, right, other, right, 1, 1, 0, 0, 1, 0, false, 1));
            misfits.add(() -> Updates.adam(right, right, right, other, 1, 1, 0, 0, 1, 0, false, 1));
            misfits.add(() -> Updates.sgd(right, right, other, 1, 0.5f, 0, false, 0, false, 1));
        }
        misfits.add(() -> Updates.adam(turned, right, right, right, 1, 1, 0, 0, 1, 0, false, 1));
        misfits.add(() -> Updates.adam(right, wrong, right, right, 1, 1, 0, 0, 1, 0, false, 1));
        misfits.add(() -> Updates.sgd(turned, right, right, 1, 0.5f, 0, false, 0, false, 1));
        misfits.add(() -> Updates.sgd(right, wrong, right, 1, 0.5f, 0, false, 0, false, 1));
        misfits.add(() -> right.copyInPlace(wrong));
        misfits.add(() -> turned.copyInPlace(right));
        misfits.add(() -> right.axpyInPlace(1, wrong));
        misfits.add(() -> turned.axpyInPlace(1, right));
        misfits.forEach(misfit -> assertThrows(ShapeException.class, misfit::run));
        Tensor sum = Tensor.of(Shape.of(2), 1, 2);
        sum.axpyInPlace(0.5f, Tensor.of(Shape.of(3), 9, 4, 8).slice(0, 1, 3));
        assertTrue(sum.bitsEqual(Tensor.of(Shape.of(2), 3, 6)));
        Tensor part = Tensor.of(Shape.of(3), 1, 2, 3);
        part.slice(0, 1, 3).axpyInPlace(1, Tensor.of(Shape.of(2), 10, 20));
        assertTrue(part.bitsEqual(Tensor.of(Shape.of(3), 1, 12, 23)));
        Tensor counted = Tensor.zeros(Shape.of(300_000));
        counted.axpyInPlace(2, Tensor.wrap(counted.shape(), counting(300_000)));
        for (int i = 0; i < 300_000; i += 997) {
            assertEquals(2 * i, counted.get(i));
        }
    }

    private static float[] counting(int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = i;
        }
        return values;
    }

    private static Parameters named(String... names) {
        Map<String, Parameter> all = new LinkedHashMap<>();
        for (String name : names) {
            all.put(name, Parameter.of(Tensor.zeros(Shape.of(2))));
        }
        return Parameters.of(all);
    }

    @Test
    void levels_are_told_from_whole_segments_of_names() {
        assertEquals(3, ParamGroups.byDepth(named("a.b.1.w", "ab.1.w", "head")).size());
        assertEquals(1, ParamGroups.byDepth(named("a.1.w", "head"), "**").size());
        assertEquals(2, ParamGroups.byDepth(named("a.1.w", "head"), "head").size());
        refused(() -> ParamGroups.byDepth(named("a.1.w", "head")).rateDecay(0));
    }

    @Test
    void groups_say_what_they_are() {
        ParamGroups groups = ParamGroups.byDepth(named("a.0.w", "a.0.b", "a.1.w", "head"), "head").rate(0.5).decay(0.25);
        String text = groups.tuned(new FineTuning.Gradual(10)).toString();
        assertEquals("""
                a.0.w … (4 numbers): rate 0.500, decay 0.250, learns from step 20
                a.1.w … (2 numbers): rate 0.500, decay 0.250, learns from step 10
                head … (2 numbers): rate 0.500, decay 0.250, learns
                """, text.replace("\r", ""));
        assertTrue(groups.tuned(new FineTuning.FeatureExtraction()).toString()
                .contains("a.1.w … (2 numbers): rate 0.500, decay 0.250, frozen"));
        ParamGroup level = groups.level(0);
        assertSame(level, level.freeze());
        assertFalse(level.parameters().get("a.0.w").isTrainable());
        assertSame(level, level.unfreeze());
        assertTrue(level.parameters().get("a.0.w").isTrainable());
        assertNotEquals(groups.level(0), groups.level(1));
    }
}
