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

/// A transposed convolution of images, channels last, which makes them larger: what decoders do where encoders have [Conv2d] with strides
/// (Zeiler et al. 2010, "Deconvolutional Networks").
///
/// Parameters: `weight [in, kernelHeight, kernelWidth, out / groups]`, `bias [out]`. The bias starts at zero, the weight from the initialiser
/// given (by default [Initialiser#glorotUniform]).
public final class ConvTranspose2d implements Layer {
    private final Parameter weight;
    private final Parameter bias;
    private final Conv2dGeometry geometry;
    private final int extra;
    private final Scope scope;

    /// A layer with a square kernel.
    ///
    /// @param extra rows added below and columns at the right, below the stride: a convolution of stride 2 makes 7 rows of 13 and of 14
    public ConvTranspose2d(int in, int out, int kernel, Conv2dGeometry geometry, int extra, RandomStream random) {
        this(in, out, kernel, geometry, extra, Scope.of(random));
    }

    /// A layer with a square kernel.
    ///
    /// @param extra as above
    public ConvTranspose2d(int in, int out, int kernel, Conv2dGeometry geometry, int extra, Scope scope) {
        this(in, out, kernel, geometry, extra, Initialiser.glorotUniform(), scope);
    }

    /// A layer whose weight starts from `initialiser`.
    public ConvTranspose2d(int in, int out, int kernel, Conv2dGeometry geometry, int extra, Initialiser initialiser, RandomStream random) {
        this(in, out, kernel, geometry, extra, initialiser, Scope.of(random));
    }

    /// A layer whose weight starts from `initialiser`.
    public ConvTranspose2d(int in, int out, int kernel, Conv2dGeometry geometry, int extra, Initialiser initialiser, Scope scope) {
        int area = kernel * kernel;
        int groups = geometry.groups();
        this.weight = scope.parameter("weight", WeightKind.CONV_TRANSPOSE2D, Shape.of(in, kernel, kernel, out / groups), initialiser,
                in / groups * area, out / groups * area);
        this.bias = scope.parameter("bias", WeightKind.OTHER, Shape.of(out), Initialiser.zeros());
        this.geometry = geometry;
        this.extra = extra;
        this.scope = scope.ownedBy(this);
    }

    /// `[batch, height, width, in] → [batch, outHeight, outWidth, out]`
    @Override
    public Variable forward(Variable x) {
        return x.convTranspose2d(weight, geometry, extra, extra).plus(bias);
    }

    @Override
    public Parts parts() {
        return scope.parts();
    }
}
