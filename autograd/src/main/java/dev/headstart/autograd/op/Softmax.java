package dev.headstart.autograd.op;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Softmaxes;
import dev.headstart.tensor.Tensor;

/// Softmax of each row (last axis).
///
/// | | |
/// |---|---|
/// | shapes | `[…, n] → […, n]` |
/// | backward | dX = y · (dY - Σ y dY), row by row |
/// | errors | x has no axis |
/// | source | as `torch.softmax(x, -1)`; a row of -∞ only gives zeros |
///
/// @param y the output
public record Softmax(Tensor y) implements Op.Unary {
    /// Applies the operator.
    public static Variable apply(Variable x) {
        Tensor y = x.value().softmax();
        return Variable.of(y, new Softmax(y), x);
    }

    @Override
    public Tensor dX(Tensor dY) {
        return Softmaxes.softmaxGradient(y, dY);
    }
}
