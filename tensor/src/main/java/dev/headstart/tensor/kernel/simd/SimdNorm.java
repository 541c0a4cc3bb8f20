package dev.headstart.tensor.kernel.simd;

import static dev.headstart.tensor.kernel.simd.Lanes.SPECIES;
import static dev.headstart.tensor.kernel.simd.Lanes.WIDTH;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;

import dev.headstart.tensor.kernel.Norm;
import dev.headstart.tensor.kernel.Slice;
import dev.headstart.tensor.kernel.scalar.ScalarKernels;
import jdk.incubator.vector.FloatVector;

/// Sums by [Lanes], then one pass that writes. The last vector of that pass reaches back over elements already done; it is computed before
/// anything is written, so that source and target may be one. Rows shorter than a vector are the scalar twin's.
final class SimdNorm implements Norm {
    private static final Norm SCALAR = ScalarKernels.create().norm();

    @Override
    public void layerNorm(Slice x, Slice gamma, Slice beta, float eps, Slice y, Statistics statistics, int rows, int n) {
        if (n < WIDTH) {
            SCALAR.layerNorm(x, gamma, beta, eps, y, statistics, rows, n);
            return;
        }
        float share = 1f / n;
        for (int r = 0; r < rows; r++) {
            int xo = x.offset() + r * n;
            float m = Lanes.sum(x.data(), xo, n) * share;
            float variance = Lanes.sumOfSquares(x.data(), xo, m, n) * share;
            float scale = 1f / (float) Math.sqrt(variance + eps);
            statistics.mean().set(r, m);
            statistics.rstd().set(r, scale);
            apply(x.data(), xo, m, scale, gamma, beta, y.data(), y.offset() + r * n, n);
        }
    }

    private static void apply(float[] x, int xo, float m, float scale, Slice gamma, Slice beta, float[] y, int yo, int n) {
        float[] factors = gamma.data();
        float[] shifts = beta.data();
        int fo = gamma.offset();
        int so = beta.offset();
        int end = n - WIDTH;
        FloatVector last = fromArray(SPECIES, x, xo + end).sub(m).mul(scale)
                .fma(fromArray(SPECIES, factors, fo + end), fromArray(SPECIES, shifts, so + end));
        for (int i = 0; i < end; i += WIDTH) {
            fromArray(SPECIES, x, xo + i).sub(m).mul(scale)
                    .fma(fromArray(SPECIES, factors, fo + i), fromArray(SPECIES, shifts, so + i)).intoArray(y, yo + i);
        }
        last.intoArray(y, yo + end);
    }

    @Override
    public void layerNormGradient(Slice x, Slice gamma, Statistics statistics, Slice dY, Slice dX, int rows, int n) {
        if (n < WIDTH) {
            SCALAR.layerNormGradient(x, gamma, statistics, dY, dX, rows, n);
            return;
        }
        float share = 1f / n;
        float[] g = Scratch.GRADIENTS.array(Lanes.rounded(n));
        float[] h = Scratch.NORMAL.array(Lanes.rounded(n));
        for (int r = 0; r < rows; r++) {
            float scale = statistics.rstd().get(r);
            multiply(dY.data(), dY.offset() + r * n, gamma.data(), gamma.offset(), g, n);
            normalise(x.data(), x.offset() + r * n, statistics.mean().get(r), scale, h, 0, n);
            float meanG = Lanes.sum(g, 0, n) * share;
            float meanGH = Lanes.dot(g, 0, h, 0, n) * share;
            applyGradient(g, h, meanG, meanGH, scale, dX.data(), dX.offset() + r * n, n);
        }
    }

    /// `dX = (g - fma(h, meanGH, meanG)) · scale`.
    private static void applyGradient(float[] g, float[] h, float meanG, float meanGH, float scale, float[] dX, int dXo, int n) {
        FloatVector shift = broadcast(SPECIES, meanG);
        FloatVector slope = broadcast(SPECIES, meanGH);
        int end = n - WIDTH;
        for (int i = 0; i < end; i += WIDTH) {
            fromArray(SPECIES, g, i).sub(fromArray(SPECIES, h, i).fma(slope, shift)).mul(scale).intoArray(dX, dXo + i);
        }
        fromArray(SPECIES, g, end).sub(fromArray(SPECIES, h, end).fma(slope, shift)).mul(scale).intoArray(dX, dXo + end);
    }

    private static void multiply(float[] a, int ao, float[] b, int bo, float[] y, int n) {
        int end = n - WIDTH;
        for (int i = 0; i < end; i += WIDTH) {
            fromArray(SPECIES, a, ao + i).mul(fromArray(SPECIES, b, bo + i)).intoArray(y, i);
        }
        fromArray(SPECIES, a, ao + end).mul(fromArray(SPECIES, b, bo + end)).intoArray(y, end);
    }

    private static void normalise(float[] x, int xo, float m, float scale, float[] h, int ho, int n) {
        int end = n - WIDTH;
        FloatVector last = fromArray(SPECIES, x, xo + end).sub(m).mul(scale);
        for (int i = 0; i < end; i += WIDTH) {
            fromArray(SPECIES, x, xo + i).sub(m).mul(scale).intoArray(h, ho + i);
        }
        last.intoArray(h, ho + end);
    }

    /// Two vectors of columns at a time, so that sums stay in registers; the last reaches back over columns already done.
    @Override
    public void parameterGradients(Slice x, Statistics statistics, Slice dY, Slice sums, int rows, int n) {
        if (n < 2 * WIDTH) {
            SCALAR.parameterGradients(x, statistics, dY, sums, rows, n);
            return;
        }
        for (int i = 0; i < n; i += 2 * WIDTH) {
            int at = Math.min(i, n - 2 * WIDTH);
            sumColumns(x.data(), x.offset() + at, statistics, dY.data(), dY.offset() + at, sums.data(), sums.offset() + at, rows, n);
        }
    }

    private static void sumColumns(float[] x, int xo, Statistics statistics, float[] dY, int dYo, float[] sums, int so, int rows, int n) {
        float[] mean = statistics.mean().data();
        float[] rstd = statistics.rstd().data();
        int meano = statistics.mean().offset();
        int rstdo = statistics.rstd().offset();
        FloatVector product0 = FloatVector.zero(SPECIES);
        FloatVector product1 = product0;
        FloatVector sum0 = product0;
        FloatVector sum1 = product0;
        for (int r = 0; r < rows; r++, xo += n, dYo += n) {
            FloatVector g0 = fromArray(SPECIES, dY, dYo);
            FloatVector g1 = fromArray(SPECIES, dY, dYo + WIDTH);
            product0 = g0.fma(fromArray(SPECIES, x, xo).sub(mean[meano + r]).mul(rstd[rstdo + r]), product0);
            product1 = g1.fma(fromArray(SPECIES, x, xo + WIDTH).sub(mean[meano + r]).mul(rstd[rstdo + r]), product1);
            sum0 = sum0.add(g0);
            sum1 = sum1.add(g1);
        }
        product0.intoArray(sums, so);
        product1.intoArray(sums, so + WIDTH);
        sum0.intoArray(sums, so + n);
        sum1.intoArray(sums, so + n + WIDTH);
    }
}
