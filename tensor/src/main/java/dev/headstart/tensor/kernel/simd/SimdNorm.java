package dev.headstart.tensor.kernel.simd;

import static dev.headstart.tensor.kernel.simd.Lanes.SPECIES;
import static dev.headstart.tensor.kernel.simd.Lanes.WIDTH;
import static dev.headstart.tensor.kernel.simd.Lanes.load;

import dev.headstart.tensor.kernel.Norm;
import dev.headstart.tensor.kernel.scalar.ScalarKernels;
import jdk.incubator.vector.FloatVector;

/// Sums by [Lanes], then one pass that writes. The last vector of that pass reaches back over elements already done; it is computed before
/// anything is written, so that source and target may be one. Rows shorter than a vector are the scalar twin's.
final class SimdNorm implements Norm {
    private static final Norm SCALAR = ScalarKernels.create().norm();

    @Override
    public void layerNorm(float[] x, int xo, float[] gamma, int gammao, float[] beta, int betao, float eps,
            float[] y, int yo, float[] mean, int meano, float[] rstd, int rstdo, int rows, int n) {
        if (n < WIDTH) {
            SCALAR.layerNorm(x, xo, gamma, gammao, beta, betao, eps, y, yo, mean, meano, rstd, rstdo, rows, n);
            return;
        }
        float share = 1f / n;
        for (int r = 0; r < rows; r++, xo += n, yo += n) {
            float m = Lanes.sum(x, xo, n) * share;
            float variance = Lanes.sumOfSquares(x, xo, m, n) * share;
            float scale = 1f / (float) Math.sqrt(variance + eps);
            mean[meano + r] = m;
            rstd[rstdo + r] = scale;
            apply(x, xo, m, scale, gamma, gammao, beta, betao, y, yo, n);
        }
    }

    private static void apply(float[] x, int xo, float m, float scale, float[] gamma, int gammao, float[] beta, int betao, float[] y,
            int yo, int n) {
        int end = n - WIDTH;
        FloatVector last = load(x, xo + end).sub(m).mul(scale).fma(load(gamma, gammao + end), load(beta, betao + end));
        for (int i = 0; i < end; i += WIDTH) {
            load(x, xo + i).sub(m).mul(scale).fma(load(gamma, gammao + i), load(beta, betao + i)).intoArray(y, yo + i);
        }
        last.intoArray(y, yo + end);
    }

    @Override
    public void layerNormGradient(float[] x, int xo, float[] gamma, int gammao, float[] mean, int meano, float[] rstd, int rstdo,
            float[] dY, int dYo, float[] dX, int dXo, int rows, int n) {
        if (n < WIDTH) {
            SCALAR.layerNormGradient(x, xo, gamma, gammao, mean, meano, rstd, rstdo, dY, dYo, dX, dXo, rows, n);
            return;
        }
        float share = 1f / n;
        float[] g = new float[Lanes.rounded(n)];
        float[] h = new float[Lanes.rounded(n)];
        for (int r = 0; r < rows; r++, xo += n, dYo += n, dXo += n) {
            float scale = rstd[rstdo + r];
            multiply(dY, dYo, gamma, gammao, g, n);
            normalise(x, xo, mean[meano + r], scale, h, 0, n);
            float meanG = Lanes.sum(g, 0, n) * share;
            float meanGH = Lanes.dot(g, 0, h, 0, n) * share;
            applyGradient(g, h, meanG, meanGH, scale, dX, dXo, n);
        }
    }

    /// `dX = (g - fma(h, meanGH, meanG)) · scale`.
    private static void applyGradient(float[] g, float[] h, float meanG, float meanGH, float scale, float[] dX, int dXo, int n) {
        FloatVector shift = FloatVector.broadcast(SPECIES, meanG);
        FloatVector slope = FloatVector.broadcast(SPECIES, meanGH);
        int end = n - WIDTH;
        for (int i = 0; i < end; i += WIDTH) {
            load(g, i).sub(load(h, i).fma(slope, shift)).mul(scale).intoArray(dX, dXo + i);
        }
        load(g, end).sub(load(h, end).fma(slope, shift)).mul(scale).intoArray(dX, dXo + end);
    }

    private static void multiply(float[] a, int ao, float[] b, int bo, float[] y, int n) {
        int end = n - WIDTH;
        for (int i = 0; i < end; i += WIDTH) {
            load(a, ao + i).mul(load(b, bo + i)).intoArray(y, i);
        }
        load(a, ao + end).mul(load(b, bo + end)).intoArray(y, end);
    }

    @Override
    public void normalise(float[] x, int xo, float[] mean, int meano, float[] rstd, int rstdo, float[] h, int ho, int rows, int n) {
        if (n < WIDTH) {
            SCALAR.normalise(x, xo, mean, meano, rstd, rstdo, h, ho, rows, n);
            return;
        }
        for (int r = 0; r < rows; r++) {
            normalise(x, xo + r * n, mean[meano + r], rstd[rstdo + r], h, ho + r * n, n);
        }
    }

    private static void normalise(float[] x, int xo, float m, float scale, float[] h, int ho, int n) {
        int end = n - WIDTH;
        FloatVector last = load(x, xo + end).sub(m).mul(scale);
        for (int i = 0; i < end; i += WIDTH) {
            load(x, xo + i).sub(m).mul(scale).intoArray(h, ho + i);
        }
        last.intoArray(h, ho + end);
    }
}
