package dev.headstart.tensor.kernel.simd;

import static dev.headstart.tensor.kernel.simd.SimdTiles.LANES;
import static dev.headstart.tensor.kernel.simd.SimdTiles.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/// Copies parts of a matrix into the order in which the micro-kernels read them.
///
/// A is copied by rows or by columns, as it lies in memory ([SimdTiles]); into rows where B is not packed, or where neither fits. B is
/// packed into *strips* of one or two vectors: `strip[p * width + j]`, where p runs along k and j across the strip's columns.
final class SimdPacking {
    private static final int STEPS = Integer.numberOfTrailingZeros(LANES);
    private static final VectorShuffle<Float> FIRST_HALF = VectorShuffle.fromOp(SPECIES, lane -> lane / 2);
    private static final VectorShuffle<Float> LAST_HALF = VectorShuffle.fromOp(SPECIES, lane -> (lane + LANES) / 2);
    private static final VectorMask<Float> ODD = VectorMask.fromLong(SPECIES, 0xAAAA_AAAA_AAAA_AAAAL);

    private SimdPacking() {}

    /// Copies rows of A.
    ///
    /// @param from element (i, p) is at `start + i * rowStride + p`
    static void copyRows(float[] from, int start, int rowStride, int rows, int depth, float[] to) {
        copyRuns(from, start, rowStride, to, 0, SimdTiles.ROW, rows, depth, SimdTiles.ROW);
    }

    /// Copies columns of A.
    ///
    /// @param from element (i, p) is at `start + i + p * columnStride`
    static void copyColumns(float[] from, int start, int columnStride, int rows, int depth, float[] to) {
        for (int i = 0; i < rows; i += SimdTiles.COLUMN) {
            copyRuns(from, start + i, columnStride, to, i * depth, SimdTiles.COLUMN, depth, Math.min(rows - i, SimdTiles.COLUMN),
                    SimdTiles.COLUMN);
        }
    }

    /// Elements that a copy of A takes, by columns or by rows.
    static int room(boolean byColumns, int rows, int depth) {
        return byColumns ? Math.ceilDiv(rows, SimdTiles.COLUMN) * SimdTiles.COLUMN * depth : rows * SimdTiles.ROW;
    }

    /// Copies runs of equal length. The last vector of a run overlaps the one before; a run shorter than a vector takes what is behind it
    /// along, if there is room.
    ///
    /// @param stride distance of the runs in `from`
    /// @param room elements from the beginning of a run on that may become anything
    static void copyRuns(float[] from, int start, int stride, float[] to, int toStart, int toStride, int count, int length, int room) {
        if (length < LANES) {
            int whole = room < LANES ? 0 : Math.clamp(Math.floorDiv(from.length - LANES - start, Math.max(1, stride)) + 1L, 0, count);
            for (int i = 0; i < whole; i++) {
                FloatVector.fromArray(SPECIES, from, start + i * stride).intoArray(to, toStart + i * toStride);
            }
            for (int i = whole; i < count; i++) {
                for (int c = 0; c < length; c++) {
                    to[toStart + i * toStride + c] = from[start + i * stride + c];
                }
            }
            return;
        }
        for (int i = 0; i < count; i++) {
            int source = start + i * stride;
            int target = toStart + i * toStride;
            for (int c = 0; c < length - LANES; c += LANES) {
                FloatVector.fromArray(SPECIES, from, source + c).intoArray(to, target + c);
            }
            FloatVector.fromArray(SPECIES, from, source + length - LANES).intoArray(to, target + length - LANES);
        }
    }

    /// Packs some full strips.
    ///
    /// @param from element (p, j) is at `start + p * along + j * across`
    /// @param count of strips
    /// @param width elements of a strip for each p: one or two vectors
    /// @param length distance of the strips' beginnings
    static void packStrips(float[] from, int start, int across, int along, int count, int depth, float[] to, int toStart, int width,
            int length) {
        for (int s = 0; s < count; s++) {
            packStrip(from, start + s * width * across, across, along, width, depth, to, toStart + s * length, width);
        }
    }

    /// Packs one strip, which need not be full: what is beyond `count` for each p may become anything.
    static void packStrip(float[] from, int start, int across, int along, int count, int depth, float[] to, int toStart, int width) {
        if (across == 1) {
            copyRuns(from, start, along, to, toStart, width, depth, count, width);
        } else if (along == 1 && depth >= LANES && count > 2) {
            transpose(from, start, across, count, depth, to, toStart, width);
        } else {
            move(from, start, across, along, count, depth, to, toStart, width);
        }
    }

    private static void move(float[] from, int start, int across, int along, int count, int depth, float[] to, int toStart,
            int width) {
        for (int i = 0; i < count; i++) {
            int source = start + i * across;
            int target = toStart + i;
            for (int p = 0; p < depth; p++) {
                to[target + p * width] = from[source + p * along];
            }
        }
    }

    /// Transposes squares as wide as a vector, the last of which overlaps the one before. Rows that are not there are replaced by the last.
    private static void transpose(float[] from, int start, int across, int count, int depth, float[] to, int toStart, int width) {
        float[] here = Scratch.SQUARE.array(2 * LANES * LANES);
        for (int i = 0; i < count; i += LANES) {
            for (int block = 0; block < depth; block += LANES) {
                int p = Math.min(block, depth - LANES);
                zip(from, start + i * across + p, across, count - 1 - i, here, 0, LANES);
                int at = 0;
                for (int step = 1; step < STEPS - 1; step++, at = LANES * LANES - at) {
                    zip(here, at, LANES, LANES, here, LANES * LANES - at, LANES);
                }
                zip(here, at, LANES, LANES, to, toStart + i + p * width, width);
            }
        }
    }

    /// A step of a transposition: rows i and i + LANES / 2 become rows 2 i and 2 i + 1 by their elements in turn, first of the first
    /// halves, then of the last. As many such steps as the binary logarithm of LANES transpose a square.
    private static void zip(float[] from, int start, int stride, int last, float[] to, int toStart, int toStride) {
        for (int i = 0; i < LANES / 2; i++) {
            int at = toStart + 2 * i * toStride;
            FloatVector a = FloatVector.fromArray(SPECIES, from, start + Math.min(i, last) * stride);
            FloatVector b = FloatVector.fromArray(SPECIES, from, start + Math.min(i + LANES / 2, last) * stride);
            a.rearrange(FIRST_HALF).blend(b.rearrange(FIRST_HALF), ODD).intoArray(to, at);
            a.rearrange(LAST_HALF).blend(b.rearrange(LAST_HALF), ODD).intoArray(to, at + toStride);
        }
    }
}
