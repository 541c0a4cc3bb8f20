package dev.headstart.nn.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.autograd.Variable;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import org.junit.jupiter.api.Test;

class AttentionTest {
    private final RandomStream random = RandomStream.of(11);
    private final MultiHeadAttention attention = new MultiHeadAttention(12, 3, 0, random.child("attention"));

    @Test
    void causal_attention_does_not_see_what_comes_later() {
        Tensor x = random.normal(Shape.of(2, 5, 12), 0, 1);
        Tensor changed = Tensor.concat(1, x.slice(1, 0, 3), x.slice(1, 3, 5).times(7));
        Tensor y = causal(x);
        Tensor z = causal(changed);
        assertTrue(y.slice(1, 0, 3).bitsEqual(z.slice(1, 0, 3)));
        assertNotEquals(y.get(0, 4, 0), z.get(0, 4, 0));
    }

    private Tensor causal(Tensor x) {
        return attention.forward(Variable.of(x), Variable.of(x), AttentionMask.causal(x.dim(1))).value();
    }

    @Test
    void padding_changes_no_bit_of_what_is_kept() {
        Tensor x = random.normal(Shape.of(1, 4, 12), 0, 1);
        Tensor padded = Tensor.concat(1, x, random.child("noise").normal(Shape.of(1, 3, 12), 0, 1));
        Tensor mask = AttentionMask.padding(Tensor.of(Shape.of(1, 7), 1, 1, 1, 1, 0, 0, 0));
        Tensor alone = attention.forward(Variable.of(x)).value();
        Tensor together = attention.forward(Variable.of(padded), Variable.of(padded), mask).value();
        assertTrue(alone.bitsEqual(together.slice(1, 0, 4)));
    }

    @Test
    void attention_is_the_formula_of_the_paper() {
        Tensor x = random.normal(Shape.of(1, 3, 12), 0, 1);
        Tensor got = attention.forward(Variable.of(x)).value();
        double[][] q = project("query", x);
        double[][] k = project("key", x);
        double[][] v = project("value", x);
        double[][] joined = new double[3][12];
        for (int head = 0; head < 3; head++) {
            for (int i = 0; i < 3; i++) {
                double[] weights = new double[3];
                double sum = 0;
                for (int j = 0; j < 3; j++) {
                    double score = 0;
                    for (int d = 0; d < 4; d++) {
                        score += q[i][head * 4 + d] * k[j][head * 4 + d];
                    }
                    weights[j] = Math.exp(score / 2); // √headDim is 2
                    sum += weights[j];
                }
                for (int d = 0; d < 4; d++) {
                    for (int j = 0; j < 3; j++) {
                        joined[i][head * 4 + d] += weights[j] / sum * v[j][head * 4 + d];
                    }
                }
            }
        }
        Tensor weight = attention.parameters().get("output.weight").value();
        for (int i = 0; i < 3; i++) {
            for (int o = 0; o < 12; o++) {
                double expected = 0;
                for (int d = 0; d < 12; d++) {
                    expected += joined[i][d] * weight.get(o, d);
                }
                assertEquals(expected, got.get(0, i, o), 1e-5);
            }
        }
    }

    private double[][] project(String name, Tensor x) {
        Tensor weight = attention.parameters().get(name + ".weight").value();
        double[][] y = new double[x.dim(1)][12];
        for (int i = 0; i < y.length; i++) {
            for (int o = 0; o < 12; o++) {
                for (int d = 0; d < 12; d++) {
                    y[i][o] += (double) x.get(0, i, d) * weight.get(o, d);
                }
            }
        }
        return y;
    }

    @Test
    void the_width_must_be_a_multiple_of_the_heads() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> new MultiHeadAttention(10, 3, 0, random));
        assertEquals("attention: width 10, heads 3: the width must be a multiple of the heads", e.getMessage());
    }
}
