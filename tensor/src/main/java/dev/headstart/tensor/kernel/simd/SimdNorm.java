package dev.headstart.tensor.kernel.simd;

import static dev.headstart.tensor.kernel.simd.Lanes.SPECIES;
import static dev.headstart.tensor.kernel.simd.Lanes.WIDTH;
import static dev.headstart.tensor.kernel.simd.Lanes.first;
import static dev.headstart.tensor.kernel.simd.Lanes.load;

import dev.headstart.tensor.kernel.Norm;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

final class SimdNorm implements Norm {
    @Override
    public void layerNorm(float[] x, int xo, float[] gamma, int gammao, float[] beta, int betao, float eps,
            float[] y, int yo, float[] mean, int meano, float[] rstd, int rstdo, int rows, int n) {
        float share = 1f / n;
        for (int r = 0; r < rows; r++, xo += n, yo += n) {
            float m = Lanes.sum(x, xo, n) * share;
            float variance = Lanes.sumOfSquares(x, xo, n, m) * share;
            float scale = 1f / (float) Math.sqrt(variance + eps);
            mean[meano + r] = m;
            rstd[rstdo + r] = scale;
            apply(x, xo, m, scale, gamma, gammao, beta, betao, y, yo, n);
        }
    }

    private static void apply(float[] x, int xo, float m, float scale, float[] gamma, int gammao, float[] beta, int betao, float[] y,
            int yo, int n) {
        int i = 0;
        for (; i + WIDTH <= n; i += WIDTH) {
            load(x, xo + i).sub(m).mul(scale).fma(load(gamma, gammao + i), load(beta, betao + i)).intoArray(y, yo + i);
        }
        for (; i < n; i++) {
            y[yo + i] = Math.fma((x[xo + i] - m) * scale, gamma[gammao + i], beta[betao + i]);
        }
    }

    @Override
    public void layerNormGradient(float[] x, int xo, float[] gamma, int gammao, float[] mean, int meano, float[] rstd, int rstdo,
            float[] dY, int dYo, float[] dX, int dXo, int rows, int n) {
        float share = 1f / n;
        float[] sums = new float[2];
        for (int r = 0; r < rows; r++, xo += n, dYo += n, dXo += n) {
            float m = mean[meano + r];
            float scale = rstd[rstdo + r];
            Lanes.gradientSums(x, xo, m, scale, gamma, gammao, dY, dYo, n, sums);
            applyGradient(x, xo, m, scale, gamma, gammao, dY, dYo, sums[0] * share, sums[1] * share, dX, dXo, n);
        }
    }

    private static void applyGradient(float[] x, int xo, float m, float scale, float[] gamma, int gammao, float[] dY, int dYo, float meanG,
            float meanGH, float[] dX, int dXo, int n) {
        FloatVector g1 = FloatVector.broadcast(SPECIES, meanG);
        FloatVector gh1 = FloatVector.broadcast(SPECIES, meanGH);
        int i = 0;
        for (; i + WIDTH <= n; i += WIDTH) {
            FloatVector h = load(x, xo + i).sub(m).mul(scale);
            load(dY, dYo + i).mul(load(gamma, gammao + i)).sub(h.fma(gh1, g1)).mul(scale).intoArray(dX, dXo + i);
        }
        for (; i < n; i++) {
            float h = (x[xo + i] - m) * scale;
            dX[dXo + i] = (dY[dYo + i] * gamma[gammao + i] - Math.fma(h, meanGH, meanG)) * scale;
        }
    }

    @Override
    public void normalise(float[] x, int xo, float[] mean, int meano, float[] rstd, int rstdo, float[] h, int ho, int rows, int n) {
        int full = n & -WIDTH;
        VectorMask<Float> live = first(n - full);
        for (int r = 0; r < rows; r++, xo += n, ho += n) {
            float m = mean[meano + r];
            float scale = rstd[rstdo + r];
            for (int i = 0; i < full; i += WIDTH) {
                load(x, xo + i).sub(m).mul(scale).intoArray(h, ho + i);
            }
            if (full < n) {
                load(x, xo + full, live).sub(m).mul(scale).intoArray(h, ho + full, live);
            }
        }
    }
}
