package dev.headstart.tensor.kernel.scalar;

import dev.headstart.tensor.kernel.ChannelNorm;
import dev.headstart.tensor.kernel.Slice;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

final class ScalarChannelNorm implements ChannelNorm {
    @Override
    public void sums(Slice x, Slice sums, int rows, int n) {
        clear(sums, n);
        for (int r = 0, at = 0; r < rows; r++, at += n) {
            for (int j = 0; j < n; j++) {
                sums.set(j, sums.get(j) + x.get(at + j));
            }
        }
    }

    private static void clear(Slice sums, int n) {
        Arrays.fill(sums.data(), sums.offset(), sums.offset() + n, 0);
    }

    @Override
    public void deviations(Slice x, Slice centre, Slice sums, int rows, int n) {
        clear(sums, 2 * n);
        for (int r = 0, at = 0; r < rows; r++, at += n) {
            for (int j = 0; j < n; j++) {
                float d = x.get(at + j) - centre.get(j);
                sums.set(j, sums.get(j) + d);
                sums.set(n + j, Math.fma(d, d, sums.get(n + j)));
            }
        }
    }

    private static float normal(float x, Slice numbers, int j, int n) {
        return Math.fma(x - numbers.get(j), numbers.get(n + j), numbers.get(2 * n + j));
    }

    @Override
    public void apply(Slice x, Slice numbers, @Nullable Slice addend, boolean relu, Slice y, int rows, int n) {
        for (int r = 0, at = 0; r < rows; r++, at += n) {
            for (int j = 0; j < n; j++) {
                float h = normal(x.get(at + j), numbers, j, n);
                float sum = addend == null ? h : h + addend.get(at + j);
                y.set(at + j, relu ? ScalarMath.relu(sum) : sum);
            }
        }
    }

    @Override
    public void gradientSums(Slice x, Slice numbers, Slice dY, boolean relu, Slice sums, int rows, int n) {
        clear(sums, 2 * n);
        for (int r = 0, at = 0; r < rows; r++, at += n) {
            for (int j = 0; j < n; j++) {
                float g = !relu || normal(x.get(at + j), numbers, j, n) > 0 ? dY.get(at + j) : 0;
                sums.set(j, sums.get(j) + g);
                sums.set(n + j, Math.fma(g, x.get(at + j) - numbers.get(j), sums.get(n + j)));
            }
        }
    }

    @Override
    public void gradient(Slice x, Slice numbers, Slice dY, boolean relu, Slice dX, int rows, int n) {
        for (int r = 0, at = 0; r < rows; r++, at += n) {
            for (int j = 0; j < n; j++) {
                float g = !relu || normal(x.get(at + j), numbers, j, n) > 0 ? dY.get(at + j) : 0;
                float rest = Math.fma(x.get(at + j) - numbers.get(j), numbers.get(3 * n + j), numbers.get(4 * n + j));
                dX.set(at + j, Math.fma(g, numbers.get(n + j), rest));
            }
        }
    }
}
