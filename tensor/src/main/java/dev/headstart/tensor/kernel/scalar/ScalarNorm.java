package dev.headstart.tensor.kernel.scalar;

import dev.headstart.tensor.kernel.Norm;
import dev.headstart.tensor.kernel.Reduction;
import java.util.Arrays;

final class ScalarNorm implements Norm {
    @Override
    public void layerNorm(float[] x, int xo, float[] gamma, int gammao, float[] beta, int betao, float eps,
            float[] y, int yo, float[] mean, int meano, float[] rstd, int rstdo, int rows, int n) {
        float share = 1f / n;
        for (int r = 0; r < rows; r++, xo += n, yo += n) {
            float m = ScalarReduce.reduce(Reduction.SUM, x, xo, n) * share;
            for (int i = 0; i < n; i++) {
                y[yo + i] = x[xo + i] - m;
            }
            float variance = ScalarReduce.reduce(Reduction.SUM_OF_SQUARES, y, yo, n) * share;
            float scale = 1f / (float) Math.sqrt(variance + eps);
            for (int i = 0; i < n; i++) {
                y[yo + i] = Math.fma(y[yo + i] * scale, gamma[gammao + i], beta[betao + i]);
            }
            mean[meano + r] = m;
            rstd[rstdo + r] = scale;
        }
    }

    @Override
    public void layerNormGradient(float[] x, int xo, float[] gamma, int gammao, float[] mean, int meano, float[] rstd, int rstdo,
            float[] dY, int dYo, float[] dX, int dXo, int rows, int n) {
        float share = 1f / n;
        float[] g = new float[n];
        float[] h = new float[n];
        for (int r = 0; r < rows; r++, xo += n, dYo += n, dXo += n) {
            for (int i = 0; i < n; i++) {
                g[i] = dY[dYo + i] * gamma[gammao + i];
                h[i] = (x[xo + i] - mean[meano + r]) * rstd[rstdo + r];
            }
            float meanG = ScalarReduce.reduce(Reduction.SUM, g, 0, n) * share;
            float meanGH = ScalarReduce.dotProduct(g, 0, h, 0, n) * share;
            for (int i = 0; i < n; i++) {
                dX[dXo + i] = (g[i] - Math.fma(h[i], meanGH, meanG)) * rstd[rstdo + r];
            }
        }
    }

    @Override
    public void parameterGradients(float[] x, int xo, float[] mean, int meano, float[] rstd, int rstdo, float[] dY, int dYo, float[] sums,
            int so, int rows, int n) {
        Arrays.fill(sums, so, so + 2 * n, 0);
        for (int r = 0; r < rows; r++, xo += n, dYo += n) {
            for (int i = 0; i < n; i++) {
                float h = (x[xo + i] - mean[meano + r]) * rstd[rstdo + r];
                sums[so + i] = Math.fma(dY[dYo + i], h, sums[so + i]);
                sums[so + n + i] += dY[dYo + i];
            }
        }
    }
}
