package dev.headstart.tensor.kernel.simd;

import static dev.headstart.tensor.kernel.simd.Lanes.SPECIES;
import static dev.headstart.tensor.kernel.simd.Lanes.WIDTH;
import static jdk.incubator.vector.FloatVector.fromArray;

import dev.headstart.tensor.kernel.Reduce;
import dev.headstart.tensor.kernel.Reduction;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// Sums of rows are [Lanes]'; a largest or smallest element may be looked for in any order. The smallest is the largest of the negated.
///
/// Columns go through in panels. For every lane in turn, every 64th row of a block is added up in registers and stored once; then the
/// rows of lanes are folded as the tree has it. Lanes that no row reaches are left out of the tree: they would hold the neutral element,
/// and a lane is never -0, so adding +0 to it changes nothing.
final class SimdReduce implements Reduce {
    /// Columns whose lanes are kept at a time: 64 x 512 floats stay in the second-level cache.
    private static final int PANEL = 512;

    @Override
    public void rows(Reduction f, float[] x, int xo, int rows, int n, int rowStride, float[] y, int yo) {
        for (int r = 0; r < rows; r++, xo += rowStride) {
            float result = switch (f) {
                case SUM -> Lanes.sum(x, xo, n);
                case SUM_OF_SQUARES -> Lanes.sumOfSquares(x, xo, 0f, n);
                case MAX -> largest(x, xo, n, 1f);
                case MIN -> -largest(x, xo, n, -1f);
            };
            y[yo + r] = Float.isNaN(result) ? Float.NaN : result;
        }
    }

    @Override
    public void columns(Reduction f, float[] x, int xo, int n, int columns, int rowStride, float[] y, int yo) {
        int blocks = Math.max(1, Math.ceilDiv(n, BLOCK));
        int panel = Math.min(PANEL, Math.ceilDiv(columns, WIDTH) * WIDTH);
        float[] lanes = Scratch.COLUMN_LANES.array(Math.clamp(n, 1, LANES) * panel);
        float[] results = blocks > 1 ? Scratch.COLUMN_BLOCKS.array(blocks * panel) : lanes;
        float sign = f == Reduction.MIN ? -1f : 1f;
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
                y[yo + from + j] = Float.isNaN(results[j]) ? Float.NaN : sign * results[j];
            }
        }
    }

    /// One block of rows into the lanes, lane l at l · panel. Lanes that no row reaches are not written, but for the first when there is
    /// no row.
    private static void takeBlock(Reduction f, float[] x, int xo, int rows, int width, int rowStride, float[] lanes, int panel) {
        int step = LANES * rowStride;
        for (int l = 0; l == 0 || l < Math.min(LANES, rows); l++) {
            int at = xo + l * rowStride;
            int count = Math.ceilDiv(rows - l, LANES);
            int j = 0;
            for (; j + 4 * WIDTH <= width; j += 4 * WIDTH) {
                int lo = l * panel + j;
                switch (f) {
                    case SUM -> sumFour(x, at + j, step, count, lanes, lo);
                    case SUM_OF_SQUARES -> squareFour(x, at + j, step, count, lanes, lo);
                    case MAX -> largestOfFour(x, at + j, step, count, 1f, lanes, lo);
                    case MIN -> largestOfFour(x, at + j, step, count, -1f, lanes, lo);
                }
            }
            for (; j < width; j += WIDTH) {
                takeOne(f, x, at + j, step, count, lanes, l * panel + j, Math.min(WIDTH, width - j));
            }
        }
    }

    /// One lane of 4 · WIDTH columns: every 64th row of the block.
    private static void sumFour(float[] x, int xo, int step, int count, float[] lanes, int lo) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int i = 0, at = xo; i < count; i++, at += step) {
            s0 = s0.add(fromArray(SPECIES, x, at));
            s1 = s1.add(fromArray(SPECIES, x, at + WIDTH));
            s2 = s2.add(fromArray(SPECIES, x, at + 2 * WIDTH));
            s3 = s3.add(fromArray(SPECIES, x, at + 3 * WIDTH));
        }
        s0.intoArray(lanes, lo);
        s1.intoArray(lanes, lo + WIDTH);
        s2.intoArray(lanes, lo + 2 * WIDTH);
        s3.intoArray(lanes, lo + 3 * WIDTH);
    }

    private static void squareFour(float[] x, int xo, int step, int count, float[] lanes, int lo) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int i = 0, at = xo; i < count; i++, at += step) {
            FloatVector v0 = fromArray(SPECIES, x, at);
            s0 = v0.fma(v0, s0);
            FloatVector v1 = fromArray(SPECIES, x, at + WIDTH);
            s1 = v1.fma(v1, s1);
            FloatVector v2 = fromArray(SPECIES, x, at + 2 * WIDTH);
            s2 = v2.fma(v2, s2);
            FloatVector v3 = fromArray(SPECIES, x, at + 3 * WIDTH);
            s3 = v3.fma(v3, s3);
        }
        s0.intoArray(lanes, lo);
        s1.intoArray(lanes, lo + WIDTH);
        s2.intoArray(lanes, lo + 2 * WIDTH);
        s3.intoArray(lanes, lo + 3 * WIDTH);
    }

    private static void largestOfFour(float[] x, int xo, int step, int count, float sign, float[] lanes, int lo) {
        FloatVector s0 = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int i = 0, at = xo; i < count; i++, at += step) {
            s0 = s0.max(fromArray(SPECIES, x, at).mul(sign));
            s1 = s1.max(fromArray(SPECIES, x, at + WIDTH).mul(sign));
            s2 = s2.max(fromArray(SPECIES, x, at + 2 * WIDTH).mul(sign));
            s3 = s3.max(fromArray(SPECIES, x, at + 3 * WIDTH).mul(sign));
        }
        s0.intoArray(lanes, lo);
        s1.intoArray(lanes, lo + WIDTH);
        s2.intoArray(lanes, lo + 2 * WIDTH);
        s3.intoArray(lanes, lo + 3 * WIDTH);
    }

    /// One lane of `live` ≤ WIDTH columns, read in whole vectors where the array goes on; what that puts beyond `live` is never looked at.
    private static void takeOne(Reduction f, float[] x, int xo, int step, int count, float[] lanes, int lo, int live) {
        int whole = count;
        while (whole > 0 && xo + (whole - 1) * step + WIDTH > x.length) {
            whole--;
        }
        switch (f) {
            case SUM -> sumOne(x, xo, step, whole, lanes, lo);
            case SUM_OF_SQUARES -> squareOne(x, xo, step, whole, lanes, lo);
            case MAX -> largestOfOne(x, xo, step, whole, 1f, lanes, lo);
            case MIN -> largestOfOne(x, xo, step, whole, -1f, lanes, lo);
        }
        for (int i = whole; i < count; i++) {
            for (int j = 0; j < live; j++) {
                float v = x[xo + i * step + j];
                lanes[lo + j] = switch (f) {
                    case SUM -> lanes[lo + j] + v;
                    case SUM_OF_SQUARES -> Math.fma(v, v, lanes[lo + j]);
                    case MAX -> Math.max(lanes[lo + j], v);
                    case MIN -> Math.max(lanes[lo + j], -v);
                };
            }
        }
    }

    private static void sumOne(float[] x, int xo, int step, int count, float[] lanes, int lo) {
        FloatVector s = FloatVector.zero(SPECIES);
        for (int i = 0, at = xo; i < count; i++, at += step) {
            s = s.add(fromArray(SPECIES, x, at));
        }
        s.intoArray(lanes, lo);
    }

    private static void squareOne(float[] x, int xo, int step, int count, float[] lanes, int lo) {
        FloatVector s = FloatVector.zero(SPECIES);
        for (int i = 0, at = xo; i < count; i++, at += step) {
            FloatVector v = fromArray(SPECIES, x, at);
            s = v.fma(v, s);
        }
        s.intoArray(lanes, lo);
    }

    private static void largestOfOne(float[] x, int xo, int step, int count, float sign, float[] lanes, int lo) {
        FloatVector s = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        for (int i = 0, at = xo; i < count; i++, at += step) {
            s = s.max(fromArray(SPECIES, x, at).mul(sign));
        }
        s.intoArray(lanes, lo);
    }

    /// Row i takes row i + h, for all i + h < left; how many rows are left then.
    private static int foldRows(Reduction f, float[] rows, int width, int left, int h) {
        int far = h * width;
        int end = (left - h) * width;
        if (f == Reduction.SUM || f == Reduction.SUM_OF_SQUARES) {
            for (int i = 0; i < end; i += WIDTH) {
                fromArray(SPECIES, rows, i).add(fromArray(SPECIES, rows, i + far)).intoArray(rows, i);
            }
        } else {
            for (int i = 0; i < end; i += WIDTH) {
                fromArray(SPECIES, rows, i).max(fromArray(SPECIES, rows, i + far)).intoArray(rows, i);
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
        float m = largest(x, xo, n, 1f);
        return Float.isNaN(m) ? indexOfNaN(x, xo, n) : indexOf(m, x, xo, n);
    }

    private static int indexOf(float m, float[] x, int xo, int n) {
        int i = 0;
        while (i + WIDTH <= n && !fromArray(SPECIES, x, xo + i).compare(VectorOperators.EQ, m).anyTrue()) {
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

    /// The largest of x · sign. The last vector reaches back over elements already seen.
    private static float largest(float[] x, int xo, int n, float sign) {
        if (n < WIDTH) {
            float m = Float.NEGATIVE_INFINITY;
            for (int i = 0; i < n; i++) {
                m = Math.max(m, x[xo + i] * sign);
            }
            return m;
        }
        FloatVector a = fromArray(SPECIES, x, xo + n - WIDTH).mul(sign);
        FloatVector b = a;
        int i = 0;
        for (; i + 2 * WIDTH <= n; i += 2 * WIDTH) {
            a = a.max(fromArray(SPECIES, x, xo + i).mul(sign));
            b = b.max(fromArray(SPECIES, x, xo + i + WIDTH).mul(sign));
        }
        if (i + WIDTH < n) {
            a = a.max(fromArray(SPECIES, x, xo + i).mul(sign));
        }
        return a.max(b).reduceLanes(VectorOperators.MAX);
    }
}
