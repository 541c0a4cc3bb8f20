package dev.headstart.tensor.kernel.scalar;

import dev.headstart.tensor.kernel.ChannelNorm;
import dev.headstart.tensor.kernel.Slice;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

final class ScalarChannelNorm implements ChannelNorm {
    @Override
    public void sums(Slice x, Slice sums, int rows, int n) {
        float[] from = x.data();
        float[] to = sums.data();
        int so = sums.offset();
        Arrays.fill(to, so, so + n, 0);
        for (int r = 0, xo = x.offset(); r < rows; r++, xo += n) {
            for (int j = 0; j < n; j++) {
                to[so + j] += from[xo + j];
            }
        }
    }

    @Override
    public void deviations(Slice x, Slice centre, Slice sums, int rows, int n) {
        float[] from = x.data();
        float[] centres = centre.data();
        float[] to = sums.data();
        int co = centre.offset();
        int so = sums.offset();
        Arrays.fill(to, so, so + 2 * n, 0);
        for (int r = 0, xo = x.offset(); r < rows; r++, xo += n) {
            for (int j = 0; j < n; j++) {
                float d = from[xo + j] - centres[co + j];
                to[so + j] += d;
                to[so + n + j] = Math.fma(d, d, to[so + n + j]);
            }
        }
    }

    private static float normal(float x, float[] numbers, int j, int n) {
        return Math.fma(x - numbers[j], numbers[j + n], numbers[j + 2 * n]);
    }

    @Override
    public void apply(Slice x, Slice numbers, @Nullable Slice addend, boolean relu, Slice y, int rows, int n) {
        float[] from = x.data();
        float[] by = numbers.data();
        float[] added = addend == null ? null : addend.data();
        float[] to = y.data();
        int no = numbers.offset();
        int ao = addend == null ? 0 : addend.offset();
        for (int r = 0, xo = x.offset(), yo = y.offset(); r < rows; r++, xo += n, ao += n, yo += n) {
            for (int j = 0; j < n; j++) {
                float h = normal(from[xo + j], by, no + j, n);
                float sum = added == null ? h : h + added[ao + j];
                to[yo + j] = relu ? ScalarMath.relu(sum) : sum;
            }
        }
    }

    @Override
    public void gradientSums(Slice x, Slice numbers, Slice dY, boolean relu, Slice sums, int rows, int n) {
        float[] from = x.data();
        float[] by = numbers.data();
        float[] given = dY.data();
        float[] to = sums.data();
        int no = numbers.offset();
        int so = sums.offset();
        Arrays.fill(to, so, so + 2 * n, 0);
        for (int r = 0, xo = x.offset(), dYo = dY.offset(); r < rows; r++, xo += n, dYo += n) {
            for (int j = 0; j < n; j++) {
                float g = !relu || normal(from[xo + j], by, no + j, n) > 0 ? given[dYo + j] : 0;
                to[so + j] += g;
                to[so + n + j] = Math.fma(g, from[xo + j] - by[no + j], to[so + n + j]);
            }
        }
    }

    @Override
    public void gradient(Slice x, Slice numbers, Slice dY, boolean relu, Slice dX, int rows, int n) {
        float[] from = x.data();
        float[] by = numbers.data();
        float[] given = dY.data();
        float[] to = dX.data();
        int no = numbers.offset();
        for (int r = 0, xo = x.offset(), dYo = dY.offset(), dXo = dX.offset(); r < rows; r++, xo += n, dYo += n, dXo += n) {
            for (int j = 0; j < n; j++) {
                float g = !relu || normal(from[xo + j], by, no + j, n) > 0 ? given[dYo + j] : 0;
                float rest = Math.fma(from[xo + j] - by[no + j], by[no + 3 * n + j], by[no + 4 * n + j]);
                to[dXo + j] = Math.fma(g, by[no + n + j], rest);
            }
        }
    }
}
