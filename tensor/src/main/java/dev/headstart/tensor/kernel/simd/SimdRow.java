package dev.headstart.tensor.kernel.simd;

import static dev.headstart.tensor.kernel.simd.SimdTiles.LANES;
import static dev.headstart.tensor.kernel.simd.SimdTiles.SPECIES;

import jdk.incubator.vector.FloatVector;

/// Products of a single row with a matrix whose rows are contiguous. A tile of one row is eight vectors wide: so many chains hide how long
/// each step takes, and what is read of each row of B is long enough for memory to be fast.
final class SimdRow {
    /// Columns of a tile.
    static final int WIDTH = 8 * LANES;

    private SimdRow() {}

    /// Adds `depth` steps to so many columns of a row of C, a multiple of [#WIDTH].
    static void multiply(int columns, int depth, float[] a, float[] b, int bStart, int bRowStride, float[] c, int cStart) {
        for (int j = 0; j < columns; j += WIDTH) {
            tile(depth, a, b, bStart + j, bRowStride, c, cStart + j);
        }
    }

    private static void tile(int depth, float[] a, float[] b, int bStart, int bRowStride, float[] c, int cStart) {
        int ao = 0;
        int bo = bStart;
        FloatVector c0 = FloatVector.fromArray(SPECIES, c, cStart);
        FloatVector c1 = FloatVector.fromArray(SPECIES, c, cStart + LANES);
        FloatVector c2 = FloatVector.fromArray(SPECIES, c, cStart + 2 * LANES);
        FloatVector c3 = FloatVector.fromArray(SPECIES, c, cStart + 3 * LANES);
        FloatVector c4 = FloatVector.fromArray(SPECIES, c, cStart + 4 * LANES);
        FloatVector c5 = FloatVector.fromArray(SPECIES, c, cStart + 5 * LANES);
        FloatVector c6 = FloatVector.fromArray(SPECIES, c, cStart + 6 * LANES);
        FloatVector c7 = FloatVector.fromArray(SPECIES, c, cStart + 7 * LANES);
        for (int p = 0; p < depth; p++) {
            FloatVector v = FloatVector.broadcast(SPECIES, a[ao]);
            c0 = v.fma(FloatVector.fromArray(SPECIES, b, bo), c0);
            c1 = v.fma(FloatVector.fromArray(SPECIES, b, bo + LANES), c1);
            c2 = v.fma(FloatVector.fromArray(SPECIES, b, bo + 2 * LANES), c2);
            c3 = v.fma(FloatVector.fromArray(SPECIES, b, bo + 3 * LANES), c3);
            c4 = v.fma(FloatVector.fromArray(SPECIES, b, bo + 4 * LANES), c4);
            c5 = v.fma(FloatVector.fromArray(SPECIES, b, bo + 5 * LANES), c5);
            c6 = v.fma(FloatVector.fromArray(SPECIES, b, bo + 6 * LANES), c6);
            c7 = v.fma(FloatVector.fromArray(SPECIES, b, bo + 7 * LANES), c7);
            ao++;
            bo += bRowStride;
        }
        c0.intoArray(c, cStart);
        c1.intoArray(c, cStart + LANES);
        c2.intoArray(c, cStart + 2 * LANES);
        c3.intoArray(c, cStart + 3 * LANES);
        c4.intoArray(c, cStart + 4 * LANES);
        c5.intoArray(c, cStart + 5 * LANES);
        c6.intoArray(c, cStart + 6 * LANES);
        c7.intoArray(c, cStart + 7 * LANES);
    }
}
