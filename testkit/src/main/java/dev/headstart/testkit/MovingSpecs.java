package dev.headstart.testkit;

import dev.headstart.autograd.Recompute;
import dev.headstart.autograd.Variable;
import dev.headstart.autograd.op.BroadcastTo;
import dev.headstart.autograd.op.Concat;
import dev.headstart.autograd.op.GatherRows;
import dev.headstart.autograd.op.Permute;
import dev.headstart.autograd.op.Pick;
import dev.headstart.autograd.op.Reshape;
import dev.headstart.autograd.op.Slice;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.testkit.OpSpec.Refusal;
import dev.headstart.testkit.OpSpec.Sample;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/// Operators that move, choose or repeat elements, and the one that repeats a computation.
final class MovingSpecs {
    private MovingSpecs() {}

    static List<OpSpec> all() {
        return List.of(reshape(), permute(), slice(), broadcastTo(), concat(), gatherRows(), pick(), recompute());
    }

    private static Sample sample(Function<Variable, Variable> f, Shape shape) {
        return Sample.of(v -> f.apply(v[0]), Values.between("x", shape, -2, 2));
    }

    private static Refusal refusal(String message, Function<Variable, Variable> f, Shape shape) {
        return Refusal.of(message, v -> f.apply(v[0]), Tensor.zeros(shape));
    }

    private static OpSpec reshape() {
        return new OpSpec(Reshape.class,
                List.of(sample(x -> x.reshape(3, 2), Shape.of(2, 3)),
                        sample(x -> x.reshape(-1), Shape.of(2, 3, 2)),
                        sample(x -> x.reshape(2, -1, 1), Shape.of(2, 3, 2)),
                        sample(x -> x.reshape(2, 3), Shape.of(2, 3)),
                        sample(Variable::reshape, Shape.of(1, 1)),
                        sample(x -> x.reshape(1, 1), Shape.SCALAR),
                        sample(x -> x.reshape(0, 7), Shape.of(3, 0)),
                        sample(x -> x.reshape(-1, 3), Shape.of(0, 3))),
                sample(x -> x.reshape(-1, 331), Shape.of(331, 307)),
                List.of(refusal("reshape: x[2, 3] to [4, 2]: sizes differ: x has 6 elements", x -> x.reshape(4, 2), Shape.of(2, 3)),
                        refusal("reshape: x[2, 3] to [-1, 4]: sizes differ: x has 6 elements", x -> x.reshape(-1, 4), Shape.of(2, 3)),
                        refusal("reshape: x[2, 3] to [-1, -1]: only one extent may be -1", x -> x.reshape(-1, -1), Shape.of(2, 3)),
                        refusal("reshape: x[2, 3] to [-2, -3]: an axis cannot be negative", x -> x.reshape(-2, -3), Shape.of(2, 3))));
    }

    private static OpSpec permute() {
        String rule = ": each axis must be named once";
        return new OpSpec(Permute.class,
                List.of(sample(x -> x.permute(1, 0), Shape.of(2, 3)),
                        sample(x -> x.permute(2, 0, 1), Shape.of(2, 3, 4)),
                        sample(x -> x.permute(0, 2, 1), Shape.of(2, 3, 4)).batched(0),
                        sample(x -> x.permute(3, 1, 0, 2), Shape.of(2, 1, 3, 2)),
                        sample(Variable::permute, Shape.SCALAR),
                        sample(x -> x.permute(1, 0), Shape.of(3, 0))),
                sample(x -> x.permute(2, 1, 0), Shape.of(31, 53, 67)),
                List.of(refusal("permute: x[2, 3] by [0, 0]" + rule, x -> x.permute(0, 0), Shape.of(2, 3)),
                        refusal("permute: x[2, 3] by [0]" + rule, x -> x.permute(0), Shape.of(2, 3)),
                        refusal("permute: x[2, 3] by [0, 2]" + rule, x -> x.permute(0, 2), Shape.of(2, 3))));
    }

    private static OpSpec slice() {
        return new OpSpec(Slice.class,
                List.of(sample(x -> x.slice(0, 1, 3), Shape.of(4, 3)),
                        sample(x -> x.slice(1, 0, 2), Shape.of(2, 3, 2)).batched(0),
                        sample(x -> x.slice(-1, 2, 5), Shape.of(2, 5)).batched(0),
                        sample(x -> x.slice(0, 0, 2), Shape.of(2)),
                        sample(x -> x.slice(0, 1, 1), Shape.of(2, 2))),
                sample(x -> x.slice(1, 100, 307), Shape.of(331, 307)).batched(0),
                List.of(refusal("slice: x[2, 3]: [1, 4) is not within axis 1, which is 3 long", x -> x.slice(1, 1, 4), Shape.of(2, 3)),
                        refusal("slice: x[2, 3]: [2, 1) is not within axis -1, which is 3 long", x -> x.slice(-1, 2, 1), Shape.of(2, 3)),
                        refusal("slice: x[2, 3]: [-1, 1) is not within axis 0, which is 2 long", x -> x.slice(0, -1, 1), Shape.of(2, 3)),
                        refusal("slice: x[2, 3]: there is no axis 2: the rank is 2", x -> x.slice(2, 0, 1), Shape.of(2, 3))));
    }

    private static OpSpec broadcastTo() {
        return new OpSpec(BroadcastTo.class,
                List.of(sample(x -> x.broadcastTo(Shape.of(2, 3)), Shape.of(3)),
                        sample(x -> x.broadcastTo(Shape.of(2, 3)), Shape.of(2, 1)),
                        sample(x -> x.broadcastTo(Shape.of(2, 3, 4)), Shape.of(3, 1)),
                        sample(x -> x.broadcastTo(Shape.of(2, 3, 4)), Shape.of(2, 1, 4)),
                        sample(x -> x.broadcastTo(Shape.of(2, 2)), Shape.SCALAR),
                        sample(x -> x.broadcastTo(Shape.of(2, 0)), Shape.of(2, 1)),
                        sample(x -> x.broadcastTo(Shape.of(2, 3)), Shape.of(2, 3))),
                sample(x -> x.broadcastTo(Shape.of(5, 307, 67)), Shape.of(307, 1)),
                List.of(refusal("broadcastTo: x[2, 3] to [4, 3]: an axis can only be stretched from 1",
                        x -> x.broadcastTo(Shape.of(4, 3)), Shape.of(2, 3)),
                        refusal("broadcastTo: x[1, 3] to [3]: an axis can only be stretched from 1",
                                x -> x.broadcastTo(Shape.of(3)), Shape.of(1, 3))));
    }

    private static OpSpec concat() {
        return new OpSpec(Concat.class,
                List.of(concat(0, Shape.of(2, 3)),
                        concat(0, Shape.of(2, 3), Shape.of(1, 3)),
                        concat(1, Shape.of(2, 3), Shape.of(2, 2), Shape.of(2, 1)).batched(0, 1, 2),
                        concat(-2, Shape.of(2, 1, 2), Shape.of(2, 3, 2)).batched(0, 1),
                        concat(0, Shape.of(2), Shape.of(0), Shape.of(3)),
                        concat(1, Shape.of(0, 2), Shape.of(0, 3))),
                concat(1, Shape.of(331, 200), Shape.of(331, 107)).batched(0, 1),
                List.of(Refusal.of("concat: no operands: at least one is needed", v -> Variable.concat(0)),
                        Refusal.of("concat: [[2, 3], [3, 2]] along axis 0: the other axes must agree", v -> Variable.concat(0, v),
                                Tensor.zeros(Shape.of(2, 3)), Tensor.zeros(Shape.of(3, 2))),
                        Refusal.of("concat: [[2, 3], [3]] along axis 0: the other axes must agree", v -> Variable.concat(0, v),
                                Tensor.zeros(Shape.of(2, 3)), Tensor.zeros(Shape.of(3))),
                        Refusal.of("concat: [[2], [3]] along axis 1: there is no axis 1: the rank is 1", v -> Variable.concat(1, v),
                                Tensor.zeros(Shape.of(2)), Tensor.zeros(Shape.of(3)))));
    }

    private static Sample concat(int axis, Shape... shapes) {
        Tensor[] parts = new Tensor[shapes.length];
        Arrays.setAll(parts, i -> Values.between("part " + i, shapes[i], -2, 2));
        return Sample.of(v -> Variable.concat(axis, v), parts);
    }

    private static OpSpec gatherRows() {
        return new OpSpec(GatherRows.class,
                List.of(sample(table -> table.gatherRows(Indices.of(2, 0, 2, 3)), Shape.of(5, 3)),
                        sample(table -> table.gatherRows(Indices.of(Shape.of(2, 3), 0, 0, 1, 1, 0, 1)), Shape.of(2, 67)),
                        sample(table -> table.gatherRows(Indices.of(Shape.SCALAR, 1)), Shape.of(2, 2)),
                        sample(table -> table.gatherRows(Indices.of()), Shape.of(2, 2)),
                        sample(table -> table.gatherRows(Indices.of(1, 1)), Shape.of(2, 0))),
                sample(table -> table.gatherRows(Indices.of(Shape.of(40, 25), numbers(1000, 113))), Shape.of(113, 150)),
                List.of(refusal("gatherRows: table[4, 3], ids[2]: id 4 is not in [0, 4)",
                        table -> table.gatherRows(Indices.of(1, 4)), Shape.of(4, 3)),
                        refusal("gatherRows: table[4, 3], ids[1]: id -1 is not in [0, 4)",
                                table -> table.gatherRows(Indices.of(-1)), Shape.of(4, 3)),
                        refusal("gatherRows: table[4]: the table needs 2 axes",
                                table -> table.gatherRows(Indices.of(0)), Shape.of(4))));
    }

    /// Some numbers in [0, bound), each of them several times.
    private static int[] numbers(int n, int bound) {
        RandomStream random = RandomStream.of(5);
        int[] numbers = new int[n];
        Arrays.setAll(numbers, i -> random.below(bound, i));
        return numbers;
    }

    private static OpSpec pick() {
        return new OpSpec(Pick.class,
                List.of(sample(x -> x.pick(Indices.of(2, 0, 4, 4)), Shape.of(4, 5)),
                        sample(x -> x.pick(Indices.of(1, -1, 0)), Shape.of(3, 2)),
                        sample(x -> x.pick(Indices.of(Shape.of(2, 2), 0, 1, 2, -100)), Shape.of(2, 2, 3)),
                        sample(x -> x.pick(Indices.of(Shape.SCALAR, 1)), Shape.of(3)),
                        sample(x -> x.pick(Indices.of()), Shape.of(0, 3))),
                sample(x -> x.pick(Indices.of(numbers(331, 307))), Shape.of(331, 307)),
                List.of(refusal("pick: x[2, 3], indices[3]: one index for each row of x is needed: [2]", x -> x.pick(Indices.of(0, 1, 2)),
                        Shape.of(2, 3)),
                        refusal("pick: x[2, 3], indices[2]: index 3 is not below 3", x -> x.pick(Indices.of(0, 3)), Shape.of(2, 3)),
                        refusal("pick: x[], indices[]: one index for each row of x is needed: x has no axis",
                                x -> x.pick(Indices.of(Shape.SCALAR, 0)), Shape.SCALAR)));
    }

    private static OpSpec recompute() {
        Function<Variable[], Variable> two = v -> v[0].recompute(x -> x.times(v[1]).tanh().plus(x));
        RandomStream random = RandomStream.of(3);
        Function<Variable[], Variable> dropping = v -> v[0].recompute(x -> x.linear(v[1], v[2]).gelu().dropout(0.25f, random));
        return new OpSpec(Recompute.class,
                List.of(sample(v -> v.recompute(x -> x.square().exp()), Shape.of(2, 3)),
                        sample(v -> v.recompute(x -> x.recompute(Variable::tanh).times(x)), Shape.of(5)),
                        Sample.of(two, Values.between("x", Shape.of(2, 3), -1, 1), Values.between("w", Shape.of(3), -1, 1)).batched(0),
                        Sample.of(dropping, Values.between("x", Shape.of(3, 2), -1, 1), Values.between("w", Shape.of(4, 2), -1, 1),
                                Values.between("b", Shape.of(4), -1, 1))),
                Sample.of(dropping, Values.between("x", Shape.of(301, 96), -1, 1), Values.between("w", Shape.of(130, 96), -1, 1),
                        Values.between("b", Shape.of(130), -1, 1)),
                List.of(refusal("linear: weight[5, 3], bias[4]: outputs differ: weight has 5 (axis 0), bias has 4",
                        v -> v.recompute(x -> x.linear(Variable.of(Tensor.zeros(Shape.of(5, 3))), Variable.of(Tensor.zeros(Shape.of(4))))),
                        Shape.of(2, 3))));
    }
}
