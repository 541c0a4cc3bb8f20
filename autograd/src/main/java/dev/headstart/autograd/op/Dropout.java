package dev.headstart.autograd.op;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;

/// Each element is zero with a probability, else divided by what is left of it.
///
/// | | |
/// |---|---|
/// | shapes | any |
/// | backward | the same elements of dY, scaled alike: the choice is computed again, not kept |
/// | errors | probability outside [0, 1) |
/// | source | Srivastava et al. 2014; inverted, as `torch.nn.functional.dropout` |
///
/// @param probability of being dropped
/// @param random decides which
public record Dropout(float probability, RandomStream random) implements Op.Unary {
    /// Applies the operator.
    public static Variable apply(Variable x, float probability, RandomStream random) {
        return Variable.of(x.value().dropout(probability, random), new Dropout(probability, random), x);
    }

    @Override
    public Tensor dX(Tensor dY) {
        return dY.dropout(probability, random);
    }
}
