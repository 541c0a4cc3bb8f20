package dev.headstart.nn.norm;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Variable;
import dev.headstart.nn.Layer;
import dev.headstart.nn.Parts;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;

/// Layer normalisation over the last axis: `y = (x - mean) / √(variance + eps) · weight + bias` (Ba, Kiros and Hinton 2016).
///
/// Parameters: `weight [width]`, ones at first, `bias [width]`, zeros at first.
public final class LayerNorm implements Layer {
    private final Parameter weight;
    private final Parameter bias;
    private final float eps;

    /// A layer with PyTorch's eps of 1e-5.
    public LayerNorm(int width) {
        this(width, 1e-5f);
    }

    /// A layer with an eps of your own.
    public LayerNorm(int width, float eps) {
        this.weight = Parameter.of(Tensor.ones(Shape.of(width)));
        this.bias = Parameter.of(Tensor.zeros(Shape.of(width)));
        this.eps = eps;
    }

    /// `[…, width] → […, width]`
    @Override
    public Variable forward(Variable x) {
        return x.layerNorm(weight, bias, eps);
    }

    @Override
    public Parts parts() {
        return Parts.none().with("weight", weight).with("bias", bias);
    }
}
