package dev.headstart.nn.norm;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Variable;
import dev.headstart.nn.Initialiser;
import dev.headstart.nn.Layer;
import dev.headstart.nn.Parts;
import dev.headstart.nn.Scope;
import dev.headstart.nn.WeightKind;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;

/// Layer normalisation over the last axis: `y = (x - mean) / √(variance + eps) · weight + bias` (Ba, Kiros and Hinton 2016).
///
/// Parameters: `weight [width]`, ones at first, `bias [width]`, zeros at first.
public final class LayerNorm implements Layer {
    private final Parameter weight;
    private final Parameter bias;
    private final float eps;
    private final Scope scope;

    /// A layer with PyTorch's eps of 1e-5.
    public LayerNorm(int width) {
        this(width, 1e-5f);
    }

    /// A layer with PyTorch's eps of 1e-5.
    public LayerNorm(int width, Scope scope) {
        this(width, 1e-5f, scope);
    }

    /// A layer with an eps of your own.
    public LayerNorm(int width, float eps) {
        this(width, eps, Scope.of(RandomStream.of(0))); // nothing is drawn
    }

    /// A layer with an eps of your own.
    public LayerNorm(int width, float eps, Scope scope) {
        this.weight = scope.parameter("weight", WeightKind.OTHER, Shape.of(width), Initialiser.ones());
        this.bias = scope.parameter("bias", WeightKind.OTHER, Shape.of(width), Initialiser.zeros());
        this.eps = eps;
        this.scope = scope.ownedBy(this);
    }

    /// `[…, width] → […, width]`
    @Override
    public Variable forward(Variable x) {
        return x.layerNorm(weight, bias, eps);
    }

    @Override
    public Parts parts() {
        return scope.parts();
    }
}
