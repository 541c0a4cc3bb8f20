package dev.headstart.tensor.kernel.scalar;

import dev.headstart.tensor.kernel.Norm;
import dev.headstart.tensor.kernel.Reduction;
import dev.headstart.tensor.kernel.Slice;
import java.util.Arrays;

final class ScalarNorm implements Norm {
    @Override
    public void layerNorm(Slice x, Slice gamma, Slice beta, float eps, Slice y, Statistics statistics, int rows, int n) {
        float[] from = x.data();
        float[] factors = gamma.data();
        float[] shifts = beta.data();
        float[] to = y.data();
        int fo = gamma.offset();
        int so = beta.offset();
        float share = 1f / n;
        for (int r = 0, xo = x.offset(), yo = y.offset(); r < rows; r++, xo += n, yo += n) {
            float m = ScalarReduce.reduce(Reduction.SUM, from, xo, n) * share;
            for (int i = 0; i < n; i++) {
                to[yo + i] = from[xo + i] - m;
            }
            float variance = ScalarReduce.reduce(Reduction.SUM_OF_SQUARES, to, yo, n) * share;
            float scale = 1f / (float) Math.sqrt(variance + eps);
            for (int i = 0; i < n; i++) {
                to[yo + i] = Math.fma(to[yo + i] * scale, factors[fo + i], shifts[so + i]);
            }
            statistics.mean().set(r, m);
            statistics.rstd().set(r, scale);
        }
    }

    @Override
    public void layerNormGradient(Slice x, Slice gamma, Statistics statistics, Slice dY, Slice dX, int rows, int n) {
        float[] from = x.data();
        float[] factors = gamma.data();
        float[] given = dY.data();
        float[] to = dX.data();
        int fo = gamma.offset();
        float share = 1f / n;
        float[] g = new float[n];
        float[] h = new float[n];
        for (int r = 0, xo = x.offset(), dYo = dY.offset(), dXo = dX.offset(); r < rows; r++, xo += n, dYo += n, dXo += n) {
            float mean = statistics.mean().get(r);
            float rstd = statistics.rstd().get(r);
            for (int i = 0; i < n; i++) {
                g[i] = given[dYo + i] * factors[fo + i];
                h[i] = (from[xo + i] - mean) * rstd;
            }
            float meanG = ScalarReduce.reduce(Reduction.SUM, g, 0, n) * share;
            float meanGH = ScalarReduce.dotProduct(g, 0, h, 0, n) * share;
            for (int i = 0; i < n; i++) {
                to[dXo + i] = (g[i] - Math.fma(h[i], meanGH, meanG)) * rstd;
            }
        }
    }

    @Override
    public void parameterGradients(Slice x, Statistics statistics, Slice dY, Slice sums, int rows, int n) {
        float[] from = x.data();
        float[] given = dY.data();
        float[] to = sums.data();
        int so = sums.offset();
        Arrays.fill(to, so, so + 2 * n, 0);
        for (int r = 0, xo = x.offset(), dYo = dY.offset(); r < rows; r++, xo += n, dYo += n) {
            float mean = statistics.mean().get(r);
            float rstd = statistics.rstd().get(r);
            for (int i = 0; i < n; i++) {
                float h = (from[xo + i] - mean) * rstd;
                to[so + i] = Math.fma(given[dYo + i], h, to[so + i]);
                to[so + n + i] += given[dYo + i];
            }
        }
    }
}
