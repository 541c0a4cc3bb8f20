package dev.headstart.tensor;

import java.util.Arrays;

/// Every shape rule, one method per operator. No data is touched; a broken rule is a [ShapeException] that names the operands' shapes.
public final class Shapes {
    private Shapes() {}

    /// The shape two operands broadcast to: aligned at the last axis, equal extents or one of them 1 or absent.
    public static Shape broadcast(String operator, Shape a, Shape b) {
        if (a.equals(b)) {
            return a;
        }
        int rank = Math.max(a.rank(), b.rank());
        int[] dims = new int[rank];
        for (int i = 1; i <= rank; i++) {
            int da = i <= a.rank() ? a.dim(-i) : 1;
            int db = i <= b.rank() ? b.dim(-i) : 1;
            if (da != db && da != 1 && db != 1) {
                throw new ShapeException(operator + ": a" + a + ", b" + b + ": shapes do not broadcast: axis -" + i + " is " + da
                        + " in a, " + db + " in b");
            }
            dims[rank - i] = da == 1 ? db : da;
        }
        return Shape.of(dims);
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
        int[] batch = broadcast("matmul", leading(a, 2), leading(b, 2)).dims();
        int[] dims = Arrays.copyOf(batch, batch.length + 2);
        dims[batch.length] = a.dim(-2);
        dims[batch.length + 1] = b.dim(-1);
        return Shape.of(dims);
    }

    /// `x […, in]`, `weight [out, in]`, `bias [out] → […, out]`.
    public static Shape linear(Shape x, Shape weight, Shape bias) {
        if (x.rank() < 1 || weight.rank() != 2 || bias.rank() != 1) {
            throw new ShapeException("linear: x" + x + ", weight" + weight + ", bias" + bias + ": x needs an axis, weight two, bias one");
        }
        if (x.dim(-1) != weight.dim(1)) {
            throw new ShapeException("linear: x" + x + ", weight" + weight + ": features differ: x's last is " + x.dim(-1)
                    + ", weight expects " + weight.dim(1) + " (axis 1)");
        }
        if (weight.dim(0) != bias.dim(0)) {
            throw new ShapeException("linear: weight" + weight + ", bias" + bias + ": outputs differ: weight has " + weight.dim(0)
                    + " (axis 0), bias has " + bias.dim(0));
        }
        return x.with(-1, weight.dim(0));
    }

    /// The shape without its last `n` axes.
    static Shape leading(Shape shape, int n) {
        return Shape.of(Arrays.copyOf(shape.dims(), shape.rank() - n));
    }

    /// The shape reshaped; one extent may be -1 and is computed.
    public static Shape reshape(Shape from, int... dims) {
        int[] wanted = dims.clone();
        int free = -1;
        long known = 1;
        for (int i = 0; i < wanted.length; i++) {
            if (wanted[i] == -1 && free < 0) {
                free = i;
            } else {
                known *= wanted[i];
            }
        }
        if (free >= 0 && known > 0 && from.size() % known == 0) {
            wanted[free] = (int) (from.size() / known);
            known *= wanted[free];
        }
        if (known != from.size() || Arrays.stream(wanted).anyMatch(d -> d < 0)) {
            throw new ShapeException(
                    "reshape: x" + from + " to " + Arrays.toString(dims) + ": sizes differ: x has " + from.size() + " elements");
        }
        return Shape.of(wanted);
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
        int total = 0;
        for (Shape shape : shapes) {
            if (shape.rank() != first.rank() || !shape.with(axis, 1).equals(first.with(axis, 1))) {
                throw new ShapeException("concat: " + Arrays.toString(shapes) + " along axis " + axis + ": the other axes must agree");
            }
            total += shape.dim(axis);
        }
        return first.with(axis, total);
    }

    /// The axes to reduce, resolved and sorted; none given means all.
    static int[] axes(String operator, Shape shape, int... axes) {
        if (axes.length == 0) {
            return java.util.stream.IntStream.range(0, shape.rank()).toArray();
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

    /// Two operands that must have one shape.
    public static Shape same(String operator, Shape a, Shape b) {
        if (!a.equals(b)) {
            throw new ShapeException(operator + ": " + a + ", " + b + ": the shapes must be equal");
        }
        return a;
    }
}
