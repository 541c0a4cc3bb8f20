package dev.headstart.nn.norm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.autograd.Gradients;
import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Variable;
import dev.headstart.nn.Layer;
import dev.headstart.nn.Linear;
import dev.headstart.nn.transfer.Transfer;
import dev.headstart.optim.ParamGroup;
import dev.headstart.optim.Schedule;
import dev.headstart.optim.Sgd;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.ShapeException;
import dev.headstart.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class BatchNormTest {
    private final RandomStream random = RandomStream.of(5);
    private final BatchNorm norm = new BatchNorm(3);
    private final Variable x = Variable.of(random.normal(Shape.of(4, 2, 5, 3), 2, 3));

    private Variable train(Layer layer) {
        return Mode.training(random, () -> layer.forward(x));
    }

    private Tensor buffer(String name) {
        return norm.parameters().get(name).value();
    }

    @Test
    void names_are_those_of_the_file_format() {
        assertEquals(List.of("weight", "bias", "running_mean", "running_var", "num_batches_tracked"),
                List.copyOf(norm.parameters().byName().keySet()));
        assertEquals(Shape.SCALAR, buffer("num_batches_tracked").shape());
        assertEquals(6, norm.parameters().count());
    }

    @Test
    void a_batch_becomes_normal_and_moves_the_running_moments() {
        Tensor y = train(norm).value();
        assertArrayEquals(new float[] {0, 0, 0}, y.mean(0, 1, 2).toArray(), 1e-6f);
        assertArrayEquals(new float[] {1, 1, 1}, y.square().mean(0, 1, 2).toArray(), 1e-4f);
        Tensor mean = x.value().mean(0, 1, 2);
        Tensor unbiased = x.value().minus(mean).square().sum(0, 1, 2).times(1f / 39);
        assertArrayEquals(mean.times(0.1f).toArray(), buffer("running_mean").toArray(), 1e-6f);
        assertArrayEquals(unbiased.times(0.1f).plus(Tensor.scalar(0.9f)).toArray(), buffer("running_var").toArray(), 1e-5f);
        assertEquals(1, buffer("num_batches_tracked").item());
    }

    @Test
    void outside_training_running_moments_are_used_and_stand_still() {
        Tensor expected = x.value().times((float) (1 / Math.sqrt(1 + 1e-5)));
        assertArrayEquals(expected.toArray(), norm.forward(x).value().toArray(), 1e-6f);
        assertArrayEquals(expected.toArray(), Mode.inference(() -> norm.forward(x)).value().toArray(), 1e-6f);
        assertEquals(0, buffer("num_batches_tracked").item());
    }

    @Test
    void under_a_frozen_layer_statistics_stand_still_and_gradients_pass() {
        Linear below = new Linear(3, 3, random);
        norm.parameters().freeze();
        Variable y = Mode.training(random, () -> norm.forward(below.forward(x)));
        assertTrue(y.value().bitsEqual(norm.forward(below.forward(x)).value()));
        assertEquals(0, buffer("num_batches_tracked").item());
        Gradients gradients = y.square().sum().backward();
        assertEquals(2, gradients.parameters().size());

        norm.parameters().unfreeze();
        assertFalse(norm.parameters().get("running_mean").isTrainable());
        assertEquals(2, norm.parameters().trainable().size());
        train(norm);
        assertEquals(1, buffer("num_batches_tracked").item());
    }

    @Test
    void what_is_computed_again_moves_the_statistics_once() {
        Linear below = new Linear(3, 3, random);
        Variable loss = Mode.training(random, () -> below.forward(x).recompute(norm::forward).square().sum());
        Tensor mean = buffer("running_mean").copy();
        loss.backward();
        assertTrue(mean.bitsEqual(buffer("running_mean")));
        assertEquals(1, buffer("num_batches_tracked").item());
    }

    @Test
    void optimisers_leave_buffers_alone() {
        train(norm);
        Tensor mean = buffer("running_mean").copy();
        Sgd.of(List.of(ParamGroup.of(norm.parameters()).rate(0.1).decay(0.5)), Schedule.constant(), Double.POSITIVE_INFINITY, 0.9, false)
                .step(train(norm).square().sum().backward());
        train(norm);
        assertFalse(mean.bitsEqual(buffer("running_mean"))); // moved by the batches
        assertEquals(3, buffer("num_batches_tracked").item());
    }

    @Test
    void buffers_are_carried_to_another_model() {
        train(norm);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        norm.parameters().byName().forEach((name, parameter) -> tensors.put(name, parameter.value()));
        BatchNorm other = new BatchNorm(3);
        Transfer.into("other", other.parameters()).fromTensors("norm", tensors);
        assertTrue(other.forward(x).value().bitsEqual(norm.forward(x).value()));
    }

    @Test
    void fused_forms_give_the_bits_of_their_parts() {
        BatchNorm again = new BatchNorm(3);
        Parameter addend = Parameter.of(random.normal(x.shape(), 0, 1));
        Variable plain = train(norm);
        Variable relu = Mode.training(random, () -> again.forwardRelu(x));
        Variable residual = Mode.training(random, () -> again.forwardRelu(x, addend));
        assertTrue(plain.relu().value().bitsEqual(relu.value()));
        assertTrue(plain.plus(addend).relu().value().bitsEqual(residual.value()));
        Tensor dY = random.normal(x.shape(), 0, 1);
        Tensor expected = plain.plus(addend).relu().backward(dY).get(addend);
        Tensor actual = residual.backward(dY).get(addend);
        assertTrue(expected != null && actual != null && expected.bitsEqual(actual));
        Tensor dWeight = plain.relu().backward(dY).get(norm.weight());
        Tensor fused = relu.backward(dY).get(again.weight());
        assertTrue(dWeight != null && fused != null && dWeight.bitsEqual(fused));
    }

    @Test
    void one_element_has_no_variance() {
        assertEquals("batch norm: x[1, 3]: training needs more than one element for each channel",
                assertThrows(ShapeException.class,
                        () -> Mode.training(random, () -> norm.forward(Variable.of(Tensor.zeros(Shape.of(1, 3))))))
                        .getMessage());
    }

    @Test
    void infinite_gradients_pass_fixed_moments_alike_whether_gamma_is_frozen_or_not() {
        float[] given = random.child("dY").normal(x.value().shape(), 0, 1).toArray();
        given[0] = Float.POSITIVE_INFINITY;
        given[4] = Float.NEGATIVE_INFINITY;
        Parameter input = Parameter.of(x.value());
        Tensor dY = Tensor.wrap(x.value().shape(), given);
        Gradients learning = norm.forward(input).backward(dY);
        norm.parameters().freeze();
        Gradients frozen = norm.forward(input).backward(dY);
        Tensor dX = Objects.requireNonNull(frozen.get(input));
        assertEquals(Float.POSITIVE_INFINITY, dX.get(0, 0, 0, 0));
        assertEquals(Float.NEGATIVE_INFINITY, dX.get(0, 0, 1, 1));
        assertTrue(dX.bitsEqual(Objects.requireNonNull(learning.get(input))));
    }
}
