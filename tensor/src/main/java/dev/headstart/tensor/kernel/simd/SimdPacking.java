package dev.headstart.tensor.kernel.simd;

import static dev.headstart.tensor.kernel.simd.SimdTiles.LANES;
import static dev.headstart.tensor.kernel.simd.SimdTiles.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// Copies parts of a matrix into the order in which the micro-kernels read them.
///
/// Both operands are packed alike, as *strips*: `strip[p * width + i]`, where p runs along k and i across the strip's rows of A or columns
/// of B.
final class SimdPacking {
    /// How far behind its end a strip may be overwritten, when its width is not that of whole vectors.
    static final int SLACK = 2 * LANES;

    private static final VectorSpecies<Float> EIGHT = FloatVector.SPECIES_256;
    private static final VectorShuffle<Float> SWAP_1 = VectorShuffle.fromOp(EIGHT, i -> i ^ 1);
    private static final VectorShuffle<Float> SWAP_2 = VectorShuffle.fromOp(EIGHT, i -> i ^ 2);
    private static final VectorShuffle<Float> SWAP_4 = VectorShuffle.fromOp(EIGHT, i -> i ^ 4);
    private static final VectorMask<Float> ODD_1 = VectorMask.fromLong(EIGHT, 0b1010_1010);
    private static final VectorMask<Float> ODD_2 = VectorMask.fromLong(EIGHT, 0b1100_1100);
    private static final VectorMask<Float> ODD_4 = VectorMask.fromLong(EIGHT, 0b1111_0000);

    private SimdPacking() {}

    /// Packs some strips of equal width. What is in [#SLACK] behind the last one may become anything.
    ///
    /// @param from element (i, p) is at `start + i * across + p * along`
    /// @param count of strips
    /// @param width elements of a strip for each p
    /// @param length distance of the strips' beginnings
    static void packStrips(float[] from, int start, int across, int along, int count, int depth, float[] to, int toStart, int width,
            int length) {
        if (across == 1 && count > 0) {
            copy(from, start, along, count, depth, to, toStart, width, length);
        } else {
            for (int s = 0; s < count; s++) {
                packStrip(from, start + s * width * across, across, along, width, depth, to, toStart + s * length, width);
            }
        }
    }

    /// Packs one strip, which need not be full: what is beyond `count` in each of its rows may become anything.
    static void packStrip(float[] from, int start, int across, int along, int count, int depth, float[] to, int toStart, int width) {
        if (along == 1 && LANES >= 8 && depth >= 8 && count > 2) {
            transpose(from, start, across, count, depth, to, toStart, width);
        } else {
            move(from, start, across, along, count, 0, depth, to, toStart, width);
        }
    }

    private static void move(float[] from, int start, int across, int along, int count, int first, int depth,
            float[] to, int toStart, int width) {
        for (int i = 0; i < count; i++) {
            int source = start + i * across;
            int target = toStart + i;
            for (int p = first; p < depth; p++) {
                to[target + p * width] = from[source + p * along];
            }
        }
    }

    /// Copies along the rows of `from`, in whole vectors. What that spoils in the next row of a strip is mended when that is copied; so the
    /// last one is not copied in vectors.
    private static void copy(float[] from, int start, int along, int count, int depth, float[] to, int toStart, int width, int length) {
        int vectors = Math.ceilDiv(width, LANES);
        int reach = start + (count - 1) * width + vectors * LANES;
        int p = 0;
        for (; p < depth - 1 && reach + p * along <= from.length; p++) {
            int source = start + p * along;
            int target = toStart + p * width;
            for (int s = 0; s < count; s++) {
                FloatVector.fromArray(SPECIES, from, source).intoArray(to, target);
                if (vectors == 2) {
                    FloatVector.fromArray(SPECIES, from, source + LANES).intoArray(to, target + LANES);
                }
                source += width;
                target += length;
            }
        }
        for (int s = 0; s < count; s++) {
            move(from, start + s * width, 1, along, width, p, depth, to, toStart + s * length, width);
        }
    }

    /// Transposes eight rows at a time. Rows that are not there are replaced by the last one; what they leave behind in the next row of
    /// the strip is mended by the eight rows before, which are done after.
    private static void transpose(float[] from, int start, int across, int count, int depth, float[] to, int toStart, int width) {
        for (int i = (count - 1) / 8 * 8; i >= 0; i -= 8) {
            transposeEight(from, start + i * across, across, count - 1 - i, depth, to, toStart + i, width);
        }
    }

    /// Transposes blocks of 8 x 8, of which the last overlaps the one before: swaps halves, quarters and single elements between rows 4, 2
    /// and 1 apart.
    private static void transposeEight(float[] from, int start, int stride, int last, int depth, float[] to, int toStart, int width) {
        int row1 = Math.min(1, last) * stride;
        int row2 = Math.min(2, last) * stride;
        int row3 = Math.min(3, last) * stride;
        int row4 = Math.min(4, last) * stride;
        int row5 = Math.min(5, last) * stride;
        int row6 = Math.min(6, last) * stride;
        int row7 = Math.min(7, last) * stride;
        for (int block = 0; block < depth; block += 8) {
            int p = Math.min(block, depth - 8);
            FloatVector a0 = FloatVector.fromArray(EIGHT, from, start + p);
            FloatVector a1 = FloatVector.fromArray(EIGHT, from, start + row1 + p);
            FloatVector a2 = FloatVector.fromArray(EIGHT, from, start + row2 + p);
            FloatVector a3 = FloatVector.fromArray(EIGHT, from, start + row3 + p);
            FloatVector a4 = FloatVector.fromArray(EIGHT, from, start + row4 + p);
            FloatVector a5 = FloatVector.fromArray(EIGHT, from, start + row5 + p);
            FloatVector a6 = FloatVector.fromArray(EIGHT, from, start + row6 + p);
            FloatVector a7 = FloatVector.fromArray(EIGHT, from, start + row7 + p);

            FloatVector b0 = a0.blend(a4.rearrange(SWAP_4), ODD_4);
            FloatVector b1 = a1.blend(a5.rearrange(SWAP_4), ODD_4);
            FloatVector b2 = a2.blend(a6.rearrange(SWAP_4), ODD_4);
            FloatVector b3 = a3.blend(a7.rearrange(SWAP_4), ODD_4);
            FloatVector b4 = a0.rearrange(SWAP_4).blend(a4, ODD_4);
            FloatVector b5 = a1.rearrange(SWAP_4).blend(a5, ODD_4);
            FloatVector b6 = a2.rearrange(SWAP_4).blend(a6, ODD_4);
            FloatVector b7 = a3.rearrange(SWAP_4).blend(a7, ODD_4);

            FloatVector c0 = b0.blend(b2.rearrange(SWAP_2), ODD_2);
            FloatVector c1 = b1.blend(b3.rearrange(SWAP_2), ODD_2);
            FloatVector c2 = b0.rearrange(SWAP_2).blend(b2, ODD_2);
            FloatVector c3 = b1.rearrange(SWAP_2).blend(b3, ODD_2);
            FloatVector c4 = b4.blend(b6.rearrange(SWAP_2), ODD_2);
            FloatVector c5 = b5.blend(b7.rearrange(SWAP_2), ODD_2);
            FloatVector c6 = b4.rearrange(SWAP_2).blend(b6, ODD_2);
            FloatVector c7 = b5.rearrange(SWAP_2).blend(b7, ODD_2);

            int target = toStart + p * width;
            c0.blend(c1.rearrange(SWAP_1), ODD_1).intoArray(to, target);
            c0.rearrange(SWAP_1).blend(c1, ODD_1).intoArray(to, target + width);
            c2.blend(c3.rearrange(SWAP_1), ODD_1).intoArray(to, target + 2 * width);
            c2.rearrange(SWAP_1).blend(c3, ODD_1).intoArray(to, target + 3 * width);
            c4.blend(c5.rearrange(SWAP_1), ODD_1).intoArray(to, target + 4 * width);
            c4.rearrange(SWAP_1).blend(c5, ODD_1).intoArray(to, target + 5 * width);
            c6.blend(c7.rearrange(SWAP_1), ODD_1).intoArray(to, target + 6 * width);
            c6.rearrange(SWAP_1).blend(c7, ODD_1).intoArray(to, target + 7 * width);
        }
    }
}
