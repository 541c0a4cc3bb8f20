package dev.headstart.autograd;

import dev.headstart.autograd.op.AdaptiveAvgPool2d;
import dev.headstart.autograd.op.AdaptiveMaxPool2d;
import dev.headstart.autograd.op.Affine;
import dev.headstart.autograd.op.Attention;
import dev.headstart.autograd.op.AvgPool2d;
import dev.headstart.autograd.op.BatchNorm;
import dev.headstart.autograd.op.BroadcastTo;
import dev.headstart.autograd.op.Concat;
import dev.headstart.autograd.op.Conv2d;
import dev.headstart.autograd.op.ConvTranspose2d;
import dev.headstart.autograd.op.CrossEntropy;
import dev.headstart.autograd.op.DividedBy;
import dev.headstart.autograd.op.Dropout;
import dev.headstart.autograd.op.Erf;
import dev.headstart.autograd.op.Exp;
import dev.headstart.autograd.op.GatherRows;
import dev.headstart.autograd.op.Gelu;
import dev.headstart.autograd.op.GeluTanh;
import dev.headstart.autograd.op.GroupNorm;
import dev.headstart.autograd.op.LayerNorm;
import dev.headstart.autograd.op.Linear;
import dev.headstart.autograd.op.Log;
import dev.headstart.autograd.op.LogSoftmax;
import dev.headstart.autograd.op.Matmul;
import dev.headstart.autograd.op.Max;
import dev.headstart.autograd.op.MaxPool2d;
import dev.headstart.autograd.op.Minus;
import dev.headstart.autograd.op.Permute;
import dev.headstart.autograd.op.Pick;
import dev.headstart.autograd.op.Plus;
import dev.headstart.autograd.op.Relu;
import dev.headstart.autograd.op.Reshape;
import dev.headstart.autograd.op.Resize;
import dev.headstart.autograd.op.Sigmoid;
import dev.headstart.autograd.op.Slice;
import dev.headstart.autograd.op.Softmax;
import dev.headstart.autograd.op.Softplus;
import dev.headstart.autograd.op.Sqrt;
import dev.headstart.autograd.op.Square;
import dev.headstart.autograd.op.Sum;
import dev.headstart.autograd.op.Tanh;
import dev.headstart.autograd.op.Times;
import dev.headstart.autograd.op.Where;
import dev.headstart.tensor.AttentionPattern;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.Moments;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.ShapeException;
import dev.headstart.tensor.Targets;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.geometry.Conv2dGeometry;
import dev.headstart.tensor.geometry.Interpolation;
import dev.headstart.tensor.geometry.Pool2dGeometry;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A tensor in a computation: a constant, a parameter, or the result of an operator that remembers how it was computed.
///
/// ```java
/// Variable loss = x.linear(weight, bias).relu().mean();
/// Gradients gradients = loss.backward();
/// ```
public sealed interface Variable permits Constant, Parameter, Result {
    /// The value.
    Tensor value();

    /// Whether a gradient is wanted: a trainable parameter, or computed from one.
    boolean requiresGradient();

    /// A value nothing is learnt about.
    static Variable of(Tensor value) {
        return new Constant(value, null);
    }

    /// The result of an operator: recorded when an input requires a gradient and the current [Mode] records, else a constant.
    static Variable of(Tensor value, Recorded op, Variable... inputs) {
        return Node.result(value, op, inputs);
    }

    /// This value where one of these inputs of an operator wants a gradient that needs it, else null: what an operator keeps.
    default @Nullable Tensor keptFor(Variable... inputs) {
        for (Variable input : inputs) {
            if (input.requiresGradient()) {
                return value();
            }
        }
        return null;
    }

    /// The shape of the value.
    default Shape shape() {
        return value().shape();
    }

    /// The same value, cut off from how it was computed.
    default Variable detach() {
        return new Constant(value(), null);
    }

    /// The gradients of this number with respect to every trainable parameter it was computed from. The graph stays as it is: backward may
    /// be called again, with the same result. A parameter that was frozen since gets none.
    ///
    /// @throws ShapeException when this is not a single number
    /// @throws IllegalStateException when a parameter that was frozen when an operator was applied to it is not frozen now
    default Gradients backward() {
        if (value().size() != 1) {
            throw new ShapeException("backward: loss" + shape() + ": only a single number has a gradient: sum or average it, or give dY");
        }
        return backward(Tensor.ones(shape()));
    }

    /// The gradients of Σ this · dY.
    default Gradients backward(Tensor dY) {
        if (!dY.shape().equals(shape())) {
            throw new ShapeException("backward: y" + shape() + ", dY" + dY.shape() + ": the shapes must be equal");
        }
        return Backward.run(Source.of(this), dY);
    }

    // ---- operators; each is documented in its file in autograd.op ----

    /// [Plus]
    default Variable plus(Variable b) {
        return Plus.apply(this, b);
    }

    /// this + b
    default Variable plus(float b) {
        return Affine.apply(this, 1, b);
    }

    /// [Minus]
    default Variable minus(Variable b) {
        return Minus.apply(this, b);
    }

    /// [Times]
    default Variable times(Variable b) {
        return Times.apply(this, b);
    }

    /// this · b
    default Variable times(float b) {
        return Affine.apply(this, b, 0);
    }

    /// [DividedBy]
    default Variable dividedBy(Variable b) {
        return DividedBy.apply(this, b);
    }

    /// -this
    default Variable negate() {
        return Affine.apply(this, -1, 0);
    }

    /// [Affine]
    default Variable affine(float scale, float shift) {
        return Affine.apply(this, scale, shift);
    }

    /// [Exp]
    default Variable exp() {
        return Exp.apply(this);
    }

    /// [Log]
    default Variable log() {
        return Log.apply(this);
    }

    /// [Sqrt]
    default Variable sqrt() {
        return Sqrt.apply(this);
    }

    /// [Square]
    default Variable square() {
        return Square.apply(this);
    }

    /// [Erf]
    default Variable erf() {
        return Erf.apply(this);
    }

    /// [Tanh]
    default Variable tanh() {
        return Tanh.apply(this);
    }

    /// [Sigmoid]
    default Variable sigmoid() {
        return Sigmoid.apply(this);
    }

    /// [Relu]
    default Variable relu() {
        return Relu.apply(this);
    }

    /// [Gelu]
    default Variable gelu() {
        return Gelu.apply(this);
    }

    /// [GeluTanh]
    default Variable geluTanh() {
        return GeluTanh.apply(this);
    }

    /// [Softplus]
    default Variable softplus() {
        return Softplus.apply(this);
    }

    /// [Matmul]
    default Variable matmul(Variable b) {
        return Matmul.apply(this, b);
    }

    /// [Linear]; the bias is left out when null
    default Variable linear(Variable weight, @Nullable Variable bias) {
        return Linear.apply(this, weight, bias);
    }

    /// [Attention]
    default Variable attention(Variable k, Variable v, AttentionPattern pattern) {
        return Attention.apply(this, k, v, pattern);
    }

    /// [CrossEntropy]
    default Variable crossEntropy(Variable weight, @Nullable Variable bias, Targets targets) {
        return CrossEntropy.apply(this, weight, bias, targets);
    }

    /// [Conv2d]; the bias may be null
    default Variable conv2d(Variable weight, @Nullable Variable bias, Conv2dGeometry geometry) {
        return Conv2d.apply(this, weight, bias, geometry);
    }

    /// [ConvTranspose2d]
    default Variable convTranspose2d(Variable weight, Conv2dGeometry geometry, int extraHeight, int extraWidth) {
        return ConvTranspose2d.apply(this, weight, geometry, extraHeight, extraWidth);
    }

    /// [MaxPool2d]
    default Variable maxPool2d(Pool2dGeometry geometry) {
        return MaxPool2d.apply(this, geometry);
    }

    /// [AvgPool2d]
    default Variable avgPool2d(Pool2dGeometry geometry, boolean countPadding) {
        return AvgPool2d.apply(this, geometry, countPadding);
    }

    /// [AdaptiveMaxPool2d]
    default Variable adaptiveMaxPool2d(int outHeight, int outWidth) {
        return AdaptiveMaxPool2d.apply(this, outHeight, outWidth);
    }

    /// [AdaptiveAvgPool2d]
    default Variable adaptiveAvgPool2d(int outHeight, int outWidth) {
        return AdaptiveAvgPool2d.apply(this, outHeight, outWidth);
    }

    /// [Resize]
    default Variable resize(int outHeight, int outWidth, Interpolation how) {
        return Resize.apply(this, outHeight, outWidth, how);
    }

    /// [BatchNorm] without an addend or ReLU
    default Variable batchNorm(Variable gamma, Variable beta, Moments moments, float eps) {
        return BatchNorm.apply(this, gamma, beta, null, moments, eps, false);
    }

    /// [GroupNorm]
    default Variable groupNorm(int groups, Variable gamma, Variable beta, float eps) {
        return GroupNorm.apply(this, groups, gamma, beta, eps);
    }

    /// [Sum]
    default Variable sum(int... axes) {
        return Sum.apply(this, axes);
    }

    /// The mean over axes, which are dropped; no axes means all.
    default Variable mean(int... axes) {
        Variable sum = Sum.apply(this, axes);
        return Affine.apply(sum, (float) sum.value().size() / value().size(), 0);
    }

    /// [Max]
    default Variable max(int... axes) {
        return Max.apply(this, axes);
    }

    /// [Softmax]
    default Variable softmax() {
        return Softmax.apply(this);
    }

    /// [LogSoftmax]
    default Variable logSoftmax() {
        return LogSoftmax.apply(this);
    }

    /// [LayerNorm]
    default Variable layerNorm(Variable gamma, Variable beta, float eps) {
        return LayerNorm.apply(this, gamma, beta, eps);
    }

    /// [Reshape]
    default Variable reshape(int... dims) {
        return Reshape.apply(this, dims);
    }

    /// [Permute]
    default Variable permute(int... order) {
        return Permute.apply(this, order);
    }

    /// Two axes exchanged.
    default Variable transpose(int a, int b) {
        int[] order = java.util.stream.IntStream.range(0, shape().rank()).toArray();
        order[shape().axis(a)] = shape().axis(b);
        order[shape().axis(b)] = shape().axis(a);
        return Permute.apply(this, order);
    }

    /// [Slice]
    default Variable slice(int axis, int from, int to) {
        return Slice.apply(this, axis, from, to);
    }

    /// [BroadcastTo]
    default Variable broadcastTo(Shape to) {
        return BroadcastTo.apply(this, to);
    }

    /// [GatherRows]
    default Variable gatherRows(Indices ids) {
        return GatherRows.apply(this, ids);
    }

    /// [Pick]
    default Variable pick(Indices indices) {
        return Pick.apply(this, indices);
    }

    /// [Where]
    default Variable where(Tensor condition, float otherwise) {
        return Where.apply(this, condition, otherwise);
    }

    /// [Dropout]
    default Variable dropout(float probability, RandomStream random) {
        return Dropout.apply(this, probability, random);
    }

    /// [Concat]
    static Variable concat(int axis, Variable... parts) {
        return Concat.apply(axis, parts);
    }

    /// [Recompute]
    default Variable recompute(UnaryOperator<Variable> block) {
        return Recompute.apply(this, block);
    }
}
