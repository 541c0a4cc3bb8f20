package dev.headstart.nn;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;

/// A fully connected layer with the weight of another, transposed: `y = x · weight + bias`. One parameter, used twice, gets the sum of both
/// gradients.
///
/// Parameters: `bias [in]`, from zero; the weight `[out, in]` is the other layer's and is named there only.
public final class TiedLinear implements Layer {
    private final Linear other;
    private final Parameter bias;
    private final Scope scope;

    /// The way back through this layer.
    public TiedLinear(Linear other) {
        this(other, Scope.of(RandomStream.of(0))); // nothing is drawn
    }

    /// The way back through this layer.
    public TiedLinear(Linear other, Scope scope) {
        this.other = other;
        this.bias = scope.parameter("bias", WeightKind.OTHER, Shape.of(other.weight().shape().dim(1)), Initialiser.zeros());
        this.scope = scope.ownedBy(this);
    }

    /// `[…, out] → […, in]`
    @Override
    public Variable forward(Variable x) {
        return x.matmul(other.weight()).plus(bias);
    }

    @Override
    public Parts parts() {
        return scope.parts();
    }
}
