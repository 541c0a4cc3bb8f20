package dev.headstart.tensor.kernel.scalar;

import dev.headstart.tensor.Workers;
import dev.headstart.tensor.kernel.Gemm;
import dev.headstart.tensor.kernel.InitialRows;
import dev.headstart.tensor.kernel.Matrices;

/// Matrix products as rank-4 updates of rows: `c[j] = fma(a3, b3[j], fma(a2, b2[j], fma(a1, b1[j], fma(a0, b0[j], c[j]))))`.
///
/// Every row of B and C is first copied to an array of its own. With one index for all arrays it is no question to the compiler whether
/// two rows overlap, so it turns the loop into vector instructions by itself; with offsets into one array it does not.
///
/// Fast rather than short: the shortest loop that has these bits is the specification in the twin test.
final class ScalarGemm implements Gemm {
    /// Rows and columns of C that one task computes, and rows of B it copies at a time: small enough for the second-level cache.
    private static final int ROWS = 128;
    private static final int COLUMNS = 512;
    private static final int DEPTH = 128;

    /// Multiply-adds that make a task worth handing to another thread.
    private static final long TASK = 1 << 20;

    @Override
    public void multiply(Workers workers, int m, int n, int k, Matrices a, Matrices b, Matrices c, InitialRows start) {
        for (int offset : c.offsets()) {
            start.begin(c.data(), offset, m, c.rowStride(), 0, n);
        }
        if (m == 0 || n == 0 || k == 0) {
            return;
        }
        int rowBlocks = Math.ceilDiv(m, ROWS);
        int columnBlocks = Math.ceilDiv(n, COLUMNS);
        int blocks = Math.multiplyExact(c.entries(), rowBlocks * columnBlocks);
        long work = (long) Math.min(m, ROWS) * Math.min(n, COLUMNS) * k;
        int blocksPerTask = Math.clamp(TASK / work, 1, Math.max(1, blocks));
        workers.forEach(Math.ceilDiv(blocks, blocksPerTask), task -> {
            float[][] rows = new float[Math.min(k, DEPTH)][Math.min(n, COLUMNS)];
            float[] c0 = new float[rows[0].length];
            float[] c1 = new float[rows[0].length];
            for (int block = task * blocksPerTask; block < Math.min(blocks, (task + 1) * blocksPerTask); block++) {
                int entry = block / (rowBlocks * columnBlocks);
                int i = block % rowBlocks * ROWS;
                int j = block / rowBlocks % columnBlocks * COLUMNS;
                int height = Math.min(ROWS, m - i);
                int width = Math.min(COLUMNS, n - j);
                int aStart = a.offsets()[entry] + i * a.rowStride();
                int bStart = b.offsets()[entry] + j * b.columnStride();
                int cStart = c.offsets()[entry] + i * c.rowStride() + j;
                float[] later = k > K_BLOCK ? new float[height * width] : c.data();
                for (int from = 0; from < k; from += K_BLOCK) {
                    boolean first = from == 0;
                    for (int p = from; p < Math.min(k, from + K_BLOCK); p += DEPTH) {
                        int depth = Math.min(DEPTH, Math.min(k, from + K_BLOCK) - p);
                        copyRows(b.data(), bStart + p * b.rowStride(), b.rowStride(), b.columnStride(), rows, depth, width);
                        update(height, width, depth, a.data(), aStart + p * a.columnStride(), a.rowStride(), a.columnStride(), rows, c0, c1,
                                first ? c.data() : later, first ? cStart : 0, first ? c.rowStride() : width);
                    }
                    if (!first) {
                        addAndClear(height, width, later, c.data(), cStart, c.rowStride());
                    }
                }
            }
        });
    }

    private static void copyRows(float[] b, int start, int rowStride, int columnStride, float[][] rows, int depth, int width) {
        if (columnStride == 1) {
            for (int p = 0; p < depth; p++) {
                System.arraycopy(b, start + p * rowStride, rows[p], 0, width);
            }
            return;
        }
        for (int p = 0; p < depth; p++) {
            float[] row = rows[p];
            int from = start + p * rowStride;
            for (int j = 0; j < width; j++) {
                row[j] = b[from + j * columnStride];
            }
        }
    }

    /// Adds `depth` products to every element of a block of C, two rows at a time.
    private static void update(int height, int width, int depth, float[] a, int aStart, int aRowStride, int aColumnStride,
            float[][] rows, float[] c0, float[] c1, float[] c, int cStart, int cRowStride) {
        for (int i = 0; i < height; i += 2) {
            boolean two = i + 1 < height;
            int a0 = aStart + i * aRowStride;
            int a1 = two ? a0 + aRowStride : a0;
            int to = cStart + i * cRowStride;
            System.arraycopy(c, to, c0, 0, width);
            if (two) {
                System.arraycopy(c, to + cRowStride, c1, 0, width);
            }
            int p = 0;
            for (; p + 3 < depth; p += 4) {
                fourRows(width, a, a0 + p * aColumnStride, a1 + p * aColumnStride, aColumnStride,
                        rows[p], rows[p + 1], rows[p + 2], rows[p + 3], c0, c1);
            }
            for (; p < depth; p++) {
                oneRow(width, a[a0 + p * aColumnStride], rows[p], c0);
                oneRow(width, a[a1 + p * aColumnStride], rows[p], c1);
            }
            System.arraycopy(c0, 0, c, to, width);
            if (two) {
                System.arraycopy(c1, 0, c, to + cRowStride, width);
            }
        }
    }

    private static void fourRows(int width, float[] a, int a0, int a1, int aStride,
            float[] b0, float[] b1, float[] b2, float[] b3, float[] c0, float[] c1) {
        float a00 = a[a0];
        float a01 = a[a0 + aStride];
        float a02 = a[a0 + 2 * aStride];
        float a03 = a[a0 + 3 * aStride];
        float a10 = a[a1];
        float a11 = a[a1 + aStride];
        float a12 = a[a1 + 2 * aStride];
        float a13 = a[a1 + 3 * aStride];
        for (int j = 0; j < width; j++) {
            c0[j] = Math.fma(a03, b3[j], Math.fma(a02, b2[j], Math.fma(a01, b1[j], Math.fma(a00, b0[j], c0[j]))));
            c1[j] = Math.fma(a13, b3[j], Math.fma(a12, b2[j], Math.fma(a11, b1[j], Math.fma(a10, b0[j], c1[j]))));
        }
    }

    private static void oneRow(int width, float a, float[] b, float[] c) {
        for (int j = 0; j < width; j++) {
            c[j] = Math.fma(a, b[j], c[j]);
        }
    }

    private static void addAndClear(int height, int width, float[] from, float[] c, int cStart, int cRowStride) {
        for (int i = 0; i < height; i++) {
            for (int j = 0; j < width; j++) {
                c[cStart + i * cRowStride + j] += from[i * width + j];
                from[i * width + j] = 0;
            }
        }
    }
}
