package dev.headstart.nn.conv;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Variable;
import dev.headstart.nn.Initialiser;
import dev.headstart.nn.Layer;
import dev.headstart.nn.Parts;
import dev.headstart.nn.Scope;
import dev.headstart.nn.WeightKind;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.geometry.Conv2dGeometry;
import org.jspecify.annotations.Nullable;

/// A convolution of images, channels last: `y[n, i, j, o] = Σ x[n, i + ky, j + kx, c] · weight[o, ky, kx, c] + bias[o]` (LeCun et al. 1989;
/// stride, dilation, padding and groups by [Conv2dGeometry]).
///
/// Parameters: `weight [out, kernelHeight, kernelWidth, in / groups]`, `bias [out]`, which may be left out (before a batch norm). The bias
/// starts at zero, the weight from the initialiser given (by default [Initialiser#heNormal], He et al. 2015, for the ReLU that follows).
public final class Conv2d implements Layer {
    private final Parameter weight;
    private final @Nullable Parameter bias;
    private final Conv2dGeometry geometry;
    private final Scope scope;

    /// A layer with a bias and a square kernel.
    public Conv2d(int in, int out, int kernel, Conv2dGeometry geometry, RandomStream random) {
        this(in, out, kernel, geometry, Scope.of(random));
    }

    /// A layer with a bias and a square kernel.
    public Conv2d(int in, int out, int kernel, Conv2dGeometry geometry, Scope scope) {
        this(in, out, kernel, kernel, geometry, Initialiser.heNormal(), Initialiser.zeros(), scope);
    }

    /// A layer whose weight starts from `initialiser`.
    ///
    /// @param bias whether there is one
    public Conv2d(int in, int out, int kernelHeight, int kernelWidth, Conv2dGeometry geometry, boolean bias, Initialiser initialiser,
            RandomStream random) {
        this(in, out, kernelHeight, kernelWidth, geometry, initialiser, bias ? Initialiser.zeros() : null, Scope.of(random));
    }

    /// A layer whose weight and bias start from initialisers. Strides do not count in fan-in and fan-out, as in PyTorch.
    ///
    /// @param bias null for a layer without
    public Conv2d(int in, int out, int kernelHeight, int kernelWidth, Conv2dGeometry geometry, Initialiser weight,
            @Nullable Initialiser bias, Scope scope) {
        int inEach = in / geometry.groups();
        int fanIn = inEach * kernelHeight * kernelWidth;
        int fanOut = out / geometry.groups() * kernelHeight * kernelWidth;
        this.weight = scope.parameter("weight", WeightKind.CONV2D, Shape.of(out, kernelHeight, kernelWidth, inEach), weight, fanIn, fanOut);
        this.bias = bias == null ? null : scope.parameter("bias", WeightKind.OTHER, Shape.of(out), bias, fanIn, fanOut);
        this.geometry = geometry;
        this.scope = scope.ownedBy(this);
    }

    private Conv2d(Parameter weight, @Nullable Parameter bias, Conv2dGeometry geometry, Scope scope) {
        this.weight = scope.parameter("weight", WeightKind.CONV2D, weight);
        this.bias = bias == null ? null : scope.parameter("bias", WeightKind.OTHER, bias);
        this.geometry = geometry;
        this.scope = scope.ownedBy(this);
    }

    /// This layer with another weight, for another number of input channels. The bias is this layer's own, not a copy.
    ///
    /// @param other `[out, kernelHeight, kernelWidth, in / groups]`
    /// @param scope where both are to be named
    public Conv2d withWeight(Parameter other, Scope scope) {
        return new Conv2d(other, bias, geometry, scope);
    }

    /// The weight, `[out, kernelHeight, kernelWidth, in / groups]`.
    public Parameter weight() {
        return weight;
    }

    /// The bias, `[out]`; null when there is none.
    public @Nullable Parameter bias() {
        return bias;
    }

    /// `[batch, height, width, in] → [batch, outHeight, outWidth, out]`
    @Override
    public Variable forward(Variable x) {
        return x.conv2d(weight, bias, geometry);
    }

    @Override
    public Parts parts() {
        return scope.parts();
    }
}
