package dev.headstart.nn.attention;

import dev.headstart.autograd.Gradients;
import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Variable;
import dev.headstart.nn.Golden;
import dev.headstart.tensor.AttentionPattern;
import dev.headstart.tensor.Tensor;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/// Attention gives what PyTorch gives, forward and backward: the 70 queries are a strip and a part of one.
class AttentionGoldenTest {
    private static final int TIME = 70;

    private final Golden golden;

    AttentionGoldenTest() throws IOException {
        golden = Golden.open("attention");
    }

    private void check(String name, int keys, AttentionPattern pattern) {
        Parameter q = Parameter.of(golden.tensor("q"));
        Parameter k = Parameter.of(golden.tensor("k").slice(1, 0, keys));
        Parameter v = Parameter.of(golden.tensor("v").slice(1, 0, keys));
        Variable y = q.attention(k, v, pattern);
        golden.same(name + ".y", y.value());
        Gradients gradients = y.backward(golden.tensor("dY"));
        golden.same(name + ".dQ", gradients.get(q));
        golden.same(name + ".dK", gradients.get(k));
        golden.same(name + ".dV", gradients.get(v));
    }

    @Test
    void without_a_mask() {
        check("full", TIME, AttentionPattern.FULL);
        check("cross", 37, AttentionPattern.FULL);
    }

    @Test
    void causal() {
        check("causal", TIME, AttentionPattern.CAUSAL);
        check("causal", TIME, AttentionPattern.FULL.masked(AttentionMask.causal(TIME)));
    }

    @Test
    void what_a_boolean_mask_hides() {
        check("padding", TIME, AttentionPattern.FULL.masked(AttentionMask.padding(golden.tensor("padding.kept"))));
        Tensor visible = golden.tensor("boolean.kept");
        check("boolean", TIME, AttentionPattern.FULL.masked(Tensor.zeros(visible.shape()).where(visible, Float.NEGATIVE_INFINITY)));
    }

    @Test
    void what_is_added_to_the_scores() {
        check("additive", TIME, AttentionPattern.FULL.masked(golden.tensor("additive.mask")));
    }
}
