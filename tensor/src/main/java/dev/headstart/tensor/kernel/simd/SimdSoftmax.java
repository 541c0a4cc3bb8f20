package dev.headstart.tensor.kernel.simd;

import static dev.headstart.tensor.kernel.simd.Lanes.SPECIES;
import static dev.headstart.tensor.kernel.simd.Lanes.WIDTH;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.MAX;

import dev.headstart.tensor.kernel.Softmax;
import dev.headstart.tensor.kernel.scalar.ScalarMath;
import jdk.incubator.vector.FloatVector;

/// Short rows are done a chunk at a time, in scratch memory of the nearest cache, every row there filled up with -∞ to whole
/// vectors: first x - m of all rows, then one long loop of exp, then the sums, then the results. Longer rows go one by one.
///
/// The maximum is found by a compare and a blend, a third of the instructions of `max`, which pass over NaN: a NaN reaches every
/// element of its row through the sum anyway. The sign of a zero maximum is lost in x - m. Where nothing is above -∞, 0 is subtracted
/// instead: then Σ is 0, which it cannot be otherwise, or NaN.
///
/// The last vector of an elementwise pass reaches back over elements already done; it is computed before anything is written, so that
/// source and target may be one.
final class SimdSoftmax implements Softmax {
    /// Most elements of a short row: a loop over less is mostly beginning and end.
    private static final int SHORT = 512;

    /// Elements of a chunk of short rows.
    private static final int CHUNK = 2048;

    @Override
    public void softmax(float[] x, int xo, float[] y, int yo, int rows, int n) {
        if (n > SHORT) {
            float[] e = Scratch.EXPS.array(Lanes.rounded(n));
            for (int r = 0; r < rows; r++) {
                softmaxOfLong(x, xo + r * n, y, yo + r * n, n, e);
            }
            return;
        }
        int width = Math.ceilDiv(n, WIDTH) * WIDTH;
        int most = width == 0 ? 0 : Math.min(rows, CHUNK / width);
        float[] d = Scratch.DIFFERENCES.array(Lanes.rounded(most * width));
        float[] sums = Scratch.SUMS.array(most);
        for (int r = 0; most > 0 && r < rows; r += most) {
            int count = Math.min(most, rows - r);
            differences(x, xo + r * n, d, width, count, n);
            SimdMath.expAfter(d, 0, 0f, d, 0, count * width);
            sums(d, width, count, sums);
            scaled(d, width, sums, y, yo + r * n, count, n);
        }
    }

    @Override
    public void logSoftmax(float[] x, int xo, float[] y, int yo, int rows, int n) {
        if (n > SHORT) {
            float[] e = Scratch.EXPS.array(Lanes.rounded(n));
            for (int r = 0; r < rows; r++) {
                logSoftmaxOfLong(x, xo + r * n, y, yo + r * n, n, e);
            }
            return;
        }
        int width = Math.ceilDiv(n, WIDTH) * WIDTH;
        int most = width == 0 ? 0 : Math.min(rows, CHUNK / width);
        float[] d = Scratch.DIFFERENCES.array(Lanes.rounded(most * width));
        float[] e = Scratch.EXPS.array(Lanes.rounded(most * width));
        float[] sums = Scratch.SUMS.array(Math.ceilDiv(most, WIDTH) * WIDTH);
        for (int r = 0; most > 0 && r < rows; r += most) {
            int count = Math.min(most, rows - r);
            differences(x, xo + r * n, d, width, count, n);
            SimdMath.expAfter(d, 0, 0f, e, 0, count * width);
            sums(e, width, count, sums);
            shifted(d, width, sums, y, yo + r * n, count, n);
        }
    }

    /// x - m of every row, rows `width` apart, -∞ beyond n.
    private static void differences(float[] x, int xo, float[] d, int width, int rows, int n) {
        int last = width - WIDTH;
        for (int r = 0; r < rows; r++) {
            int at = xo + r * n;
            boolean whole = at + width <= x.length; // else the array ends before the row's last vector does
            float[] from = whole ? x : Scratch.REST.array(width);
            int o = whole ? at : 0;
            if (!whole) {
                System.arraycopy(x, at, from, 0, n);
            }
            FloatVector none = broadcast(SPECIES, Float.NEGATIVE_INFINITY);
            FloatVector top = none.blend(fromArray(SPECIES, from, o + last), Lanes.IOTA.compare(LT, n - last));
            top.intoArray(d, r * width + last);
            for (int i = 0; i < last; i += WIDTH) {
                FloatVector v = fromArray(SPECIES, from, o + i);
                v.intoArray(d, r * width + i);
                top = top.blend(v, v.compare(GT, top));
            }
            if (WIDTH >= 16) {
                FloatVector by8 = top.rearrange(Lanes.BY_8);
                top = top.blend(by8, by8.compare(GT, top));
            }
            if (WIDTH >= 8) {
                FloatVector by4 = top.rearrange(Lanes.BY_4);
                top = top.blend(by4, by4.compare(GT, top));
            }
            FloatVector by2 = top.rearrange(Lanes.BY_2);
            top = top.blend(by2, by2.compare(GT, top));
            FloatVector by1 = top.rearrange(Lanes.BY_1);
            float m = orZero(top.blend(by1, by1.compare(GT, top)).lane(0));
            for (int i = r * width; i < (r + 1) * width; i += WIDTH) {
                fromArray(SPECIES, d, i).sub(m).intoArray(d, i);
            }
        }
    }

    private static float orZero(float m) {
        return m == Float.NEGATIVE_INFINITY ? 0f : m;
    }

    private static void sums(float[] e, int width, int rows, float[] sums) {
        for (int r = 0; r < rows; r++) {
            sums[r] = width <= 2 * WIDTH ? sumOfFew(e, r * width, width) : Lanes.sum(e, r * width, width);
        }
    }

    /// The sum of one or two vectors.
    private static float sumOfFew(float[] e, int eo, int n) {
        FloatVector t = fromArray(SPECIES, e, eo);
        if (n > WIDTH) {
            t = t.add(fromArray(SPECIES, e, eo + WIDTH));
        }
        if (WIDTH >= 16) {
            t = t.add(t.rearrange(Lanes.BY_8));
        }
        if (WIDTH >= 8) {
            t = t.add(t.rearrange(Lanes.BY_4));
        }
        t = t.add(t.rearrange(Lanes.BY_2));
        return t.add(t.rearrange(Lanes.BY_1)).lane(0);
    }

    /// `y = e · (1 / sum)`, row by row. A whole vector stored may spill into the next row, which is stored after it; the last rows, whose
    /// spilling would not be mended, are copied.
    private static void scaled(float[] e, int width, float[] sums, float[] y, int yo, int rows, int n) {
        for (int r = 0; r < rows; r++) {
            float scale = sums[r] == 0f ? 0f : 1f / sums[r];
            boolean spills = r * n + width > rows * n;
            float[] to = spills ? e : y;
            int o = spills ? r * width : yo + r * n;
            for (int i = 0; i < width; i += WIDTH) {
                fromArray(SPECIES, e, r * width + i).mul(scale).intoArray(to, o + i);
            }
            if (spills) {
                System.arraycopy(e, o, y, yo + r * n, n);
            }
        }
    }

    /// `y = d - log(sum)`, stored as in [#scaled].
    private static void shifted(float[] d, int width, float[] sums, float[] y, int yo, int rows, int n) {
        for (int r = 0; r < rows; r += WIDTH) {
            FloatVector s = fromArray(SPECIES, sums, r);
            s.blend(1f, s.compare(EQ, 0f)).intoArray(sums, r);
        }
        SimdMath.log(sums, 0, sums, 0, Math.ceilDiv(rows, WIDTH) * WIDTH);
        for (int r = 0; r < rows; r++) {
            boolean spills = r * n + width > rows * n;
            float[] to = spills ? d : y;
            int o = spills ? r * width : yo + r * n;
            for (int i = 0; i < width; i += WIDTH) {
                fromArray(SPECIES, d, r * width + i).sub(sums[r]).intoArray(to, o + i);
            }
            if (spills) {
                System.arraycopy(d, o, y, yo + r * n, n);
            }
        }
    }

    private static void softmaxOfLong(float[] x, int xo, float[] y, int yo, int n, float[] e) {
        float m = orZero(largest(x, xo, n));
        SimdMath.expAfter(x, xo, m, e, 0, n);
        float sum = Lanes.sum(e, 0, n);
        scale(e, sum == 0f ? 0f : 1f / sum, y, yo, n);
    }

    private static void scale(float[] x, float by, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += WIDTH) {
            int at = Math.min(i, n - WIDTH);
            fromArray(SPECIES, x, at).mul(by).intoArray(y, yo + at);
        }
    }

    private static void logSoftmaxOfLong(float[] x, int xo, float[] y, int yo, int n, float[] e) {
        float m = orZero(largest(x, xo, n));
        SimdMath.expAfter(x, xo, m, e, 0, n);
        float sum = Lanes.sum(e, 0, n);
        float log = sum == 0f ? 0f : ScalarMath.log(sum);
        int end = n - WIDTH;
        FloatVector last = fromArray(SPECIES, x, xo + end).sub(m).sub(log);
        for (int i = 0; i < end; i += WIDTH) {
            fromArray(SPECIES, x, xo + i).sub(m).sub(log).intoArray(y, yo + i);
        }
        last.intoArray(y, yo + end);
    }

    /// The largest of a long row's elements.
    private static float largest(float[] x, int xo, int n) {
        FloatVector m0 = broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        FloatVector m1 = m0;
        int end = n - 2 * WIDTH;
        for (int i = 0; i < end; i += 2 * WIDTH) {
            FloatVector v0 = fromArray(SPECIES, x, xo + i);
            m0 = m0.blend(v0, v0.compare(GT, m0));
            FloatVector v1 = fromArray(SPECIES, x, xo + i + WIDTH);
            m1 = m1.blend(v1, v1.compare(GT, m1));
        }
        FloatVector v0 = fromArray(SPECIES, x, xo + end);
        m0 = m0.blend(v0, v0.compare(GT, m0));
        FloatVector v1 = fromArray(SPECIES, x, xo + end + WIDTH);
        m1 = m1.blend(v1, v1.compare(GT, m1));
        return m0.blend(m1, m1.compare(GT, m0)).reduceLanes(MAX);
    }

    private static void exp(float[] x, int xo, float[] y, int n) {
        if (n >= WIDTH) {
            SimdMath.expAfter(x, xo, 0f, y, 0, n);
            return;
        }
        for (int i = 0; i < n; i++) {
            y[i] = x[xo + i] < -87f ? 0f : ScalarMath.exp(x[xo + i]);
        }
    }

    @Override
    public void softmaxGradient(float[] y, int yo, float[] dY, int dYo, float[] dX, int dXo, int rows, int n) {
        for (int r = 0; r < rows; r++, yo += n, dYo += n, dXo += n) {
            multiplyShifted(y, yo, Lanes.dot(y, yo, dY, dYo, n), dY, dYo, dX, dXo, n);
        }
    }

    /// `dX = y · (dY - s)`.
    private static void multiplyShifted(float[] y, int yo, float s, float[] dY, int dYo, float[] dX, int dXo, int n) {
        int end = n - WIDTH;
        if (end < 0) {
            for (int i = 0; i < n; i++) {
                dX[dXo + i] = y[yo + i] * (dY[dYo + i] - s);
            }
            return;
        }
        FloatVector last = fromArray(SPECIES, y, yo + end).mul(fromArray(SPECIES, dY, dYo + end).sub(s));
        for (int i = 0; i < end; i += WIDTH) {
            fromArray(SPECIES, y, yo + i).mul(fromArray(SPECIES, dY, dYo + i).sub(s)).intoArray(dX, dXo + i);
        }
        last.intoArray(dX, dXo + end);
    }

    @Override
    public void logSoftmaxGradient(float[] y, int yo, float[] dY, int dYo, float[] dX, int dXo, int rows, int n) {
        int most = Math.clamp(CHUNK / Math.max(1, n), 1, Math.max(1, rows));
        float[] e = Scratch.EXPS.array(Lanes.rounded(most * n));
        for (int r = 0; r < rows; r += most) {
            int count = Math.min(most, rows - r);
            exp(y, yo + r * n, e, count * n);
            for (int k = 0; k < count; k++) {
                int o = (r + k) * n;
                subtractScaled(e, k * n, Lanes.sum(dY, dYo + o, n), dY, dYo + o, dX, dXo + o, n);
            }
        }
    }

    /// `y = fma(-e, s, x)`.
    private static void subtractScaled(float[] e, int eo, float s, float[] x, int xo, float[] y, int yo, int n) {
        int end = n - WIDTH;
        if (end < 0) {
            for (int i = 0; i < n; i++) {
                y[yo + i] = Math.fma(-e[eo + i], s, x[xo + i]);
            }
            return;
        }
        FloatVector factor = broadcast(SPECIES, s);
        FloatVector last = fromArray(SPECIES, e, eo + end).neg().fma(factor, fromArray(SPECIES, x, xo + end));
        for (int i = 0; i < end; i += WIDTH) {
            fromArray(SPECIES, e, eo + i).neg().fma(factor, fromArray(SPECIES, x, xo + i)).intoArray(y, yo + i);
        }
        last.intoArray(y, yo + end);
    }
}
