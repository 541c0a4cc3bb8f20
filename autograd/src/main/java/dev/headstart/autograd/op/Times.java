package dev.headstart.autograd.op;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// a · b element by element, broadcasting.
///
/// | | |
/// |---|---|
/// | shapes | a, b that broadcast `→` their common shape |
/// | backward | dA = dY · b, dB = dY · a, each summed over its stretched axes |
/// | errors | shapes do not broadcast |
/// | source | as NumPy |
///
/// @param a the first operand; null where b's gradient is not wanted
/// @param b the second operand; null where a's gradient is not wanted
/// @param aShape shape of a, to which dA is summed
/// @param bShape shape of b, to which dB is summed
public record Times(@Nullable Tensor a, @Nullable Tensor b, Shape aShape, Shape bShape) implements Op.Binary {
    /// Applies the operator.
    public static Variable apply(Variable a, Variable b) {
        return Variable.of(a.value().times(b.value()), new Times(a.keptFor(b), b.keptFor(a), a.shape(), b.shape()), a, b);
    }

    @Override
    public Tensor dA(Tensor dY) {
        return dY.times(kept(b)).sumTo(aShape);
    }

    @Override
    public Tensor dB(Tensor dY) {
        return dY.times(kept(a)).sumTo(bShape);
    }
}
