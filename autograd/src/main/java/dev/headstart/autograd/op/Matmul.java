package dev.headstart.autograd.op;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Shapes;
import dev.headstart.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// Matrix product over the last two axes.
///
/// | | |
/// |---|---|
/// | shapes | `[…, m, k] · […, k, n] → […, m, n]`, leading axes broadcast |
/// | backward | dA = dY · bᵀ, dB = aᵀ · dY, each summed over stretched leading axes |
/// | errors | fewer than 2 axes; inner dims differ; leading axes do not broadcast |
/// | source | as `torch.matmul` for operands of at least two axes |
///
/// With `b [k, n]` under many leading axes of a, all rows are one product, forward and backward.
///
/// @param a the first operand; null where b's gradient is not wanted
/// @param b the second operand; null where a's gradient is not wanted
/// @param aShape shape of a
/// @param bShape shape of b
public record Matmul(@Nullable Tensor a, @Nullable Tensor b, Shape aShape, Shape bShape) implements Op.Binary {
    /// Applies the operator.
    public static Variable apply(Variable a, Variable b) {
        return Variable.of(a.value().matmul(b.value()), new Matmul(a.keptFor(b), b.keptFor(a), a.shape(), b.shape()), a, b);
    }

    @Override
    public Tensor dA(Tensor dY) {
        return dY.matmul(kept(b).transpose(-2, -1)).sumTo(aShape);
    }

    @Override
    public Tensor dB(Tensor dY) {
        if (bShape.rank() == 2) {
            return rows(kept(a)).transpose(0, 1).matmul(rows(dY));
        }
        return kept(a).transpose(-2, -1).matmul(dY).sumTo(bShape);
    }

    private static Tensor rows(Tensor t) {
        return t.reshape(Shapes.rows("matmul", t.shape()));
    }
}
