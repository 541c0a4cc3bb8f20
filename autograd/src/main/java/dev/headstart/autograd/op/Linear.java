package dev.headstart.autograd.op;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Shapes;
import dev.headstart.tensor.Tensor;

/// x · weightᵀ + bias: what a fully connected layer computes.
///
/// | | |
/// |---|---|
/// | shapes | `x […, in]`, `weight [out, in]`, `bias [out] → […, out]` |
/// | backward | dX = dY · weight, dWeight = dYᵀ · x, dBias = Σ dY, over all rows |
/// | errors | features or outputs differ |
/// | source | as `torch.nn.functional.linear` |
///
/// @param x the input
/// @param weight the weight
public record Linear(Tensor x, Tensor weight) implements Op.Ternary {
    /// Applies the operator.
    public static Variable apply(Variable x, Variable weight, Variable bias) {
        return Variable.of(x.value().linear(weight.value(), bias.value()), new Linear(x.value(), weight.value()), x, weight, bias);
    }

    @Override
    public Tensor dX(Tensor dY) {
        return rows(dY).matmul(weight).reshape(x.shape());
    }

    @Override
    public Tensor dWeight(Tensor dY) {
        return rows(dY).transpose(0, 1).matmul(rows(x));
    }

    @Override
    public Tensor dBias(Tensor dY) {
        return rows(dY).sum(0);
    }

    private static Tensor rows(Tensor t) {
        return t.reshape(Shapes.rows("linear", t.shape()));
    }
}
