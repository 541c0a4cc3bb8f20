package dev.headstart.autograd.op;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Shapes;
import dev.headstart.tensor.Tensor;

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
/// @param a the first operand
/// @param b the second operand
public record Matmul(Tensor a, Tensor b) implements Op.Binary {
    /// Applies the operator.
    public static Variable apply(Variable a, Variable b) {
        return Variable.of(a.value().matmul(b.value()), new Matmul(a.value(), b.value()), a, b);
    }

    @Override
    public Tensor dA(Tensor dY) {
        return dY.matmul(b.transpose(-2, -1)).sumTo(a.shape());
    }

    @Override
    public Tensor dB(Tensor dY) {
        if (b.rank() == 2) {
            return rows(a).transpose(0, 1).matmul(rows(dY));
        }
        return a.transpose(-2, -1).matmul(dY).sumTo(b.shape());
    }

    private static Tensor rows(Tensor t) {
        return t.reshape(Shapes.rows("matmul", t.shape()));
    }
}
