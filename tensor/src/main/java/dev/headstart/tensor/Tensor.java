package dev.headstart.tensor;

import dev.headstart.tensor.geometry.Conv2dGeometry;
import dev.headstart.tensor.geometry.Interpolation;
import dev.headstart.tensor.geometry.Pool2dGeometry;
import dev.headstart.tensor.kernel.Binary;
import dev.headstart.tensor.kernel.Reduction;
import dev.headstart.tensor.kernel.Slice;
import dev.headstart.tensor.kernel.Unary;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// float32 numbers with a shape: a `float[]`, an offset and a stride for each axis.
///
/// Operators return new tensors and run on [Workers#current]. Views (`reshape`, `permute`, `slice`, `broadcastTo`) change the layout, never
/// the data, and share the storage. The few mutators end in `InPlace`. Axes count from the front, negative ones from the end.
/// Any number of threads may read a tensor at once.
///
/// Every operator's bits are defined by its text, whatever the layout, thread count or vector width: see `docs/decisions/one-answer.md`.
public final class Tensor {
    private final Storage storage;
    final int offset;
    final int[] strides;
    private final Shape shape;

    Tensor(Storage storage, int offset, Shape shape, int[] strides) {
        this.storage = storage;
        this.offset = offset;
        this.shape = shape;
        this.strides = strides;
    }

    // ---- making tensors ----

    /// A tensor of these values in row-major order, which are copied.
    public static Tensor of(Shape shape, float... values) {
        return wrap(shape, values.clone());
    }

    /// A tensor over this very array, which is not copied: it belongs to the tensor from now on.
    ///
    /// @throws ShapeException when the array's length is not the shape's size
    public static Tensor wrap(Shape shape, float[] values) {
        if (values.length != shape.size()) {
            throw new ShapeException("tensor: " + shape + " holds " + shape.size() + ", " + values.length + " values were given");
        }
        return new Tensor(new Storage(values), 0, shape, shape.contiguousStrides());
    }

    /// A single number, shape `[]`.
    public static Tensor scalar(float value) {
        return wrap(Shape.SCALAR, new float[] {value});
    }

    /// Zeros.
    public static Tensor zeros(Shape shape) {
        return wrap(shape, new float[shape.size()]);
    }

    /// Ones.
    public static Tensor ones(Shape shape) {
        return full(shape, 1);
    }

    /// One value throughout.
    public static Tensor full(Shape shape, float value) {
        float[] values = new float[shape.size()];
        Arrays.fill(values, value);
        return wrap(shape, values);
    }

    /// The array under this tensor and its views, which may be longer than they need.
    float[] data() {
        return storage.values();
    }

    /// Elements of a contiguous tensor from one on, for a kernel.
    Slice elements(int from) {
        return new Slice(data(), offset + from);
    }

    // ---- looking at tensors ----

    /// The shape.
    public Shape shape() {
        return shape;
    }

    /// Number of axes.
    public int rank() {
        return shape.rank();
    }

    /// Extent of an axis.
    public int dim(int axis) {
        return shape.dim(axis);
    }

    /// Number of elements.
    public int size() {
        return shape.size();
    }

    /// The only element of a tensor of one element.
    public float item() {
        if (size() != 1) {
            throw new ShapeException("item: x" + shape + ": only a tensor of one element has an item");
        }
        return data()[offset];
    }

    /// The element at these indices, one per axis.
    public float get(int... indices) {
        if (indices.length != rank()) {
            throw new ShapeException("get: x" + shape + " at " + Arrays.toString(indices) + ": one index per axis is needed");
        }
        int at = offset;
        for (int axis = 0; axis < indices.length; axis++) {
            at += java.util.Objects.checkIndex(indices[axis], shape.dim(axis)) * strides[axis];
        }
        return data()[at];
    }

    /// A copy of the elements in row-major order.
    public float[] toArray() {
        if (isContiguous()) {
            return Arrays.copyOfRange(data(), offset, offset + size());
        }
        return copy().data();
    }

    /// Whether the elements lie in row-major order without gaps.
    public boolean isContiguous() {
        int expected = 1;
        for (int axis = rank() - 1; axis >= 0; axis--) {
            int dim = shape.dim(axis);
            if (dim != 1 && strides[axis] != expected) {
                return size() == 0;
            }
            expected *= dim;
        }
        return true;
    }

    /// This tensor if it is contiguous, else a contiguous copy.
    public Tensor contiguous() {
        return isContiguous() ? this : Loops.copy(this);
    }

    /// A contiguous copy with storage of its own.
    public Tensor copy() {
        Tensor copy = zeros(shape);
        Loops.copy(this, copy.data());
        return copy;
    }

    /// This tensor if its array holds its elements in row-major order and nothing else, and no workspace will take it away; else a copy.
    public Tensor standalone() {
        boolean alone = !storage.isLent() && isContiguous() && data().length == size();
        return alone ? this : copy();
    }

    /// Whether shape and every element's bits agree (a NaN equals the same NaN, +0 is not -0).
    public boolean bitsEqual(Tensor other) {
        return shape.equals(other.shape) && Arrays.equals(bits(), other.bits());
    }

    private int[] bits() {
        float[] values = toArray();
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }

    /// Whether every element is finite.
    public boolean isFinite() {
        return size() == 0 || Float.isFinite(times(scalar(0)).max().item());
    }

    // ---- views ----

    /// The same elements under another shape; one extent may be -1. A view, unless the layout forbids: then a copy.
    public Tensor reshape(int... dims) {
        return reshape(Shapes.reshape(shape, dims));
    }

    /// The same elements under another shape of equal size. A view, unless the layout forbids: then a copy.
    public Tensor reshape(Shape to) {
        if (to.size() != size()) {
            throw new ShapeException("reshape: x" + shape + " to " + to + ": sizes differ: x has " + size() + " elements");
        }
        if (to.equals(shape)) {
            return this;
        }
        Tensor source = contiguous();
        return new Tensor(source.storage, source.offset, to, to.contiguousStrides());
    }

    /// A view with axes reordered: axis i of the result is axis `order[i]` of this.
    public Tensor permute(int... order) {
        Shape to = Shapes.permute(shape, order);
        int[] reordered = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            reordered[i] = strides[order[i]];
        }
        return new Tensor(storage, offset, to, reordered);
    }

    /// A view with two axes exchanged.
    public Tensor transpose(int a, int b) {
        int first = shape.axis(a);
        int second = shape.axis(b);
        int[] order = new int[rank()];
        for (int i = 0; i < order.length; i++) {
            order[i] = i == first ? second : i == second ? first : i;
        }
        return permute(order);
    }

    /// A view of indices `from` up to, not including, `to` along an axis.
    public Tensor slice(int axis, int from, int to) {
        Shape sliced = Shapes.slice(shape, axis, from, to);
        int start = sliced.size() == 0 ? offset : offset + from * strides[shape.axis(axis)]; // nothing may begin behind the end
        return new Tensor(storage, start, sliced, strides);
    }

    /// A view stretched to a larger shape: axes of 1, and axes that are not there, repeat.
    public Tensor broadcastTo(Shape to) {
        if (to.equals(shape)) {
            return this;
        }
        Shapes.broadcastTo(shape, to);
        int[] stretched = new int[to.rank()];
        int added = to.rank() - rank();
        for (int axis = 0; axis < rank(); axis++) {
            stretched[added + axis] = shape.dim(axis) == 1 ? 0 : strides[axis];
        }
        return new Tensor(storage, offset, to, stretched);
    }

    // ---- element-wise, one operand; definitions and accuracy in kernel.scalar.ScalarMath ----

    /// -x
    public Tensor negate() {
        return Loops.unary(Unary.NEGATE, this);
    }

    /// |x|
    public Tensor abs() {
        return Loops.unary(Unary.ABS, this);
    }

    /// x²
    public Tensor square() {
        return Loops.unary(Unary.SQUARE, this);
    }

    /// √x
    public Tensor sqrt() {
        return Loops.unary(Unary.SQRT, this);
    }

    /// 1 / x
    public Tensor reciprocal() {
        return Loops.unary(Unary.RECIPROCAL, this);
    }

    /// e^x
    public Tensor exp() {
        return Loops.unary(Unary.EXP, this);
    }

    /// natural logarithm
    public Tensor log() {
        return Loops.unary(Unary.LOG, this);
    }

    /// hyperbolic tangent
    public Tensor tanh() {
        return Loops.unary(Unary.TANH, this);
    }

    /// error function
    public Tensor erf() {
        return Loops.unary(Unary.ERF, this);
    }

    /// 1 / (1 + e^-x)
    public Tensor sigmoid() {
        return Loops.unary(Unary.SIGMOID, this);
    }

    /// max(x, 0)
    public Tensor relu() {
        return Loops.unary(Unary.RELU, this);
    }

    /// x · Φ(x), by the error function (Hendrycks and Gimpel 2016, arXiv 1606.08415)
    public Tensor gelu() {
        return Loops.unary(Unary.GELU, this);
    }

    /// the tanh form of GELU, as in GPT-2
    public Tensor geluTanh() {
        return Loops.unary(Unary.GELU_TANH, this);
    }

    /// log(1 + e^x)
    public Tensor softplus() {
        return Loops.unary(Unary.SOFTPLUS, this);
    }

    /// `x · scale + shift`, one fused multiply-add
    public Tensor affine(float scale, float shift) {
        return Loops.affine(this, scale, shift);
    }

    // ---- element-wise, two operands, broadcasting ----

    /// a + b
    public Tensor plus(Tensor b) {
        return Loops.binary("plus", Binary.PLUS, this, b);
    }

    /// a - b
    public Tensor minus(Tensor b) {
        return Loops.binary("minus", Binary.MINUS, this, b);
    }

    /// a · b, element by element
    public Tensor times(Tensor b) {
        return Loops.binary("times", Binary.TIMES, this, b);
    }

    /// a · b
    public Tensor times(float b) {
        return times(scalar(b));
    }

    /// a / b
    public Tensor dividedBy(Tensor b) {
        return Loops.binary("dividedBy", Binary.DIVIDE, this, b);
    }

    /// the larger of a and b
    public Tensor maximum(Tensor b) {
        return Loops.binary("maximum", Binary.MAXIMUM, this, b);
    }

    /// the smaller of a and b
    public Tensor minimum(Tensor b) {
        return Loops.binary("minimum", Binary.MINIMUM, this, b);
    }

    /// 1 where a > b, else 0
    public Tensor greater(Tensor b) {
        return Loops.binary("greater", Binary.GREATER, this, b);
    }

    /// 1 where a = b, else 0
    public Tensor equal(Tensor b) {
        return Loops.binary("equal", Binary.EQUAL, this, b);
    }

    // ---- matrix products ----

    /// Matrix product: `[…, m, k] · […, k, n] → […, m, n]`, leading axes broadcast. Transposed views cost no copy.
    public Tensor matmul(Tensor b) {
        return Products.matmul(this, b);
    }

    /// `x · weightᵀ + bias`: `x […, in]`, `weight [out, in]`, `bias [out] → […, out]`. Each element is one chain that starts from the bias,
    /// or from zero where there is none (null).
    public Tensor linear(Tensor weight, @Nullable Tensor bias) {
        return Products.linear(this, weight, bias);
    }

    /// Attention of queries (this, `[batch, time, heads, headDim]`) to keys and values `[batch, other, heads, headDim]`:
    /// `softmax(q kᵀ / √headDim) v` for each head, in the shape of the queries.
    public Tensor attention(Tensor k, Tensor v, AttentionPattern pattern) {
        return Attentions.forward(this, k, v, pattern);
    }

    /// Cross-entropy of the logits `x · weightᵀ + bias` of rows (this, `[…, width]`), which are never in memory as a whole, with those
    /// gradients that are wanted.
    ///
    /// @param weight `[classes, width]`
    /// @param bias `[classes]`, or null for none
    /// @param wanted whether the gradients of x, weight and bias are
    public Loss crossEntropy(Tensor weight, @Nullable Tensor bias, Targets targets, boolean... wanted) {
        return CrossEntropies.of(this, weight, bias, targets, wanted);
    }

    /// A loss with its gradients, null for those that were not wanted.
    ///
    /// @param value the loss
    /// @param dX the gradient of the rows
    /// @param dWeight of the weight
    /// @param dBias of the bias
    public record Loss(Tensor value, @Nullable Tensor dX, @Nullable Tensor dWeight, @Nullable Tensor dBias) {}

    // ---- convolutions ----

    /// Convolution of images: this `[batch, height, width, channels]`, `weight [out, kernelHeight, kernelWidth, channels / groups]`,
    /// `bias [out] → [batch, outHeight, outWidth, out]`. Each element is one chain that starts from the bias, or from zero where there is
    /// none (null).
    public Tensor conv2d(Tensor weight, @Nullable Tensor bias, Conv2dGeometry geometry) {
        return Convolutions.forward(this, weight, bias, geometry);
    }

    /// Transposed convolution: the images of which a convolution by this weight and geometry has the extents of this, with this spread over
    /// them. This is `[batch, height, width, in]`, `weight [in, kernelHeight, kernelWidth, out / groups] →
    /// [batch, outHeight, outWidth, out]`.
    ///
    /// @param extraHeight rows added below, for strides after which several heights give this one; below the stride
    /// @param extraWidth columns added at the right
    public Tensor convTranspose2d(Tensor weight, Conv2dGeometry geometry, int extraHeight, int extraWidth) {
        Shape images = Shapes.convTranspose2d(shape, weight.shape, geometry, extraHeight, extraWidth);
        return Convolutions.inputGradient(images, weight, this, geometry);
    }

    // ---- pooling and resizing of images, [batch, height, width, channels] ----

    /// The largest element of each window, for each channel, with what its gradient needs. Padding never wins.
    public Pooled maxPool2d(Pool2dGeometry geometry) {
        return Pooling.max(this, geometry);
    }

    /// What max pooling gives.
    ///
    /// @param y the largest elements
    /// @param winners for each of them the number of its position in its window
    public record Pooled(Tensor y, Tensor winners) {}

    /// The mean of each window, for each channel.
    ///
    /// @param countPadding whether padding counts, as zeros, or the mean is that of the window's pixels
    public Tensor avgPool2d(Pool2dGeometry geometry, boolean countPadding) {
        return Pooling.average(this, geometry, countPadding);
    }

    /// The largest elements of as many bins as are asked for, for each channel, with what their gradient needs. Bins are those of
    /// [#adaptiveAvgPool2d].
    public Pooled adaptiveMaxPool2d(int height, int width) {
        return Pooling.adaptiveMax(this, height, width);
    }

    /// Means of as many bins as are asked for, for each channel: bin i of an axis is from ⌊i · in / out⌋ to ⌈(i + 1) · in / out⌉.
    public Tensor adaptiveAvgPool2d(int height, int width) {
        return Pooling.adaptiveAverage(this, height, width);
    }

    /// Images of another height and width.
    public Tensor resize(int height, int width, Interpolation how) {
        return Pooling.resize(this, height, width, how);
    }

    // ---- reductions ----

    /// Sum over axes, which are dropped; no axes means all.
    public Tensor sum(int... axes) {
        return Reductions.reduce("sum", Reduction.SUM, this, axes);
    }

    /// Sum of squares over axes, which are dropped; no axes means all.
    public Tensor sumOfSquares(int... axes) {
        return Reductions.reduce("sumOfSquares", Reduction.SUM_OF_SQUARES, this, axes);
    }

    /// [#sumOfSquares] of each of these tensors, all of them shared out over the threads together.
    public static float[] sumsOfSquares(List<Tensor> tensors) {
        return Reductions.sumsOfSquares(tensors);
    }

    /// Mean over axes, which are dropped; no axes means all. The sum, divided by the count.
    public Tensor mean(int... axes) {
        Tensor sum = sum(axes);
        return sum.dividedBy(scalar((float) size() / sum.size()));
    }

    /// Largest element over axes, which are dropped; no axes means all.
    public Tensor max(int... axes) {
        return Reductions.reduce("max", Reduction.MAX, this, axes);
    }

    /// Smallest element over axes, which are dropped; no axes means all.
    public Tensor min(int... axes) {
        return Reductions.reduce("min", Reduction.MIN, this, axes);
    }

    /// Index of the largest element of each row (last axis); the lowest wins a tie.
    public Indices argmax() {
        return Reductions.argmax(this);
    }

    /// Sums what broadcasting had stretched: the reverse of [#broadcastTo], down to `to`.
    public Tensor sumTo(Shape to) {
        return Reductions.sumTo(this, to);
    }

    // ---- rows (last axis) ----

    /// Softmax of each row. A row of -∞ only gives zeros.
    public Tensor softmax() {
        return Softmaxes.softmax(this);
    }

    /// Logarithm of the softmax of each row.
    public Tensor logSoftmax() {
        return Softmaxes.logSoftmax(this);
    }

    /// Layer normalisation of each row, with what its gradient needs.
    public Normalised layerNorm(Tensor gamma, Tensor beta, float eps) {
        return LayerNorms.apply(this, gamma, beta, eps);
    }

    /// What layer normalisation gives.
    ///
    /// @param y the normalised, scaled and shifted rows
    /// @param mean mean of each row
    /// @param rstd 1 / standard deviation of each row
    public record Normalised(Tensor y, Tensor mean, Tensor rstd) {}

    // ---- channels (last axis) ----

    /// Mean and variance of each channel over all other axes.
    public Moments moments() {
        return ChannelNorms.moments(this);
    }

    /// Mean and variance of each group of channels of each image (axis 0).
    ///
    /// @param groups how many; they divide the channels
    public Moments moments(int groups) {
        return ChannelNorms.moments(this, groups);
    }

    /// The channels normalised, in one pass.
    ///
    /// @param addend of this shape; left out when null
    public Tensor normaliseChannels(Normalisation by, @Nullable Tensor addend) {
        return ChannelNorms.apply(this, by, addend);
    }

    // ---- gather and scatter ----

    /// Rows of a `[v, n]` table by index: `[ids…, n]`.
    public Tensor gatherRows(Indices ids) {
        return Indexing.gatherRows(this, ids);
    }

    /// A table of the given shape, zero but for the rows of this, each added to the row of its id, in order; the reverse of [#gatherRows].
    public Tensor scatterAddRows(Indices ids, Shape table) {
        return Indexing.scatterAddRows(this, ids, table);
    }

    /// From each row (last axis) the element at its index; a negative index gives 0.
    public Tensor pick(Indices indices) {
        return Indexing.pick(this, indices);
    }

    /// Rows of n, zero but for the value of this at the row's index: the reverse of [#pick]. A negative index leaves the row zero.
    public Tensor place(Indices indices, int n) {
        return Indexing.place(this, indices, n);
    }

    /// Tensors joined along an axis.
    public static Tensor concat(int axis, Tensor... parts) {
        return Indexing.concat(axis, parts);
    }

    /// This where `condition` is not 0, else `otherwise`; the condition is broadcast to this tensor's shape.
    public Tensor where(Tensor condition, float otherwise) {
        return Loops.where(condition, this, otherwise);
    }

    /// Inverted dropout: each element is zero with this probability, else divided by 1 - probability. The choice is a pure function of the
    /// stream and the element's row-major index.
    ///
    /// @param probability in [0, 1)
    public Tensor dropout(float probability, RandomStream random) {
        return Loops.dropout(this, probability, random);
    }

    // ---- in place ----

    /// Takes over another tensor's elements; the shapes are equal.
    public void copyInPlace(Tensor from) {
        Updates.copy(this, from);
    }

    /// `this = fma(a, x, this)`; the shapes are equal.
    public void axpyInPlace(float a, Tensor x) {
        Updates.axpy(this, a, x);
    }

    @Override
    public String toString() {
        StringJoiner text = new StringJoiner(", ", "Tensor" + shape + " {", size() > 8 ? ", …}" : "}");
        Tensor flat = contiguous();
        for (int i = 0; i < Math.min(8, size()); i++) {
            text.add(String.valueOf(flat.data()[flat.offset + i]));
        }
        return text.toString();
    }
}
