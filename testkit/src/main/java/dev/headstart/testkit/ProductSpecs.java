package dev.headstart.testkit;

import dev.headstart.autograd.Variable;
import dev.headstart.autograd.op.Linear;
import dev.headstart.autograd.op.Matmul;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.testkit.OpSpec.Refusal;
import dev.headstart.testkit.OpSpec.Sample;
import java.util.List;
import java.util.function.Function;

/// Matrix products.
final class ProductSpecs {
    private ProductSpecs() {}

    static List<OpSpec> all() {
        return List.of(matmul(), linear());
    }

    private static OpSpec matmul() {
        return new OpSpec(Matmul.class,
                List.of(matmul(Shape.of(3, 4), Shape.of(4, 5)).batched(0),
                        matmul(Shape.of(1, 4), Shape.of(4, 1)).batched(0),
                        matmul(Shape.of(4, 1), Shape.of(1, 3)).batched(0),
                        matmul(Shape.of(13, 3), Shape.of(3, 33)).batched(0),
                        matmul(Shape.of(2, 3, 4), Shape.of(4, 5)).batched(0),
                        matmul(Shape.of(2, 3, 4), Shape.of(2, 4, 2)).batched(0, 1),
                        matmul(Shape.of(3, 4), Shape.of(2, 4, 5)).batched(1),
                        matmul(Shape.of(2, 1, 3, 4), Shape.of(3, 4, 2)).batched(0),
                        matmul(Shape.of(1, 3, 4), Shape.of(2, 4, 2)).batched(1),
                        matmul(Shape.of(0, 4), Shape.of(4, 2)),
                        matmul(Shape.of(2, 0), Shape.of(0, 3)).batched(0),
                        matmul(Shape.of(2, 3, 0), Shape.of(0, 2)).batched(0),
                        matmul(Shape.of(0, 2, 3), Shape.of(3, 2))),
                matmul(Shape.of(4, 67, 130), Shape.of(4, 130, 70)).batched(0, 1),
                List.of(refusal("matmul: a[3, 4] · b[3, 5]: inner dims differ: a's last is 4, b's last-but-one is 3",
                        Shape.of(3, 4), Shape.of(3, 5)),
                        refusal("matmul: a[4] · b[4, 5]: both operands need at least 2 axes: reshape a vector to a row or a column",
                                Shape.of(4), Shape.of(4, 5)),
                        refusal("matmul: a[2, 3, 4] · b[3, 4, 5]: leading axes do not broadcast: axis -3 is 2 in a, 3 in b",
                                Shape.of(2, 3, 4), Shape.of(3, 4, 5))));
    }

    private static Sample matmul(Shape a, Shape b) {
        return Sample.of(v -> v[0].matmul(v[1]), Values.between("a", a, -1, 1), Values.between("b", b, -1, 1));
    }

    private static Refusal refusal(String message, Shape a, Shape b) {
        return Refusal.of(message, v -> v[0].matmul(v[1]), Tensor.zeros(a), Tensor.zeros(b));
    }

    private static OpSpec linear() {
        Function<Variable[], Variable> apply = v -> v[0].linear(v[1], v[2]);
        Function<Variable[], Variable> withoutBias = v -> v[0].linear(v[1], null);
        return new OpSpec(Linear.class,
                List.of(linear(Shape.of(3), 3, 4),
                        linear(Shape.of(5, 3), 3, 4).batched(0),
                        linear(Shape.of(1, 4), 4, 1).batched(0),
                        linear(Shape.of(2, 3, 4), 4, 5).batched(0),
                        linear(Shape.of(13, 2), 2, 33).batched(0),
                        linear(Shape.of(0, 3), 3, 2),
                        linear(Shape.of(2, 0), 0, 3).batched(0),
                        linear(Shape.of(2, 3), 3, 0).batched(0),
                        withoutBias(Shape.of(3), 3, 4),
                        withoutBias(Shape.of(2, 3, 4), 4, 5).batched(0),
                        withoutBias(Shape.of(13, 2), 2, 33).batched(0),
                        withoutBias(Shape.of(0, 3), 3, 2),
                        withoutBias(Shape.of(2, 0), 0, 3).batched(0)),
                linear(Shape.of(3, 101, 96), 96, 130).batched(0),
                List.of(Refusal.of("linear: x[2, 3], weight[5, 4]: features differ: x's last is 3, weight expects 4 (axis 1)", apply,
                        Tensor.zeros(Shape.of(2, 3)), Tensor.zeros(Shape.of(5, 4)), Tensor.zeros(Shape.of(5))),
                        Refusal.of("linear: weight[5, 3], bias[4]: outputs differ: weight has 5 (axis 0), bias has 4", apply,
                                Tensor.zeros(Shape.of(2, 3)), Tensor.zeros(Shape.of(5, 3)), Tensor.zeros(Shape.of(4))),
                        Refusal.of("linear: x[2, 3], weight[3], bias[1]: x needs an axis, weight two, bias one", apply,
                                Tensor.zeros(Shape.of(2, 3)), Tensor.zeros(Shape.of(3)), Tensor.zeros(Shape.of(1))),
                        Refusal.of("linear: x[2, 3], weight[5, 4]: features differ: x's last is 3, weight expects 4 (axis 1)", withoutBias,
                                Tensor.zeros(Shape.of(2, 3)), Tensor.zeros(Shape.of(5, 4))),
                        Refusal.of("linear: x[2, 3], weight[3]: x needs an axis, weight two", withoutBias,
                                Tensor.zeros(Shape.of(2, 3)), Tensor.zeros(Shape.of(3)))));
    }

    private static Sample withoutBias(Shape x, int in, int out) {
        return Sample.of(v -> v[0].linear(v[1], null), Values.between("x", x, -1, 1), Values.between("w", Shape.of(out, in), -1, 1));
    }

    private static Sample linear(Shape x, int in, int out) {
        return Sample.of(v -> v[0].linear(v[1], v[2]), Values.between("x", x, -1, 1), Values.between("w", Shape.of(out, in), -1, 1),
                Values.between("b", Shape.of(out), -1, 1));
    }
}
