package dev.headstart.tensor.kernel.scalar;

import dev.headstart.tensor.kernel.Reduction;
import dev.headstart.tensor.kernel.Softmax;
import java.util.Arrays;

final class ScalarSoftmax implements Softmax {
    @Override
    public void softmax(float[] x, int xo, float[] y, int yo, int rows, int n) {
        for (int r = 0; r < rows; r++, xo += n, yo += n) {
            float m = ScalarReduce.reduce(Reduction.MAX, x, xo, n);
            if (m == Float.NEGATIVE_INFINITY) {
                Arrays.fill(y, yo, yo + n, 0f);
                continue;
            }
            for (int i = 0; i < n; i++) {
                y[yo + i] = exp(x[xo + i] - m);
            }
            float scale = 1f / ScalarReduce.reduce(Reduction.SUM, y, yo, n);
            for (int i = 0; i < n; i++) {
                y[yo + i] *= scale;
            }
        }
    }

    @Override
    public void softmaxGradient(float[] y, int yo, float[] dY, int dYo, float[] dX, int dXo, int rows, int n) {
        for (int r = 0; r < rows; r++, yo += n, dYo += n, dXo += n) {
            float s = ScalarReduce.dotProduct(y, yo, dY, dYo, n);
            for (int i = 0; i < n; i++) {
                dX[dXo + i] = y[yo + i] * (dY[dYo + i] - s);
            }
        }
    }

    @Override
    public void logSoftmax(float[] x, int xo, float[] y, int yo, int rows, int n) {
        float[] e = new float[n];
        for (int r = 0; r < rows; r++, xo += n, yo += n) {
            float m = ScalarReduce.reduce(Reduction.MAX, x, xo, n);
            if (m == Float.NEGATIVE_INFINITY) {
                Arrays.fill(y, yo, yo + n, m);
                continue;
            }
            for (int i = 0; i < n; i++) {
                e[i] = exp(x[xo + i] - m);
            }
            float log = ScalarMath.log(ScalarReduce.reduce(Reduction.SUM, e, 0, n));
            for (int i = 0; i < n; i++) {
                y[yo + i] = (x[xo + i] - m) - log;
            }
        }
    }

    @Override
    public void logSoftmaxGradient(float[] y, int yo, float[] dY, int dYo, float[] dX, int dXo, int rows, int n) {
        for (int r = 0; r < rows; r++, yo += n, dYo += n, dXo += n) {
            float s = ScalarReduce.reduce(Reduction.SUM, dY, dYo, n);
            for (int i = 0; i < n; i++) {
                dX[dXo + i] = Math.fma(-exp(y[yo + i]), s, dY[dYo + i]);
            }
        }
    }

    /// e^x, and +0 where that is nearly a denormal.
    private static float exp(float x) {
        return x < -87f ? 0f : ScalarMath.exp(x);
    }
}
