package dev.headstart.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// Computing a block again changes memory and time, and no bit.
class RecomputeTest {
    private static final RandomStream RANDOM = RandomStream.of(5);
    private static final Tensor X = RANDOM.child("x").normal(Shape.of(6, 8), 0, 1);

    private final Map<String, Parameter> parameters = new LinkedHashMap<>();
    private final Parameter embedding = parameter("embedding", 6, 8);
    private final Parameter gamma = parameter("gamma", 8);
    private final Parameter beta = parameter("beta", 8);
    private final Parameter weight = parameter("weight", 8, 8);
    private final Parameter bias = parameter("bias", 8);

    private Parameter parameter(String name, int... dims) {
        Parameter parameter = Parameter.of(RANDOM.child(name).normal(Shape.of(dims), 0, 0.5f));
        parameters.put(name, parameter);
        return parameter;
    }

    /// Uses its input and its parameters more than once, and dropout twice.
    private Variable block(Variable x) {
        Variable h = x.layerNorm(gamma, beta, 1e-5f);
        Variable attended = h.matmul(h.transpose(0, 1)).softmax().matmul(h.linear(weight, bias));
        Variable dropped = drop(attended).plus(x).times(gamma);
        return drop(dropped.linear(weight, bias).gelu()).plus(x);
    }

    private static Variable drop(Variable x) {
        return Mode.current().isTraining() ? x.dropout(0.3f, Mode.current().nextStream()) : x;
    }

    /// Two blocks amid uses of the same parameters and of the blocks' inputs.
    private Variable loss(Variable x, BiFunction<Variable, UnaryOperator<Variable>, Variable> apply) {
        Variable before = drop(x.linear(weight, bias).times(gamma));
        Variable middle = apply.apply(before, this::block).plus(before);
        Variable after = apply.apply(middle, this::block);
        return drop(after.linear(weight, bias)).plus(middle).plus(before).square().plus(beta).mean();
    }

    private void assertNoBitDiffers(Variable x) {
        for (boolean training : new boolean[] {false, true}) {
            Variable direct = run(training, () -> loss(x, (v, block) -> block.apply(v)));
            Variable again = run(training, () -> loss(x, Variable::recompute));
            assertTrue(direct.value().bitsEqual(again.value()), "values differ");
            Gradients expected = direct.backward();
            Gradients actual = again.backward();
            parameters.forEach((name, parameter) -> assertSameBits(name, expected.get(parameter), actual.get(parameter)));
            assertEquals(expected.parameters(), actual.parameters());
            Gradients repeated = again.backward();
            parameters.forEach((name, parameter) -> assertSameBits(name, expected.get(parameter), repeated.get(parameter)));
        }
    }

    private static Variable run(boolean training, java.util.function.Supplier<Variable> body) {
        return training ? Mode.training(RANDOM.child("dropout"), body) : body.get();
    }

    private static void assertSameBits(String name, @org.jspecify.annotations.Nullable Tensor expected,
            @org.jspecify.annotations.Nullable Tensor actual) {
        assertTrue(expected == null ? actual == null : actual != null && expected.bitsEqual(actual),
                () -> "gradients of " + name + " differ: " + expected + " and " + actual);
    }

    @Test
    void gives_the_bits_of_the_direct_way() {
        assertNoBitDiffers(embedding.plus(Variable.of(X)));
        assertEquals(5, loss(embedding, Variable::recompute).backward().parameters().size());
    }

    @Test
    void of_a_parameter_gives_the_bits_of_the_direct_way() {
        assertNoBitDiffers(embedding);
    }

    @Test
    void of_a_constant_gives_the_bits_of_the_direct_way() {
        parameters.remove("embedding");
        assertNoBitDiffers(Variable.of(X));
    }

    @Test
    void with_frozen_parts_gives_the_bits_of_the_direct_way() {
        for (Parameter frozen : List.copyOf(parameters.values())) {
            frozen.freeze();
            assertNoBitDiffers(embedding);
            assertNull(loss(embedding, Variable::recompute).backward().get(frozen));
            frozen.unfreeze();
        }
    }

    @Test
    void with_a_frozen_block_passes_gradients_through() {
        List.of(gamma, beta, weight, bias).forEach(Parameter::freeze);
        assertNoBitDiffers(embedding);
        assertEquals(1, loss(embedding, Variable::recompute).backward().parameters().size());
    }

    @Test
    void below_the_lowest_trainable_parameter_is_not_computed_again() {
        CountingOp frozenPart = new CountingOp();
        int[] runs = {0};
        UnaryOperator<Variable> counted = x -> {
            runs[0]++;
            return frozenPart.apply(x.times(gamma));
        };
        gamma.freeze();
        Variable y = Variable.of(X).recompute(counted);
        assertInstanceOf(Constant.class, y);
        Gradients gradients = y.times(beta).sum().backward();
        assertNotNull(gradients.get(beta));
        assertEquals(1, runs[0]);
        assertEquals(0, frozenPart.asked());
    }

    @Test
    void within_itself_gives_the_bits_of_the_direct_way() {
        BiFunction<Variable, UnaryOperator<Variable>, Variable> nested = (x, block) -> x.recompute(v -> v.recompute(block).plus(v));
        for (boolean training : new boolean[] {false, true}) {
            Variable direct = run(training, () -> loss(embedding, (x, block) -> block.apply(x).plus(x)));
            Variable again = run(training, () -> loss(embedding, nested));
            assertTrue(direct.value().bitsEqual(again.value()), "values differ");
            Gradients expected = direct.backward();
            Gradients actual = again.backward();
            parameters.forEach((name, parameter) -> assertSameBits(name, expected.get(parameter), actual.get(parameter)));
        }
    }

    @Test
    void keeps_no_results_of_the_block() {
        Result y = assertInstanceOf(Result.class, embedding.recompute(x -> x.exp().tanh().square()));
        assertEquals(List.of(y.node()), Backward.ordered(y.node(), null));
    }

    @Test
    void a_block_of_nothing_is_its_input() {
        Variable x = embedding.times(2);
        Gradients gradients = x.recompute(v -> v).sum().backward();
        Tensor gradient = gradients.get(embedding);
        assertNotNull(gradient);
        assertTrue(gradient.bitsEqual(Tensor.full(embedding.shape(), 2)));
    }
}
