package dev.headstart.nn.norm;

import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Variable;
import dev.headstart.nn.Initialiser;
import dev.headstart.nn.Layer;
import dev.headstart.nn.Parts;
import dev.headstart.nn.Scope;
import dev.headstart.nn.WeightKind;
import dev.headstart.tensor.Moments;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.ShapeException;
import dev.headstart.tensor.Tensor;

/// Batch normalisation of each channel (last axis) over all other axes: `y = (x - mean) / √(variance + eps) · weight + bias` (Ioffe and Szegedy
/// 2015). Whatever the rank: what PyTorch calls BatchNorm1d, 2d and 3d.
///
/// In training, moments are those of the batch, and the running ones move towards them by the momentum (the variance's as an unbiased
/// estimate); else, and when weight and bias are frozen, the running ones are used and stand still.
///
/// Parameters: `weight [channels]`, ones at first, `bias [channels]`, zeros at first. Buffers: `running_mean [channels]`, zeros at first,
/// `running_var [channels]`, ones at first, `num_batches_tracked []`.
public final class BatchNorm implements Layer {
    private final Parameter weight;
    private final Parameter bias;
    private final Parameter runningMean;
    private final Parameter runningVariance;
    private final Parameter batches;
    private final float eps;
    private final float momentum;
    private final Scope scope;

    /// A layer with PyTorch's eps of 1e-5 and momentum of 0.1.
    public BatchNorm(int channels) {
        this(channels, 1e-5f, 0.1f);
    }

    /// A layer with PyTorch's eps of 1e-5 and momentum of 0.1.
    public BatchNorm(int channels, Scope scope) {
        this(channels, 1e-5f, 0.1f, scope);
    }

    /// A layer with an eps and a momentum of your own.
    ///
    /// @param momentum share of a new batch in the running moments, in [0, 1]
    public BatchNorm(int channels, float eps, float momentum) {
        this(channels, eps, momentum, Scope.of(RandomStream.of(0))); // nothing is drawn
    }

    /// A layer with an eps and a momentum of your own.
    ///
    /// @param momentum as above
    public BatchNorm(int channels, float eps, float momentum, Scope scope) {
        this(channels, eps, momentum, true, true, scope);
    }

    /// A layer without a weight, or a bias, which are then ones and zeros. One without both uses its running moments in training too.
    ///
    /// @param momentum as above
    /// @param scale whether there is a weight
    /// @param centre whether there is a bias
    public BatchNorm(int channels, float eps, float momentum, boolean scale, boolean centre, Scope scope) {
        if (!(momentum >= 0 && momentum <= 1)) {
            throw new IllegalArgumentException("batch norm: momentum " + momentum + ": it must be in [0, 1]");
        }
        Shape shape = Shape.of(channels);
        this.weight = scale ? scope.parameter("weight", WeightKind.OTHER, shape, Initialiser.ones()) : constant(shape, 1);
        this.bias = centre ? scope.parameter("bias", WeightKind.OTHER, shape, Initialiser.zeros()) : constant(shape, 0);
        this.runningMean = scope.buffer("running_mean", shape, 0);
        this.runningVariance = scope.buffer("running_var", shape, 1);
        this.batches = scope.buffer("num_batches_tracked", Shape.of(), 0);
        this.eps = eps;
        this.momentum = momentum;
        this.scope = scope.ownedBy(this);
    }

    private static Parameter constant(Shape shape, float value) {
        return Parameter.buffer(shape, () -> Tensor.full(shape, value));
    }

    /// The weight, `[channels]`: some models start that of a block's last layer at zero.
    public Parameter weight() {
        return weight;
    }

    /// `[…, channels] → […, channels]`
    @Override
    public Variable forward(Variable x) {
        return dev.headstart.autograd.op.BatchNorm.apply(x, weight, bias, null, moments(x), eps, false);
    }

    /// `relu(forward(x))`, in one pass over memory.
    public Variable forwardRelu(Variable x) {
        return dev.headstart.autograd.op.BatchNorm.apply(x, weight, bias, null, moments(x), eps, true);
    }

    /// `relu(forward(x) + addend)`, in one pass over memory: the end of a residual block.
    public Variable forwardRelu(Variable x, Variable addend) {
        return dev.headstart.autograd.op.BatchNorm.apply(x, weight, bias, addend, moments(x), eps, true);
    }

    private Moments moments(Variable x) {
        Mode mode = Mode.current();
        if (!mode.isTraining() || !(weight.isTrainable() || bias.isTrainable())) {
            return Moments.fixed(runningMean.value().copy(), runningVariance.value().copy()); // they may move before backward
        }
        Moments now = x.value().moments();
        if (now.count() < 2) {
            throw new ShapeException("batch norm: x" + x.shape() + ": training needs more than one element for each channel");
        }
        if (!mode.isRepeating()) {
            track(now);
        }
        return now;
    }

    private void track(Moments now) {
        move(runningMean.value(), now.mean(), momentum);
        move(runningVariance.value(), now.variance(), momentum * ((float) now.count() / (now.count() - 1)));
        batches.value().copyInPlace(batches.value().plus(Tensor.scalar(1)));
    }

    private void move(Tensor running, Tensor now, float share) {
        running.copyInPlace(running.times(1 - momentum).plus(now.times(share)));
    }

    @Override
    public Parts parts() {
        return scope.parts();
    }
}
