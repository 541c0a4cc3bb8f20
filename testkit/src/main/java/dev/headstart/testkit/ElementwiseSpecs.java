package dev.headstart.testkit;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.autograd.op.Affine;
import dev.headstart.autograd.op.DividedBy;
import dev.headstart.autograd.op.Dropout;
import dev.headstart.autograd.op.Erf;
import dev.headstart.autograd.op.Exp;
import dev.headstart.autograd.op.Gelu;
import dev.headstart.autograd.op.GeluTanh;
import dev.headstart.autograd.op.Log;
import dev.headstart.autograd.op.Minus;
import dev.headstart.autograd.op.Plus;
import dev.headstart.autograd.op.Relu;
import dev.headstart.autograd.op.Sigmoid;
import dev.headstart.autograd.op.Softplus;
import dev.headstart.autograd.op.Sqrt;
import dev.headstart.autograd.op.Square;
import dev.headstart.autograd.op.Tanh;
import dev.headstart.autograd.op.Times;
import dev.headstart.autograd.op.Where;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.testkit.OpSpec.Refusal;
import dev.headstart.testkit.OpSpec.Sample;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// Operators that work element by element.
final class ElementwiseSpecs {
    /// More elements than one thread keeps to itself, and no round number.
    private static final Shape LARGE = Shape.of(331, 307);
    private static final RandomStream RANDOM = RandomStream.of(7);

    private ElementwiseSpecs() {}

    static List<OpSpec> all() {
        return List.of(
                unary(Affine.class, x -> x.affine(-1.5f, 0.25f), s -> Values.between("x", s, -2, 2)),
                unary(Exp.class, Variable::exp, s -> Values.between("x", s, -2, 1)),
                unary(Log.class, Variable::log, s -> Values.between("x", s, 0.5f, 3)),
                unary(Sqrt.class, Variable::sqrt, s -> Values.between("x", s, 0.5f, 3)),
                unary(Square.class, Variable::square, s -> Values.between("x", s, -2, 2)),
                unary(Erf.class, Variable::erf, s -> Values.between("x", s, -2.5f, 2.5f)),
                unary(Tanh.class, Variable::tanh, s -> Values.between("x", s, -2, 2)),
                unary(Sigmoid.class, Variable::sigmoid, s -> Values.between("x", s, -4, 4)),
                unary(Relu.class, Variable::relu, s -> Values.awayFromZero("x", s, 0.1f, 2)),
                unary(Gelu.class, Variable::gelu, s -> Values.between("x", s, -3, 3)),
                unary(GeluTanh.class, Variable::geluTanh, s -> Values.between("x", s, -3, 3)),
                unary(Softplus.class, Variable::softplus, s -> Values.between("x", s, -4, 4)),
                binary(Plus.class, "plus", Variable::plus),
                binary(Minus.class, "minus", Variable::minus),
                binary(Times.class, "times", Variable::times),
                binary(DividedBy.class, "dividedBy", Variable::dividedBy),
                dropout(),
                where());
    }

    private static List<Shape> shapes() {
        return List.of(Shape.SCALAR, Shape.of(1), Shape.of(67), Shape.of(0, 3), Shape.of(2, 3, 5), Shape.of(4, 1, 6));
    }

    private static OpSpec unary(Class<? extends Op> op, UnaryOperator<Variable> f, Function<Shape, Tensor> values, Refusal... refusals) {
        Function<Shape, Sample> sample = shape -> Sample.of(v -> f.apply(v[0]), values.apply(shape));
        return new OpSpec(op, shapes().stream().map(s -> s.rank() == 0 ? sample.apply(s) : sample.apply(s).batched(0)).toList(),
                sample.apply(LARGE).batched(0), List.of(refusals));
    }

    private static OpSpec binary(Class<? extends Op> op, String name, BinaryOperator<Variable> f) {
        Function<Variable[], Variable> apply = v -> f.apply(v[0], v[1]);
        return new OpSpec(op,
                List.of(pair(apply, Shape.of(5, 13), Shape.of(5, 13)).batched(0, 1),
                        pair(apply, Shape.of(2, 3), Shape.of(3)).batched(0),
                        pair(apply, Shape.of(3), Shape.of(2, 3)).batched(1),
                        pair(apply, Shape.of(2, 3, 4), Shape.of(3, 1)).batched(0),
                        pair(apply, Shape.of(2, 1, 3), Shape.of(4, 1)).batched(0),
                        pair(apply, Shape.of(4, 1), Shape.of(1, 3)).batched(0),
                        pair(apply, Shape.SCALAR, Shape.of(5)).batched(1),
                        pair(apply, Shape.of(2, 2), Shape.SCALAR).batched(0),
                        pair(apply, Shape.SCALAR, Shape.SCALAR),
                        pair(apply, Shape.of(0, 3), Shape.of(3)).batched(0),
                        pair(apply, Shape.of(2, 0), Shape.of(2, 1)).batched(0, 1)),
                pair(apply, LARGE, Shape.of(LARGE.dim(1))).batched(0),
                List.of(Refusal.of(name + ": a[2, 3], b[4]: shapes do not broadcast: axis -1 is 3 in a, 4 in b", apply,
                        Tensor.zeros(Shape.of(2, 3)), Tensor.zeros(Shape.of(4))),
                        Refusal.of(name + ": a[2, 1, 3], b[5, 4, 3]: shapes do not broadcast: axis -3 is 2 in a, 5 in b", apply,
                                Tensor.zeros(Shape.of(2, 1, 3)), Tensor.zeros(Shape.of(5, 4, 3)))));
    }

    private static Sample pair(Function<Variable[], Variable> apply, Shape a, Shape b) {
        return Sample.of(apply, Values.between("a", a, -2, 2), Values.awayFromZero("b", b, 0.75f, 2));
    }

    private static OpSpec dropout() {
        Function<Variable[], Variable> apply = v -> v[0].dropout(0.3f, RANDOM);
        Function<Shape, Sample> sample = shape -> Sample.of(apply, Values.between("x", shape, -2, 2));
        Tensor x = Tensor.zeros(Shape.of(2));
        return new OpSpec(Dropout.class, shapes().stream().map(sample).toList(), sample.apply(LARGE),
                List.of(Refusal.of("dropout: probability 1.0: it must be in [0, 1)", v -> v[0].dropout(1, RANDOM), x),
                        Refusal.of("dropout: probability -0.1: it must be in [0, 1)", v -> v[0].dropout(-0.1f, RANDOM), x),
                        Refusal.of("dropout: probability NaN: it must be in [0, 1)", v -> v[0].dropout(Float.NaN, RANDOM), x)));
    }

    private static OpSpec where() {
        return new OpSpec(Where.class,
                Stream.concat(shapes().stream().map(shape -> where(shape, Values.coins("condition", shape))),
                        Stream.of(where(Shape.of(2, 3, 4), Values.coins("condition", Shape.of(3, 1))),
                                where(Shape.of(2, 3, 4), Layout.REVERSED.of(Values.coins("condition", Shape.of(2, 3, 4)))),
                                where(Shape.of(2, 3), Tensor.scalar(1)), where(Shape.of(2, 3), Tensor.scalar(0))))
                        .toList(),
                where(LARGE, Values.coins("condition", Shape.of(LARGE.dim(1)))),
                List.of(Refusal.of("where: x[2, 2], condition[3]: the condition does not broadcast to x: axis -1 is 3 in condition, 2 in x",
                        v -> v[0].where(Tensor.zeros(Shape.of(3)), 0), Tensor.zeros(Shape.of(2, 2))),
                        Refusal.of("where: x[2], condition[1, 2]: the condition does not broadcast to x: it has more axes",
                                v -> v[0].where(Tensor.zeros(Shape.of(1, 2)), 0), Tensor.zeros(Shape.of(2)))));
    }

    private static Sample where(Shape shape, Tensor condition) {
        return Sample.of(v -> v[0].where(condition, -3), Values.between("x", shape, -2, 2));
    }
}
