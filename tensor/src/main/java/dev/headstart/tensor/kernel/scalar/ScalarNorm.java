package dev.headstart.tensor.kernel.scalar;

import dev.headstart.tensor.kernel.Norm;
import dev.headstart.tensor.kernel.Reduction;
import dev.headstart.tensor.kernel.Slice;
import java.util.Arrays;

final class ScalarNorm implements Norm {
    @Override
    public void layerNorm(Slice x, Slice gamma, Slice beta, float eps, Slice y, Statistics statistics, int rows, int n) {
        float share = 1f / n;
        for (int r = 0, at = 0; r < rows; r++, at += n) {
            float m = ScalarReduce.reduce(Reduction.SUM, x.data(), x.offset() + at, n) * share;
            for (int i = 0; i < n; i++) {
                y.set(at + i, x.get(at + i) - m);
            }
            float variance = ScalarReduce.reduce(Reduction.SUM_OF_SQUARES, y.data(), y.offset() + at, n) * share;
            float scale = 1f / (float) Math.sqrt(variance + eps);
            for (int i = 0; i < n; i++) {
                y.set(at + i, Math.fma(y.get(at + i) * scale, gamma.get(i), beta.get(i)));
            }
            statistics.mean().set(r, m);
            statistics.rstd().set(r, scale);
        }
    }

    @Override
    public void layerNormGradient(Slice x, Slice gamma, Statistics statistics, Slice dY, Slice dX, int rows, int n) {
        float share = 1f / n;
        float[] g = new float[n];
        float[] h = new float[n];
        for (int r = 0, at = 0; r < rows; r++, at += n) {
            float mean = statistics.mean().get(r);
            float rstd = statistics.rstd().get(r);
            for (int i = 0; i < n; i++) {
                g[i] = dY.get(at + i) * gamma.get(i);
                h[i] = (x.get(at + i) - mean) * rstd;
            }
            float meanG = ScalarReduce.reduce(Reduction.SUM, g, 0, n) * share;
            float meanGH = ScalarReduce.dotProduct(g, 0, h, 0, n) * share;
            for (int i = 0; i < n; i++) {
                dX.set(at + i, (g[i] - Math.fma(h[i], meanGH, meanG)) * rstd);
            }
        }
    }

    @Override
    public void parameterGradients(Slice x, Statistics statistics, Slice dY, Slice sums, int rows, int n) {
        Arrays.fill(sums.data(), sums.offset(), sums.offset() + 2 * n, 0);
        for (int r = 0, at = 0; r < rows; r++, at += n) {
            float mean = statistics.mean().get(r);
            float rstd = statistics.rstd().get(r);
            for (int i = 0; i < n; i++) {
                float h = (x.get(at + i) - mean) * rstd;
                sums.set(i, Math.fma(dY.get(at + i), h, sums.get(i)));
                sums.set(n + i, sums.get(n + i) + dY.get(at + i));
            }
        }
    }
}
