package dev.headstart.tensor.kernel.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// The micro-kernels of the matrix product: a tile of C stays in registers while k runs. Written by `SimdTilesSource` in `src/test`.
///
/// A tile is some rows high and one or two vectors wide. In each step of k it takes one packed column of A, a number for each row,
/// and one row of B: `C[i, :] = fma(A[i, p], B[p, :], C[i, :])`. Accumulators are local variables that start from C, and the loop is
/// not unrolled by hand: that is what the compiler keeps in registers. With 32 vector registers 12 x 2 is as large as fits,
/// with 16 registers 4 x 2.
final class SimdTiles {
    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    static final int LANES = SPECIES.length();

    /// Rows of the highest tile.
    static final int ROWS = LANES >= 16 ? 12 : 4;

    private SimdTiles() {}

    /// Rows of the tile to use where so many rows are left.
    static int height(int rowsLeft) {
        return rowsLeft >= ROWS ? ROWS : Math.min(8, Integer.highestOneBit(rowsLeft));
    }

    /// Adds `depth` steps to a tile of C; both operands are packed.
    ///
    /// @param height rows of the tile: 12, 8, 4, 2 or 1
    /// @param vectors width of the tile: 2 or 1
    /// @param a element (i, p) of the tile's rows is at `aStart + p * height + i`
    /// @param b element (p, j) of the tile's columns is at `bStart + p * vectors * LANES + j`
    static void multiply(int height, int vectors, int depth, float[] a, int aStart, float[] b, int bStart,
            float[] c, int cStart, int cRowStride) {
        if (vectors == 2) {
            switch (height) {
                case 12 -> tile12x2(depth, a, aStart, b, bStart, c, cStart, cRowStride);
                case 8 -> tile8x2(depth, a, aStart, b, bStart, c, cStart, cRowStride);
                case 4 -> tile4x2(depth, a, aStart, b, bStart, c, cStart, cRowStride);
                case 2 -> tile2x2(depth, a, aStart, b, bStart, c, cStart, cRowStride);
                default -> tile1x2(depth, a, aStart, b, bStart, c, cStart);
            }
        } else {
            switch (height) {
                case 12 -> tile12x1(depth, a, aStart, b, bStart, c, cStart, cRowStride);
                case 8 -> tile8x1(depth, a, aStart, b, bStart, c, cStart, cRowStride);
                case 4 -> tile4x1(depth, a, aStart, b, bStart, c, cStart, cRowStride);
                case 2 -> tile2x1(depth, a, aStart, b, bStart, c, cStart, cRowStride);
                default -> tile1x1(depth, a, aStart, b, bStart, c, cStart);
            }
        }
    }

    /// Rows of the tile to use where so many rows are left and A is not packed: each row takes an index register.
    static int directHeight(int rowsLeft) {
        return Math.min(Math.min(8, ROWS), Integer.highestOneBit(rowsLeft));
    }

    /// Adds `depth` steps to a tile of C; operands are read where they are.
    ///
    /// @param height rows of the tile: 8, 4, 2 or 1
    /// @param vectors width of the tile: 2 or 1
    /// @param a element (i, p) of the tile's rows is at `aStart + i * aRowStride + p`
    /// @param b element (p, j) of the tile's columns is at `bStart + p * bRowStride + j`
    static void multiplyDirect(int height, int vectors, int depth, float[] a, int aStart, int aRowStride,
            float[] b, int bStart, int bRowStride, float[] c, int cStart, int cRowStride) {
        if (bRowStride == vectors * LANES) {
            multiplyRows(height, vectors, depth, a, aStart, aRowStride, b, bStart, c, cStart, cRowStride);
        } else if (vectors == 2) {
            switch (height) {
                case 8 -> direct8x2(depth, a, aStart, aRowStride, b, bStart, bRowStride, c, cStart, cRowStride);
                case 4 -> direct4x2(depth, a, aStart, aRowStride, b, bStart, bRowStride, c, cStart, cRowStride);
                case 2 -> direct2x2(depth, a, aStart, aRowStride, b, bStart, bRowStride, c, cStart, cRowStride);
                default -> direct1x2(depth, a, aStart, b, bStart, bRowStride, c, cStart);
            }
        } else {
            switch (height) {
                case 8 -> direct8x1(depth, a, aStart, aRowStride, b, bStart, bRowStride, c, cStart, cRowStride);
                case 4 -> direct4x1(depth, a, aStart, aRowStride, b, bStart, bRowStride, c, cStart, cRowStride);
                case 2 -> direct2x1(depth, a, aStart, aRowStride, b, bStart, bRowStride, c, cStart, cRowStride);
                default -> direct1x1(depth, a, aStart, b, bStart, bRowStride, c, cStart);
            }
        }
    }

    /// The same where B is packed: with a stride that the compiler knows, no index is checked in the loop.
    private static void multiplyRows(int height, int vectors, int depth, float[] a, int aStart, int aRowStride,
            float[] b, int bStart, float[] c, int cStart, int cRowStride) {
        if (vectors == 2) {
            switch (height) {
                case 8 -> rows8x2(depth, a, aStart, aRowStride, b, bStart, c, cStart, cRowStride);
                case 4 -> rows4x2(depth, a, aStart, aRowStride, b, bStart, c, cStart, cRowStride);
                case 2 -> rows2x2(depth, a, aStart, aRowStride, b, bStart, c, cStart, cRowStride);
                default -> rows1x2(depth, a, aStart, b, bStart, c, cStart);
            }
        } else {
            switch (height) {
                case 8 -> rows8x1(depth, a, aStart, aRowStride, b, bStart, c, cStart, cRowStride);
                case 4 -> rows4x1(depth, a, aStart, aRowStride, b, bStart, c, cStart, cRowStride);
                case 2 -> rows2x1(depth, a, aStart, aRowStride, b, bStart, c, cStart, cRowStride);
                default -> rows1x1(depth, a, aStart, b, bStart, c, cStart);
            }
        }
    }

    private static void tile12x2(int depth, float[] a, int aStart, float[] b, int bStart,
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
            ao += 12;
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

    private static void tile8x2(int depth, float[] a, int aStart, float[] b, int bStart,
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
            ao += 8;
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

    private static void tile4x2(int depth, float[] a, int aStart, float[] b, int bStart,
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
            ao += 4;
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

    private static void tile2x2(int depth, float[] a, int aStart, float[] b, int bStart,
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
            ao += 2;
            bo += 2 * LANES;
        }
        c0l.intoArray(c, cStart);
        c0r.intoArray(c, cStart + LANES);
        c1l.intoArray(c, cStart + cRowStride);
        c1r.intoArray(c, cStart + cRowStride + LANES);
    }

    private static void tile1x2(int depth, float[] a, int aStart, float[] b, int bStart,
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
            ao += 1;
            bo += 2 * LANES;
        }
        c0l.intoArray(c, cStart);
        c0r.intoArray(c, cStart + LANES);
    }

    private static void tile12x1(int depth, float[] a, int aStart, float[] b, int bStart,
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
            ao += 12;
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

    private static void tile8x1(int depth, float[] a, int aStart, float[] b, int bStart,
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
            ao += 8;
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

    private static void tile4x1(int depth, float[] a, int aStart, float[] b, int bStart,
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
            ao += 4;
            bo += LANES;
        }
        c0l.intoArray(c, cStart);
        c1l.intoArray(c, cStart + cRowStride);
        c2l.intoArray(c, cStart + 2 * cRowStride);
        c3l.intoArray(c, cStart + 3 * cRowStride);
    }

    private static void tile2x1(int depth, float[] a, int aStart, float[] b, int bStart,
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
            ao += 2;
            bo += LANES;
        }
        c0l.intoArray(c, cStart);
        c1l.intoArray(c, cStart + cRowStride);
    }

    private static void tile1x1(int depth, float[] a, int aStart, float[] b, int bStart,
            float[] c, int cStart) {
        int ao = aStart;
        int bo = bStart;
        FloatVector c0l = FloatVector.fromArray(SPECIES, c, cStart);
        for (int p = 0; p < depth; p++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bo);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[ao]);
            c0l = a0.fma(b0, c0l);
            ao += 1;
            bo += LANES;
        }
        c0l.intoArray(c, cStart);
    }

    private static void direct8x2(int depth, float[] a, int aStart, int aRowStride, float[] b, int bStart, int bRowStride,
            float[] c, int cStart, int cRowStride) {
        int row1 = aStart + aRowStride;
        int row2 = aStart + 2 * aRowStride;
        int row3 = aStart + 3 * aRowStride;
        int row4 = aStart + 4 * aRowStride;
        int row5 = aStart + 5 * aRowStride;
        int row6 = aStart + 6 * aRowStride;
        int row7 = aStart + 7 * aRowStride;
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
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[aStart + p]);
            c0l = a0.fma(b0, c0l);
            c0r = a0.fma(b1, c0r);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[row1 + p]);
            c1l = a1.fma(b0, c1l);
            c1r = a1.fma(b1, c1r);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[row2 + p]);
            c2l = a2.fma(b0, c2l);
            c2r = a2.fma(b1, c2r);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[row3 + p]);
            c3l = a3.fma(b0, c3l);
            c3r = a3.fma(b1, c3r);
            FloatVector a4 = FloatVector.broadcast(SPECIES, a[row4 + p]);
            c4l = a4.fma(b0, c4l);
            c4r = a4.fma(b1, c4r);
            FloatVector a5 = FloatVector.broadcast(SPECIES, a[row5 + p]);
            c5l = a5.fma(b0, c5l);
            c5r = a5.fma(b1, c5r);
            FloatVector a6 = FloatVector.broadcast(SPECIES, a[row6 + p]);
            c6l = a6.fma(b0, c6l);
            c6r = a6.fma(b1, c6r);
            FloatVector a7 = FloatVector.broadcast(SPECIES, a[row7 + p]);
            c7l = a7.fma(b0, c7l);
            c7r = a7.fma(b1, c7r);
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

    private static void direct4x2(int depth, float[] a, int aStart, int aRowStride, float[] b, int bStart, int bRowStride,
            float[] c, int cStart, int cRowStride) {
        int row1 = aStart + aRowStride;
        int row2 = aStart + 2 * aRowStride;
        int row3 = aStart + 3 * aRowStride;
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
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[aStart + p]);
            c0l = a0.fma(b0, c0l);
            c0r = a0.fma(b1, c0r);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[row1 + p]);
            c1l = a1.fma(b0, c1l);
            c1r = a1.fma(b1, c1r);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[row2 + p]);
            c2l = a2.fma(b0, c2l);
            c2r = a2.fma(b1, c2r);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[row3 + p]);
            c3l = a3.fma(b0, c3l);
            c3r = a3.fma(b1, c3r);
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

    private static void direct2x2(int depth, float[] a, int aStart, int aRowStride, float[] b, int bStart, int bRowStride,
            float[] c, int cStart, int cRowStride) {
        int row1 = aStart + aRowStride;
        int bo = bStart;
        FloatVector c0l = FloatVector.fromArray(SPECIES, c, cStart);
        FloatVector c0r = FloatVector.fromArray(SPECIES, c, cStart + LANES);
        FloatVector c1l = FloatVector.fromArray(SPECIES, c, cStart + cRowStride);
        FloatVector c1r = FloatVector.fromArray(SPECIES, c, cStart + cRowStride + LANES);
        for (int p = 0; p < depth; p++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bo);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, bo + LANES);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[aStart + p]);
            c0l = a0.fma(b0, c0l);
            c0r = a0.fma(b1, c0r);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[row1 + p]);
            c1l = a1.fma(b0, c1l);
            c1r = a1.fma(b1, c1r);
            bo += bRowStride;
        }
        c0l.intoArray(c, cStart);
        c0r.intoArray(c, cStart + LANES);
        c1l.intoArray(c, cStart + cRowStride);
        c1r.intoArray(c, cStart + cRowStride + LANES);
    }

    private static void direct1x2(int depth, float[] a, int aStart, float[] b, int bStart, int bRowStride,
            float[] c, int cStart) {
        int bo = bStart;
        FloatVector c0l = FloatVector.fromArray(SPECIES, c, cStart);
        FloatVector c0r = FloatVector.fromArray(SPECIES, c, cStart + LANES);
        for (int p = 0; p < depth; p++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bo);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, bo + LANES);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[aStart + p]);
            c0l = a0.fma(b0, c0l);
            c0r = a0.fma(b1, c0r);
            bo += bRowStride;
        }
        c0l.intoArray(c, cStart);
        c0r.intoArray(c, cStart + LANES);
    }

    private static void direct8x1(int depth, float[] a, int aStart, int aRowStride, float[] b, int bStart, int bRowStride,
            float[] c, int cStart, int cRowStride) {
        int row1 = aStart + aRowStride;
        int row2 = aStart + 2 * aRowStride;
        int row3 = aStart + 3 * aRowStride;
        int row4 = aStart + 4 * aRowStride;
        int row5 = aStart + 5 * aRowStride;
        int row6 = aStart + 6 * aRowStride;
        int row7 = aStart + 7 * aRowStride;
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
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[aStart + p]);
            c0l = a0.fma(b0, c0l);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[row1 + p]);
            c1l = a1.fma(b0, c1l);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[row2 + p]);
            c2l = a2.fma(b0, c2l);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[row3 + p]);
            c3l = a3.fma(b0, c3l);
            FloatVector a4 = FloatVector.broadcast(SPECIES, a[row4 + p]);
            c4l = a4.fma(b0, c4l);
            FloatVector a5 = FloatVector.broadcast(SPECIES, a[row5 + p]);
            c5l = a5.fma(b0, c5l);
            FloatVector a6 = FloatVector.broadcast(SPECIES, a[row6 + p]);
            c6l = a6.fma(b0, c6l);
            FloatVector a7 = FloatVector.broadcast(SPECIES, a[row7 + p]);
            c7l = a7.fma(b0, c7l);
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

    private static void direct4x1(int depth, float[] a, int aStart, int aRowStride, float[] b, int bStart, int bRowStride,
            float[] c, int cStart, int cRowStride) {
        int row1 = aStart + aRowStride;
        int row2 = aStart + 2 * aRowStride;
        int row3 = aStart + 3 * aRowStride;
        int bo = bStart;
        FloatVector c0l = FloatVector.fromArray(SPECIES, c, cStart);
        FloatVector c1l = FloatVector.fromArray(SPECIES, c, cStart + cRowStride);
        FloatVector c2l = FloatVector.fromArray(SPECIES, c, cStart + 2 * cRowStride);
        FloatVector c3l = FloatVector.fromArray(SPECIES, c, cStart + 3 * cRowStride);
        for (int p = 0; p < depth; p++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bo);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[aStart + p]);
            c0l = a0.fma(b0, c0l);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[row1 + p]);
            c1l = a1.fma(b0, c1l);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[row2 + p]);
            c2l = a2.fma(b0, c2l);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[row3 + p]);
            c3l = a3.fma(b0, c3l);
            bo += bRowStride;
        }
        c0l.intoArray(c, cStart);
        c1l.intoArray(c, cStart + cRowStride);
        c2l.intoArray(c, cStart + 2 * cRowStride);
        c3l.intoArray(c, cStart + 3 * cRowStride);
    }

    private static void direct2x1(int depth, float[] a, int aStart, int aRowStride, float[] b, int bStart, int bRowStride,
            float[] c, int cStart, int cRowStride) {
        int row1 = aStart + aRowStride;
        int bo = bStart;
        FloatVector c0l = FloatVector.fromArray(SPECIES, c, cStart);
        FloatVector c1l = FloatVector.fromArray(SPECIES, c, cStart + cRowStride);
        for (int p = 0; p < depth; p++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bo);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[aStart + p]);
            c0l = a0.fma(b0, c0l);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[row1 + p]);
            c1l = a1.fma(b0, c1l);
            bo += bRowStride;
        }
        c0l.intoArray(c, cStart);
        c1l.intoArray(c, cStart + cRowStride);
    }

    private static void direct1x1(int depth, float[] a, int aStart, float[] b, int bStart, int bRowStride,
            float[] c, int cStart) {
        int bo = bStart;
        FloatVector c0l = FloatVector.fromArray(SPECIES, c, cStart);
        for (int p = 0; p < depth; p++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bo);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[aStart + p]);
            c0l = a0.fma(b0, c0l);
            bo += bRowStride;
        }
        c0l.intoArray(c, cStart);
    }

    private static void rows8x2(int depth, float[] a, int aStart, int aRowStride, float[] b, int bStart,
            float[] c, int cStart, int cRowStride) {
        int row1 = aStart + aRowStride;
        int row2 = aStart + 2 * aRowStride;
        int row3 = aStart + 3 * aRowStride;
        int row4 = aStart + 4 * aRowStride;
        int row5 = aStart + 5 * aRowStride;
        int row6 = aStart + 6 * aRowStride;
        int row7 = aStart + 7 * aRowStride;
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
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[aStart + p]);
            c0l = a0.fma(b0, c0l);
            c0r = a0.fma(b1, c0r);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[row1 + p]);
            c1l = a1.fma(b0, c1l);
            c1r = a1.fma(b1, c1r);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[row2 + p]);
            c2l = a2.fma(b0, c2l);
            c2r = a2.fma(b1, c2r);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[row3 + p]);
            c3l = a3.fma(b0, c3l);
            c3r = a3.fma(b1, c3r);
            FloatVector a4 = FloatVector.broadcast(SPECIES, a[row4 + p]);
            c4l = a4.fma(b0, c4l);
            c4r = a4.fma(b1, c4r);
            FloatVector a5 = FloatVector.broadcast(SPECIES, a[row5 + p]);
            c5l = a5.fma(b0, c5l);
            c5r = a5.fma(b1, c5r);
            FloatVector a6 = FloatVector.broadcast(SPECIES, a[row6 + p]);
            c6l = a6.fma(b0, c6l);
            c6r = a6.fma(b1, c6r);
            FloatVector a7 = FloatVector.broadcast(SPECIES, a[row7 + p]);
            c7l = a7.fma(b0, c7l);
            c7r = a7.fma(b1, c7r);
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

    private static void rows4x2(int depth, float[] a, int aStart, int aRowStride, float[] b, int bStart,
            float[] c, int cStart, int cRowStride) {
        int row1 = aStart + aRowStride;
        int row2 = aStart + 2 * aRowStride;
        int row3 = aStart + 3 * aRowStride;
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
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[aStart + p]);
            c0l = a0.fma(b0, c0l);
            c0r = a0.fma(b1, c0r);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[row1 + p]);
            c1l = a1.fma(b0, c1l);
            c1r = a1.fma(b1, c1r);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[row2 + p]);
            c2l = a2.fma(b0, c2l);
            c2r = a2.fma(b1, c2r);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[row3 + p]);
            c3l = a3.fma(b0, c3l);
            c3r = a3.fma(b1, c3r);
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

    private static void rows2x2(int depth, float[] a, int aStart, int aRowStride, float[] b, int bStart,
            float[] c, int cStart, int cRowStride) {
        int row1 = aStart + aRowStride;
        int bo = bStart;
        FloatVector c0l = FloatVector.fromArray(SPECIES, c, cStart);
        FloatVector c0r = FloatVector.fromArray(SPECIES, c, cStart + LANES);
        FloatVector c1l = FloatVector.fromArray(SPECIES, c, cStart + cRowStride);
        FloatVector c1r = FloatVector.fromArray(SPECIES, c, cStart + cRowStride + LANES);
        for (int p = 0; p < depth; p++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bo);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, bo + LANES);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[aStart + p]);
            c0l = a0.fma(b0, c0l);
            c0r = a0.fma(b1, c0r);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[row1 + p]);
            c1l = a1.fma(b0, c1l);
            c1r = a1.fma(b1, c1r);
            bo += 2 * LANES;
        }
        c0l.intoArray(c, cStart);
        c0r.intoArray(c, cStart + LANES);
        c1l.intoArray(c, cStart + cRowStride);
        c1r.intoArray(c, cStart + cRowStride + LANES);
    }

    private static void rows1x2(int depth, float[] a, int aStart, float[] b, int bStart,
            float[] c, int cStart) {
        int bo = bStart;
        FloatVector c0l = FloatVector.fromArray(SPECIES, c, cStart);
        FloatVector c0r = FloatVector.fromArray(SPECIES, c, cStart + LANES);
        for (int p = 0; p < depth; p++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bo);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, bo + LANES);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[aStart + p]);
            c0l = a0.fma(b0, c0l);
            c0r = a0.fma(b1, c0r);
            bo += 2 * LANES;
        }
        c0l.intoArray(c, cStart);
        c0r.intoArray(c, cStart + LANES);
    }

    private static void rows8x1(int depth, float[] a, int aStart, int aRowStride, float[] b, int bStart,
            float[] c, int cStart, int cRowStride) {
        int row1 = aStart + aRowStride;
        int row2 = aStart + 2 * aRowStride;
        int row3 = aStart + 3 * aRowStride;
        int row4 = aStart + 4 * aRowStride;
        int row5 = aStart + 5 * aRowStride;
        int row6 = aStart + 6 * aRowStride;
        int row7 = aStart + 7 * aRowStride;
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
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[aStart + p]);
            c0l = a0.fma(b0, c0l);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[row1 + p]);
            c1l = a1.fma(b0, c1l);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[row2 + p]);
            c2l = a2.fma(b0, c2l);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[row3 + p]);
            c3l = a3.fma(b0, c3l);
            FloatVector a4 = FloatVector.broadcast(SPECIES, a[row4 + p]);
            c4l = a4.fma(b0, c4l);
            FloatVector a5 = FloatVector.broadcast(SPECIES, a[row5 + p]);
            c5l = a5.fma(b0, c5l);
            FloatVector a6 = FloatVector.broadcast(SPECIES, a[row6 + p]);
            c6l = a6.fma(b0, c6l);
            FloatVector a7 = FloatVector.broadcast(SPECIES, a[row7 + p]);
            c7l = a7.fma(b0, c7l);
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

    private static void rows4x1(int depth, float[] a, int aStart, int aRowStride, float[] b, int bStart,
            float[] c, int cStart, int cRowStride) {
        int row1 = aStart + aRowStride;
        int row2 = aStart + 2 * aRowStride;
        int row3 = aStart + 3 * aRowStride;
        int bo = bStart;
        FloatVector c0l = FloatVector.fromArray(SPECIES, c, cStart);
        FloatVector c1l = FloatVector.fromArray(SPECIES, c, cStart + cRowStride);
        FloatVector c2l = FloatVector.fromArray(SPECIES, c, cStart + 2 * cRowStride);
        FloatVector c3l = FloatVector.fromArray(SPECIES, c, cStart + 3 * cRowStride);
        for (int p = 0; p < depth; p++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bo);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[aStart + p]);
            c0l = a0.fma(b0, c0l);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[row1 + p]);
            c1l = a1.fma(b0, c1l);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[row2 + p]);
            c2l = a2.fma(b0, c2l);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[row3 + p]);
            c3l = a3.fma(b0, c3l);
            bo += LANES;
        }
        c0l.intoArray(c, cStart);
        c1l.intoArray(c, cStart + cRowStride);
        c2l.intoArray(c, cStart + 2 * cRowStride);
        c3l.intoArray(c, cStart + 3 * cRowStride);
    }

    private static void rows2x1(int depth, float[] a, int aStart, int aRowStride, float[] b, int bStart,
            float[] c, int cStart, int cRowStride) {
        int row1 = aStart + aRowStride;
        int bo = bStart;
        FloatVector c0l = FloatVector.fromArray(SPECIES, c, cStart);
        FloatVector c1l = FloatVector.fromArray(SPECIES, c, cStart + cRowStride);
        for (int p = 0; p < depth; p++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bo);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[aStart + p]);
            c0l = a0.fma(b0, c0l);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[row1 + p]);
            c1l = a1.fma(b0, c1l);
            bo += LANES;
        }
        c0l.intoArray(c, cStart);
        c1l.intoArray(c, cStart + cRowStride);
    }

    private static void rows1x1(int depth, float[] a, int aStart, float[] b, int bStart,
            float[] c, int cStart) {
        int bo = bStart;
        FloatVector c0l = FloatVector.fromArray(SPECIES, c, cStart);
        for (int p = 0; p < depth; p++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bo);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[aStart + p]);
            c0l = a0.fma(b0, c0l);
            bo += LANES;
        }
        c0l.intoArray(c, cStart);
    }
}
