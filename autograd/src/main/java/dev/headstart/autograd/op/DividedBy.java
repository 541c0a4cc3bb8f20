package dev.headstart.autograd.op;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Tensor;

/// a / b, broadcasting.
///
/// | | |
/// |---|---|
/// | shapes | a, b that broadcast `→` their common shape |
/// | backward | dA = dY / b, dB = -dY · a / b², each summed over its stretched axes |
/// | errors | shapes do not broadcast |
/// | source | as NumPy |
///
/// @param a the first operand
/// @param b the second operand
public record DividedBy(Tensor a, Tensor b) implements Op.Binary {
    /// Applies the operator.
    public static Variable apply(Variable a, Variable b) {
        return Variable.of(a.value().dividedBy(b.value()), new DividedBy(a.value(), b.value()), a, b);
    }

    @Override
    public Tensor dA(Tensor dY) {
        return dY.dividedBy(b).sumTo(a.shape());
    }

    @Override
    public Tensor dB(Tensor dY) {
        return dY.times(a).dividedBy(b.square()).negate().sumTo(b.shape());
    }
}
