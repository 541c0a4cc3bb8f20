package dev.headstart.tensor.kernel.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// The micro-kernels of the matrix product: a tile of C stays in registers while k runs. Written by `SimdTilesSource` in `src/test`.
///
/// A tile is some rows high and one or two vectors wide. In each step of k it takes a number from each row of A and a row of B:
/// `C[i, :] = fma(A[i, p], B[p, :], C[i, :])`. Accumulators are local variables that start from C, and the loop is not unrolled by
/// hand: that is what the compiler keeps in registers. With 32 vector registers 12 x 2 is as large as fits, with 16 registers 4 x 2.
///
/// A is a copy, row by row or column by column, at a distance that the compiler knows: then one register finds all rows, and no index is
/// checked in the loop. So A is hardly ever transposed.
final class SimdTiles {
    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    static final int LANES = SPECIES.length();

    /// Rows of the highest tile.
    static final int ROWS = LANES >= 16 ? 12 : 4;

    /// Distance of the rows of an A that is copied row by row; not a power of two, so that rows do not meet in one set of the cache.
    static final int ROW = 272;

    /// Distance of the columns of an A that is copied column by column, in strips of so many rows: the highest tiles fill them.
    static final int COLUMN = 48;

    private SimdTiles() {}

    /// Rows of the tile to use where so many rows are left.
    static int height(int rowsLeft) {
        return rowsLeft >= ROWS ? ROWS : Math.min(8, Integer.highestOneBit(rowsLeft));
    }

    /// Where row i begins in a copy of A by columns that has so many steps.
    static int inColumns(int i, int depth) {
        return i / COLUMN * COLUMN * depth + i % COLUMN;
    }

    /// Adds `depth` steps to a tile of C.
    ///
    /// @param height rows of the tile: 12, 8, 4, 2 or 1
    /// @param vectors width of the tile: 2 or 1
    /// @param a element (i, p) of the tile's rows is at `aStart + i * ROW + p`
    /// @param b element (p, j) of the tile's columns is at `bStart + p * vectors * LANES + j`
    static void multiplyRows(int height, int vectors, int depth, float[] a, int aStart, float[] b, int bStart,
            float[] c, int cStart, int cRowStride) {
        if (vectors == 2) {
            switch (height) {
                case 12 -> rows12x2(depth, a, aStart, b, bStart, c, cStart, cRowStride);
                case 8 -> rows8x2(depth, a, aStart, b, bStart, c, cStart, cRowStride);
                case 4 -> rows4x2(depth, a, aStart, b, bStart, c, cStart, cRowStride);
                case 2 -> rows2x2(depth, a, aStart, b, bStart, c, cStart, cRowStride);
                default -> rows1x2(depth, a, aStart, b, bStart, c, cStart);
            }
        } else {
            switch (height) {
                case 12 -> rows12x1(depth, a, aStart, b, bStart, c, cStart, cRowStride);
                case 8 -> rows8x1(depth, a, aStart, b, bStart, c, cStart, cRowStride);
                case 4 -> rows4x1(depth, a, aStart, b, bStart, c, cStart, cRowStride);
                case 2 -> rows2x1(depth, a, aStart, b, bStart, c, cStart, cRowStride);
                default -> rows1x1(depth, a, aStart, b, bStart, c, cStart);
            }
        }
    }

    /// The same with A by columns.
    ///
    /// @param a element (i, p) of the tile's rows is at `aStart + p * COLUMN + i`
    static void multiplyColumns(int height, int vectors, int depth, float[] a, int aStart, float[] b, int bStart,
            float[] c, int cStart, int cRowStride) {
        if (vectors == 2) {
            switch (height) {
                case 12 -> columns12x2(depth, a, aStart, b, bStart, c, cStart, cRowStride);
                case 8 -> columns8x2(depth, a, aStart, b, bStart, c, cStart, cRowStride);
                case 4 -> columns4x2(depth, a, aStart, b, bStart, c, cStart, cRowStride);
                case 2 -> columns2x2(depth, a, aStart, b, bStart, c, cStart, cRowStride);
                default -> columns1x2(depth, a, aStart, b, bStart, c, cStart);
            }
        } else {
            switch (height) {
                case 12 -> columns12x1(depth, a, aStart, b, bStart, c, cStart, cRowStride);
                case 8 -> columns8x1(depth, a, aStart, b, bStart, c, cStart, cRowStride);
                case 4 -> columns4x1(depth, a, aStart, b, bStart, c, cStart, cRowStride);
                case 2 -> columns2x1(depth, a, aStart, b, bStart, c, cStart, cRowStride);
                default -> columns1x1(depth, a, aStart, b, bStart, c, cStart);
            }
        }
    }

    /// The same with A by rows, and B where it is.
    ///
    /// @param b element (p, j) of the tile's columns is at `bStart + p * bRowStride + j`
    static void multiplyDirect(int height, int vectors, int depth, float[] a, int aStart, float[] b, int bStart, int bRowStride,
            float[] c, int cStart, int cRowStride) {
        if (vectors == 2) {
            switch (height) {
                case 12 -> direct12x2(depth, a, aStart, b, bStart, bRowStride, c, cStart, cRowStride);
                case 8 -> direct8x2(depth, a, aStart, b, bStart, bRowStride, c, cStart, cRowStride);
                case 4 -> direct4x2(depth, a, aStart, b, bStart, bRowStride, c, cStart, cRowStride);
                case 2 -> direct2x2(depth, a, aStart, b, bStart, bRowStride, c, cStart, cRowStride);
                default -> direct1x2(depth, a, aStart, b, bStart, bRowStride, c, cStart);
            }
        } else {
            switch (height) {
                case 12 -> direct12x1(depth, a, aStart, b, bStart, bRowStride, c, cStart, cRowStride);
                case 8 -> direct8x1(depth, a, aStart, b, bStart, bRowStride, c, cStart, cRowStride);
                case 4 -> direct4x1(depth, a, aStart, b, bStart, bRowStride, c, cStart, cRowStride);
                case 2 -> direct2x1(depth, a, aStart, b, bStart, bRowStride, c, cStart, cRowStride);
                default -> direct1x1(depth, a, aStart, b, bStart, bRowStride, c, cStart);
            }
        }
    }

    private static void rows12x2(int depth, float[] a, int aStart, float[] b, int bStart,
            float[] c, int cStart, int cRowStride) {
        int ao = aStart;
        int bo = bStart;
        FloatVector c0l = FloatVector.fromArray(SPECIES, c, cStart);
        FloatVector c0r = FloatVector.fromArray(SPECIES, c, cStart + LANES);
        FloatVector c1l = FloatVector.fromArray(SPECIES, c, cStart + cRowStride);
        FloatVector c1r = FloatVector.fromArray(SPECIES, c, cStart + cRowStride + LANES);
        FloatVector c2l = FloatVector.fromArray(SPECIES, c, cStart + 2 * cRowStride);
        FloatVector c2r = FloatVector.fromArray(SPECIES, c, cStart + 2 * cRowStride + LANES);
        FloatVector c3l = FloatVector.fromArray(SPECIES, c, cStart + 3 * cRowStride);
        FloatVector c3r = FloatVector.fromArray(SPECIES, c, cStart + 3 * cRowStride + LANES);
        FloatVector c4l = FloatVector.fromArray(SPECIES, c, cStart + 4 * cRowStride);
        FloatVector c4r = FloatVector.fromArray(SPECIES, c, cStart + 4 * cRowStride + LANES);
        FloatVector c5l = FloatVector.fromArray(SPECIES, c, cStart + 5 * cRowStride);
        FloatVector c5r = FloatVector.fromArray(SPECIES, c, cStart + 5 * cRowStride + LANES);
        FloatVector c6l = FloatVector.fromArray(SPECIES, c, cStart + 6 * cRowStride);
        FloatVector c6r = FloatVector.fromArray(SPECIES, c, cStart + 6 * cRowStride + LANES);
        FloatVector c7l = FloatVector.fromArray(SPECIES, c, cStart + 7 * cRowStride);
        FloatVector c7r = FloatVector.fromArray(SPECIES, c, cStart + 7 * cRowStride + LANES);
        FloatVector c8l = FloatVector.fromArray(SPECIES, c, cStart + 8 * cRowStride);
        FloatVector c8r = FloatVector.fromArray(SPECIES, c, cStart + 8 * cRowStride + LANES);
        FloatVector c9l = FloatVector.fromArray(SPECIES, c, cStart + 9 * cRowStride);
        FloatVector c9r = FloatVector.fromArray(SPECIES, c, cStart + 9 * cRowStride + LANES);
        FloatVector c10l = FloatVector.fromArray(SPECIES, c, cStart + 10 * cRowStride);
        FloatVector c10r = FloatVector.fromArray(SPECIES, c, cStart + 10 * cRowStride + LANES);
        FloatVector c11l = FloatVector.fromArray(SPECIES, c, cStart + 11 * cRowStride);
        FloatVector c11r = FloatVector.fromArray(SPECIES, c, cStart + 11 * cRowStride + LANES);
        for (int p = 0; p < depth; p++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bo);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, bo + LANES);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[ao]);
            c0l = a0.fma(b0, c0l);
            c0r = a0.fma(b1, c0r);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[ao + ROW]);
            c1l = a1.fma(b0, c1l);
            c1r = a1.fma(b1, c1r);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[ao + 2 * ROW]);
            c2l = a2.fma(b0, c2l);
            c2r = a2.fma(b1, c2r);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[ao + 3 * ROW]);
            c3l = a3.fma(b0, c3l);
            c3r = a3.fma(b1, c3r);
            FloatVector a4 = FloatVector.broadcast(SPECIES, a[ao + 4 * ROW]);
            c4l = a4.fma(b0, c4l);
            c4r = a4.fma(b1, c4r);
            FloatVector a5 = FloatVector.broadcast(SPECIES, a[ao + 5 * ROW]);
            c5l = a5.fma(b0, c5l);
            c5r = a5.fma(b1, c5r);
            FloatVector a6 = FloatVector.broadcast(SPECIES, a[ao + 6 * ROW]);
            c6l = a6.fma(b0, c6l);
            c6r = a6.fma(b1, c6r);
            FloatVector a7 = FloatVector.broadcast(SPECIES, a[ao + 7 * ROW]);
            c7l = a7.fma(b0, c7l);
            c7r = a7.fma(b1, c7r);
            FloatVector a8 = FloatVector.broadcast(SPECIES, a[ao + 8 * ROW]);
            c8l = a8.fma(b0, c8l);
            c8r = a8.fma(b1, c8r);
            FloatVector a9 = FloatVector.broadcast(SPECIES, a[ao + 9 * ROW]);
            c9l = a9.fma(b0, c9l);
            c9r = a9.fma(b1, c9r);
            FloatVector a10 = FloatVector.broadcast(SPECIES, a[ao + 10 * ROW]);
            c10l = a10.fma(b0, c10l);
            c10r = a10.fma(b1, c10r);
            FloatVector a11 = FloatVector.broadcast(SPECIES, a[ao + 11 * ROW]);
            c11l = a11.fma(b0, c11l);
            c11r = a11.fma(b1, c11r);
            ao++;
            bo += 2 * LANES;
        }
        c0l.intoArray(c, cStart);
        c0r.intoArray(c, cStart + LANES);
        c1l.intoArray(c, cStart + cRowStride);
        c1r.intoArray(c, cStart + cRowStride + LANES);
        c2l.intoArray(c, cStart + 2 * cRowStride);
        c2r.intoArray(c, cStart + 2 * cRowStride + LANES);
        c3l.intoArray(c, cStart + 3 * cRowStride);
        c3r.intoArray(c, cStart + 3 * cRowStride + LANES);
        c4l.intoArray(c, cStart + 4 * cRowStride);
        c4r.intoArray(c, cStart + 4 * cRowStride + LANES);
        c5l.intoArray(c, cStart + 5 * cRowStride);
        c5r.intoArray(c, cStart + 5 * cRowStride + LANES);
        c6l.intoArray(c, cStart + 6 * cRowStride);
        c6r.intoArray(c, cStart + 6 * cRowStride + LANES);
        c7l.intoArray(c, cStart + 7 * cRowStride);
        c7r.intoArray(c, cStart + 7 * cRowStride + LANES);
        c8l.intoArray(c, cStart + 8 * cRowStride);
        c8r.intoArray(c, cStart + 8 * cRowStride + LANES);
        c9l.intoArray(c, cStart + 9 * cRowStride);
        c9r.intoArray(c, cStart + 9 * cRowStride + LANES);
        c10l.intoArray(c, cStart + 10 * cRowStride);
        c10r.intoArray(c, cStart + 10 * cRowStride + LANES);
        c11l.intoArray(c, cStart + 11 * cRowStride);
        c11r.intoArray(c, cStart + 11 * cRowStride + LANES);
    }

    private static void rows8x2(int depth, float[] a, int aStart, float[] b, int bStart,
            float[] c, int cStart, int cRowStride) {
        int ao = aStart;
        int bo = bStart;
        FloatVector c0l = FloatVector.fromArray(SPECIES, c, cStart);
        FloatVector c0r = FloatVector.fromArray(SPECIES, c, cStart + LANES);
        FloatVector c1l = FloatVector.fromArray(SPECIES, c, cStart + cRowStride);
        FloatVector c1r = FloatVector.fromArray(SPECIES, c, cStart + cRowStride + LANES);
        FloatVector c2l = FloatVector.fromArray(SPECIES, c, cStart + 2 * cRowStride);
        FloatVector c2r = FloatVector.fromArray(SPECIES, c, cStart + 2 * cRowStride + LANES);
        FloatVector c3l = FloatVector.fromArray(SPECIES, c, cStart + 3 * cRowStride);
        FloatVector c3r = FloatVector.fromArray(SPECIES, c, cStart + 3 * cRowStride + LANES);
        FloatVector c4l = FloatVector.fromArray(SPECIES, c, cStart + 4 * cRowStride);
        FloatVector c4r = FloatVector.fromArray(SPECIES, c, cStart + 4 * cRowStride + LANES);
        FloatVector c5l = FloatVector.fromArray(SPECIES, c, cStart + 5 * cRowStride);
        FloatVector c5r = FloatVector.fromArray(SPECIES, c, cStart + 5 * cRowStride + LANES);
        FloatVector c6l = FloatVector.fromArray(SPECIES, c, cStart + 6 * cRowStride);
        FloatVector c6r = FloatVector.fromArray(SPECIES, c, cStart + 6 * cRowStride + LANES);
        FloatVector c7l = FloatVector.fromArray(SPECIES, c, cStart + 7 * cRowStride);
        FloatVector c7r = FloatVector.fromArray(SPECIES, c, cStart + 7 * cRowStride + LANES);
        for (int p = 0; p < depth; p++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bo);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, bo + LANES);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[ao]);
            c0l = a0.fma(b0, c0l);
            c0r = a0.fma(b1, c0r);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[ao + ROW]);
            c1l = a1.fma(b0, c1l);
            c1r = a1.fma(b1, c1r);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[ao + 2 * ROW]);
            c2l = a2.fma(b0, c2l);
            c2r = a2.fma(b1, c2r);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[ao + 3 * ROW]);
            c3l = a3.fma(b0, c3l);
            c3r = a3.fma(b1, c3r);
            FloatVector a4 = FloatVector.broadcast(SPECIES, a[ao + 4 * ROW]);
            c4l = a4.fma(b0, c4l);
            c4r = a4.fma(b1, c4r);
            FloatVector a5 = FloatVector.broadcast(SPECIES, a[ao + 5 * ROW]);
            c5l = a5.fma(b0, c5l);
            c5r = a5.fma(b1, c5r);
            FloatVector a6 = FloatVector.broadcast(SPECIES, a[ao + 6 * ROW]);
            c6l = a6.fma(b0, c6l);
            c6r = a6.fma(b1, c6r);
            FloatVector a7 = FloatVector.broadcast(SPECIES, a[ao + 7 * ROW]);
            c7l = a7.fma(b0, c7l);
            c7r = a7.fma(b1, c7r);
            ao++;
            bo += 2 * LANES;
        }
        c0l.intoArray(c, cStart);
        c0r.intoArray(c, cStart + LANES);
        c1l.intoArray(c, cStart + cRowStride);
        c1r.intoArray(c, cStart + cRowStride + LANES);
        c2l.intoArray(c, cStart + 2 * cRowStride);
        c2r.intoArray(c, cStart + 2 * cRowStride + LANES);
        c3l.intoArray(c, cStart + 3 * cRowStride);
        c3r.intoArray(c, cStart + 3 * cRowStride + LANES);
        c4l.intoArray(c, cStart + 4 * cRowStride);
        c4r.intoArray(c, cStart + 4 * cRowStride + LANES);
        c5l.intoArray(c, cStart + 5 * cRowStride);
        c5r.intoArray(c, cStart + 5 * cRowStride + LANES);
        c6l.intoArray(c, cStart + 6 * cRowStride);
        c6r.intoArray(c, cStart + 6 * cRowStride + LANES);
        c7l.intoArray(c, cStart + 7 * cRowStride);
        c7r.intoArray(c, cStart + 7 * cRowStride + LANES);
    }

    private static void rows4x2(int depth, float[] a, int aStart, float[] b, int bStart,
            float[] c, int cStart, int cRowStride) {
        int ao = aStart;
        int bo = bStart;
        FloatVector c0l = FloatVector.fromArray(SPECIES, c, cStart);
        FloatVector c0r = FloatVector.fromArray(SPECIES, c, cStart + LANES);
        FloatVector c1l = FloatVector.fromArray(SPECIES, c, cStart + cRowStride);
        FloatVector c1r = FloatVector.fromArray(SPECIES, c, cStart + cRowStride + LANES);
        FloatVector c2l = FloatVector.fromArray(SPECIES, c, cStart + 2 * cRowStride);
        FloatVector c2r = FloatVector.fromArray(SPECIES, c, cStart + 2 * cRowStride + LANES);
        FloatVector c3l = FloatVector.fromArray(SPECIES, c, cStart + 3 * cRowStride);
        FloatVector c3r = FloatVector.fromArray(SPECIES, c, cStart + 3 * cRowStride + LANES);
        for (int p = 0; p < depth; p++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bo);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, bo + LANES);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[ao]);
            c0l = a0.fma(b0, c0l);
            c0r = a0.fma(b1, c0r);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[ao + ROW]);
            c1l = a1.fma(b0, c1l);
            c1r = a1.fma(b1, c1r);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[ao + 2 * ROW]);
            c2l = a2.fma(b0, c2l);
            c2r = a2.fma(b1, c2r);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[ao + 3 * ROW]);
            c3l = a3.fma(b0, c3l);
            c3r = a3.fma(b1, c3r);
            ao++;
            bo += 2 * LANES;
        }
        c0l.intoArray(c, cStart);
        c0r.intoArray(c, cStart + LANES);
        c1l.intoArray(c, cStart + cRowStride);
        c1r.intoArray(c, cStart + cRowStride + LANES);
        c2l.intoArray(c, cStart + 2 * cRowStride);
        c2r.intoArray(c, cStart + 2 * cRowStride + LANES);
        c3l.intoArray(c, cStart + 3 * cRowStride);
        c3r.intoArray(c, cStart + 3 * cRowStride + LANES);
    }

    private static void rows2x2(int depth, float[] a, int aStart, float[] b, int bStart,
            float[] c, int cStart, int cRowStride) {
        int ao = aStart;
        int bo = bStart;
        FloatVector c0l = FloatVector.fromArray(SPECIES, c, cStart);
        FloatVector c0r = FloatVector.fromArray(SPECIES, c, cStart + LANES);
        FloatVector c1l = FloatVector.fromArray(SPECIES, c, cStart + cRowStride);
        FloatVector c1r = FloatVector.fromArray(SPECIES, c, cStart + cRowStride + LANES);
        for (int p = 0; p < depth; p++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bo);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, bo + LANES);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[ao]);
            c0l = a0.fma(b0, c0l);
            c0r = a0.fma(b1, c0r);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[ao + ROW]);
            c1l = a1.fma(b0, c1l);
            c1r = a1.fma(b1, c1r);
            ao++;
            bo += 2 * LANES;
        }
        c0l.intoArray(c, cStart);
        c0r.intoArray(c, cStart + LANES);
        c1l.intoArray(c, cStart + cRowStride);
        c1r.intoArray(c, cStart + cRowStride + LANES);
    }

    private static void rows1x2(int depth, float[] a, int aStart, float[] b, int bStart,
            float[] c, int cStart) {
        int ao = aStart;
        int bo = bStart;
        FloatVector c0l = FloatVector.fromArray(SPECIES, c, cStart);
        FloatVector c0r = FloatVector.fromArray(SPECIES, c, cStart + LANES);
        for (int p = 0; p < depth; p++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bo);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, bo + LANES);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[ao]);
            c0l = a0.fma(b0, c0l);
            c0r = a0.fma(b1, c0r);
            ao++;
            bo += 2 * LANES;
        }
        c0l.intoArray(c, cStart);
        c0r.intoArray(c, cStart + LANES);
    }

    private static void rows12x1(int depth, float[] a, int aStart, float[] b, int bStart,
            float[] c, int cStart, int cRowStride) {
        int ao = aStart;
        int bo = bStart;
        FloatVector c0l = FloatVector.fromArray(SPECIES, c, cStart);
        FloatVector c1l = FloatVector.fromArray(SPECIES, c, cStart + cRowStride);
        FloatVector c2l = FloatVector.fromArray(SPECIES, c, cStart + 2 * cRowStride);
        FloatVector c3l = FloatVector.fromArray(SPECIES, c, cStart + 3 * cRowStride);
        FloatVector c4l = FloatVector.fromArray(SPECIES, c, cStart + 4 * cRowStride);
        FloatVector c5l = FloatVector.fromArray(SPECIES, c, cStart + 5 * cRowStride);
        FloatVector c6l = FloatVector.fromArray(SPECIES, c, cStart + 6 * cRowStride);
        FloatVector c7l = FloatVector.fromArray(SPECIES, c, cStart + 7 * cRowStride);
        FloatVector c8l = FloatVector.fromArray(SPECIES, c, cStart + 8 * cRowStride);
        FloatVector c9l = FloatVector.fromArray(SPECIES, c, cStart + 9 * cRowStride);
        FloatVector c10l = FloatVector.fromArray(SPECIES, c, cStart + 10 * cRowStride);
        FloatVector c11l = FloatVector.fromArray(SPECIES, c, cStart + 11 * cRowStride);
        for (int p = 0; p < depth; p++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bo);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[ao]);
            c0l = a0.fma(b0, c0l);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[ao + ROW]);
            c1l = a1.fma(b0, c1l);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[ao + 2 * ROW]);
            c2l = a2.fma(b0, c2l);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[ao + 3 * ROW]);
            c3l = a3.fma(b0, c3l);
            FloatVector a4 = FloatVector.broadcast(SPECIES, a[ao + 4 * ROW]);
            c4l = a4.fma(b0, c4l);
            FloatVector a5 = FloatVector.broadcast(SPECIES, a[ao + 5 * ROW]);
            c5l = a5.fma(b0, c5l);
            FloatVector a6 = FloatVector.broadcast(SPECIES, a[ao + 6 * ROW]);
            c6l = a6.fma(b0, c6l);
            FloatVector a7 = FloatVector.broadcast(SPECIES, a[ao + 7 * ROW]);
            c7l = a7.fma(b0, c7l);
            FloatVector a8 = FloatVector.broadcast(SPECIES, a[ao + 8 * ROW]);
            c8l = a8.fma(b0, c8l);
            FloatVector a9 = FloatVector.broadcast(SPECIES, a[ao + 9 * ROW]);
            c9l = a9.fma(b0, c9l);
            FloatVector a10 = FloatVector.broadcast(SPECIES, a[ao + 10 * ROW]);
            c10l = a10.fma(b0, c10l);
            FloatVector a11 = FloatVector.broadcast(SPECIES, a[ao + 11 * ROW]);
            c11l = a11.fma(b0, c11l);
            ao++;
            bo += LANES;
        }
        c0l.intoArray(c, cStart);
        c1l.intoArray(c, cStart + cRowStride);
        c2l.intoArray(c, cStart + 2 * cRowStride);
        c3l.intoArray(c, cStart + 3 * cRowStride);
        c4l.intoArray(c, cStart + 4 * cRowStride);
        c5l.intoArray(c, cStart + 5 * cRowStride);
        c6l.intoArray(c, cStart + 6 * cRowStride);
        c7l.intoArray(c, cStart + 7 * cRowStride);
        c8l.intoArray(c, cStart + 8 * cRowStride);
        c9l.intoArray(c, cStart + 9 * cRowStride);
        c10l.intoArray(c, cStart + 10 * cRowStride);
        c11l.intoArray(c, cStart + 11 * cRowStride);
    }

    private static void rows8x1(int depth, float[] a, int aStart, float[] b, int bStart,
            float[] c, int cStart, int cRowStride) {
        int ao = aStart;
        int bo = bStart;
        FloatVector c0l = FloatVector.fromArray(SPECIES, c, cStart);
        FloatVector c1l = FloatVector.fromArray(SPECIES, c, cStart + cRowStride);
        FloatVector c2l = FloatVector.fromArray(SPECIES, c, cStart + 2 * cRowStride);
        FloatVector c3l = FloatVector.fromArray(SPECIES, c, cStart + 3 * cRowStride);
        FloatVector c4l = FloatVector.fromArray(SPECIES, c, cStart + 4 * cRowStride);
        FloatVector c5l = FloatVector.fromArray(SPECIES, c, cStart + 5 * cRowStride);
        FloatVector c6l = FloatVector.fromArray(SPECIES, c, cStart + 6 * cRowStride);
        FloatVector c7l = FloatVector.fromArray(SPECIES, c, cStart + 7 * cRowStride);
        for (int p = 0; p < depth; p++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bo);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[ao]);
            c0l = a0.fma(b0, c0l);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[ao + ROW]);
            c1l = a1.fma(b0, c1l);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[ao + 2 * ROW]);
            c2l = a2.fma(b0, c2l);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[ao + 3 * ROW]);
            c3l = a3.fma(b0, c3l);
            FloatVector a4 = FloatVector.broadcast(SPECIES, a[ao + 4 * ROW]);
            c4l = a4.fma(b0, c4l);
            FloatVector a5 = FloatVector.broadcast(SPECIES, a[ao + 5 * ROW]);
            c5l = a5.fma(b0, c5l);
            FloatVector a6 = FloatVector.broadcast(SPECIES, a[ao + 6 * ROW]);
            c6l = a6.fma(b0, c6l);
            FloatVector a7 = FloatVector.broadcast(SPECIES, a[ao + 7 * ROW]);
            c7l = a7.fma(b0, c7l);
            ao++;
            bo += LANES;
        }
        c0l.intoArray(c, cStart);
        c1l.intoArray(c, cStart + cRowStride);
        c2l.intoArray(c, cStart + 2 * cRowStride);
        c3l.intoArray(c, cStart + 3 * cRowStride);
        c4l.intoArray(c, cStart + 4 * cRowStride);
        c5l.intoArray(c, cStart + 5 * cRowStride);
        c6l.intoArray(c, cStart + 6 * cRowStride);
        c7l.intoArray(c, cStart + 7 * cRowStride);
    }

    private static void rows4x1(int depth, float[] a, int aStart, float[] b, int bStart,
            float[] c, int cStart, int cRowStride) {
        int ao = aStart;
        int bo = bStart;
        FloatVector c0l = FloatVector.fromArray(SPECIES, c, cStart);
        FloatVector c1l = FloatVector.fromArray(SPECIES, c, cStart + cRowStride);
        FloatVector c2l = FloatVector.fromArray(SPECIES, c, cStart + 2 * cRowStride);
        FloatVector c3l = FloatVector.fromArray(SPECIES, c, cStart + 3 * cRowStride);
        for (int p = 0; p < depth; p++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bo);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[ao]);
            c0l = a0.fma(b0, c0l);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[ao + ROW]);
            c1l = a1.fma(b0, c1l);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[ao + 2 * ROW]);
            c2l = a2.fma(b0, c2l);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[ao + 3 * ROW]);
            c3l = a3.fma(b0, c3l);
            ao++;
            bo += LANES;
        }
        c0l.intoArray(c, cStart);
        c1l.intoArray(c, cStart + cRowStride);
        c2l.intoArray(c, cStart + 2 * cRowStride);
        c3l.intoArray(c, cStart + 3 * cRowStride);
    }

    private static void rows2x1(int depth, float[] a, int aStart, float[] b, int bStart,
            float[] c, int cStart, int cRowStride) {
        int ao = aStart;
        int bo = bStart;
        FloatVector c0l = FloatVector.fromArray(SPECIES, c, cStart);
        FloatVector c1l = FloatVector.fromArray(SPECIES, c, cStart + cRowStride);
        for (int p = 0; p < depth; p++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bo);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[ao]);
            c0l = a0.fma(b0, c0l);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[ao + ROW]);
            c1l = a1.fma(b0, c1l);
            ao++;
            bo += LANES;
        }
        c0l.intoArray(c, cStart);
        c1l.intoArray(c, cStart + cRowStride);
    }

    private static void rows1x1(int depth, float[] a, int aStart, float[] b, int bStart,
            float[] c, int cStart) {
        int ao = aStart;
        int bo = bStart;
        FloatVector c0l = FloatVector.fromArray(SPECIES, c, cStart);
        for (int p = 0; p < depth; p++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bo);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[ao]);
            c0l = a0.fma(b0, c0l);
            ao++;
            bo += LANES;
        }
        c0l.intoArray(c, cStart);
    }

    private static void columns12x2(int depth, float[] a, int aStart, float[] b, int bStart,
            float[] c, int cStart, int cRowStride) {
        int ao = aStart;
        int bo = bStart;
        FloatVector c0l = FloatVector.fromArray(SPECIES, c, cStart);
        FloatVector c0r = FloatVector.fromArray(SPECIES, c, cStart + LANES);
        FloatVector c1l = FloatVector.fromArray(SPECIES, c, cStart + cRowStride);
        FloatVector c1r = FloatVector.fromArray(SPECIES, c, cStart + cRowStride + LANES);
        FloatVector c2l = FloatVector.fromArray(SPECIES, c, cStart + 2 * cRowStride);
        FloatVector c2r = FloatVector.fromArray(SPECIES, c, cStart + 2 * cRowStride + LANES);
        FloatVector c3l = FloatVector.fromArray(SPECIES, c, cStart + 3 * cRowStride);
        FloatVector c3r = FloatVector.fromArray(SPECIES, c, cStart + 3 * cRowStride + LANES);
        FloatVector c4l = FloatVector.fromArray(SPECIES, c, cStart + 4 * cRowStride);
        FloatVector c4r = FloatVector.fromArray(SPECIES, c, cStart + 4 * cRowStride + LANES);
        FloatVector c5l = FloatVector.fromArray(SPECIES, c, cStart + 5 * cRowStride);
        FloatVector c5r = FloatVector.fromArray(SPECIES, c, cStart + 5 * cRowStride + LANES);
        FloatVector c6l = FloatVector.fromArray(SPECIES, c, cStart + 6 * cRowStride);
        FloatVector c6r = FloatVector.fromArray(SPECIES, c, cStart + 6 * cRowStride + LANES);
        FloatVector c7l = FloatVector.fromArray(SPECIES, c, cStart + 7 * cRowStride);
        FloatVector c7r = FloatVector.fromArray(SPECIES, c, cStart + 7 * cRowStride + LANES);
        FloatVector c8l = FloatVector.fromArray(SPECIES, c, cStart + 8 * cRowStride);
        FloatVector c8r = FloatVector.fromArray(SPECIES, c, cStart + 8 * cRowStride + LANES);
        FloatVector c9l = FloatVector.fromArray(SPECIES, c, cStart + 9 * cRowStride);
        FloatVector c9r = FloatVector.fromArray(SPECIES, c, cStart + 9 * cRowStride + LANES);
        FloatVector c10l = FloatVector.fromArray(SPECIES, c, cStart + 10 * cRowStride);
        FloatVector c10r = FloatVector.fromArray(SPECIES, c, cStart + 10 * cRowStride + LANES);
        FloatVector c11l = FloatVector.fromArray(SPECIES, c, cStart + 11 * cRowStride);
        FloatVector c11r = FloatVector.fromArray(SPECIES, c, cStart + 11 * cRowStride + LANES);
        for (int p = 0; p < depth; p++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bo);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, bo + LANES);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[ao]);
            c0l = a0.fma(b0, c0l);
            c0r = a0.fma(b1, c0r);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[ao + 1]);
            c1l = a1.fma(b0, c1l);
            c1r = a1.fma(b1, c1r);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[ao + 2]);
            c2l = a2.fma(b0, c2l);
            c2r = a2.fma(b1, c2r);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[ao + 3]);
            c3l = a3.fma(b0, c3l);
            c3r = a3.fma(b1, c3r);
            FloatVector a4 = FloatVector.broadcast(SPECIES, a[ao + 4]);
            c4l = a4.fma(b0, c4l);
            c4r = a4.fma(b1, c4r);
            FloatVector a5 = FloatVector.broadcast(SPECIES, a[ao + 5]);
            c5l = a5.fma(b0, c5l);
            c5r = a5.fma(b1, c5r);
            FloatVector a6 = FloatVector.broadcast(SPECIES, a[ao + 6]);
            c6l = a6.fma(b0, c6l);
            c6r = a6.fma(b1, c6r);
            FloatVector a7 = FloatVector.broadcast(SPECIES, a[ao + 7]);
            c7l = a7.fma(b0, c7l);
            c7r = a7.fma(b1, c7r);
            FloatVector a8 = FloatVector.broadcast(SPECIES, a[ao + 8]);
            c8l = a8.fma(b0, c8l);
            c8r = a8.fma(b1, c8r);
            FloatVector a9 = FloatVector.broadcast(SPECIES, a[ao + 9]);
            c9l = a9.fma(b0, c9l);
            c9r = a9.fma(b1, c9r);
            FloatVector a10 = FloatVector.broadcast(SPECIES, a[ao + 10]);
            c10l = a10.fma(b0, c10l);
            c10r = a10.fma(b1, c10r);
            FloatVector a11 = FloatVector.broadcast(SPECIES, a[ao + 11]);
            c11l = a11.fma(b0, c11l);
            c11r = a11.fma(b1, c11r);
            ao += COLUMN;
            bo += 2 * LANES;
        }
        c0l.intoArray(c, cStart);
        c0r.intoArray(c, cStart + LANES);
        c1l.intoArray(c, cStart + cRowStride);
        c1r.intoArray(c, cStart + cRowStride + LANES);
        c2l.intoArray(c, cStart + 2 * cRowStride);
        c2r.intoArray(c, cStart + 2 * cRowStride + LANES);
        c3l.intoArray(c, cStart + 3 * cRowStride);
        c3r.intoArray(c, cStart + 3 * cRowStride + LANES);
        c4l.intoArray(c, cStart + 4 * cRowStride);
        c4r.intoArray(c, cStart + 4 * cRowStride + LANES);
        c5l.intoArray(c, cStart + 5 * cRowStride);
        c5r.intoArray(c, cStart + 5 * cRowStride + LANES);
        c6l.intoArray(c, cStart + 6 * cRowStride);
        c6r.intoArray(c, cStart + 6 * cRowStride + LANES);
        c7l.intoArray(c, cStart + 7 * cRowStride);
        c7r.intoArray(c, cStart + 7 * cRowStride + LANES);
        c8l.intoArray(c, cStart + 8 * cRowStride);
        c8r.intoArray(c, cStart + 8 * cRowStride + LANES);
        c9l.intoArray(c, cStart + 9 * cRowStride);
        c9r.intoArray(c, cStart + 9 * cRowStride + LANES);
        c10l.intoArray(c, cStart + 10 * cRowStride);
        c10r.intoArray(c, cStart + 10 * cRowStride + LANES);
        c11l.intoArray(c, cStart + 11 * cRowStride);
        c11r.intoArray(c, cStart + 11 * cRowStride + LANES);
    }

    private static void columns8x2(int depth, float[] a, int aStart, float[] b, int bStart,
            float[] c, int cStart, int cRowStride) {
        int ao = aStart;
        int bo = bStart;
        FloatVector c0l = FloatVector.fromArray(SPECIES, c, cStart);
        FloatVector c0r = FloatVector.fromArray(SPECIES, c, cStart + LANES);
        FloatVector c1l = FloatVector.fromArray(SPECIES, c, cStart + cRowStride);
        FloatVector c1r = FloatVector.fromArray(SPECIES, c, cStart + cRowStride + LANES);
        FloatVector c2l = FloatVector.fromArray(SPECIES, c, cStart + 2 * cRowStride);
        FloatVector c2r = FloatVector.fromArray(SPECIES, c, cStart + 2 * cRowStride + LANES);
        FloatVector c3l = FloatVector.fromArray(SPECIES, c, cStart + 3 * cRowStride);
        FloatVector c3r = FloatVector.fromArray(SPECIES, c, cStart + 3 * cRowStride + LANES);
        FloatVector c4l = FloatVector.fromArray(SPECIES, c, cStart + 4 * cRowStride);
        FloatVector c4r = FloatVector.fromArray(SPECIES, c, cStart + 4 * cRowStride + LANES);
        FloatVector c5l = FloatVector.fromArray(SPECIES, c, cStart + 5 * cRowStride);
        FloatVector c5r = FloatVector.fromArray(SPECIES, c, cStart + 5 * cRowStride + LANES);
        FloatVector c6l = FloatVector.fromArray(SPECIES, c, cStart + 6 * cRowStride);
        FloatVector c6r = FloatVector.fromArray(SPECIES, c, cStart + 6 * cRowStride + LANES);
        FloatVector c7l = FloatVector.fromArray(SPECIES, c, cStart + 7 * cRowStride);
        FloatVector c7r = FloatVector.fromArray(SPECIES, c, cStart + 7 * cRowStride + LANES);
        for (int p = 0; p < depth; p++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bo);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, bo + LANES);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[ao]);
            c0l = a0.fma(b0, c0l);
            c0r = a0.fma(b1, c0r);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[ao + 1]);
            c1l = a1.fma(b0, c1l);
            c1r = a1.fma(b1, c1r);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[ao + 2]);
            c2l = a2.fma(b0, c2l);
            c2r = a2.fma(b1, c2r);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[ao + 3]);
            c3l = a3.fma(b0, c3l);
            c3r = a3.fma(b1, c3r);
            FloatVector a4 = FloatVector.broadcast(SPECIES, a[ao + 4]);
            c4l = a4.fma(b0, c4l);
            c4r = a4.fma(b1, c4r);
            FloatVector a5 = FloatVector.broadcast(SPECIES, a[ao + 5]);
            c5l = a5.fma(b0, c5l);
            c5r = a5.fma(b1, c5r);
            FloatVector a6 = FloatVector.broadcast(SPECIES, a[ao + 6]);
            c6l = a6.fma(b0, c6l);
            c6r = a6.fma(b1, c6r);
            FloatVector a7 = FloatVector.broadcast(SPECIES, a[ao + 7]);
            c7l = a7.fma(b0, c7l);
            c7r = a7.fma(b1, c7r);
            ao += COLUMN;
            bo += 2 * LANES;
        }
        c0l.intoArray(c, cStart);
        c0r.intoArray(c, cStart + LANES);
        c1l.intoArray(c, cStart + cRowStride);
        c1r.intoArray(c, cStart + cRowStride + LANES);
        c2l.intoArray(c, cStart + 2 * cRowStride);
        c2r.intoArray(c, cStart + 2 * cRowStride + LANES);
        c3l.intoArray(c, cStart + 3 * cRowStride);
        c3r.intoArray(c, cStart + 3 * cRowStride + LANES);
        c4l.intoArray(c, cStart + 4 * cRowStride);
        c4r.intoArray(c, cStart + 4 * cRowStride + LANES);
        c5l.intoArray(c, cStart + 5 * cRowStride);
        c5r.intoArray(c, cStart + 5 * cRowStride + LANES);
        c6l.intoArray(c, cStart + 6 * cRowStride);
        c6r.intoArray(c, cStart + 6 * cRowStride + LANES);
        c7l.intoArray(c, cStart + 7 * cRowStride);
        c7r.intoArray(c, cStart + 7 * cRowStride + LANES);
    }

    private static void columns4x2(int depth, float[] a, int aStart, float[] b, int bStart,
            float[] c, int cStart, int cRowStride) {
        int ao = aStart;
        int bo = bStart;
        FloatVector c0l = FloatVector.fromArray(SPECIES, c, cStart);
        FloatVector c0r = FloatVector.fromArray(SPECIES, c, cStart + LANES);
        FloatVector c1l = FloatVector.fromArray(SPECIES, c, cStart + cRowStride);
        FloatVector c1r = FloatVector.fromArray(SPECIES, c, cStart + cRowStride + LANES);
        FloatVector c2l = FloatVector.fromArray(SPECIES, c, cStart + 2 * cRowStride);
        FloatVector c2r = FloatVector.fromArray(SPECIES, c, cStart + 2 * cRowStride + LANES);
        FloatVector c3l = FloatVector.fromArray(SPECIES, c, cStart + 3 * cRowStride);
        FloatVector c3r = FloatVector.fromArray(SPECIES, c, cStart + 3 * cRowStride + LANES);
        for (int p = 0; p < depth; p++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bo);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, bo + LANES);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[ao]);
            c0l = a0.fma(b0, c0l);
            c0r = a0.fma(b1, c0r);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[ao + 1]);
            c1l = a1.fma(b0, c1l);
            c1r = a1.fma(b1, c1r);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[ao + 2]);
            c2l = a2.fma(b0, c2l);
            c2r = a2.fma(b1, c2r);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[ao + 3]);
            c3l = a3.fma(b0, c3l);
            c3r = a3.fma(b1, c3r);
            ao += COLUMN;
            bo += 2 * LANES;
        }
        c0l.intoArray(c, cStart);
        c0r.intoArray(c, cStart + LANES);
        c1l.intoArray(c, cStart + cRowStride);
        c1r.intoArray(c, cStart + cRowStride + LANES);
        c2l.intoArray(c, cStart + 2 * cRowStride);
        c2r.intoArray(c, cStart + 2 * cRowStride + LANES);
        c3l.intoArray(c, cStart + 3 * cRowStride);
        c3r.intoArray(c, cStart + 3 * cRowStride + LANES);
    }

    private static void columns2x2(int depth, float[] a, int aStart, float[] b, int bStart,
            float[] c, int cStart, int cRowStride) {
        int ao = aStart;
        int bo = bStart;
        FloatVector c0l = FloatVector.fromArray(SPECIES, c, cStart);
        FloatVector c0r = FloatVector.fromArray(SPECIES, c, cStart + LANES);
        FloatVector c1l = FloatVector.fromArray(SPECIES, c, cStart + cRowStride);
        FloatVector c1r = FloatVector.fromArray(SPECIES, c, cStart + cRowStride + LANES);
        for (int p = 0; p < depth; p++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bo);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, bo + LANES);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[ao]);
            c0l = a0.fma(b0, c0l);
            c0r = a0.fma(b1, c0r);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[ao + 1]);
            c1l = a1.fma(b0, c1l);
            c1r = a1.fma(b1, c1r);
            ao += COLUMN;
            bo += 2 * LANES;
        }
        c0l.intoArray(c, cStart);
        c0r.intoArray(c, cStart + LANES);
        c1l.intoArray(c, cStart + cRowStride);
        c1r.intoArray(c, cStart + cRowStride + LANES);
    }

    private static void columns1x2(int depth, float[] a, int aStart, float[] b, int bStart,
            float[] c, int cStart) {
        int ao = aStart;
        int bo = bStart;
        FloatVector c0l = FloatVector.fromArray(SPECIES, c, cStart);
        FloatVector c0r = FloatVector.fromArray(SPECIES, c, cStart + LANES);
        for (int p = 0; p < depth; p++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bo);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, bo + LANES);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[ao]);
            c0l = a0.fma(b0, c0l);
            c0r = a0.fma(b1, c0r);
            ao += COLUMN;
            bo += 2 * LANES;
        }
        c0l.intoArray(c, cStart);
        c0r.intoArray(c, cStart + LANES);
    }

    private static void columns12x1(int depth, float[] a, int aStart, float[] b, int bStart,
            float[] c, int cStart, int cRowStride) {
        int ao = aStart;
        int bo = bStart;
        FloatVector c0l = FloatVector.fromArray(SPECIES, c, cStart);
        FloatVector c1l = FloatVector.fromArray(SPECIES, c, cStart + cRowStride);
        FloatVector c2l = FloatVector.fromArray(SPECIES, c, cStart + 2 * cRowStride);
        FloatVector c3l = FloatVector.fromArray(SPECIES, c, cStart + 3 * cRowStride);
        FloatVector c4l = FloatVector.fromArray(SPECIES, c, cStart + 4 * cRowStride);
        FloatVector c5l = FloatVector.fromArray(SPECIES, c, cStart + 5 * cRowStride);
        FloatVector c6l = FloatVector.fromArray(SPECIES, c, cStart + 6 * cRowStride);
        FloatVector c7l = FloatVector.fromArray(SPECIES, c, cStart + 7 * cRowStride);
        FloatVector c8l = FloatVector.fromArray(SPECIES, c, cStart + 8 * cRowStride);
        FloatVector c9l = FloatVector.fromArray(SPECIES, c, cStart + 9 * cRowStride);
        FloatVector c10l = FloatVector.fromArray(SPECIES, c, cStart + 10 * cRowStride);
        FloatVector c11l = FloatVector.fromArray(SPECIES, c, cStart + 11 * cRowStride);
        for (int p = 0; p < depth; p++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bo);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[ao]);
            c0l = a0.fma(b0, c0l);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[ao + 1]);
            c1l = a1.fma(b0, c1l);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[ao + 2]);
            c2l = a2.fma(b0, c2l);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[ao + 3]);
            c3l = a3.fma(b0, c3l);
            FloatVector a4 = FloatVector.broadcast(SPECIES, a[ao + 4]);
            c4l = a4.fma(b0, c4l);
            FloatVector a5 = FloatVector.broadcast(SPECIES, a[ao + 5]);
            c5l = a5.fma(b0, c5l);
            FloatVector a6 = FloatVector.broadcast(SPECIES, a[ao + 6]);
            c6l = a6.fma(b0, c6l);
            FloatVector a7 = FloatVector.broadcast(SPECIES, a[ao + 7]);
            c7l = a7.fma(b0, c7l);
            FloatVector a8 = FloatVector.broadcast(SPECIES, a[ao + 8]);
            c8l = a8.fma(b0, c8l);
            FloatVector a9 = FloatVector.broadcast(SPECIES, a[ao + 9]);
            c9l = a9.fma(b0, c9l);
            FloatVector a10 = FloatVector.broadcast(SPECIES, a[ao + 10]);
            c10l = a10.fma(b0, c10l);
            FloatVector a11 = FloatVector.broadcast(SPECIES, a[ao + 11]);
            c11l = a11.fma(b0, c11l);
            ao += COLUMN;
            bo += LANES;
        }
        c0l.intoArray(c, cStart);
        c1l.intoArray(c, cStart + cRowStride);
        c2l.intoArray(c, cStart + 2 * cRowStride);
        c3l.intoArray(c, cStart + 3 * cRowStride);
        c4l.intoArray(c, cStart + 4 * cRowStride);
        c5l.intoArray(c, cStart + 5 * cRowStride);
        c6l.intoArray(c, cStart + 6 * cRowStride);
        c7l.intoArray(c, cStart + 7 * cRowStride);
        c8l.intoArray(c, cStart + 8 * cRowStride);
        c9l.intoArray(c, cStart + 9 * cRowStride);
        c10l.intoArray(c, cStart + 10 * cRowStride);
        c11l.intoArray(c, cStart + 11 * cRowStride);
    }

    private static void columns8x1(int depth, float[] a, int aStart, float[] b, int bStart,
            float[] c, int cStart, int cRowStride) {
        int ao = aStart;
        int bo = bStart;
        FloatVector c0l = FloatVector.fromArray(SPECIES, c, cStart);
        FloatVector c1l = FloatVector.fromArray(SPECIES, c, cStart + cRowStride);
        FloatVector c2l = FloatVector.fromArray(SPECIES, c, cStart + 2 * cRowStride);
        FloatVector c3l = FloatVector.fromArray(SPECIES, c, cStart + 3 * cRowStride);
        FloatVector c4l = FloatVector.fromArray(SPECIES, c, cStart + 4 * cRowStride);
        FloatVector c5l = FloatVector.fromArray(SPECIES, c, cStart + 5 * cRowStride);
        FloatVector c6l = FloatVector.fromArray(SPECIES, c, cStart + 6 * cRowStride);
        FloatVector c7l = FloatVector.fromArray(SPECIES, c, cStart + 7 * cRowStride);
        for (int p = 0; p < depth; p++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bo);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[ao]);
            c0l = a0.fma(b0, c0l);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[ao + 1]);
            c1l = a1.fma(b0, c1l);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[ao + 2]);
            c2l = a2.fma(b0, c2l);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[ao + 3]);
            c3l = a3.fma(b0, c3l);
            FloatVector a4 = FloatVector.broadcast(SPECIES, a[ao + 4]);
            c4l = a4.fma(b0, c4l);
            FloatVector a5 = FloatVector.broadcast(SPECIES, a[ao + 5]);
            c5l = a5.fma(b0, c5l);
            FloatVector a6 = FloatVector.broadcast(SPECIES, a[ao + 6]);
            c6l = a6.fma(b0, c6l);
            FloatVector a7 = FloatVector.broadcast(SPECIES, a[ao + 7]);
            c7l = a7.fma(b0, c7l);
            ao += COLUMN;
            bo += LANES;
        }
        c0l.intoArray(c, cStart);
        c1l.intoArray(c, cStart + cRowStride);
        c2l.intoArray(c, cStart + 2 * cRowStride);
        c3l.intoArray(c, cStart + 3 * cRowStride);
        c4l.intoArray(c, cStart + 4 * cRowStride);
        c5l.intoArray(c, cStart + 5 * cRowStride);
        c6l.intoArray(c, cStart + 6 * cRowStride);
        c7l.intoArray(c, cStart + 7 * cRowStride);
    }

    private static void columns4x1(int depth, float[] a, int aStart, float[] b, int bStart,
            float[] c, int cStart, int cRowStride) {
        int ao = aStart;
        int bo = bStart;
        FloatVector c0l = FloatVector.fromArray(SPECIES, c, cStart);
        FloatVector c1l = FloatVector.fromArray(SPECIES, c, cStart + cRowStride);
        FloatVector c2l = FloatVector.fromArray(SPECIES, c, cStart + 2 * cRowStride);
        FloatVector c3l = FloatVector.fromArray(SPECIES, c, cStart + 3 * cRowStride);
        for (int p = 0; p < depth; p++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bo);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[ao]);
            c0l = a0.fma(b0, c0l);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[ao + 1]);
            c1l = a1.fma(b0, c1l);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[ao + 2]);
            c2l = a2.fma(b0, c2l);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[ao + 3]);
            c3l = a3.fma(b0, c3l);
            ao += COLUMN;
            bo += LANES;
        }
        c0l.intoArray(c, cStart);
        c1l.intoArray(c, cStart + cRowStride);
        c2l.intoArray(c, cStart + 2 * cRowStride);
        c3l.intoArray(c, cStart + 3 * cRowStride);
    }

    private static void columns2x1(int depth, float[] a, int aStart, float[] b, int bStart,
            float[] c, int cStart, int cRowStride) {
        int ao = aStart;
        int bo = bStart;
        FloatVector c0l = FloatVector.fromArray(SPECIES, c, cStart);
        FloatVector c1l = FloatVector.fromArray(SPECIES, c, cStart + cRowStride);
        for (int p = 0; p < depth; p++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bo);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[ao]);
            c0l = a0.fma(b0, c0l);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[ao + 1]);
            c1l = a1.fma(b0, c1l);
            ao += COLUMN;
            bo += LANES;
        }
        c0l.intoArray(c, cStart);
        c1l.intoArray(c, cStart + cRowStride);
    }

    private static void columns1x1(int depth, float[] a, int aStart, float[] b, int bStart,
            float[] c, int cStart) {
        int ao = aStart;
        int bo = bStart;
        FloatVector c0l = FloatVector.fromArray(SPECIES, c, cStart);
        for (int p = 0; p < depth; p++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bo);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[ao]);
            c0l = a0.fma(b0, c0l);
            ao += COLUMN;
            bo += LANES;
        }
        c0l.intoArray(c, cStart);
    }

    private static void direct12x2(int depth, float[] a, int aStart, float[] b, int bStart, int bRowStride,
            float[] c, int cStart, int cRowStride) {
        int ao = aStart;
        int bo = bStart;
        FloatVector c0l = FloatVector.fromArray(SPECIES, c, cStart);
        FloatVector c0r = FloatVector.fromArray(SPECIES, c, cStart + LANES);
        FloatVector c1l = FloatVector.fromArray(SPECIES, c, cStart + cRowStride);
        FloatVector c1r = FloatVector.fromArray(SPECIES, c, cStart + cRowStride + LANES);
        FloatVector c2l = FloatVector.fromArray(SPECIES, c, cStart + 2 * cRowStride);
        FloatVector c2r = FloatVector.fromArray(SPECIES, c, cStart + 2 * cRowStride + LANES);
        FloatVector c3l = FloatVector.fromArray(SPECIES, c, cStart + 3 * cRowStride);
        FloatVector c3r = FloatVector.fromArray(SPECIES, c, cStart + 3 * cRowStride + LANES);
        FloatVector c4l = FloatVector.fromArray(SPECIES, c, cStart + 4 * cRowStride);
        FloatVector c4r = FloatVector.fromArray(SPECIES, c, cStart + 4 * cRowStride + LANES);
        FloatVector c5l = FloatVector.fromArray(SPECIES, c, cStart + 5 * cRowStride);
        FloatVector c5r = FloatVector.fromArray(SPECIES, c, cStart + 5 * cRowStride + LANES);
        FloatVector c6l = FloatVector.fromArray(SPECIES, c, cStart + 6 * cRowStride);
        FloatVector c6r = FloatVector.fromArray(SPECIES, c, cStart + 6 * cRowStride + LANES);
        FloatVector c7l = FloatVector.fromArray(SPECIES, c, cStart + 7 * cRowStride);
        FloatVector c7r = FloatVector.fromArray(SPECIES, c, cStart + 7 * cRowStride + LANES);
        FloatVector c8l = FloatVector.fromArray(SPECIES, c, cStart + 8 * cRowStride);
        FloatVector c8r = FloatVector.fromArray(SPECIES, c, cStart + 8 * cRowStride + LANES);
        FloatVector c9l = FloatVector.fromArray(SPECIES, c, cStart + 9 * cRowStride);
        FloatVector c9r = FloatVector.fromArray(SPECIES, c, cStart + 9 * cRowStride + LANES);
        FloatVector c10l = FloatVector.fromArray(SPECIES, c, cStart + 10 * cRowStride);
        FloatVector c10r = FloatVector.fromArray(SPECIES, c, cStart + 10 * cRowStride + LANES);
        FloatVector c11l = FloatVector.fromArray(SPECIES, c, cStart + 11 * cRowStride);
        FloatVector c11r = FloatVector.fromArray(SPECIES, c, cStart + 11 * cRowStride + LANES);
        for (int p = 0; p < depth; p++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bo);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, bo + LANES);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[ao]);
            c0l = a0.fma(b0, c0l);
            c0r = a0.fma(b1, c0r);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[ao + ROW]);
            c1l = a1.fma(b0, c1l);
            c1r = a1.fma(b1, c1r);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[ao + 2 * ROW]);
            c2l = a2.fma(b0, c2l);
            c2r = a2.fma(b1, c2r);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[ao + 3 * ROW]);
            c3l = a3.fma(b0, c3l);
            c3r = a3.fma(b1, c3r);
            FloatVector a4 = FloatVector.broadcast(SPECIES, a[ao + 4 * ROW]);
            c4l = a4.fma(b0, c4l);
            c4r = a4.fma(b1, c4r);
            FloatVector a5 = FloatVector.broadcast(SPECIES, a[ao + 5 * ROW]);
            c5l = a5.fma(b0, c5l);
            c5r = a5.fma(b1, c5r);
            FloatVector a6 = FloatVector.broadcast(SPECIES, a[ao + 6 * ROW]);
            c6l = a6.fma(b0, c6l);
            c6r = a6.fma(b1, c6r);
            FloatVector a7 = FloatVector.broadcast(SPECIES, a[ao + 7 * ROW]);
            c7l = a7.fma(b0, c7l);
            c7r = a7.fma(b1, c7r);
            FloatVector a8 = FloatVector.broadcast(SPECIES, a[ao + 8 * ROW]);
            c8l = a8.fma(b0, c8l);
            c8r = a8.fma(b1, c8r);
            FloatVector a9 = FloatVector.broadcast(SPECIES, a[ao + 9 * ROW]);
            c9l = a9.fma(b0, c9l);
            c9r = a9.fma(b1, c9r);
            FloatVector a10 = FloatVector.broadcast(SPECIES, a[ao + 10 * ROW]);
            c10l = a10.fma(b0, c10l);
            c10r = a10.fma(b1, c10r);
            FloatVector a11 = FloatVector.broadcast(SPECIES, a[ao + 11 * ROW]);
            c11l = a11.fma(b0, c11l);
            c11r = a11.fma(b1, c11r);
            ao++;
            bo += bRowStride;
        }
        c0l.intoArray(c, cStart);
        c0r.intoArray(c, cStart + LANES);
        c1l.intoArray(c, cStart + cRowStride);
        c1r.intoArray(c, cStart + cRowStride + LANES);
        c2l.intoArray(c, cStart + 2 * cRowStride);
        c2r.intoArray(c, cStart + 2 * cRowStride + LANES);
        c3l.intoArray(c, cStart + 3 * cRowStride);
        c3r.intoArray(c, cStart + 3 * cRowStride + LANES);
        c4l.intoArray(c, cStart + 4 * cRowStride);
        c4r.intoArray(c, cStart + 4 * cRowStride + LANES);
        c5l.intoArray(c, cStart + 5 * cRowStride);
        c5r.intoArray(c, cStart + 5 * cRowStride + LANES);
        c6l.intoArray(c, cStart + 6 * cRowStride);
        c6r.intoArray(c, cStart + 6 * cRowStride + LANES);
        c7l.intoArray(c, cStart + 7 * cRowStride);
        c7r.intoArray(c, cStart + 7 * cRowStride + LANES);
        c8l.intoArray(c, cStart + 8 * cRowStride);
        c8r.intoArray(c, cStart + 8 * cRowStride + LANES);
        c9l.intoArray(c, cStart + 9 * cRowStride);
        c9r.intoArray(c, cStart + 9 * cRowStride + LANES);
        c10l.intoArray(c, cStart + 10 * cRowStride);
        c10r.intoArray(c, cStart + 10 * cRowStride + LANES);
        c11l.intoArray(c, cStart + 11 * cRowStride);
        c11r.intoArray(c, cStart + 11 * cRowStride + LANES);
    }

    private static void direct8x2(int depth, float[] a, int aStart, float[] b, int bStart, int bRowStride,
            float[] c, int cStart, int cRowStride) {
        int ao = aStart;
        int bo = bStart;
        FloatVector c0l = FloatVector.fromArray(SPECIES, c, cStart);
        FloatVector c0r = FloatVector.fromArray(SPECIES, c, cStart + LANES);
        FloatVector c1l = FloatVector.fromArray(SPECIES, c, cStart + cRowStride);
        FloatVector c1r = FloatVector.fromArray(SPECIES, c, cStart + cRowStride + LANES);
        FloatVector c2l = FloatVector.fromArray(SPECIES, c, cStart + 2 * cRowStride);
        FloatVector c2r = FloatVector.fromArray(SPECIES, c, cStart + 2 * cRowStride + LANES);
        FloatVector c3l = FloatVector.fromArray(SPECIES, c, cStart + 3 * cRowStride);
        FloatVector c3r = FloatVector.fromArray(SPECIES, c, cStart + 3 * cRowStride + LANES);
        FloatVector c4l = FloatVector.fromArray(SPECIES, c, cStart + 4 * cRowStride);
        FloatVector c4r = FloatVector.fromArray(SPECIES, c, cStart + 4 * cRowStride + LANES);
        FloatVector c5l = FloatVector.fromArray(SPECIES, c, cStart + 5 * cRowStride);
        FloatVector c5r = FloatVector.fromArray(SPECIES, c, cStart + 5 * cRowStride + LANES);
        FloatVector c6l = FloatVector.fromArray(SPECIES, c, cStart + 6 * cRowStride);
        FloatVector c6r = FloatVector.fromArray(SPECIES, c, cStart + 6 * cRowStride + LANES);
        FloatVector c7l = FloatVector.fromArray(SPECIES, c, cStart + 7 * cRowStride);
        FloatVector c7r = FloatVector.fromArray(SPECIES, c, cStart + 7 * cRowStride + LANES);
        for (int p = 0; p < depth; p++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bo);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, bo + LANES);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[ao]);
            c0l = a0.fma(b0, c0l);
            c0r = a0.fma(b1, c0r);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[ao + ROW]);
            c1l = a1.fma(b0, c1l);
            c1r = a1.fma(b1, c1r);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[ao + 2 * ROW]);
            c2l = a2.fma(b0, c2l);
            c2r = a2.fma(b1, c2r);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[ao + 3 * ROW]);
            c3l = a3.fma(b0, c3l);
            c3r = a3.fma(b1, c3r);
            FloatVector a4 = FloatVector.broadcast(SPECIES, a[ao + 4 * ROW]);
            c4l = a4.fma(b0, c4l);
            c4r = a4.fma(b1, c4r);
            FloatVector a5 = FloatVector.broadcast(SPECIES, a[ao + 5 * ROW]);
            c5l = a5.fma(b0, c5l);
            c5r = a5.fma(b1, c5r);
            FloatVector a6 = FloatVector.broadcast(SPECIES, a[ao + 6 * ROW]);
            c6l = a6.fma(b0, c6l);
            c6r = a6.fma(b1, c6r);
            FloatVector a7 = FloatVector.broadcast(SPECIES, a[ao + 7 * ROW]);
            c7l = a7.fma(b0, c7l);
            c7r = a7.fma(b1, c7r);
            ao++;
            bo += bRowStride;
        }
        c0l.intoArray(c, cStart);
        c0r.intoArray(c, cStart + LANES);
        c1l.intoArray(c, cStart + cRowStride);
        c1r.intoArray(c, cStart + cRowStride + LANES);
        c2l.intoArray(c, cStart + 2 * cRowStride);
        c2r.intoArray(c, cStart + 2 * cRowStride + LANES);
        c3l.intoArray(c, cStart + 3 * cRowStride);
        c3r.intoArray(c, cStart + 3 * cRowStride + LANES);
        c4l.intoArray(c, cStart + 4 * cRowStride);
        c4r.intoArray(c, cStart + 4 * cRowStride + LANES);
        c5l.intoArray(c, cStart + 5 * cRowStride);
        c5r.intoArray(c, cStart + 5 * cRowStride + LANES);
        c6l.intoArray(c, cStart + 6 * cRowStride);
        c6r.intoArray(c, cStart + 6 * cRowStride + LANES);
        c7l.intoArray(c, cStart + 7 * cRowStride);
        c7r.intoArray(c, cStart + 7 * cRowStride + LANES);
    }

    private static void direct4x2(int depth, float[] a, int aStart, float[] b, int bStart, int bRowStride,
            float[] c, int cStart, int cRowStride) {
        int ao = aStart;
        int bo = bStart;
        FloatVector c0l = FloatVector.fromArray(SPECIES, c, cStart);
        FloatVector c0r = FloatVector.fromArray(SPECIES, c, cStart + LANES);
        FloatVector c1l = FloatVector.fromArray(SPECIES, c, cStart + cRowStride);
        FloatVector c1r = FloatVector.fromArray(SPECIES, c, cStart + cRowStride + LANES);
        FloatVector c2l = FloatVector.fromArray(SPECIES, c, cStart + 2 * cRowStride);
        FloatVector c2r = FloatVector.fromArray(SPECIES, c, cStart + 2 * cRowStride + LANES);
        FloatVector c3l = FloatVector.fromArray(SPECIES, c, cStart + 3 * cRowStride);
        FloatVector c3r = FloatVector.fromArray(SPECIES, c, cStart + 3 * cRowStride + LANES);
        for (int p = 0; p < depth; p++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bo);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, bo + LANES);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[ao]);
            c0l = a0.fma(b0, c0l);
            c0r = a0.fma(b1, c0r);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[ao + ROW]);
            c1l = a1.fma(b0, c1l);
            c1r = a1.fma(b1, c1r);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[ao + 2 * ROW]);
            c2l = a2.fma(b0, c2l);
            c2r = a2.fma(b1, c2r);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[ao + 3 * ROW]);
            c3l = a3.fma(b0, c3l);
            c3r = a3.fma(b1, c3r);
            ao++;
            bo += bRowStride;
        }
        c0l.intoArray(c, cStart);
        c0r.intoArray(c, cStart + LANES);
        c1l.intoArray(c, cStart + cRowStride);
        c1r.intoArray(c, cStart + cRowStride + LANES);
        c2l.intoArray(c, cStart + 2 * cRowStride);
        c2r.intoArray(c, cStart + 2 * cRowStride + LANES);
        c3l.intoArray(c, cStart + 3 * cRowStride);
        c3r.intoArray(c, cStart + 3 * cRowStride + LANES);
    }

    private static void direct2x2(int depth, float[] a, int aStart, float[] b, int bStart, int bRowStride,
            float[] c, int cStart, int cRowStride) {
        int ao = aStart;
        int bo = bStart;
        FloatVector c0l = FloatVector.fromArray(SPECIES, c, cStart);
        FloatVector c0r = FloatVector.fromArray(SPECIES, c, cStart + LANES);
        FloatVector c1l = FloatVector.fromArray(SPECIES, c, cStart + cRowStride);
        FloatVector c1r = FloatVector.fromArray(SPECIES, c, cStart + cRowStride + LANES);
        for (int p = 0; p < depth; p++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bo);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, bo + LANES);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[ao]);
            c0l = a0.fma(b0, c0l);
            c0r = a0.fma(b1, c0r);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[ao + ROW]);
            c1l = a1.fma(b0, c1l);
            c1r = a1.fma(b1, c1r);
            ao++;
            bo += bRowStride;
        }
        c0l.intoArray(c, cStart);
        c0r.intoArray(c, cStart + LANES);
        c1l.intoArray(c, cStart + cRowStride);
        c1r.intoArray(c, cStart + cRowStride + LANES);
    }

    private static void direct1x2(int depth, float[] a, int aStart, float[] b, int bStart, int bRowStride,
            float[] c, int cStart) {
        int ao = aStart;
        int bo = bStart;
        FloatVector c0l = FloatVector.fromArray(SPECIES, c, cStart);
        FloatVector c0r = FloatVector.fromArray(SPECIES, c, cStart + LANES);
        for (int p = 0; p < depth; p++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bo);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, bo + LANES);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[ao]);
            c0l = a0.fma(b0, c0l);
            c0r = a0.fma(b1, c0r);
            ao++;
            bo += bRowStride;
        }
        c0l.intoArray(c, cStart);
        c0r.intoArray(c, cStart + LANES);
    }

    private static void direct12x1(int depth, float[] a, int aStart, float[] b, int bStart, int bRowStride,
            float[] c, int cStart, int cRowStride) {
        int ao = aStart;
        int bo = bStart;
        FloatVector c0l = FloatVector.fromArray(SPECIES, c, cStart);
        FloatVector c1l = FloatVector.fromArray(SPECIES, c, cStart + cRowStride);
        FloatVector c2l = FloatVector.fromArray(SPECIES, c, cStart + 2 * cRowStride);
        FloatVector c3l = FloatVector.fromArray(SPECIES, c, cStart + 3 * cRowStride);
        FloatVector c4l = FloatVector.fromArray(SPECIES, c, cStart + 4 * cRowStride);
        FloatVector c5l = FloatVector.fromArray(SPECIES, c, cStart + 5 * cRowStride);
        FloatVector c6l = FloatVector.fromArray(SPECIES, c, cStart + 6 * cRowStride);
        FloatVector c7l = FloatVector.fromArray(SPECIES, c, cStart + 7 * cRowStride);
        FloatVector c8l = FloatVector.fromArray(SPECIES, c, cStart + 8 * cRowStride);
        FloatVector c9l = FloatVector.fromArray(SPECIES, c, cStart + 9 * cRowStride);
        FloatVector c10l = FloatVector.fromArray(SPECIES, c, cStart + 10 * cRowStride);
        FloatVector c11l = FloatVector.fromArray(SPECIES, c, cStart + 11 * cRowStride);
        for (int p = 0; p < depth; p++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bo);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[ao]);
            c0l = a0.fma(b0, c0l);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[ao + ROW]);
            c1l = a1.fma(b0, c1l);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[ao + 2 * ROW]);
            c2l = a2.fma(b0, c2l);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[ao + 3 * ROW]);
            c3l = a3.fma(b0, c3l);
            FloatVector a4 = FloatVector.broadcast(SPECIES, a[ao + 4 * ROW]);
            c4l = a4.fma(b0, c4l);
            FloatVector a5 = FloatVector.broadcast(SPECIES, a[ao + 5 * ROW]);
            c5l = a5.fma(b0, c5l);
            FloatVector a6 = FloatVector.broadcast(SPECIES, a[ao + 6 * ROW]);
            c6l = a6.fma(b0, c6l);
            FloatVector a7 = FloatVector.broadcast(SPECIES, a[ao + 7 * ROW]);
            c7l = a7.fma(b0, c7l);
            FloatVector a8 = FloatVector.broadcast(SPECIES, a[ao + 8 * ROW]);
            c8l = a8.fma(b0, c8l);
            FloatVector a9 = FloatVector.broadcast(SPECIES, a[ao + 9 * ROW]);
            c9l = a9.fma(b0, c9l);
            FloatVector a10 = FloatVector.broadcast(SPECIES, a[ao + 10 * ROW]);
            c10l = a10.fma(b0, c10l);
            FloatVector a11 = FloatVector.broadcast(SPECIES, a[ao + 11 * ROW]);
            c11l = a11.fma(b0, c11l);
            ao++;
            bo += bRowStride;
        }
        c0l.intoArray(c, cStart);
        c1l.intoArray(c, cStart + cRowStride);
        c2l.intoArray(c, cStart + 2 * cRowStride);
        c3l.intoArray(c, cStart + 3 * cRowStride);
        c4l.intoArray(c, cStart + 4 * cRowStride);
        c5l.intoArray(c, cStart + 5 * cRowStride);
        c6l.intoArray(c, cStart + 6 * cRowStride);
        c7l.intoArray(c, cStart + 7 * cRowStride);
        c8l.intoArray(c, cStart + 8 * cRowStride);
        c9l.intoArray(c, cStart + 9 * cRowStride);
        c10l.intoArray(c, cStart + 10 * cRowStride);
        c11l.intoArray(c, cStart + 11 * cRowStride);
    }

    private static void direct8x1(int depth, float[] a, int aStart, float[] b, int bStart, int bRowStride,
            float[] c, int cStart, int cRowStride) {
        int ao = aStart;
        int bo = bStart;
        FloatVector c0l = FloatVector.fromArray(SPECIES, c, cStart);
        FloatVector c1l = FloatVector.fromArray(SPECIES, c, cStart + cRowStride);
        FloatVector c2l = FloatVector.fromArray(SPECIES, c, cStart + 2 * cRowStride);
        FloatVector c3l = FloatVector.fromArray(SPECIES, c, cStart + 3 * cRowStride);
        FloatVector c4l = FloatVector.fromArray(SPECIES, c, cStart + 4 * cRowStride);
        FloatVector c5l = FloatVector.fromArray(SPECIES, c, cStart + 5 * cRowStride);
        FloatVector c6l = FloatVector.fromArray(SPECIES, c, cStart + 6 * cRowStride);
        FloatVector c7l = FloatVector.fromArray(SPECIES, c, cStart + 7 * cRowStride);
        for (int p = 0; p < depth; p++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bo);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[ao]);
            c0l = a0.fma(b0, c0l);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[ao + ROW]);
            c1l = a1.fma(b0, c1l);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[ao + 2 * ROW]);
            c2l = a2.fma(b0, c2l);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[ao + 3 * ROW]);
            c3l = a3.fma(b0, c3l);
            FloatVector a4 = FloatVector.broadcast(SPECIES, a[ao + 4 * ROW]);
            c4l = a4.fma(b0, c4l);
            FloatVector a5 = FloatVector.broadcast(SPECIES, a[ao + 5 * ROW]);
            c5l = a5.fma(b0, c5l);
            FloatVector a6 = FloatVector.broadcast(SPECIES, a[ao + 6 * ROW]);
            c6l = a6.fma(b0, c6l);
            FloatVector a7 = FloatVector.broadcast(SPECIES, a[ao + 7 * ROW]);
            c7l = a7.fma(b0, c7l);
            ao++;
            bo += bRowStride;
        }
        c0l.intoArray(c, cStart);
        c1l.intoArray(c, cStart + cRowStride);
        c2l.intoArray(c, cStart + 2 * cRowStride);
        c3l.intoArray(c, cStart + 3 * cRowStride);
        c4l.intoArray(c, cStart + 4 * cRowStride);
        c5l.intoArray(c, cStart + 5 * cRowStride);
        c6l.intoArray(c, cStart + 6 * cRowStride);
        c7l.intoArray(c, cStart + 7 * cRowStride);
    }

    private static void direct4x1(int depth, float[] a, int aStart, float[] b, int bStart, int bRowStride,
            float[] c, int cStart, int cRowStride) {
        int ao = aStart;
        int bo = bStart;
        FloatVector c0l = FloatVector.fromArray(SPECIES, c, cStart);
        FloatVector c1l = FloatVector.fromArray(SPECIES, c, cStart + cRowStride);
        FloatVector c2l = FloatVector.fromArray(SPECIES, c, cStart + 2 * cRowStride);
        FloatVector c3l = FloatVector.fromArray(SPECIES, c, cStart + 3 * cRowStride);
        for (int p = 0; p < depth; p++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bo);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[ao]);
            c0l = a0.fma(b0, c0l);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[ao + ROW]);
            c1l = a1.fma(b0, c1l);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[ao + 2 * ROW]);
            c2l = a2.fma(b0, c2l);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[ao + 3 * ROW]);
            c3l = a3.fma(b0, c3l);
            ao++;
            bo += bRowStride;
        }
        c0l.intoArray(c, cStart);
        c1l.intoArray(c, cStart + cRowStride);
        c2l.intoArray(c, cStart + 2 * cRowStride);
        c3l.intoArray(c, cStart + 3 * cRowStride);
    }

    private static void direct2x1(int depth, float[] a, int aStart, float[] b, int bStart, int bRowStride,
            float[] c, int cStart, int cRowStride) {
        int ao = aStart;
        int bo = bStart;
        FloatVector c0l = FloatVector.fromArray(SPECIES, c, cStart);
        FloatVector c1l = FloatVector.fromArray(SPECIES, c, cStart + cRowStride);
        for (int p = 0; p < depth; p++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bo);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[ao]);
            c0l = a0.fma(b0, c0l);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[ao + ROW]);
            c1l = a1.fma(b0, c1l);
            ao++;
            bo += bRowStride;
        }
        c0l.intoArray(c, cStart);
        c1l.intoArray(c, cStart + cRowStride);
    }

    private static void direct1x1(int depth, float[] a, int aStart, float[] b, int bStart, int bRowStride,
            float[] c, int cStart) {
        int ao = aStart;
        int bo = bStart;
        FloatVector c0l = FloatVector.fromArray(SPECIES, c, cStart);
        for (int p = 0; p < depth; p++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bo);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[ao]);
            c0l = a0.fma(b0, c0l);
            ao++;
            bo += bRowStride;
        }
        c0l.intoArray(c, cStart);
    }
}
