package dev.headstart.autograd.op;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Softmaxes;
import dev.headstart.tensor.Tensor;

/// Logarithm of the softmax of each row (last axis).
///
/// | | |
/// |---|---|
/// | shapes | `[…, n] → […, n]` |
/// | backward | dX = dY - exp(y) Σ dY, row by row |
/// | errors | x has no axis |
/// | source | as `torch.log_softmax(x, -1)` |
///
/// @param y the output
public record LogSoftmax(Tensor y) implements Op.Unary {
    /// Applies the operator.
    public static Variable apply(Variable x) {
        Tensor y = x.value().logSoftmax();
        return Variable.of(y, new LogSoftmax(y), x);
    }

    @Override
    public Tensor dX(Tensor dY) {
        return Softmaxes.logSoftmaxGradient(y, dY);
    }
}
