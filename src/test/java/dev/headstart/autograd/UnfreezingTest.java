package dev.headstart.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import org.junit.jupiter.api.Test;

/// What is frozen when an operator is applied is settled: unfrozen between forward and backward it is refused, wherever it was used.
class UnfreezingTest {
    private final Parameter below = Parameter.of(Tensor.ones(Shape.of(2, 3)));
    private final Parameter weight = Parameter.of(Tensor.ones(Shape.of(4, 3)));
    private final Parameter bias = Parameter.of(Tensor.ones(Shape.of(4)));
    private final Parameter above = Parameter.of(Tensor.ones(Shape.of(4)));

    private Variable linear() {
        return below.linear(weight, bias).relu();
    }

    private static void assertRefused(String message, Variable loss, Parameter unfrozen) {
        assertNull(loss.backward().get(unfrozen));
        unfrozen.unfreeze();
        assertEquals(message, assertThrows(IllegalStateException.class, loss::backward).getMessage());
        unfrozen.freeze();
        assertNull(loss.backward().get(unfrozen), "frozen again, all is as it was");
    }

    @Test
    void a_weight_is_refused() {
        weight.freeze();
        assertRefused("linear: input 1 [4, 3] was frozen when the operator was applied and is not now: compute the value again",
                linear().sum(), weight);
    }

    @Test
    void a_bias_is_refused_although_nothing_is_kept_for_it() {
        bias.freeze();
        assertRefused("linear: input 2 [4] was frozen when the operator was applied and is not now: compute the value again",
                linear().sum(), bias);
    }

    @Test
    void a_body_that_was_frozen_as_a_whole_is_refused() {
        below.freeze();
        weight.freeze();
        bias.freeze();
        assertRefused("linear: input 0 [2, 3] was frozen when the operator was applied and is not now: compute the value again",
                linear().times(above).sum(), below);
        assertRefused("linear: input 2 [4] was frozen when the operator was applied and is not now: compute the value again",
                linear().times(above).sum(), bias);
    }

    @Test
    void a_loss_that_depended_on_nothing_trainable_is_refused() {
        below.freeze();
        assertRefused("square: input 0 [2, 3] was frozen when the operator was applied and is not now: compute the value again",
                below.square().sum(), below);
    }

    @Test
    void in_a_block_that_is_computed_again_it_is_refused() {
        bias.freeze();
        assertRefused("linear: input 2 [4] was frozen when the operator was applied and is not now: compute the value again",
                below.recompute(x -> x.linear(weight, bias).tanh()).sum(), bias);
        assertRefused("linear: input 2 [4] was frozen when the operator was applied and is not now: compute the value again",
                below.recompute(x -> x.tanh().recompute(y -> y.linear(weight, bias)).tanh()).sum(), bias);
        below.freeze();
        assertRefused("linear: input 0 [2, 3] was frozen when the operator was applied and is not now: compute the value again",
                below.recompute(x -> x.linear(weight, bias).tanh()).sum(), below);
        weight.freeze();
        assertRefused("linear: input 1 [4, 3] was frozen when the operator was applied and is not now: compute the value again",
                below.recompute(x -> x.linear(weight, bias).tanh()).times(above).sum(), weight);
    }

    @Test
    void what_was_frozen_below_a_block_is_found_below_it() {
        weight.freeze();
        Variable middle = below.linear(weight, bias);
        assertRefused("linear: input 1 [4, 3] was frozen when the operator was applied and is not now: compute the value again",
                middle.recompute(x -> x.times(above).recompute(Variable::tanh)).sum(), weight);
    }

    @Test
    void a_refusal_comes_before_any_gradient_is_computed() {
        CountingOp counting = new CountingOp();
        bias.freeze();
        Variable loss = counting.apply(linear()).sum();
        bias.unfreeze();
        assertThrows(IllegalStateException.class, loss::backward);
        assertEquals(0, counting.asked());
    }

    @Test
    void what_is_frozen_in_between_gets_no_gradient_and_the_others_get_theirs() {
        Variable loss = linear().sum();
        Variable again = below.recompute(x -> x.linear(weight, bias)).sum();
        weight.freeze();
        for (Variable each : new Variable[] {loss, again}) {
            Gradients gradients = each.backward();
            assertNull(gradients.get(weight));
            assertNotNull(gradients.get(bias));
            assertNotNull(gradients.get(below));
        }
    }

    @Test
    void what_was_detached_or_computed_in_inference_may_be_unfrozen() {
        weight.freeze();
        Variable still = Mode.inference(() -> Variable.of(below.value()).linear(weight, null));
        Variable detached = below.linear(weight, null).detach();
        weight.unfreeze();
        assertNotNull(still.plus(detached).times(above).sum().backward().get(above));
    }
}
