package dev.headstart.nn.attention;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.autograd.Gradients;
import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Variable;
import dev.headstart.nn.Activation;
import dev.headstart.tensor.AttentionPattern;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.Workers;
import dev.headstart.tensor.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Attention in strips has the bits of the operators it is made of, one after the other.
class FusedAttentionTest {
    private final RandomStream random = RandomStream.of(5);

    /// Value and gradients of queries, keys and values.
    private static List<Tensor> outcome(Function<Parameter[], Variable> f, Tensor dY, Tensor... values) {
        Parameter[] leaves = new Parameter[values.length];
        for (int i = 0; i < leaves.length; i++) {
            leaves[i] = Parameter.of(values[i]);
        }
        Variable y = f.apply(leaves);
        Gradients gradients = y.backward(dY);
        List<Tensor> all = new ArrayList<>(List.of(y.value().copy()));
        for (Parameter leaf : leaves) {
            all.add(Objects.requireNonNull(gradients.get(leaf)).copy());
        }
        return all;
    }

    private static Variable composed(Variable q, Variable k, Variable v, AttentionPattern pattern) {
        Variable scaled = q.times((float) (1 / Math.sqrt(q.shape().dim(3)))).permute(0, 2, 1, 3);
        Variable scores = scaled.matmul(k.permute(0, 2, 1, 3).transpose(-2, -1)); // [batch, heads, time, other]
        Tensor mask = pattern.mask();
        Variable masked = mask == null ? scores : scores.plus(Variable.of(mask));
        if (pattern.causal()) {
            masked = masked.plus(Variable.of(AttentionMask.causal(q.shape().dim(1))));
        }
        Variable weights = masked.softmax();
        Variable kept = pattern.dropout() == 0 ? weights : weights.dropout(pattern.dropout(), Objects.requireNonNull(pattern.random()));
        return kept.matmul(v.permute(0, 2, 1, 3)).permute(0, 2, 1, 3);
    }

    private void fusedEqualsComposed(Shape q, int other, AttentionPattern pattern) {
        Tensor[] values = {random.child("q").normal(q, 0, 1), random.child("k").normal(q.with(1, other), 0, 1),
            random.child("v").normal(q.with(1, other), 0, 1)};
        Tensor dY = random.child("dY").normal(q, 0, 1);
        List<Tensor> expected = outcome(p -> composed(p[0], p[1], p[2], pattern), dY, values);
        Workspace workspace = new Workspace();
        for (int threads = 1; threads <= 3; threads++) {
            for (int round = 0; round < 2; round++) {
                List<Tensor> fused = Workers.of(threads)
                        .call(() -> workspace.call(() -> outcome(p -> p[0].attention(p[1], p[2], pattern), dY, values)));
                for (int i = 0; i < 4; i++) {
                    assertTrue(expected.get(i).bitsEqual(fused.get(i)), q + " " + other + " " + pattern + " output " + i);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 64, 64, 1, 8", "2, 65, 130, 3, 16", "1, 130, 65, 2, 5", "4, 48, 48, 4, 32", "3, 200, 200, 3, 12", "16, 7, 7, 4, 33",
        "1, 1, 300, 2, 64"})
    void strips_have_the_bits_of_the_composition(int batch, int time, int other, int heads, int headDim) {
        Shape q = Shape.of(batch, time, heads, headDim);
        Tensor padding = AttentionMask.padding(random.child("kept").uniform(Shape.of(batch, other), 0, 1).greater(Tensor.scalar(0.3f)));
        Tensor everywhere = random.child("mask").normal(Shape.of(heads, time, other), 0, 1);
        for (AttentionPattern pattern : List.of(AttentionPattern.FULL, AttentionPattern.FULL.masked(padding),
                AttentionPattern.FULL.masked(everywhere), AttentionPattern.FULL.dropping(0.2f, random),
                AttentionPattern.FULL.masked(padding).dropping(0.5f, random))) {
            fusedEqualsComposed(q, other, pattern);
        }
        if (time == other) {
            fusedEqualsComposed(q, other, AttentionPattern.CAUSAL);
            fusedEqualsComposed(q, other, AttentionPattern.CAUSAL.masked(everywhere).dropping(0.3f, random));
        }
    }

    @Test
    void chains_are_cut_where_those_of_the_composition_are() {
        fusedEqualsComposed(Shape.of(1, 4096 + 70, 1, 2), 90, AttentionPattern.FULL);
        fusedEqualsComposed(Shape.of(1, 90, 1, 2), 4096 + 70, AttentionPattern.FULL);
        fusedEqualsComposed(Shape.of(1, 4096 + 70, 1, 2), 4096 + 70, AttentionPattern.CAUSAL);
    }

    @Test
    void slices_of_one_projection_are_read_in_place() {
        Tensor projected = random.normal(Shape.of(2, 70, 3 * 4, 8), 0, 1); // [batch, time, 3 · heads, headDim]
        Tensor q = projected.slice(2, 0, 4);
        Tensor k = projected.slice(2, 4, 8);
        Tensor v = projected.slice(2, 8, 12);
        assertFalse(q.isContiguous());
        Tensor expected = q.copy().attention(k.copy(), v.copy(), AttentionPattern.CAUSAL);
        assertTrue(q.attention(k, v, AttentionPattern.CAUSAL).bitsEqual(expected));
    }

    @Test
    void a_query_that_sees_no_key_gets_zeros_and_gives_no_gradient() {
        Tensor mask = Tensor.zeros(Shape.of(3, 1)).where(Tensor.of(Shape.of(3, 1), 1, 0, 1), Float.NEGATIVE_INFINITY);
        Tensor x = random.normal(Shape.of(1, 3, 1, 4), 0, 1);
        List<Tensor> all = outcome(p -> p[0].attention(p[1], p[2], AttentionPattern.FULL.masked(mask)), Tensor.ones(x.shape()), x, x, x);
        assertArrayEquals(new float[4], all.get(0).slice(1, 1, 2).toArray());
        assertArrayEquals(new float[4], all.get(1).slice(1, 1, 2).toArray());
    }

    @Test
    void what_comes_later_is_not_even_read() {
        Tensor x = random.normal(Shape.of(1, 130, 1, 4), 0, 1);
        Tensor broken = Tensor.concat(1, x.slice(1, 0, 128), Tensor.full(Shape.of(1, 2, 1, 4), Float.NaN));
        Tensor y = broken.attention(broken, broken, AttentionPattern.CAUSAL);
        assertTrue(y.slice(1, 0, 128).bitsEqual(x.attention(x, x, AttentionPattern.CAUSAL).slice(1, 0, 128)));
    }

    @Test
    void dropout_keeps_its_share_and_the_mean() {
        Tensor q = Tensor.zeros(Shape.of(4, 100, 4, 1)); // equal weights
        Tensor v = Tensor.ones(q.shape());
        Tensor y = q.attention(q, v, AttentionPattern.FULL.dropping(0.25f, random));
        assertEquals(1, y.mean().item(), 0.01); // 160,000 weights
        double variance = y.minus(Tensor.scalar(1)).square().mean().item();
        assertEquals(0.25 / 0.75 / 100, variance, 0.0005);
    }

    @Test
    void layers_hide_the_future_either_way() {
        TransformerBlock block = new TransformerBlock(12, 3, 24, Activation.GELU, 0.2f, random.child("block"));
        Variable x = Variable.of(random.child("x").normal(Shape.of(2, 9, 12), 0, 1));
        Tensor masked = Mode.training(random, () -> block.forward(x, AttentionMask.causal(9))).value();
        assertTrue(Mode.training(random, () -> block.forwardCausal(x, null)).value().bitsEqual(masked));
    }
}
