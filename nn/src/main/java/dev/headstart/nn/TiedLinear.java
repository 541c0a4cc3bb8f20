package dev.headstart.nn;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;

/// A fully connected layer with the weight of another, transposed: `y = x · weight + bias`. One parameter, used twice, gets the sum of both
/// gradients.
///
/// Parameters: `bias [in]`, from zero; the weight `[out, in]` is the other layer's and is named there only.
public final class TiedLinear implements Layer {
    private final Linear other;
    private final Parameter bias;

    /// The way back through this layer.
    public TiedLinear(Linear other) {
        this.other = other;
        this.bias = Parameter.of(Tensor.zeros(Shape.of(other.weight().shape().dim(1))));
    }

    /// `[…, out] → […, in]`
    @Override
    public Variable forward(Variable x) {
        return x.matmul(other.weight()).plus(bias);
    }

    @Override
    public Parts parts() {
        return Parts.none().with("bias", bias);
    }
}
