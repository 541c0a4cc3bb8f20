package dev.headstart.testkit;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.autograd.op.LayerNorm;
import dev.headstart.autograd.op.LogSoftmax;
import dev.headstart.autograd.op.Softmax;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.testkit.OpSpec.Refusal;
import dev.headstart.testkit.OpSpec.Sample;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// Operators that treat each row (last axis) by itself.
final class RowSpecs {
    private RowSpecs() {}

    static List<OpSpec> all() {
        return List.of(softmax(Softmax.class, "softmax", Variable::softmax), softmax(LogSoftmax.class, "logSoftmax", Variable::logSoftmax),
                layerNorm());
    }

    private static OpSpec softmax(Class<? extends Op> op, String name, UnaryOperator<Variable> f) {
        Function<Variable[], Variable> apply = v -> f.apply(v[0]);
        Function<Shape, Sample> sample = shape -> Sample.of(apply, Values.between("x", shape, -2, 2));
        return new OpSpec(op,
                Stream.concat(
                        Stream.of(Shape.of(5), Shape.of(1)).map(sample),
                        Stream.of(Shape.of(3, 2), Shape.of(2, 67), Shape.of(2, 3, 5), Shape.of(2, 1), Shape.of(0, 3), Shape.of(3, 0))
                                .map(sample).map(s -> s.batched(0)))
                        .toList(),
                sample.apply(Shape.of(31, 23, 147)).batched(0),
                List.of(Refusal.of(name + ": x[]: rows are needed: x has no axis", apply, Tensor.scalar(1))));
    }

    private static OpSpec layerNorm() {
        Function<Variable[], Variable> apply = v -> v[0].layerNorm(v[1], v[2], 1e-5f);
        String rule = ": gamma and beta need the length of x's last axis";
        return new OpSpec(LayerNorm.class,
                List.of(layerNorm(Shape.of(5)),
                        layerNorm(Shape.of(3, 1)).batched(0),
                        layerNorm(Shape.of(3, 4)).batched(0),
                        layerNorm(Shape.of(2, 67)).batched(0),
                        layerNorm(Shape.of(2, 3, 5)).batched(0),
                        layerNorm(Shape.of(0, 3)),
                        layerNorm(Shape.of(2, 0)).batched(0)),
                layerNorm(Shape.of(31, 23, 147)).batched(0),
                List.of(Refusal.of("layerNorm: x[2, 3], gamma[4], beta[4]" + rule, apply, Tensor.zeros(Shape.of(2, 3)),
                        Tensor.zeros(Shape.of(4)), Tensor.zeros(Shape.of(4))),
                        Refusal.of("layerNorm: x[2, 3], gamma[3], beta[1]" + rule, apply, Tensor.zeros(Shape.of(2, 3)),
                                Tensor.zeros(Shape.of(3)), Tensor.zeros(Shape.of(1))),
                        Refusal.of("layerNorm: x[], gamma[1], beta[1]" + rule, apply, Tensor.scalar(1),
                                Tensor.zeros(Shape.of(1)), Tensor.zeros(Shape.of(1)))));
    }

    private static Sample layerNorm(Shape x) {
        Shape row = Shape.of(x.dim(-1));
        // spread wide: where a row is nearly constant, its normal form is too steep for finite differences
        return Sample.of(v -> v[0].layerNorm(v[1], v[2], 1e-5f), Values.between("x", x, -3, 3),
                Values.awayFromZero("gamma", row, 0.5f, 1.5f),
                Values.between("beta", row, -1, 1));
    }
}
