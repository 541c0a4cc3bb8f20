package dev.headstart.autograd.op;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;

/// a - b, broadcasting.
///
/// | | |
/// |---|---|
/// | shapes | a, b that broadcast `→` their common shape |
/// | backward | dA = dY, dB = -dY, each summed over its stretched axes |
/// | errors | shapes do not broadcast |
/// | source | as NumPy |
///
/// @param aShape shape of a, to which dA is summed
/// @param bShape shape of b, to which dB is summed
public record Minus(Shape aShape, Shape bShape) implements Op.Binary {
    /// Applies the operator.
    public static Variable apply(Variable a, Variable b) {
        return Variable.of(a.value().minus(b.value()), new Minus(a.shape(), b.shape()), a, b);
    }

    @Override
    public Tensor dA(Tensor dY) {
        return dY.sumTo(aShape);
    }

    @Override
    public Tensor dB(Tensor dY) {
        return dY.negate().sumTo(bShape);
    }
}
