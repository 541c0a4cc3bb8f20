package dev.headstart.testkit;

import dev.headstart.autograd.Variable;
import dev.headstart.autograd.op.Attention;
import dev.headstart.autograd.op.CrossEntropy;
import dev.headstart.tensor.AttentionPattern;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Targets;
import dev.headstart.tensor.Tensor;
import dev.headstart.testkit.OpSpec.Refusal;
import dev.headstart.testkit.OpSpec.Sample;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Operators of transformers that go in strips or chunks, so that what is between their products is never in memory as a whole.
final class AttentionSpecs {
    private static final RandomStream RANDOM = RandomStream.of(7);

    private AttentionSpecs() {}

    static List<OpSpec> all() {
        return List.of(attention(), crossEntropy());
    }

    private static OpSpec attention() {
        Tensor hidden = Tensor.of(Shape.of(1, 1, 1, 5), 0, 0.5f, Float.NEGATIVE_INFINITY, -1, 0);
        AttentionPattern dropping = AttentionPattern.FULL.dropping(0.3f, RANDOM);
        return new OpSpec(Attention.class,
                List.of(attention(2, 3, 5, 2, 4, AttentionPattern.FULL).batched(0, 1, 2),
                        attention(2, 5, 5, 2, 3, AttentionPattern.CAUSAL).batched(0, 1, 2),
                        attention(3, 2, 5, 1, 2, AttentionPattern.FULL.masked(hidden)).batched(0, 1, 2),
                        attention(1, 5, 5, 2, 2, AttentionPattern.CAUSAL.masked(hidden)).batched(0, 1, 2),
                        attention(2, 3, 4, 2, 3, dropping),
                        attention(1, 4, 4, 2, 2, AttentionPattern.CAUSAL.dropping(0.5f, RANDOM)),
                        attention(2, 1, 1, 3, 1, AttentionPattern.FULL).batched(0, 1, 2),
                        attention(1, 67, 2, 1, 2, AttentionPattern.FULL).batched(0, 1, 2),
                        attention(9, 2, 3, 1, 2, AttentionPattern.FULL).batched(0, 1, 2),
                        attention(0, 2, 3, 1, 2, AttentionPattern.FULL),
                        attention(1, 0, 3, 1, 2, AttentionPattern.FULL),
                        attention(2, 3, 0, 1, 2, AttentionPattern.FULL).batched(0, 1, 2)),
                attention(5, 131, 131, 3, 24, AttentionPattern.CAUSAL).batched(0, 1, 2),
                List.of(refusal("attention: q[3, 4], k[3, 4], v[3, 4]: each needs 4 axes: [batch, time, heads, headDim]", Shape.of(3, 4),
                        Shape.of(3, 4), Shape.of(3, 4), AttentionPattern.FULL),
                        refusal("attention: q[2, 3, 2, 4], k[2, 5, 1, 4], v[2, 5, 1, 4]: they may differ in the time of q (axis 1) only",
                                Shape.of(2, 3, 2, 4), Shape.of(2, 5, 1, 4), Shape.of(2, 5, 1, 4), AttentionPattern.FULL),
                        refusal("attention: q[2, 3, 2, 4], k[2, 5, 2, 4], v[2, 3, 2, 4]: they may differ in the time of q (axis 1) only",
                                Shape.of(2, 3, 2, 4), Shape.of(2, 5, 2, 4), Shape.of(2, 3, 2, 4), AttentionPattern.FULL),
                        refusal("attention: q[2, 3, 2, 4], k[2, 5, 2, 4], v[2, 5, 2, 4]: causal attention needs equal times: q has 3, "
                                + "k has 5 (axis 1)",
                                Shape.of(2, 3, 2, 4), Shape.of(2, 5, 2, 4), Shape.of(2, 5, 2, 4), AttentionPattern.CAUSAL),
                        refusal("attention: scores[2, 2, 3, 3], mask[2, 3]: the mask does not broadcast to the scores",
                                Shape.of(2, 3, 2, 4),
                                Shape.of(2, 3, 2, 4), Shape.of(2, 3, 2, 4), AttentionPattern.FULL.masked(Tensor.zeros(Shape.of(2, 3)))),
                        new Refusal("attention: dropout 1.0: it must be in [0, 1)", () -> {
                            throw new AssertionError(AttentionPattern.FULL.dropping(1, RANDOM));
                        })));
    }

    private static Sample attention(int batch, int time, int other, int heads, int headDim, AttentionPattern pattern) {
        Shape keys = Shape.of(batch, other, heads, headDim);
        return Sample.of(v -> v[0].attention(v[1], v[2], pattern), Values.between("q", keys.with(1, time), -1, 1),
                Values.between("k", keys, -1, 1), Values.between("v", keys, -1, 1));
    }

    private static Refusal refusal(String message, Shape q, Shape k, Shape v, AttentionPattern pattern) {
        return Refusal.of(message, x -> x[0].attention(x[1], x[2], pattern), Tensor.zeros(q), Tensor.zeros(k), Tensor.zeros(v));
    }

    private static OpSpec crossEntropy() {
        Tensor smoothing = Tensor.of(Shape.of(4), 0.1f, 0.2f, 0, 0.05f);
        Function<Variable[], Variable> apply = v -> v[0].crossEntropy(v[1], v[2], targets(Shape.of(2), 4, null));
        return new OpSpec(CrossEntropy.class,
                List.of(crossEntropy(Shape.of(3), 4, null),
                        crossEntropy(Shape.of(3), 4, smoothing),
                        crossEntropy(Shape.of(2, 3), 4, smoothing),
                        crossEntropy(Shape.of(7), 1, null),
                        crossEntropy(Shape.of(5), 67, null),
                        crossEntropy(Shape.of(0), 3, null),
                        Sample.of(v -> v[0].crossEntropy(v[1], null, targets(Shape.of(4), 5, null)),
                                Values.between("x", Shape.of(4, 2), -1, 1), Values.between("w", Shape.of(5, 2), -1, 1))),
                crossEntropy(Shape.of(307), 203, null),
                List.of(Refusal.of(
                        "crossEntropy: x[2, 3], weight[4, 5], bias[4]: features differ: x's last is 3, weight expects 5 (axis 1)",
                        apply, Tensor.zeros(Shape.of(2, 3)), Tensor.zeros(Shape.of(4, 5)), Tensor.zeros(Shape.of(4))),
                        Refusal.of("crossEntropy: x[2, 3], weight[4, 3], bias[3]: one bias for each class is needed: weight has 4 (axis 0)",
                                apply, Tensor.zeros(Shape.of(2, 3)), Tensor.zeros(Shape.of(4, 3)), Tensor.zeros(Shape.of(3))),
                        Refusal.of("crossEntropy: x[2, 3], weight[3], bias[4]: x needs an axis, weight two", apply,
                                Tensor.zeros(Shape.of(2, 3)), Tensor.zeros(Shape.of(3)), Tensor.zeros(Shape.of(4))),
                        Refusal.of("crossEntropy: x[3, 4], indices[2]: one index for each row of x is needed: [3]", apply,
                                Tensor.zeros(Shape.of(3, 3)), Tensor.zeros(Shape.of(4, 3)), Tensor.zeros(Shape.of(4))),
                        Refusal.of("crossEntropy: x[2, 1], indices[2]: index 3 is not below 1", apply,
                                Tensor.zeros(Shape.of(2, 3)), Tensor.zeros(Shape.of(1, 3)), Tensor.zeros(Shape.of(1)))));
    }

    private static Sample crossEntropy(Shape rows, int classes, @Nullable Tensor smoothing) {
        Targets targets = targets(rows, classes, smoothing);
        int[] dims = java.util.Arrays.copyOf(rows.dims(), rows.rank() + 1);
        dims[rows.rank()] = 2;
        return Sample.of(v -> v[0].crossEntropy(v[1], v[2], targets), Values.between("x", Shape.of(dims), -1, 1),
                Values.between("w", Shape.of(classes, 2), -1, 1), Values.between("b", Shape.of(classes), -1, 1));
    }

    /// Every third row does not count.
    private static Targets targets(Shape rows, int classes, @Nullable Tensor smoothing) {
        int[] labels = new int[rows.size()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = i % 3 == 2 ? -1 : (i + 3) * 5 % classes;
        }
        return new Targets(Indices.of(rows, labels), Values.between("weights", rows, 0.5f, 1.5f), 0.8f, smoothing);
    }
}
