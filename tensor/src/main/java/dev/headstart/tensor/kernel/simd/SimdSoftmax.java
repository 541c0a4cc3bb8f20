package dev.headstart.tensor.kernel.simd;

import static dev.headstart.tensor.kernel.simd.Lanes.SPECIES;
import static dev.headstart.tensor.kernel.simd.Lanes.WIDTH;
import static dev.headstart.tensor.kernel.simd.Lanes.first;
import static dev.headstart.tensor.kernel.simd.Lanes.larger;
import static dev.headstart.tensor.kernel.simd.Lanes.load;

import dev.headstart.tensor.kernel.Softmax;
import dev.headstart.tensor.kernel.scalar.ScalarMath;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// Rows of up to four vectors stay in registers from load to store; the masks are made once for all rows. Longer rows go through memory
/// once for the maximum, once for exp, once for the sum and once for the result, all but the first in the nearest cache.
///
/// The maximum is found by [Lanes#larger], which passes over NaN: a NaN reaches every element of its row through the sum anyway, and where it
/// would not, in a row without any number above -∞, [#withoutMaximum] looks closely. The sign of a zero maximum is lost in x - m.
final class SimdSoftmax implements Softmax {
    private static final float MINUS_INFINITY = Float.NEGATIVE_INFINITY;

    @Override
    public void softmax(float[] x, int xo, float[] y, int yo, int rows, int n) {
        if (n <= WIDTH) {
            softmaxOfOne(x, xo, y, yo, rows, n);
        } else if (n <= 2 * WIDTH) {
            softmaxOfTwo(x, xo, y, yo, rows, n);
        } else if (n <= 4 * WIDTH) {
            softmaxOfFour(x, xo, y, yo, rows, n);
        } else {
            for (int r = 0; r < rows; r++) {
                softmaxOfMany(x, xo + r * n, y, yo + r * n, n);
            }
        }
    }

    private static void softmaxOfOne(float[] x, int xo, float[] y, int yo, int rows, int n) {
        VectorMask<Float> live = first(n);
        for (int r = 0; r < rows; r++, xo += n, yo += n) {
            FloatVector v = loadOrMinusInfinity(x, xo, live);
            float m = Lanes.foldLarger(v);
            if (m == MINUS_INFINITY) {
                withoutMaximum(x, xo, y, yo, n, 0f);
                continue;
            }
            v = exp(v.sub(m));
            v.mul(1f / Lanes.fold(v)).intoArray(y, yo, live);
        }
    }

    private static void softmaxOfTwo(float[] x, int xo, float[] y, int yo, int rows, int n) {
        VectorMask<Float> live = first(n - WIDTH);
        for (int r = 0; r < rows; r++, xo += n, yo += n) {
            FloatVector v0 = load(x, xo);
            FloatVector v1 = loadOrMinusInfinity(x, xo + WIDTH, live);
            float m = Lanes.foldLarger(larger(v0, v1));
            if (m == MINUS_INFINITY) {
                withoutMaximum(x, xo, y, yo, n, 0f);
                continue;
            }
            v0 = exp(v0.sub(m));
            v1 = exp(v1.sub(m));
            float scale = 1f / Lanes.fold(v0.add(v1));
            v0.mul(scale).intoArray(y, yo);
            v1.mul(scale).intoArray(y, yo + WIDTH, live);
        }
    }

    private static void softmaxOfFour(float[] x, int xo, float[] y, int yo, int rows, int n) {
        VectorMask<Float> live2 = first(n - 2 * WIDTH);
        VectorMask<Float> live3 = first(n - 3 * WIDTH);
        for (int r = 0; r < rows; r++, xo += n, yo += n) {
            FloatVector v0 = load(x, xo);
            FloatVector v1 = load(x, xo + WIDTH);
            FloatVector v2 = loadOrMinusInfinity(x, xo + 2 * WIDTH, live2);
            FloatVector v3 = loadOrMinusInfinity(x, xo + 3 * WIDTH, live3);
            float m = Lanes.foldLarger(larger(larger(v0, v2), larger(v1, v3)));
            if (m == MINUS_INFINITY) {
                withoutMaximum(x, xo, y, yo, n, 0f);
                continue;
            }
            v0 = exp(v0.sub(m));
            v1 = exp(v1.sub(m));
            v2 = exp(v2.sub(m));
            v3 = exp(v3.sub(m));
            float scale = 1f / Lanes.fold(v0.add(v2).add(v1.add(v3)));
            v0.mul(scale).intoArray(y, yo);
            v1.mul(scale).intoArray(y, yo + WIDTH);
            v2.mul(scale).intoArray(y, yo + 2 * WIDTH, live2);
            v3.mul(scale).intoArray(y, yo + 3 * WIDTH, live3);
        }
    }

    private static void softmaxOfMany(float[] x, int xo, float[] y, int yo, int n) {
        float m = largest(x, xo, n);
        if (m == MINUS_INFINITY) {
            withoutMaximum(x, xo, y, yo, n, 0f);
            return;
        }
        expOfDifferences(x, xo, m, y, yo, n);
        float scale = 1f / Lanes.sum(y, yo, n);
        int i = 0;
        for (; i + WIDTH <= n; i += WIDTH) {
            load(y, yo + i).mul(scale).intoArray(y, yo + i);
        }
        for (; i < n; i++) {
            y[yo + i] *= scale;
        }
    }

    @Override
    public void softmaxGradient(float[] y, int yo, float[] dY, int dYo, float[] dX, int dXo, int rows, int n) {
        int full = n & -WIDTH;
        VectorMask<Float> live = first(n - full);
        for (int r = 0; r < rows; r++, yo += n, dYo += n, dXo += n) {
            float s = Lanes.dot(y, yo, dY, dYo, n);
            for (int i = 0; i < full; i += WIDTH) {
                load(y, yo + i).mul(load(dY, dYo + i).sub(s)).intoArray(dX, dXo + i);
            }
            if (full < n) {
                load(y, yo + full, live).mul(load(dY, dYo + full, live).sub(s)).intoArray(dX, dXo + full, live);
            }
        }
    }

    @Override
    public void logSoftmax(float[] x, int xo, float[] y, int yo, int rows, int n) {
        if (n <= 2 * WIDTH) {
            logSoftmaxOfTwo(x, xo, y, yo, rows, n);
            return;
        }
        float[] e = new float[n];
        for (int r = 0; r < rows; r++) {
            logSoftmaxOfMany(x, xo + r * n, y, yo + r * n, n, e);
        }
    }

    private static void logSoftmaxOfTwo(float[] x, int xo, float[] y, int yo, int rows, int n) {
        VectorMask<Float> live0 = first(n);
        VectorMask<Float> live1 = first(n - WIDTH);
        for (int r = 0; r < rows; r++, xo += n, yo += n) {
            FloatVector v0 = loadOrMinusInfinity(x, xo, live0);
            FloatVector v1 = loadOrMinusInfinity(x, xo + WIDTH, live1);
            float m = Lanes.foldLarger(larger(v0, v1));
            if (m == MINUS_INFINITY) {
                withoutMaximum(x, xo, y, yo, n, m);
                continue;
            }
            v0 = v0.sub(m);
            v1 = v1.sub(m);
            float log = ScalarMath.log(Lanes.fold(exp(v0).add(exp(v1))));
            v0.sub(log).intoArray(y, yo, live0);
            v1.sub(log).intoArray(y, yo + WIDTH, live1);
        }
    }

    private static void logSoftmaxOfMany(float[] x, int xo, float[] y, int yo, int n, float[] e) {
        float m = largest(x, xo, n);
        if (m == MINUS_INFINITY) {
            withoutMaximum(x, xo, y, yo, n, m);
            return;
        }
        expOfDifferences(x, xo, m, e, 0, n);
        float log = ScalarMath.log(Lanes.sum(e, 0, n));
        int i = 0;
        for (; i + WIDTH <= n; i += WIDTH) {
            load(x, xo + i).sub(m).sub(log).intoArray(y, yo + i);
        }
        for (; i < n; i++) {
            y[yo + i] = (x[xo + i] - m) - log;
        }
    }

    @Override
    public void logSoftmaxGradient(float[] y, int yo, float[] dY, int dYo, float[] dX, int dXo, int rows, int n) {
        int full = n & -WIDTH;
        VectorMask<Float> live = first(n - full);
        for (int r = 0; r < rows; r++, yo += n, dYo += n, dXo += n) {
            FloatVector s = FloatVector.broadcast(SPECIES, Lanes.sum(dY, dYo, n));
            for (int i = 0; i < full; i += WIDTH) {
                exp(load(y, yo + i)).neg().fma(s, load(dY, dYo + i)).intoArray(dX, dXo + i);
            }
            if (full < n) {
                exp(load(y, yo + full, live)).neg().fma(s, load(dY, dYo + full, live)).intoArray(dX, dXo + full, live);
            }
        }
    }

    /// e^x, and +0 where that is nearly a denormal.
    private static FloatVector exp(FloatVector x) {
        return SimdMath.exp(x).blend(0f, x.compare(VectorOperators.LT, -87f));
    }

    /// `y = exp(x - m)`.
    private static void expOfDifferences(float[] x, int xo, float m, float[] y, int yo, int n) {
        int i = 0;
        for (; i + WIDTH <= n; i += WIDTH) {
            exp(load(x, xo + i).sub(m)).intoArray(y, yo + i);
        }
        if (i < n) {
            VectorMask<Float> live = first(n - i);
            exp(load(x, xo + i, live).sub(m)).intoArray(y, yo + i, live);
        }
    }

    private static float largest(float[] x, int xo, int n) {
        FloatVector m0 = FloatVector.broadcast(SPECIES, MINUS_INFINITY);
        FloatVector m1 = m0;
        int i = 0;
        for (; i + 2 * WIDTH <= n; i += 2 * WIDTH) {
            m0 = larger(m0, load(x, xo + i));
            m1 = larger(m1, load(x, xo + i + WIDTH));
        }
        for (; i < n; i += WIDTH) {
            m0 = larger(m0, loadOrMinusInfinity(x, xo + i, first(n - i)));
        }
        return Lanes.foldLarger(larger(m0, m1));
    }

    private static FloatVector loadOrMinusInfinity(float[] x, int at, VectorMask<Float> live) {
        return FloatVector.broadcast(SPECIES, MINUS_INFINITY).blend(load(x, at, live), live);
    }

    /// A row in which nothing is above -∞: NaN if one is there, else `otherwise`.
    private static void withoutMaximum(float[] x, int xo, float[] y, int yo, int n, float otherwise) {
        float result = otherwise;
        for (int i = 0; i < n; i++) {
            result = Float.isNaN(x[xo + i]) ? Float.NaN : result;
        }
        Arrays.fill(y, yo, yo + n, result);
    }
}
