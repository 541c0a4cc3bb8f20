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

/// A convolution along sequences, channels last: `y[n, t, o] = Σ x[n, t + k, c] · weight[o, k, c] + bias[o]` (Waibel et al. 1989). It is a
/// [Conv2d] of height 1.
///
/// Parameters: `weight [out, kernel, in / groups]`, `bias [out]`, which may be left out. The bias starts at zero, the weight from the
/// initialiser given (by default [Initialiser#heNormal], He et al. 2015).
public final class Conv1d implements Layer {
    private final Parameter weight;
    private final @Nullable Parameter bias;
    private final Conv2dGeometry geometry;
    private final Scope scope;

    /// A layer with a bias.
    ///
    /// @param geometry of which stride, dilation and padding along x count (left is before the sequence, right behind it), and the groups
    public Conv1d(int in, int out, int kernel, Conv2dGeometry geometry, RandomStream random) {
        this(in, out, kernel, geometry, Scope.of(random));
    }

    /// A layer with a bias.
    ///
    /// @param geometry as above
    public Conv1d(int in, int out, int kernel, Conv2dGeometry geometry, Scope scope) {
        this(in, out, kernel, geometry, Initialiser.heNormal(), Initialiser.zeros(), scope);
    }

    /// A layer whose weight starts from `initialiser`.
    ///
    /// @param geometry of which stride, dilation and padding along x count (left is before the sequence, right behind it), and the groups
    /// @param bias whether there is one
    public Conv1d(int in, int out, int kernel, Conv2dGeometry geometry, boolean bias, Initialiser initialiser, RandomStream random) {
        this(in, out, kernel, geometry, initialiser, bias ? Initialiser.zeros() : null, Scope.of(random));
    }

    /// A layer whose weight and bias start from initialisers.
    ///
    /// @param geometry as above
    /// @param bias null for a layer without
    public Conv1d(int in, int out, int kernel, Conv2dGeometry geometry, Initialiser weight, @Nullable Initialiser bias, Scope scope) {
        int fanIn = in / geometry.groups() * kernel;
        int fanOut = out / geometry.groups() * kernel;
        this.weight = scope.parameter("weight", WeightKind.CONV1D, Shape.of(out, kernel, in / geometry.groups()), weight, fanIn, fanOut);
        this.bias = bias == null ? null : scope.parameter("bias", WeightKind.OTHER, Shape.of(out), bias, fanIn, fanOut);
        this.geometry = new Conv2dGeometry(1, geometry.strideX(), 1, geometry.dilationX(), 0, 0, geometry.left(), geometry.right(),
                geometry.groups());
        this.scope = scope.ownedBy(this);
    }

    /// The weight, `[out, kernel, in / groups]`.
    public Parameter weight() {
        return weight;
    }

    /// The bias, `[out]`; null when there is none.
    public @Nullable Parameter bias() {
        return bias;
    }

    /// `[batch, length, in] → [batch, outLength, out]`
    @Override
    public Variable forward(Variable x) {
        Shape w = weight.shape();
        Variable kernel = weight.reshape(w.dim(0), 1, w.dim(1), w.dim(2));
        return Sequences.forward("conv1d", x, lines -> lines.conv2d(kernel, bias, geometry));
    }

    @Override
    public Parts parts() {
        return scope.parts();
    }
}
