package dev.headstart.tensor.kernel.simd;

import static dev.headstart.tensor.kernel.simd.Lanes.SPECIES;
import static dev.headstart.tensor.kernel.simd.Lanes.WIDTH;
import static dev.headstart.tensor.kernel.simd.Lanes.larger;
import static dev.headstart.tensor.kernel.simd.Lanes.load;

import dev.headstart.tensor.kernel.Softmax;
import dev.headstart.tensor.kernel.scalar.ScalarMath;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// Short rows are done a chunk at a time, in scratch memory of the nearest cache, every row there filled up with -∞ to whole
/// vectors: first x - m of all rows, then one long loop of exp, then the sums, then the results. Longer rows go one by one.
///
/// The maximum is found by [Lanes#larger], which passes over NaN: a NaN reaches every element of its row through the sum anyway. The sign
/// of a zero maximum is lost in x - m. Where nothing is above -∞, 0 is subtracted instead: then Σ is 0, which it cannot be otherwise, or
/// NaN.
///
/// A row's passes together are more than the compiler inlines into one method, and a vector that is passed to a method that is not
/// inlined is an object. So a pass is called through an array that holds several kinds ([#PASSES]): that, it never inlines.
///
/// The last vector of an elementwise pass reaches back over elements already done; it is computed before anything is written, so that
/// source and target may be one.
final class SimdSoftmax implements Softmax {
    /// Most elements of a short row: a loop over less is mostly beginning and end.
    private static final int SHORT = 512;

    /// Elements of a chunk of short rows.
    private static final int CHUNK = 2048;

    /// One pass over n elements from x to y, with a number; what it finds, or 0.
    @FunctionalInterface
    private interface Pass {
        float run(float[] x, int xo, float by, float[] y, int yo, int n);
    }

    private static final int LARGEST = 0;
    private static final int EXP = 1;
    private static final int SUM = 2;
    private static final int SCALE = 3;
    private static final Pass[] PASSES = {
        (x, xo, by, y, yo, n) -> largest(x, xo, n),
        (x, xo, by, y, yo, n) -> exp(x, xo, by, y, yo, n),
        (x, xo, by, y, yo, n) -> Lanes.sum(x, xo, n),
        (x, xo, by, y, yo, n) -> scale(x, xo, by, y, yo, n),
    };

    private static float pass(int kind, float[] x, int xo, float by, float[] y, int yo, int n) {
        return PASSES[kind].run(x, xo, by, y, yo, n);
    }

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
            pass(EXP, d, 0, 0f, d, 0, count * width);
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
            pass(EXP, d, 0, 0f, e, 0, count * width);
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
            FloatVector top = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY).blend(load(from, o + last), Lanes.first(n - last));
            top.intoArray(d, r * width + last);
            for (int i = 0; i < last; i += WIDTH) {
                FloatVector v = load(from, o + i);
                v.intoArray(d, r * width + i);
                top = larger(top, v);
            }
            float m = orZero(Lanes.foldLarger(top));
            for (int i = r * width; i < (r + 1) * width; i += WIDTH) {
                load(d, i).sub(m).intoArray(d, i);
            }
        }
    }

    private static float orZero(float m) {
        return m == Float.NEGATIVE_INFINITY ? 0f : m;
    }

    private static void sums(float[] e, int width, int rows, float[] sums) {
        for (int r = 0; r < rows; r++) {
            int o = r * width;
            if (width == WIDTH) {
                sums[r] = Lanes.fold(load(e, o));
            } else if (width == 2 * WIDTH) {
                sums[r] = Lanes.fold(load(e, o).add(load(e, o + WIDTH)));
            } else {
                sums[r] = Lanes.sum(e, o, width);
            }
        }
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
                load(e, r * width + i).mul(scale).intoArray(to, o + i);
            }
            if (spills) {
                System.arraycopy(e, o, y, yo + r * n, n);
            }
        }
    }

    /// `y = d - log(sum)`, stored as in [#scaled].
    private static void shifted(float[] d, int width, float[] sums, float[] y, int yo, int rows, int n) {
        for (int r = 0; r < rows; r += WIDTH) {
            FloatVector s = load(sums, r);
            SimdMath.log(s.blend(1f, s.compare(VectorOperators.EQ, 0f))).intoArray(sums, r);
        }
        for (int r = 0; r < rows; r++) {
            boolean spills = r * n + width > rows * n;
            float[] to = spills ? d : y;
            int o = spills ? r * width : yo + r * n;
            for (int i = 0; i < width; i += WIDTH) {
                load(d, r * width + i).sub(sums[r]).intoArray(to, o + i);
            }
            if (spills) {
                System.arraycopy(d, o, y, yo + r * n, n);
            }
        }
    }

    private static void softmaxOfLong(float[] x, int xo, float[] y, int yo, int n, float[] e) {
        float m = orZero(pass(LARGEST, x, xo, 0f, e, 0, n));
        pass(EXP, x, xo, m, e, 0, n);
        float sum = pass(SUM, e, 0, 0f, e, 0, n);
        pass(SCALE, e, 0, sum == 0f ? 0f : 1f / sum, y, yo, n);
    }

    private static float scale(float[] x, int xo, float by, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += WIDTH) {
            int at = Math.min(i, n - WIDTH);
            load(x, xo + at).mul(by).intoArray(y, yo + at);
        }
        return 0;
    }

    private static void logSoftmaxOfLong(float[] x, int xo, float[] y, int yo, int n, float[] e) {
        float m = orZero(pass(LARGEST, x, xo, 0f, e, 0, n));
        pass(EXP, x, xo, m, e, 0, n);
        float sum = pass(SUM, e, 0, 0f, e, 0, n);
        float log = sum == 0f ? 0f : ScalarMath.log(sum);
        int end = n - WIDTH;
        FloatVector last = load(x, xo + end).sub(m).sub(log);
        for (int i = 0; i < end; i += WIDTH) {
            load(x, xo + i).sub(m).sub(log).intoArray(y, yo + i);
        }
        last.intoArray(y, yo + end);
    }

    /// The largest of a long row's elements.
    private static float largest(float[] x, int xo, int n) {
        FloatVector m0 = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        FloatVector m1 = m0;
        int end = n - 2 * WIDTH;
        for (int i = 0; i < end; i += 2 * WIDTH) {
            m0 = larger(m0, load(x, xo + i));
            m1 = larger(m1, load(x, xo + i + WIDTH));
        }
        m0 = larger(m0, load(x, xo + end));
        m1 = larger(m1, load(x, xo + end + WIDTH));
        return Lanes.foldLarger(larger(m0, m1));
    }

    /// `y = exp(x - m)`, and +0 where that is nearly a denormal: made by exp, it would cost more than all the rest. Works in place only
    /// where n is a multiple of the width.
    private static float exp(float[] x, int xo, float m, float[] y, int yo, int n) {
        if (n < WIDTH) {
            for (int i = 0; i < n; i++) {
                float d = x[xo + i] - m;
                y[yo + i] = d < -87f ? 0f : ScalarMath.exp(d);
            }
            return 0;
        }
        for (int i = 0; i < n; i += WIDTH) {
            int at = Math.min(i, n - WIDTH);
            FloatVector d = load(x, xo + at).sub(m);
            VectorMask<Float> tiny = d.compare(VectorOperators.LT, -87f);
            SimdMath.exp(d.blend(0f, tiny)).blend(0f, tiny).intoArray(y, yo + at);
        }
        return 0;
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
        FloatVector last = load(y, yo + end).mul(load(dY, dYo + end).sub(s));
        for (int i = 0; i < end; i += WIDTH) {
            load(y, yo + i).mul(load(dY, dYo + i).sub(s)).intoArray(dX, dXo + i);
        }
        last.intoArray(dX, dXo + end);
    }

    @Override
    public void logSoftmaxGradient(float[] y, int yo, float[] dY, int dYo, float[] dX, int dXo, int rows, int n) {
        int most = Math.clamp(CHUNK / Math.max(1, n), 1, Math.max(1, rows));
        float[] e = Scratch.EXPS.array(Lanes.rounded(most * n));
        for (int r = 0; r < rows; r += most) {
            int count = Math.min(most, rows - r);
            pass(EXP, y, yo + r * n, 0f, e, 0, count * n);
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
        FloatVector factor = FloatVector.broadcast(SPECIES, s);
        FloatVector last = load(e, eo + end).neg().fma(factor, load(x, xo + end));
        for (int i = 0; i < end; i += WIDTH) {
            load(e, eo + i).neg().fma(factor, load(x, xo + i)).intoArray(y, yo + i);
        }
        last.intoArray(y, yo + end);
    }
}
