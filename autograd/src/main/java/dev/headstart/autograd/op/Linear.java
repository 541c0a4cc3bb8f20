package dev.headstart.autograd.op;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Shapes;
import dev.headstart.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// x · weightᵀ + bias: what a fully connected layer computes.
///
/// | | |
/// |---|---|
/// | shapes | `x […, in]`, `weight [out, in]`, `bias [out]`, which may be left out, `→ […, out]` |
/// | backward | dX = dY · weight, dWeight = dYᵀ · x, dBias = Σ dY, over all rows |
/// | errors | features or outputs differ |
/// | source | as `torch.nn.functional.linear` |
///
/// @param x the input; null where the weight's gradient is not wanted
/// @param weight the weight; null where x's gradient is not wanted
/// @param xShape shape of x
public record Linear(@Nullable Tensor x, @Nullable Tensor weight, Shape xShape) implements Op.Ternary {
    /// Applies the operator.
    public static Variable apply(Variable x, Variable weight, @Nullable Variable bias) {
        Tensor y = x.value().linear(weight.value(), bias == null ? null : bias.value());
        Linear op = new Linear(x.keptFor(weight), weight.keptFor(x), x.shape());
        return bias == null ? Variable.of(y, op, x, weight) : Variable.of(y, op, x, weight, bias);
    }

    @Override
    public Tensor dX(Tensor dY) {
        return rows(dY).matmul(kept(weight)).reshape(xShape);
    }

    @Override
    public Tensor dWeight(Tensor dY) {
        return rows(dY).transpose(0, 1).matmul(rows(kept(x)));
    }

    @Override
    public Tensor dBias(Tensor dY) {
        return rows(dY).sum(0);
    }

    private static Tensor rows(Tensor t) {
        return t.reshape(Shapes.rows("linear", t.shape()));
    }
}
