package dev.headstart.autograd.op;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Activations;
import dev.headstart.tensor.Tensor;

/// max(x, 0), element by element.
///
/// | | |
/// |---|---|
/// | shapes | any |
/// | backward | dX = dY where y > 0, else 0 |
/// | errors | none |
/// | source | Nair and Hinton 2010; as `torch.relu` |
///
/// @param y the output
public record Relu(Tensor y) implements Op.Unary {
    /// Applies the operator.
    public static Variable apply(Variable x) {
        Tensor y = x.value().relu();
        return Variable.of(y, new Relu(y), x);
    }

    @Override
    public Tensor dX(Tensor dY) {
        return Activations.reluGradient(y, dY);
    }
}
