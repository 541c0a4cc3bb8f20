package dev.headstart.tensor.kernel.scalar;

import dev.headstart.tensor.kernel.ChannelNorm;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

final class ScalarChannelNorm implements ChannelNorm {
    @Override
    public void sums(float[] x, int xo, float[] sums, int so, int rows, int n) {
        Arrays.fill(sums, so, so + n, 0);
        for (int r = 0; r < rows; r++, xo += n) {
            for (int j = 0; j < n; j++) {
                sums[so + j] += x[xo + j];
            }
        }
    }

    @Override
    public void deviations(float[] x, int xo, float[] centre, int co, float[] sums, int so, int rows, int n) {
        Arrays.fill(sums, so, so + 2 * n, 0);
        for (int r = 0; r < rows; r++, xo += n) {
            for (int j = 0; j < n; j++) {
                float d = x[xo + j] - centre[co + j];
                sums[so + j] += d;
                sums[so + n + j] = Math.fma(d, d, sums[so + n + j]);
            }
        }
    }

    private static float normal(float x, float[] numbers, int j, int n) {
        return Math.fma(x - numbers[j], numbers[j + n], numbers[j + 2 * n]);
    }

    @Override
    public void apply(float[] x, int xo, float[] numbers, int no, float @Nullable [] addend, int ao, boolean relu, float[] y, int yo,
            int rows, int n) {
        for (int r = 0; r < rows; r++, xo += n, ao += n, yo += n) {
            for (int j = 0; j < n; j++) {
                float h = normal(x[xo + j], numbers, no + j, n);
                float sum = addend == null ? h : h + addend[ao + j];
                y[yo + j] = relu ? ScalarMath.relu(sum) : sum;
            }
        }
    }

    @Override
    public void gradientSums(float[] x, int xo, float[] numbers, int no, float[] dY, int dYo, boolean relu, float[] sums, int so, int rows,
            int n) {
        Arrays.fill(sums, so, so + 2 * n, 0);
        for (int r = 0; r < rows; r++, xo += n, dYo += n) {
            for (int j = 0; j < n; j++) {
                float g = !relu || normal(x[xo + j], numbers, no + j, n) > 0 ? dY[dYo + j] : 0;
                sums[so + j] += g;
                sums[so + n + j] = Math.fma(g, x[xo + j] - numbers[no + j], sums[so + n + j]);
            }
        }
    }

    @Override
    public void gradient(float[] x, int xo, float[] numbers, int no, float[] dY, int dYo, boolean relu, float[] dX, int dXo, int rows,
            int n) {
        for (int r = 0; r < rows; r++, xo += n, dYo += n, dXo += n) {
            for (int j = 0; j < n; j++) {
                float g = !relu || normal(x[xo + j], numbers, no + j, n) > 0 ? dY[dYo + j] : 0;
                float rest = Math.fma(x[xo + j] - numbers[no + j], numbers[no + 3 * n + j], numbers[no + 4 * n + j]);
                dX[dXo + j] = Math.fma(g, numbers[no + n + j], rest);
            }
        }
    }
}
