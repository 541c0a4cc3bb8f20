package dev.headstart.autograd.op;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Activations;
import dev.headstart.tensor.Tensor;

/// GELU in its tanh form, element by element.
///
/// | | |
/// |---|---|
/// | shapes | any |
/// | backward | dX = dY · derivative of the tanh form |
/// | errors | none |
/// | source | Hendrycks and Gimpel 2016, arXiv 1606.08415; GPT-2's `gelu_new` |
///
/// @param x the input
public record GeluTanh(Tensor x) implements Op.Unary {
    /// Applies the operator.
    public static Variable apply(Variable x) {
        return Variable.of(x.value().geluTanh(), new GeluTanh(x.value()), x);
    }

    @Override
    public Tensor dX(Tensor dY) {
        return Activations.geluTanhGradient(x, dY);
    }
}
