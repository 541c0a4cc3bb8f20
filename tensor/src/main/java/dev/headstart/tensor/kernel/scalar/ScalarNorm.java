package dev.headstart.tensor.kernel.scalar;

import dev.headstart.tensor.kernel.Norm;
import dev.headstart.tensor.kernel.Reduction;

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
            }
            normalise(x, xo, mean, meano + r, rstd, rstdo + r, h, 0, 1, n);
            float meanG = ScalarReduce.reduce(Reduction.SUM, g, 0, n) * share;
            float meanGH = ScalarReduce.dotProduct(g, 0, h, 0, n) * share;
            for (int i = 0; i < n; i++) {
                dX[dXo + i] = (g[i] - Math.fma(h[i], meanGH, meanG)) * rstd[rstdo + r];
            }
        }
    }

    @Override
    public void normalise(float[] x, int xo, float[] mean, int meano, float[] rstd, int rstdo, float[] h, int ho, int rows, int n) {
        for (int r = 0; r < rows; r++, xo += n, ho += n) {
            for (int i = 0; i < n; i++) {
                h[ho + i] = (x[xo + i] - mean[meano + r]) * rstd[rstdo + r];
            }
        }
    }
}
