package dev.headstart.nn.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.ShapeException;
import dev.headstart.tensor.Tensor;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class LossesTest {
    private final Tensor logits = RandomStream.of(3).normal(Shape.of(5, 4), 0, 2);
    private final Indices labels = Indices.of(3, 0, -100, 1, 3);

    /// The formula of PyTorch's documentation, in double precision.
    private double naive(double smoothing, double[] weights) {
        double sum = 0;
        double total = 0;
        for (int row = 0; row < 5; row++) {
            if (labels.at(row) < 0) {
                continue;
            }
            double[] p = new double[4];
            double norm = 0;
            for (int c = 0; c < 4; c++) {
                p[c] = Math.exp(logits.get(row, c));
                norm += p[c];
            }
            int y = labels.at(row);
            sum += (1 - smoothing) * weights[y] * -Math.log(p[y] / norm);
            for (int c = 0; c < 4; c++) {
                sum += smoothing / 4 * weights[c] * -Math.log(p[c] / norm);
            }
            total += weights[y];
        }
        return sum / total;
    }

    @Test
    void cross_entropy_is_the_mean_over_labels_that_count() {
        assertEquals(naive(0, new double[] {1, 1, 1, 1}), Losses.crossEntropy(Variable.of(logits), labels).value().item(), 1e-5);
    }

    @Test
    void smoothing_and_class_weights_follow_the_formula() {
        Tensor weights = Tensor.of(Shape.of(4), 0.5f, 2, 1, 3);
        double expected = naive(0.1, new double[] {0.5, 2, 1, 3});
        assertEquals(expected, new CrossEntropy(-100, 0.1f, weights).of(Variable.of(logits), labels).value().item(), 1e-5);
        assertEquals(naive(0.3, new double[] {1, 1, 1, 1}),
                new CrossEntropy(-100, 0.3f, null).of(Variable.of(logits), labels).value().item(), 1e-5);
    }

    @Test
    void ignored_rows_get_no_gradient() {
        Parameter x = Parameter.of(logits);
        Tensor gradient = Objects.requireNonNull(new CrossEntropy(-100, 0.1f, null).of(x, labels).backward().get(x));
        for (int c = 0; c < 4; c++) {
            assertEquals(0f, gradient.get(2, c), 0f);
        }
        assertTrue(gradient.get(0, 3) < 0, "the right class is pushed up");
    }

    @Test
    void a_batch_without_labels_that_count_has_loss_zero() {
        assertEquals(0f, Losses.crossEntropy(Variable.of(logits), Indices.of(-100, -1, -100, -1, -5)).value().item(), 0f);
    }

    @Test
    void a_label_beyond_the_classes_is_refused() {
        ShapeException e = assertThrows(ShapeException.class, () -> Losses.crossEntropy(Variable.of(logits), Indices.of(0, 1, 2, 3, 4)));
        assertEquals("cross-entropy: logits[5, 4]: label 4 is not below 4", e.getMessage());
    }

    @Test
    void squared_error_and_binary_cross_entropy_follow_their_formulas() {
        Tensor x = Tensor.of(Shape.of(3), 1, -2, 30);
        Tensor target = Tensor.of(Shape.of(3), 0, 1, 1);
        assertEquals((1 + 9 + 29 * 29) / 3.0, Losses.meanSquaredError(Variable.of(x), target).value().item(), 1e-3);
        double expected = (Math.log1p(Math.exp(1)) + Math.log1p(Math.exp(2)) + 0) / 3;
        assertEquals(expected, Losses.binaryCrossEntropy(Variable.of(x), target).value().item(), 1e-6);
        assertThrows(ShapeException.class, () -> Losses.meanSquaredError(Variable.of(x), Tensor.zeros(Shape.of(1))));
    }

    @Test
    void no_gradient_without_a_parameter() {
        Parameter elsewhere = Parameter.of(logits);
        assertNull(Losses.crossEntropy(Variable.of(logits), labels).backward().get(elsewhere));
    }
}
