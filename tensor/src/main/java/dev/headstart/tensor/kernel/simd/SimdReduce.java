package dev.headstart.tensor.kernel.simd;

import static dev.headstart.tensor.kernel.simd.Lanes.SPECIES;
import static dev.headstart.tensor.kernel.simd.Lanes.WIDTH;
import static dev.headstart.tensor.kernel.simd.Lanes.first;
import static dev.headstart.tensor.kernel.simd.Lanes.load;

import dev.headstart.tensor.kernel.Reduce;
import dev.headstart.tensor.kernel.Reduction;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

final class SimdReduce implements Reduce {
    /// Columns whose lanes are kept at a time: 64 x 512 floats stay in the second-level cache.
    private static final int PANEL = 512;

    @Override
    public void rows(Reduction f, float[] x, int xo, int rows, int n, int rowStride, float[] y, int yo) {
        for (int r = 0; r < rows; r++, xo += rowStride) {
            float result = switch (f) {
                case SUM -> Lanes.sum(x, xo, n);
                case SUM_OF_SQUARES -> Lanes.sumOfSquares(x, xo, n, 0f);
                case MAX -> max(x, xo, n);
                case MIN -> min(x, xo, n);
            };
            y[yo + r] = Float.isNaN(result) ? Float.NaN : result;
        }
    }

    @Override
    public void columns(Reduction f, float[] x, int xo, int n, int columns, int rowStride, float[] y, int yo) {
        int blocks = Math.max(1, Math.ceilDiv(n, BLOCK));
        int panel = Math.min(PANEL, Math.ceilDiv(columns, WIDTH) * WIDTH);
        float[] lanes = new float[Math.clamp(n, 1, LANES) * panel];
        float[] results = blocks > 1 ? new float[blocks * panel] : lanes;
        for (int from = 0; from < columns; from += PANEL) {
            int width = Math.min(PANEL, columns - from);
            for (int b = 0; b < blocks; b++) {
                int rows = Math.min(BLOCK, n - b * BLOCK);
                takeBlock(f, x, xo + b * BLOCK * rowStride + from, rows, width, rowStride, lanes, panel);
                int left = Math.min(LANES, rows);
                for (int h = LANES / 2; h >= 1; h /= 2) {
                    left = foldRows(f, lanes, panel, left, h);
                }
                if (blocks > 1) {
                    System.arraycopy(lanes, 0, results, b * panel, panel);
                }
            }
            for (int left = blocks; left > 1;) {
                left = foldRows(f, results, panel, left, (left + 1) / 2);
            }
            for (int j = 0; j < width; j++) {
                y[yo + from + j] = Float.isNaN(results[j]) ? Float.NaN : results[j];
            }
        }
    }

    /// One block of rows into the lanes, lane l at l · panel. Lanes that no row reaches are not written, and there are none but the first
    /// when there are no rows.
    private static void takeBlock(Reduction f, float[] x, int xo, int rows, int width, int rowStride, float[] lanes, int panel) {
        int step = LANES * rowStride;
        for (int l = 0; l == 0 || l < Math.min(LANES, rows); l++) {
            int at = xo + l * rowStride;
            int count = Math.ceilDiv(rows - l, LANES);
            int j = 0;
            for (; j + 4 * WIDTH <= width; j += 4 * WIDTH) {
                takeFour(f, x, at + j, step, count, lanes, l * panel + j);
            }
            for (; j < width; j += WIDTH) {
                takeOne(f, x, at + j, step, count, lanes, l * panel + j, width - j);
            }
        }
    }

    /// One lane of 4 · WIDTH columns: every 64th row of the block.
    private static void takeFour(Reduction f, float[] x, int xo, int step, int count, float[] lanes, int lo) {
        FloatVector s0 = FloatVector.broadcast(SPECIES, f.neutral());
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        switch (f) {
            case SUM -> {
                for (int i = 0, at = xo; i < count; i++, at += step) {
                    s0 = s0.add(load(x, at));
                    s1 = s1.add(load(x, at + WIDTH));
                    s2 = s2.add(load(x, at + 2 * WIDTH));
                    s3 = s3.add(load(x, at + 3 * WIDTH));
                }
            }
            case SUM_OF_SQUARES -> {
                for (int i = 0, at = xo; i < count; i++, at += step) {
                    s0 = Lanes.square(load(x, at), s0);
                    s1 = Lanes.square(load(x, at + WIDTH), s1);
                    s2 = Lanes.square(load(x, at + 2 * WIDTH), s2);
                    s3 = Lanes.square(load(x, at + 3 * WIDTH), s3);
                }
            }
            case MAX -> {
                for (int i = 0, at = xo; i < count; i++, at += step) {
                    s0 = s0.max(load(x, at));
                    s1 = s1.max(load(x, at + WIDTH));
                    s2 = s2.max(load(x, at + 2 * WIDTH));
                    s3 = s3.max(load(x, at + 3 * WIDTH));
                }
            }
            case MIN -> {
                for (int i = 0, at = xo; i < count; i++, at += step) {
                    s0 = s0.min(load(x, at));
                    s1 = s1.min(load(x, at + WIDTH));
                    s2 = s2.min(load(x, at + 2 * WIDTH));
                    s3 = s3.min(load(x, at + 3 * WIDTH));
                }
            }
        }
        Lanes.store(s0, s1, s2, s3, lanes, lo);
    }

    /// One lane of `live` ≤ WIDTH columns.
    private static void takeOne(Reduction f, float[] x, int xo, int step, int count, float[] lanes, int lo, int live) {
        VectorMask<Float> mask = first(live);
        FloatVector s = FloatVector.broadcast(SPECIES, f.neutral());
        switch (f) {
            case SUM -> {
                for (int i = 0, at = xo; i < count; i++, at += step) {
                    s = s.add(load(x, at, mask));
                }
            }
            case SUM_OF_SQUARES -> {
                for (int i = 0, at = xo; i < count; i++, at += step) {
                    s = Lanes.square(load(x, at, mask), s);
                }
            }
            case MAX -> {
                for (int i = 0, at = xo; i < count; i++, at += step) {
                    s = s.max(load(x, at, mask));
                }
            }
            case MIN -> {
                for (int i = 0, at = xo; i < count; i++, at += step) {
                    s = s.min(load(x, at, mask));
                }
            }
        }
        s.intoArray(lanes, lo);
    }

    /// Row i takes row i + h, for all i + h < left; how many rows are left then. The rows that are missing hold the neutral element.
    private static int foldRows(Reduction f, float[] rows, int width, int left, int h) {
        int far = h * width;
        int end = (left - h) * width;
        switch (f) {
            case SUM, SUM_OF_SQUARES -> {
                for (int i = 0; i < end; i += WIDTH) {
                    load(rows, i).add(load(rows, i + far)).intoArray(rows, i);
                }
            }
            case MAX -> {
                for (int i = 0; i < end; i += WIDTH) {
                    load(rows, i).max(load(rows, i + far)).intoArray(rows, i);
                }
            }
            case MIN -> {
                for (int i = 0; i < end; i += WIDTH) {
                    load(rows, i).min(load(rows, i + far)).intoArray(rows, i);
                }
            }
        }
        return Math.min(left, h);
    }

    @Override
    public float dot(float[] a, int ao, float[] b, int bo, int n) {
        float result = Lanes.dot(a, ao, b, bo, n);
        return Float.isNaN(result) ? Float.NaN : result;
    }

    @Override
    public int argmax(float[] x, int xo, int n) {
        float m = max(x, xo, n);
        return Float.isNaN(m) ? indexOfNaN(x, xo, n) : indexOf(m, x, xo, n);
    }

    private static int indexOf(float m, float[] x, int xo, int n) {
        int i = 0;
        while (i + WIDTH <= n && !load(x, xo + i).compare(VectorOperators.EQ, m).anyTrue()) {
            i += WIDTH;
        }
        while (x[xo + i] != m) {
            i++;
        }
        return i;
    }

    private static int indexOfNaN(float[] x, int xo, int n) {
        for (int i = 0; i < n; i++) {
            if (Float.isNaN(x[xo + i])) {
                return i;
            }
        }
        throw new AssertionError("no NaN");
    }

    private static float max(float[] x, int xo, int n) {
        FloatVector a = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        FloatVector b = a;
        int i = 0;
        for (; i + 2 * WIDTH <= n; i += 2 * WIDTH) {
            a = a.max(load(x, xo + i));
            b = b.max(load(x, xo + i + WIDTH));
        }
        for (; i < n; i += WIDTH) {
            VectorMask<Float> live = first(n - i);
            a = a.blend(a.max(load(x, xo + i, live)), live);
        }
        return Lanes.foldMax(a.max(b));
    }

    private static float min(float[] x, int xo, int n) {
        FloatVector a = FloatVector.broadcast(SPECIES, Float.POSITIVE_INFINITY);
        FloatVector b = a;
        int i = 0;
        for (; i + 2 * WIDTH <= n; i += 2 * WIDTH) {
            a = a.min(load(x, xo + i));
            b = b.min(load(x, xo + i + WIDTH));
        }
        for (; i < n; i += WIDTH) {
            VectorMask<Float> live = first(n - i);
            a = a.blend(a.min(load(x, xo + i, live)), live);
        }
        return -Lanes.foldMax(a.min(b).neg());
    }
}
