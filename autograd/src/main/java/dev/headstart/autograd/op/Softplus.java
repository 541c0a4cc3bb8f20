package dev.headstart.autograd.op;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Tensor;

/// log(1 + e^x), element by element.
///
/// | | |
/// |---|---|
/// | shapes | any |
/// | backward | dX = dY · sigmoid(x) |
/// | errors | none |
/// | source | Dugas et al. 2001; as `torch.nn.functional.softplus` |
///
/// @param x the input
public record Softplus(Tensor x) implements Op.Unary {
    /// Applies the operator.
    public static Variable apply(Variable x) {
        return Variable.of(x.value().softplus(), new Softplus(x.value()), x);
    }

    @Override
    public Tensor dX(Tensor dY) {
        return x.sigmoid().times(dY);
    }
}
