package dev.headstart.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.tensor.Shape;
import dev.headstart.tensor.ShapeException;
import dev.headstart.tensor.Tensor;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/// What backward gives, and what it leaves undone.
class BackwardTest {
    private static final int LONG = 100_000;

    private static Parameter parameter(float... values) {
        return Parameter.of(Tensor.of(Shape.of(values.length), values));
    }

    private static float[] gradient(Gradients gradients, Parameter parameter) {
        Tensor gradient = gradients.get(parameter);
        assertNotNull(gradient);
        return gradient.toArray();
    }

    private static void assertGradient(Gradients gradients, Parameter parameter, float... expected) {
        float[] actual = gradient(gradients, parameter);
        assertEquals(expected.length, actual.length);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], "element " + i);
        }
    }

    private static float gradientThroughLongChain() {
        Parameter w = parameter(3);
        Variable y = w;
        for (int i = 0; i < LONG; i++) {
            y = y.plus(1);
        }
        return gradient(y.sum().backward(), w)[0];
    }

    @Test
    void a_chain_of_100_000_operators_fits_on_the_stack() {
        assertEquals(1, gradientThroughLongChain());
    }

    @Test
    void a_chain_of_100_000_operators_fits_on_a_small_stack() throws Exception {
        FutureTask<Float> task = new FutureTask<>(BackwardTest::gradientThroughLongChain);
        new Thread(null, task, "small stack", 180 * 1024).start();
        assertEquals(1, task.get());
    }

    @Test
    void a_doubling_chain_visits_each_result_once() {
        Parameter w = parameter(1);
        CountingOp counting = new CountingOp();
        Variable y = counting.apply(w);
        for (int i = 0; i < 60; i++) { // 2^60 paths
            y = y.plus(y);
        }
        assertGradient(y.sum().backward(), w, 0x1p60f);
        assertEquals(1, counting.asked());
    }

    @Test
    void gradients_of_shared_uses_are_summed() {
        Parameter w = parameter(2, 3);
        Gradients gradients = w.times(w).plus(w).plus(w.times(10)).sum().backward();
        assertGradient(gradients, w, 2 * 2 + 1 + 10, 2 * 3 + 1 + 10);
    }

    @Test
    void an_input_used_twice_by_one_operator_gets_both_gradients() {
        Parameter w = parameter(2, 3);
        assertGradient(Variable.concat(0, w, w, w).sum().backward(), w, 3, 3);
    }

    @Test
    void a_parameter_is_its_own_gradient_s_root() {
        Parameter w = parameter(5);
        assertGradient(w.backward(), w, 1);
        w.freeze();
        assertTrue(w.backward().parameters().isEmpty());
        assertTrue(Variable.of(Tensor.scalar(1)).backward().parameters().isEmpty());
    }

    @Test
    void nothing_is_computed_below_the_lowest_trainable_parameter() {
        Parameter frozen = parameter(1, 2);
        frozen.freeze();
        CountingOp below = new CountingOp();
        CountingOp above = new CountingOp();
        Variable lower = below.apply(frozen.times(2));
        assertInstanceOf(Constant.class, lower);
        Parameter trainable = parameter(3, 4);
        Gradients gradients = above.apply(lower.times(trainable)).sum().backward();
        assertEquals(0, below.asked());
        assertEquals(1, above.asked());
        assertGradient(gradients, trainable, 2, 4);
        assertNull(gradients.get(frozen));
        assertEquals(1, gradients.parameters().size());
    }

    @Test
    void a_branch_without_trainable_parameters_is_not_recorded() {
        Parameter trainable = parameter(3);
        CountingOp data = new CountingOp();
        Gradients gradients = trainable.plus(data.apply(Variable.of(Tensor.ones(Shape.of(1))))).sum().backward();
        assertEquals(0, data.asked());
        assertGradient(gradients, trainable, 1);
    }

    @Test
    void gradients_pass_through_a_frozen_layer_to_a_trainable_one_beneath() {
        Parameter lower = parameter(2);
        Parameter middle = parameter(5);
        Parameter upper = parameter(7);
        middle.freeze();
        Gradients gradients = lower.times(middle).times(upper).sum().backward();
        assertGradient(gradients, lower, 35);
        assertGradient(gradients, upper, 10);
        assertNull(gradients.get(middle));
        middle.unfreeze();
        assertGradient(lower.times(middle).times(upper).sum().backward(), middle, 14);
    }

    @Test
    void a_parameter_frozen_after_forward_gets_no_gradient() {
        Parameter w = parameter(2);
        Parameter v = parameter(3);
        Variable loss = w.times(v).sum();
        w.freeze();
        Gradients gradients = loss.backward();
        assertNull(gradients.get(w));
        assertGradient(gradients, v, 2);
    }

    @Test
    void detaching_cuts_the_way_back() {
        Parameter w = parameter(2);
        Parameter v = parameter(3);
        Gradients gradients = w.times(2).detach().times(v).sum().backward();
        assertNull(gradients.get(w));
        assertGradient(gradients, v, 4);
    }

    @Test
    void backward_twice_gives_the_same_and_accumulates_nothing() {
        Parameter w = parameter(2, 3);
        Variable loss = w.square().sum();
        Gradients first = loss.backward();
        Gradients second = loss.backward();
        assertGradient(first, w, 4, 6);
        assertGradient(second, w, 4, 6);
        assertGradient(first.plus(second), w, 8, 12);
        assertGradient(first, w, 4, 6);
    }

    @Test
    void a_given_gradient_weighs_the_elements() {
        Parameter w = parameter(2, 3);
        assertGradient(w.square().backward(Tensor.of(Shape.of(2), 1, -10)), w, 4, -60);
    }

    @Test
    void a_parameter_holds_values_of_its_own() {
        float[] values = {1, 2};
        Tensor initial = Tensor.wrap(Shape.of(2), values);
        Parameter w = Parameter.of(initial);
        values[0] = 9;
        assertEquals(1, w.value().get(0));
    }

    @Test
    void only_a_single_number_has_a_gradient() {
        Parameter w = parameter(2, 3);
        ShapeException error = assertThrows(ShapeException.class, () -> w.square().backward());
        assertEquals("backward: loss[2]: only a single number has a gradient: sum or average it, or give dY", error.getMessage());
    }

    @Test
    void a_given_gradient_must_have_the_result_s_shape() {
        Parameter w = parameter(2, 3);
        ShapeException error = assertThrows(ShapeException.class, () -> w.square().backward(Tensor.ones(Shape.of(3))));
        assertEquals("backward: y[2], dY[3]: the shapes must be equal", error.getMessage());
    }

    @Test
    void the_norm_of_gradients_is_that_of_all_together() {
        Parameter w = parameter(3);
        Parameter v = Parameter.of(Tensor.scalar(2));
        Parameter absent = parameter(1);
        Gradients gradients = w.times(Variable.of(Tensor.scalar(3))).sum().plus(v.times(4)).backward();
        assertEquals(5, gradients.norm(List.of(w, v, absent)));
    }

    @Test
    void ties_for_the_largest_share_the_gradient() {
        Parameter w = Parameter.of(Tensor.of(Shape.of(2, 3), 5, 1, 5, 2, 2, 2));
        assertGradient(w.max(1).backward(Tensor.of(Shape.of(2), 6, 9)), w, 3, 0, 3, 3, 3, 3);
    }
}
