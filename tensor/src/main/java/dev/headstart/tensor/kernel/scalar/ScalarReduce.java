package dev.headstart.tensor.kernel.scalar;

import dev.headstart.tensor.kernel.Reduce;
import dev.headstart.tensor.kernel.Reduction;
import java.util.Arrays;

final class ScalarReduce implements Reduce {
    /// Columns whose lanes are kept at a time: 64 x 64 floats stay in the first-level cache.
    private static final int WIDTH = 64;

    @Override
    public void rows(Reduction f, float[] x, int xo, int rows, int n, int rowStride, float[] y, int yo) {
        for (int r = 0; r < rows; r++) {
            y[yo + r] = reduce(f, x, xo + r * rowStride, n);
        }
    }

    @Override
    public void columns(Reduction f, float[] x, int xo, int n, int columns, int rowStride, float[] y, int yo) {
        int blocks = blocks(n);
        float[] lanes = new float[LANES * WIDTH];
        float[][] results = new float[WIDTH][blocks];
        for (int from = 0; from < columns; from += WIDTH) {
            int width = Math.min(WIDTH, columns - from);
            for (int b = 0; b < blocks; b++) {
                Arrays.fill(lanes, f.neutral());
                for (int i = b * BLOCK, end = Math.min(n, i + BLOCK); i < end; i++) {
                    take(f, x, xo + i * rowStride + from, lanes, i % LANES * WIDTH, width);
                }
                for (int h = LANES / 2; h >= 1; h /= 2) {
                    for (int l = 0; l < h; l++) {
                        for (int j = 0; j < width; j++) {
                            lanes[l * WIDTH + j] = f.fold(lanes[l * WIDTH + j], lanes[(l + h) * WIDTH + j]);
                        }
                    }
                }
                for (int j = 0; j < width; j++) {
                    results[j][b] = lanes[j];
                }
            }
            for (int j = 0; j < width; j++) {
                y[yo + from + j] = Reduce.foldBlocks(f, results[j], blocks);
            }
        }
    }

    @Override
    public float dot(float[] a, int ao, float[] b, int bo, int n) {
        return dotProduct(a, ao, b, bo, n);
    }

    @Override
    public int argmax(float[] x, int xo, int n) {
        int best = 0;
        for (int i = 0; i < n; i++) {
            if (Float.isNaN(x[xo + i])) {
                return i;
            }
            if (x[xo + i] > x[xo + best]) {
                best = i;
            }
        }
        return best;
    }

    /// [Reduce#rows] of one row.
    static float reduce(Reduction f, float[] x, int xo, int n) {
        float[] results = new float[blocks(n)];
        float[] lanes = new float[LANES];
        for (int b = 0; b < results.length; b++) {
            Arrays.fill(lanes, f.neutral());
            int end = Math.min(n, (b + 1) * BLOCK);
            for (int i = b * BLOCK; i < end; i += LANES) {
                take(f, x, xo + i, lanes, 0, Math.min(LANES, end - i));
            }
            results[b] = fold(f, lanes);
        }
        return Reduce.foldBlocks(f, results, results.length);
    }

    /// [Reduce#dot].
    static float dotProduct(float[] a, int ao, float[] b, int bo, int n) {
        float[] results = new float[blocks(n)];
        float[] lanes = new float[LANES];
        for (int k = 0; k < results.length; k++) {
            Arrays.fill(lanes, 0f);
            int end = Math.min(n, (k + 1) * BLOCK);
            for (int i = k * BLOCK; i < end; i++) {
                lanes[i % LANES] = Math.fma(a[ao + i], b[bo + i], lanes[i % LANES]);
            }
            results[k] = fold(Reduction.SUM, lanes);
        }
        return Reduce.foldBlocks(Reduction.SUM, results, results.length);
    }

    /// Each of `width` consecutive lanes takes one element.
    private static void take(Reduction f, float[] x, int xo, float[] lanes, int lo, int width) {
        switch (f) {
            case SUM -> {
                for (int j = 0; j < width; j++) {
                    lanes[lo + j] += x[xo + j];
                }
            }
            case SUM_OF_SQUARES -> {
                for (int j = 0; j < width; j++) {
                    lanes[lo + j] = Math.fma(x[xo + j], x[xo + j], lanes[lo + j]);
                }
            }
            case MAX -> {
                for (int j = 0; j < width; j++) {
                    lanes[lo + j] = Math.max(lanes[lo + j], x[xo + j]);
                }
            }
            case MIN -> {
                for (int j = 0; j < width; j++) {
                    lanes[lo + j] = Math.min(lanes[lo + j], x[xo + j]);
                }
            }
        }
    }

    private static float fold(Reduction f, float[] lanes) {
        for (int h = LANES / 2; h >= 1; h /= 2) {
            for (int l = 0; l < h; l++) {
                lanes[l] = f.fold(lanes[l], lanes[l + h]);
            }
        }
        return lanes[0];
    }

    private static int blocks(int n) {
        return Math.ceilDiv(n, BLOCK);
    }
}
