package dev.headstart.testkit;

import dev.headstart.autograd.Variable;
import dev.headstart.autograd.op.Max;
import dev.headstart.autograd.op.Sum;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.testkit.OpSpec.Refusal;
import dev.headstart.testkit.OpSpec.Sample;
import java.util.List;
import java.util.function.BiFunction;

/// Reductions over axes.
final class ReductionSpecs {
    private ReductionSpecs() {}

    static List<OpSpec> all() {
        return List.of(
                new OpSpec(Sum.class, samples(Variable::sum), sample(Variable::sum, Shape.of(40, 70, 65), 1),
                        refusals("sum", Variable::sum)),
                // no two elements alike and none near another: ties are kinks
                new OpSpec(Max.class, samples(Variable::max), sample(Variable::max, Shape.of(40, 70, 65), 0, 2),
                        refusals("max", Variable::max)));
    }

    private static List<Sample> samples(BiFunction<Variable, int[], Variable> f) {
        return List.of(sample(f, Shape.SCALAR),
                sample(f, Shape.of(1), 0),
                sample(f, Shape.of(67)),
                sample(f, Shape.of(3, 5)),
                sample(f, Shape.of(3, 5), 0),
                sample(f, Shape.of(3, 5), 1).batched(0),
                sample(f, Shape.of(2, 3, 4), 1).batched(0),
                sample(f, Shape.of(2, 3, 4), 0, 2),
                sample(f, Shape.of(2, 3, 4), 2, 1).batched(0),
                sample(f, Shape.of(2, 3, 4), -1).batched(0),
                sample(f, Shape.of(2, 1, 3, 2), -4, 2),
                sample(f, Shape.of(0, 3), 0),
                sample(f, Shape.of(3, 0), 0));
    }

    private static Sample sample(BiFunction<Variable, int[], Variable> f, Shape shape, int... axes) {
        return Sample.of(v -> f.apply(v[0], axes), Values.distinct("x", shape));
    }

    private static List<Refusal> refusals(String name, BiFunction<Variable, int[], Variable> f) {
        Tensor x = Tensor.zeros(Shape.of(2, 3));
        return List.of(
                Refusal.of(name + ": x[2, 3] over axes [2]: there is no axis 2: the rank is 2", v -> f.apply(v[0], new int[] {2}), x),
                Refusal.of(name + ": x[2, 3] over axes [0, -2]: an axis is named twice", v -> f.apply(v[0], new int[] {0, -2}), x));
    }
}
