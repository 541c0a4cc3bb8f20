package dev.headstart.tensor;

import dev.headstart.tensor.geometry.Conv2dGeometry;
import dev.headstart.tensor.geometry.Pool2dGeometry;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Every shape rule, one method per operator. No data is touched; a broken rule is a [ShapeException] that names the operands' shapes.
public final class Shapes {
    private Shapes() {}

    /// The shape two operands broadcast to: aligned at the last axis, equal extents or one of them 1 or absent.
    public static Shape broadcast(String operator, Shape a, Shape b) {
        if (a.equals(b)) {
            return a;
        }
        int clash = clash(a, b, 1);
        if (clash > 0) {
            throw new ShapeException(operator + ": a" + a + ", b" + b + ": shapes do not broadcast: axis -" + clash + " is " + a.dim(-clash)
                    + " in a, " + b.dim(-clash) + " in b");
        }
        return Shape.of(broadcast(a, b, 1));
    }

    /// The first axis, counted from the end and beginning with `from`, at which two shapes do not broadcast; 0 when they do.
    private static int clash(Shape a, Shape b, int from) {
        for (int i = from; i <= Math.min(a.rank(), b.rank()); i++) {
            if (a.dim(-i) != b.dim(-i) && a.dim(-i) != 1 && b.dim(-i) != 1) {
                return i;
            }
        }
        return 0;
    }

    /// What two shapes broadcast to, in all axes before the last `from - 1`; the others are 0.
    private static int[] broadcast(Shape a, Shape b, int from) {
        int[] dims = new int[Math.max(a.rank(), b.rank())];
        for (int i = from; i <= dims.length; i++) {
            int da = i <= a.rank() ? a.dim(-i) : 1;
            dims[dims.length - i] = da == 1 && i <= b.rank() ? b.dim(-i) : da;
        }
        return dims;
    }

    /// Whether `from` can be stretched to `to`.
    public static void broadcastTo(Shape from, Shape to) {
        boolean fits = from.rank() <= to.rank();
        for (int i = 1; fits && i <= from.rank(); i++) {
            fits = from.dim(-i) == to.dim(-i) || from.dim(-i) == 1;
        }
        if (!fits) {
            throw new ShapeException("broadcastTo: x" + from + " to " + to + ": an axis can only be stretched from 1");
        }
    }

    /// `[…, m, k] · […, k, n] → […, m, n]`, leading axes broadcast.
    public static Shape matmul(Shape a, Shape b) {
        if (a.rank() < 2 || b.rank() < 2) {
            throw new ShapeException(
                    "matmul: a" + a + " · b" + b + ": both operands need at least 2 axes: reshape a vector to a row or a column");
        }
        if (a.dim(-1) != b.dim(-2)) {
            throw new ShapeException(
                    "matmul: a" + a + " · b" + b + ": inner dims differ: a's last is " + a.dim(-1) + ", b's last-but-one is " + b.dim(-2));
        }
        int clash = clash(a, b, 3);
        if (clash > 0) {
            throw new ShapeException("matmul: a" + a + " · b" + b + ": leading axes do not broadcast: axis -" + clash + " is "
                    + a.dim(-clash) + " in a, " + b.dim(-clash) + " in b");
        }
        int[] dims = broadcast(a, b, 3);
        dims[dims.length - 2] = a.dim(-2);
        dims[dims.length - 1] = b.dim(-1);
        return Shape.of(dims);
    }

    /// `x […, in]`, `weight [out, in]`, `bias [out] → […, out]`; the bias may be null.
    public static Shape linear(Shape x, Shape weight, @Nullable Shape bias) {
        if (x.rank() < 1 || weight.rank() != 2 || (bias != null && bias.rank() != 1)) {
            throw new ShapeException("linear: x" + x + ", weight" + weight + (bias == null ? "" : ", bias" + bias)
                    + ": x needs an axis, weight two" + (bias == null ? "" : ", bias one"));
        }
        if (x.dim(-1) != weight.dim(1)) {
            throw new ShapeException("linear: x" + x + ", weight" + weight + ": features differ: x's last is " + x.dim(-1)
                    + ", weight expects " + weight.dim(1) + " (axis 1)");
        }
        if (bias != null && weight.dim(0) != bias.dim(0)) {
            throw new ShapeException("linear: weight" + weight + ", bias" + bias + ": outputs differ: weight has " + weight.dim(0)
                    + " (axis 0), bias has " + bias.dim(0));
        }
        return x.with(-1, weight.dim(0));
    }

    /// `x [batch, height, width, channels]`, `weight [out, kernelHeight, kernelWidth, channels / groups] →
    /// [batch, outHeight, outWidth, out]`.
    public static Shape conv2d(Shape x, Shape weight, Conv2dGeometry geometry) {
        if (x.rank() != 4 || weight.rank() != 4) {
            throw new ShapeException(
                    conv2d(x, weight) + "both need 4 axes: images [batch, height, width, channels], weights [out, height, width, in]");
        }
        int groups = geometry.groups();
        if (x.dim(3) % groups != 0 || weight.dim(0) % groups != 0) {
            throw new ShapeException(
                    conv2d(x, weight) + groups + " groups do not divide the channels: x has " + x.dim(3) + " (axis 3), w gives "
                            + weight.dim(0) + " (axis 0)");
        }
        if (x.dim(3) / groups != weight.dim(3)) {
            throw new ShapeException(conv2d(x, weight) + "channels differ: x has " + x.dim(3) + " (axis 3)"
                    + (groups == 1 ? "" : ", " + x.dim(3) / groups + " in each of " + groups + " groups") + ", w expects " + weight.dim(3)
                    + " (axis 3)");
        }
        long height = geometry.outHeight(x.dim(1), weight.dim(1));
        long width = geometry.outWidth(x.dim(2), weight.dim(2));
        if (height < 1 || width < 1 || weight.dim(1) < 1 || weight.dim(2) < 1 || height > Integer.MAX_VALUE || width > Integer.MAX_VALUE) {
            throw new ShapeException(conv2d(x, weight) + "the kernel does not fit into the padded images: the result would be " + height
                    + " high and " + width + " wide");
        }
        return Shape.of(x.dim(0), (int) height, (int) width, weight.dim(0));
    }

    private static String conv2d(Shape x, Shape weight) {
        return "conv2d: x" + x + ", w" + weight + ": ";
    }

    /// `x [batch, height, width, in]`, `weight [in, kernelHeight, kernelWidth, out / groups] → [batch, outHeight, outWidth, out]`,
    /// outHeight = (height - 1) · strideY - top - bottom + dilationY · (kernelHeight - 1) + 1 + extraHeight.
    public static Shape convTranspose2d(Shape x, Shape weight, Conv2dGeometry geometry, int extraHeight, int extraWidth) {
        if (x.rank() != 4 || weight.rank() != 4) {
            throw new ShapeException(convTranspose2d(x, weight)
                    + "both need 4 axes: images [batch, height, width, channels], weights [in, height, width, out]");
        }
        if (x.dim(3) != weight.dim(0) || weight.dim(0) % geometry.groups() != 0) {
            throw new ShapeException(convTranspose2d(x, weight) + "channels differ: x has " + x.dim(3) + " (axis 3), w expects "
                    + weight.dim(0) + " (axis 0), in " + geometry.groups() + (geometry.groups() == 1 ? " group" : " groups"));
        }
        if (extraHeight < 0 || extraHeight >= geometry.strideY() || extraWidth < 0 || extraWidth >= geometry.strideX()) {
            throw new ShapeException(convTranspose2d(x, weight) + "extra [" + extraHeight + ", " + extraWidth
                    + "]: each must be at least 0 and below its stride, [" + geometry.strideY() + ", " + geometry.strideX() + "]");
        }
        long height = geometry.spreadHeight(x.dim(1), weight.dim(1)) + extraHeight;
        long width = geometry.spreadWidth(x.dim(2), weight.dim(2)) + extraWidth;
        if (x.dim(1) < 1 || x.dim(2) < 1 || height < 1 || width < 1 || height > Integer.MAX_VALUE || width > Integer.MAX_VALUE) {
            throw new ShapeException(
                    convTranspose2d(x, weight) + "nothing is left: the result would be " + height + " high and " + width + " wide");
        }
        return Shape.of(x.dim(0), (int) height, (int) width, weight.dim(3) * geometry.groups());
    }

    private static String convTranspose2d(Shape x, Shape weight) {
        return "convTranspose2d: x" + x + ", w" + weight + ": ";
    }

    /// `weight [out, …]`, `bias [out]`.
    public static void conv2dBias(Shape weight, Shape bias) {
        if (bias.rank() != 1 || bias.dim(0) != weight.dim(0)) {
            throw new ShapeException("conv2d: w" + weight + ", bias" + bias + ": one bias for each output is needed: w gives "
                    + weight.dim(0) + " (axis 0)");
        }
    }

    /// `x [batch, height, width, channels] → [batch, outHeight, outWidth, channels]`
    public static Shape pool2d(String operator, Shape x, Pool2dGeometry geometry) {
        images(operator, x);
        long height = geometry.outHeight(x.dim(1));
        long width = geometry.outWidth(x.dim(2));
        if (height < 1 || width < 1) {
            throw new ShapeException(operator + ": x" + x + ", window [" + geometry.kernelHeight() + ", " + geometry.kernelWidth()
                    + "]: the window does not fit into the padded images");
        }
        return Shape.of(x.dim(0), Math.toIntExact(height), Math.toIntExact(width), x.dim(3));
    }

    /// `x [batch, height, width, channels]` with another height and width.
    public static Shape resized(String operator, Shape x, int height, int width) {
        images(operator, x);
        if (height < 1 || width < 1) {
            throw new ShapeException(operator + ": x" + x + " to [" + height + ", " + width + "]: each must be at least 1");
        }
        return Shape.of(x.dim(0), height, width, x.dim(3));
    }

    private static void images(String operator, Shape x) {
        if (x.rank() != 4) {
            throw new ShapeException(operator + ": x" + x + ": images need 4 axes: [batch, height, width, channels]");
        }
        if (x.dim(1) < 1 || x.dim(2) < 1) {
            throw new ShapeException(operator + ": x" + x + ": the images have no pixels");
        }
    }

    /// Groups of equally many channels (last axis) of each image (first axis).
    public static void groups(String operator, Shape x, int groups) {
        if (x.rank() < 2 || groups < 1 || x.dim(-1) % groups != 0) {
            throw new ShapeException(operator + ": x" + x + ", " + groups + " groups: x needs 2 axes, and groups must divide the last");
        }
    }

    /// `x […, n]`, moments `[n]` or `[x's first, groups]`, gamma and beta `[n]`.
    public static Shape normaliseChannels(Shape x, Shape moments, Shape gamma, Shape beta) {
        if (x.rank() < 1 || gamma.rank() != 1 || !gamma.equals(beta) || gamma.dim(0) != x.dim(-1)) {
            throw new ShapeException("normaliseChannels: x" + x + ", gamma" + gamma + ", beta" + beta
                    + ": gamma and beta need the length of x's last axis");
        }
        boolean fits = moments.rank() == 1
                ? moments.equals(gamma)
                : x.rank() >= 2 && moments.dim(0) == x.dim(0) && moments.dim(1) > 0 && x.dim(-1) % moments.dim(1) == 0;
        if (!fits) {
            throw new ShapeException("normaliseChannels: x" + x + ", moments" + moments
                    + ": one of each channel is needed, or of each group of channels of each image");
        }
        return x;
    }

    /// The shape as a matrix: all axes but the last one made one.
    ///
    /// @throws ShapeException when there is no axis
    public static Shape rows(String operator, Shape x) {
        if (x.rank() == 0) {
            throw new ShapeException(operator + ": x" + x + ": rows are needed: x has no axis");
        }
        return x.rank() == 2 ? x : Shape.of(leading(x, 1).size(), x.dim(-1));
    }

    /// The shape without its last `n` axes.
    static Shape leading(Shape shape, int n) {
        return Shape.of(Arrays.copyOf(shape.dims(), shape.rank() - n));
    }

    /// The shape reshaped; one extent may be -1 and is computed.
    public static Shape reshape(Shape from, int... dims) {
        int[] wanted = dims.clone();
        int free = -1;
        for (int i = 0; i < wanted.length; i++) {
            if (wanted[i] == -1) {
                if (free >= 0) {
                    throw new ShapeException("reshape: x" + from + " to " + Arrays.toString(dims) + ": only one extent may be -1");
                }
                free = i;
                wanted[i] = 1;
            } else if (wanted[i] < 0) {
                throw new ShapeException("reshape: x" + from + " to " + Arrays.toString(dims) + ": an axis cannot be negative");
            }
        }
        Shape known = Shape.of(wanted);
        if (free >= 0 && known.size() > 0 && from.size() % known.size() == 0) {
            known = known.with(free, from.size() / known.size());
        }
        if (known.size() != from.size()) {
            throw new ShapeException(
                    "reshape: x" + from + " to " + Arrays.toString(dims) + ": sizes differ: x has " + from.size() + " elements");
        }
        if (free >= 0 && known.size() == 0 && known.dim(free) == 1) {
            throw new ShapeException("reshape: x" + from + " to " + Arrays.toString(dims)
                    + ": -1 could be anything, since another extent is 0: name it");
        }
        return known;
    }

    /// The shape with axes reordered: axis i of the result is axis `order[i]`.
    public static Shape permute(Shape shape, int... order) {
        int[] dims = new int[order.length];
        boolean[] seen = new boolean[shape.rank()];
        boolean fits = order.length == shape.rank();
        for (int i = 0; fits && i < order.length; i++) {
            fits = order[i] >= 0 && order[i] < seen.length && !seen[order[i]];
            if (fits) {
                seen[order[i]] = true;
                dims[i] = shape.dim(order[i]);
            }
        }
        if (!fits) {
            throw new ShapeException("permute: x" + shape + " by " + Arrays.toString(order) + ": each axis must be named once");
        }
        return Shape.of(dims);
    }

    /// The shape of indices `from` up to, not including, `to` along an axis.
    public static Shape slice(Shape shape, int axis, int from, int to) {
        if (!hasAxis(shape, axis)) {
            throw new ShapeException("slice: x" + shape + ": " + noAxis(shape, axis));
        }
        if (from < 0 || to < from || to > shape.dim(axis)) {
            throw new ShapeException("slice: x" + shape + ": [" + from + ", " + to + ") is not within axis " + axis + ", which is "
                    + shape.dim(axis) + " long");
        }
        return shape.with(axis, to - from);
    }

    /// The shape of operands joined along an axis: all other extents agree.
    public static Shape concat(int axis, Shape... shapes) {
        if (shapes.length == 0) {
            throw new ShapeException("concat: no operands: at least one is needed");
        }
        Shape first = shapes[0];
        if (!hasAxis(first, axis)) {
            throw new ShapeException("concat: " + Arrays.toString(shapes) + " along axis " + axis + ": " + noAxis(first, axis));
        }
        int total = 0;
        for (Shape shape : shapes) {
            if (shape.rank() != first.rank() || !shape.with(axis, 1).equals(first.with(axis, 1))) {
                throw new ShapeException("concat: " + Arrays.toString(shapes) + " along axis " + axis + ": the other axes must agree");
            }
            total += shape.dim(axis);
        }
        return first.with(axis, total);
    }

    private static boolean hasAxis(Shape shape, int axis) {
        return axis >= -shape.rank() && axis < shape.rank();
    }

    private static String noAxis(Shape shape, int axis) {
        return "there is no axis " + axis + ": the rank is " + shape.rank();
    }

    /// The axes to reduce, resolved and sorted; none given means all.
    static int[] axes(String operator, Shape shape, int... axes) {
        if (axes.length == 0) {
            return java.util.stream.IntStream.range(0, shape.rank()).toArray();
        }
        for (int axis : axes) {
            if (!hasAxis(shape, axis)) {
                throw new ShapeException(operator + ": x" + shape + " over axes " + Arrays.toString(axes) + ": " + noAxis(shape, axis));
            }
        }
        if (axes.length == 1) {
            return new int[] {shape.axis(axes[0])};
        }
        int[] resolved = Arrays.stream(axes).map(shape::axis).sorted().distinct().toArray();
        if (resolved.length != axes.length) {
            throw new ShapeException(operator + ": x" + shape + " over axes " + Arrays.toString(axes) + ": an axis is named twice");
        }
        return resolved;
    }

    /// The shape with reduced axes dropped. No axes means all.
    public static Shape reduced(String operator, Shape shape, int... axes) {
        int[] gone = axes(operator, shape, axes);
        return Shape.of(
                java.util.stream.IntStream.range(0, shape.rank()).filter(i -> Arrays.binarySearch(gone, i) < 0).map(shape::dim).toArray());
    }

    /// The shape with reduced axes kept, 1 long. No axes means all.
    public static Shape reducedKeeping(String operator, Shape shape, int... axes) {
        int[] dims = shape.dims();
        for (int axis : axes(operator, shape, axes)) {
            dims[axis] = 1;
        }
        return Shape.of(dims);
    }

    /// `table [v, n]`, ids of any shape, `→ [ids…, n]`; every id in [0, v).
    public static Shape gatherRows(Shape table, Indices ids) {
        if (table.rank() != 2) {
            throw new ShapeException("gatherRows: table" + table + ": the table needs 2 axes");
        }
        for (int id : ids.array()) {
            if (id < 0 || id >= table.dim(0)) {
                throw new ShapeException(
                        "gatherRows: table" + table + ", ids" + ids.shape() + ": id " + id + " is not in [0, " + table.dim(0) + ")");
            }
        }
        int[] dims = Arrays.copyOf(ids.shape().dims(), ids.shape().rank() + 1);
        dims[dims.length - 1] = table.dim(1);
        return Shape.of(dims);
    }

    /// `x […, n]` and one index for each of its rows.
    public static Shape pick(String operator, Shape x, Indices indices) {
        if (x.rank() < 1 || !leading(x, 1).equals(indices.shape())) {
            throw new ShapeException(operator + ": x" + x + ", indices" + indices.shape() + ": one index for each row of x is needed: "
                    + (x.rank() < 1 ? "x has no axis" : leading(x, 1)));
        }
        for (int i : indices.array()) {
            if (i >= x.dim(-1)) {
                throw new ShapeException(
                        operator + ": x" + x + ", indices" + indices.shape() + ": index " + i + " is not below " + x.dim(-1));
            }
        }
        return indices.shape();
    }

    /// `x […, n]`, gamma and beta `[n]`.
    public static Shape layerNorm(Shape x, Shape gamma, Shape beta) {
        if (x.rank() < 1 || gamma.rank() != 1 || !gamma.equals(beta) || gamma.dim(0) != x.dim(-1)) {
            throw new ShapeException(
                    "layerNorm: x" + x + ", gamma" + gamma + ", beta" + beta + ": gamma and beta need the length of x's last axis");
        }
        return x;
    }

    /// The gradients of layer normalisation: `dY […, n]`, x of its shape, `gamma [n]`, and `mean` and `rstd` with one number for each row;
    /// all but dY may be null.
    static void layerNormGradients(Shape dY, @Nullable Shape x, @Nullable Shape gamma, @Nullable Shape mean, @Nullable Shape rstd) {
        String operator = "layerNormGradients";
        Shape rows = rows(operator, dY);
        if (x != null) {
            same(operator, x, dY);
        }
        if (gamma != null && (gamma.rank() != 1 || gamma.dim(0) != dY.dim(-1))) {
            throw new ShapeException(operator + ": gamma" + gamma + ", dY" + dY + ": gamma needs the length of dY's last axis");
        }
        oneForEachRow(operator, "mean", mean, rows);
        oneForEachRow(operator, "rstd", rstd, rows);
    }

    private static void oneForEachRow(String operator, String name, @Nullable Shape statistic, Shape rows) {
        if (statistic != null && (statistic.rank() != 1 || (rows.dim(1) > 0 && statistic.dim(0) != rows.dim(0)))) {
            throw new ShapeException(operator + ": " + name + statistic + ", dY" + rows + ": one number for each row of dY is needed");
        }
    }

    /// Checks that there is one answer for each input of which a gradient may be wanted.
    static void wanted(String operator, boolean[] wanted, int inputs) {
        if (wanted.length != inputs) {
            throw new IllegalArgumentException(
                    operator + ": wanted has " + wanted.length + " entries: one for each of " + inputs + " inputs is needed");
        }
    }

    /// Checks that an operand is given where a wanted gradient needs it.
    static void given(String operator, String name, @Nullable Tensor operand, boolean needed) {
        if (needed && operand == null) {
            throw new IllegalArgumentException(operator + ": " + name + " is null, and a gradient that is wanted needs it");
        }
    }

    /// `q [batch, time, heads, headDim]`, k and v `[batch, other, heads, headDim]`: the shape of the scores, `[batch, heads, time, other]`.
    public static Shape attention(Shape q, Shape k, Shape v, AttentionPattern pattern) {
        String operands = "attention: q" + q + ", k" + k + ", v" + v + ": ";
        if (q.rank() != 4 || k.rank() != 4 || v.rank() != 4) {
            throw new ShapeException(operands + "each needs 4 axes: [batch, time, heads, headDim]");
        }
        if (!k.equals(v) || !k.with(1, 0).equals(q.with(1, 0))) {
            throw new ShapeException(operands + "they may differ in the time of q (axis 1) only");
        }
        if (pattern.causal() && q.dim(1) != k.dim(1)) {
            throw new ShapeException(operands + "causal attention needs equal times: q has " + q.dim(1) + ", k has " + k.dim(1)
                    + " (axis 1)");
        }
        Shape scores = Shape.of(q.dim(0), q.dim(2), q.dim(1), k.dim(1));
        Tensor mask = pattern.mask();
        boolean fits = mask == null || mask.rank() <= 4;
        for (int i = 1; mask != null && fits && i <= mask.rank(); i++) {
            fits = mask.dim(-i) == 1 || mask.dim(-i) == scores.dim(-i);
        }
        if (mask != null && !fits) {
            throw new ShapeException(
                    "attention: scores" + scores + ", mask" + mask.shape() + ": the mask does not broadcast to the scores");
        }
        return scores;
    }

    /// `x […, width]`, `weight [classes, width]`, `bias [classes]` or none, and one target for each row: the logits' shape.
    public static Shape crossEntropy(Shape x, Shape weight, @Nullable Shape bias, Targets targets) {
        String operands = "crossEntropy: x" + x + ", weight" + weight + (bias == null ? "" : ", bias" + bias) + ": ";
        if (x.rank() < 1 || weight.rank() != 2) {
            throw new ShapeException(operands + "x needs an axis, weight two");
        }
        if (x.dim(-1) != weight.dim(1)) {
            throw new ShapeException(operands + "features differ: x's last is " + x.dim(-1) + ", weight expects " + weight.dim(1)
                    + " (axis 1)");
        }
        if (bias != null && !bias.equals(Shape.of(weight.dim(0)))) {
            throw new ShapeException(operands + "one bias for each class is needed: weight has " + weight.dim(0) + " (axis 0)");
        }
        Shape logits = x.with(-1, weight.dim(0));
        pick("crossEntropy", logits, targets.labels());
        return logits;
    }

    /// x and a condition that broadcasts to it.
    public static Shape where(Shape x, Shape condition) {
        int clash = 0;
        for (int i = 1; clash == 0 && i <= Math.min(x.rank(), condition.rank()); i++) {
            clash = condition.dim(-i) == x.dim(-i) || condition.dim(-i) == 1 ? 0 : i;
        }
        if (clash > 0 || condition.rank() > x.rank()) {
            throw new ShapeException("where: x" + x + ", condition" + condition + ": the condition does not broadcast to x: " + (clash > 0
                    ? "axis -" + clash + " is " + condition.dim(-clash) + " in condition, " + x.dim(-clash) + " in x"
                    : "it has more axes"));
        }
        return x;
    }

    /// Two operands that must have one shape.
    public static Shape same(String operator, Shape a, Shape b) {
        if (!a.equals(b)) {
            throw new ShapeException(operator + ": " + a + ", " + b + ": the shapes must be equal");
        }
        return a;
    }
}
