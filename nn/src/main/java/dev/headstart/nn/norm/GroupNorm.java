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

/// Normalisation of each group of channels of each image: `y = (x - mean) / √(variance + eps) · weight + bias` (Wu and He 2018). One group
/// takes all channels together, as many groups as channels each alone (instance normalisation, Ulyanov, Vedaldi and Lempitsky 2016).
///
/// Parameters: `weight [channels]`, ones at first, `bias [channels]`, zeros at first.
public final class GroupNorm implements Layer {
    private final Parameter weight;
    private final Parameter bias;
    private final int groups;
    private final float eps;
    private final Scope scope;

    /// A layer with PyTorch's eps of 1e-5.
    public GroupNorm(int groups, int channels) {
        this(groups, channels, 1e-5f);
    }

    /// A layer with PyTorch's eps of 1e-5.
    public GroupNorm(int groups, int channels, Scope scope) {
        this(groups, channels, 1e-5f, scope);
    }

    /// A layer with an eps of your own.
    public GroupNorm(int groups, int channels, float eps) {
        this(groups, channels, eps, Scope.of(RandomStream.of(0))); // nothing is drawn
    }

    /// A layer with an eps of your own.
    public GroupNorm(int groups, int channels, float eps, Scope scope) {
        this.weight = scope.parameter("weight", WeightKind.OTHER, Shape.of(channels), Initialiser.ones());
        this.bias = scope.parameter("bias", WeightKind.OTHER, Shape.of(channels), Initialiser.zeros());
        this.groups = groups;
        this.eps = eps;
        this.scope = scope.ownedBy(this);
    }

    /// `[batch, …, channels] → [batch, …, channels]`
    @Override
    public Variable forward(Variable x) {
        return x.groupNorm(groups, weight, bias, eps);
    }

    @Override
    public Parts parts() {
        return scope.parts();
    }
}
