package dev.headstart.nn.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.autograd.Gradients;
import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.Workers;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Cross-entropy with the projection inside agrees with logits first and the loss after.
class ProjectedCrossEntropyTest {
    private static final int ROWS = 530; // three chunks
    private static final int WIDTH = 9;
    private static final int CLASSES = 37;
    private final RandomStream random = RandomStream.of(8);
    private final Parameter x = Parameter.of(random.child("x").normal(Shape.of(ROWS, WIDTH), 0, 1));
    private final Parameter weight = Parameter.of(random.child("w").normal(Shape.of(CLASSES, WIDTH), 0, 1));
    private final Parameter bias = Parameter.of(random.child("b").normal(Shape.of(CLASSES), 0, 1));
    private final Indices labels = Indices.of(IntStream.range(0, ROWS).map(i -> i % 7 == 3 ? -100 : random.below(CLASSES, i)).toArray());

    private static Tensor gradient(Gradients gradients, Parameter of) {
        return Objects.requireNonNull(gradients.get(of));
    }

    @Test
    void plain_losses_and_gradients_have_the_bits_of_the_composition() {
        Variable expected = Losses.crossEntropy(x.matmul(weight.transpose(0, 1)), labels);
        Gradients before = expected.backward();
        for (int threads = 1; threads <= 3; threads++) {
            Variable loss = Workers.of(threads).call(() -> Losses.crossEntropy(x, weight, null, labels));
            Gradients gradients = loss.backward();
            assertTrue(loss.value().bitsEqual(expected.value()));
            assertTrue(gradient(gradients, x).bitsEqual(gradient(before, x)));
            assertTrue(gradient(gradients, weight).bitsEqual(gradient(before, weight)));
        }
    }

    @Test
    void sums_over_many_rows_are_cut_where_those_of_the_composition_are() {
        int[] counts = {4096, 4097, 4 * 4096 + 300}; // one block; a row more; five blocks, whose tree is not that of lanes
        for (int rows : counts) {
            Parameter many = Parameter.of(random.child("many").normal(Shape.of(rows, 5), 0, 1));
            Parameter w = Parameter.of(weight.value().slice(0, 0, 7).slice(1, 0, 5).copy());
            Parameter b = Parameter.of(bias.value().slice(0, 0, 7).copy());
            Indices each = Indices.of(IntStream.range(0, rows).map(i -> i % 11 == 3 ? -100 : random.below(7, i)).toArray());
            Gradients before = Losses.crossEntropy(many.linear(w, b), each).backward();
            for (int threads = 1; threads <= 2; threads++) {
                Gradients after = Workers.of(threads).call(() -> Losses.crossEntropy(many, w, b, each)).backward();
                for (Parameter p : new Parameter[] {many, w, b}) {
                    assertTrue(gradient(after, p).bitsEqual(gradient(before, p)), rows + " rows, " + p.shape());
                }
            }
        }
    }

    @Test
    void every_option_agrees_with_the_composition() {
        Tensor classWeights = random.child("classes").uniform(Shape.of(CLASSES), 0.5f, 2);
        for (CrossEntropy loss : new CrossEntropy[] {CrossEntropy.PLAIN, new CrossEntropy(-100, 0.1f, null),
            new CrossEntropy(5, 0, classWeights), new CrossEntropy(5, 0.3f, classWeights)}) {
            Variable expected = loss.of(x.linear(weight, bias), labels);
            Variable fused = loss.ofProjected(x, weight, bias, labels);
            assertEquals(expected.value().item(), fused.value().item(), 1e-5f);
            Gradients before = expected.times(3).backward();
            Gradients after = fused.times(3).backward();
            for (Parameter p : new Parameter[] {x, weight, bias}) {
                assertArrayEquals(gradient(before, p).toArray(), gradient(after, p).toArray(), 1e-5f);
            }
        }
    }

    @Test
    void frozen_inputs_get_no_gradient() {
        weight.freeze();
        Variable loss = Losses.crossEntropy(x, weight, bias, labels);
        Gradients gradients = loss.backward();
        assertNull(gradients.get(weight));
        assertNotNull(gradients.get(bias));
        weight.unfreeze();
        IllegalStateException e = assertThrows(IllegalStateException.class, loss::backward);
        assertEquals("crossEntropy: input 1 [37, 9] was frozen when the operator was applied and is not now: compute the value again",
                e.getMessage());
    }

    @Test
    void rows_may_have_any_axes() {
        Variable sequences = x.reshape(10, 53, WIDTH);
        Indices likewise = Indices.of(Shape.of(10, 53), labels.toArray());
        assertTrue(Losses.crossEntropy(sequences, weight, bias, likewise).value()
                .bitsEqual(Losses.crossEntropy(x, weight, bias, labels).value()));
    }

    @Test
    void without_labels_that_count_all_is_zero() {
        Indices none = Indices.of(IntStream.range(0, ROWS).map(i -> -1).toArray());
        Gradients gradients = Losses.crossEntropy(x, weight, bias, none).backward();
        assertArrayEquals(new float[CLASSES * WIDTH], gradient(gradients, weight).toArray());
    }
}
