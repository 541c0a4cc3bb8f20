package dev.headstart.autograd.op;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// a / b, broadcasting.
///
/// | | |
/// |---|---|
/// | shapes | a, b that broadcast `→` their common shape |
/// | backward | dA = dY / b, dB = -dY · a / b², each summed over its stretched axes |
/// | errors | shapes do not broadcast |
/// | source | as NumPy |
///
/// @param a the first operand; null where b's gradient is not wanted
/// @param b the second operand
/// @param aShape shape of a, to which dA is summed
public record DividedBy(@Nullable Tensor a, Tensor b, Shape aShape) implements Op.Binary {
    /// Applies the operator.
    public static Variable apply(Variable a, Variable b) {
        return Variable.of(a.value().dividedBy(b.value()), new DividedBy(a.keptFor(b), b.value(), a.shape()), a, b);
    }

    @Override
    public Tensor dA(Tensor dY) {
        return dY.dividedBy(b).sumTo(aShape);
    }

    @Override
    public Tensor dB(Tensor dY) {
        return dY.times(kept(a)).dividedBy(b.square()).negate().sumTo(b.shape());
    }
}
