package dev.headstart.autograd.op;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Tensor;

/// x · scale + shift with two numbers, one fused multiply-add per element.
///
/// | | |
/// |---|---|
/// | shapes | any |
/// | backward | dX = dY · scale |
/// | errors | none |
/// | source | as `scale * x + shift` |
///
/// @param scale the factor
public record Affine(float scale) implements Op.Unary {
    /// Applies the operator.
    public static Variable apply(Variable x, float scale, float shift) {
        return Variable.of(x.value().affine(scale, shift), new Affine(scale), x);
    }

    @Override
    public Tensor dX(Tensor dY) {
        return scale == 1 ? dY : dY.affine(scale, 0);
    }
}
