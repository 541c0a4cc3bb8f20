package dev.headstart.tensor.kernel.simd;

import static dev.headstart.tensor.kernel.simd.SimdConv.evenly;
import static dev.headstart.tensor.kernel.simd.SimdConv.vectors;
import static dev.headstart.tensor.kernel.simd.SimdTiles.LANES;

import dev.headstart.tensor.Workers;
import dev.headstart.tensor.kernel.Gemm;
import dev.headstart.tensor.kernel.InitialRows;
import java.util.Arrays;

/// Patches times packed weights, added to pixels of an image, for each group of channels.
///
/// The blocks of all groups are one parallel region; those of the same pixels follow each other, as their channels do in memory.
///
/// As in [SimdGemm], a block of rows goes through k in pieces: the piece of a few rows' patches is copied, then every strip of columns
/// meets it. Pixels that do not follow each other evenly in memory, and columns that end within a vector, are computed in a block of their
/// own, copied in before and out after.
final class SimdConvProduct {
    private static final int STRIP = 2 * LANES;
    private static final int DEPTH = 256;
    private static final int ROWS = 288;
    private static final int FEWEST_ROWS = 48;
    private static final int COLUMNS = 16 * STRIP;

    /// Rows whose patches are copied at a time.
    private static final int CHUNK = 24;

    /// Parts of the work, if that leaves each enough: threads end at nearly the same time.
    private static final int PARTS = 16;
    private static final long TASK = 1 << 20;

    private final SimdPatches patches;
    private final int groups;
    private final int m;
    private final int n;
    private final int k;
    private final float[] c;
    private final int cStart;
    private final int pixelStride;
    private final int lineStride;
    private final int imageStride;
    private final InitialRows start;
    private final boolean even; // whether each pixel is as far from the one before
    private final float[] strips;
    private final int stripsSize; // of a group

    /// @param n columns of a group's weights: channels of the result
    /// @param cStart where pixel (n, i, j) of the grid is added: at `cStart + n * imageStride + i * lineStride + j * pixelStride`, one
    ///     group's channels behind the other's
    SimdConvProduct(SimdPatches patches, int groups, int n, float[] c, int cStart, int pixelStride, int lineStride, int imageStride,
            InitialRows start) {
        this.patches = patches;
        this.groups = groups;
        this.m = patches.positions();
        this.n = n;
        this.k = patches.steps();
        this.c = c;
        this.cStart = cStart;
        this.pixelStride = pixelStride;
        this.lineStride = lineStride;
        this.imageStride = imageStride;
        this.start = start;
        this.even = lineStride == patches.gridWidth() * pixelStride && imageStride == patches.gridHeight() * lineStride;
        this.stripsSize = Math.multiplyExact(k, Math.ceilDiv(n, LANES) * LANES);
        this.strips = Scratch.STRIPS.array(Math.multiplyExact(groups, stripsSize));
    }

    @FunctionalInterface
    interface Packing {
        /// Packs `count` of a group's columns from number `j` on as a strip of this width at `to`.
        void pack(int group, int j, int count, int width, float[] strips, int to);
    }

    /// Packs the weights.
    void packColumns(Workers workers, Packing packing) {
        int perTask = Math.clamp((1 << 15) / (k * STRIP), 1, 64);
        int inGroup = Math.ceilDiv(n, STRIP);
        int count = groups * inGroup;
        workers.forEach(Math.ceilDiv(count, perTask), task -> {
            for (int strip = task * perTask; strip < Math.min(count, (task + 1) * perTask); strip++) {
                int group = strip / inGroup;
                int j = strip % inGroup * STRIP;
                int columns = Math.min(STRIP, n - j);
                packing.pack(group, j, columns, vectors(columns) * LANES, strips, group * stripsSize + j * k);
            }
        });
    }

    /// Buffers of one thread.
    ///
    /// @param rows a few rows of patches, for one piece of k
    /// @param block of the result
    /// @param later a block for what comes after the first K_BLOCK steps
    private record Buffers(float[] rows, float[] block, float[] later) {}

    /// Adds the product.
    void multiply(Workers workers) {
        long enough = Math.max(FEWEST_ROWS, TASK / ((long) n * k));
        int height = evenly(m, (int) Math.clamp((long) m * groups / PARTS, Math.min(enough, ROWS), ROWS), 24);
        int down = Math.ceilDiv(m, height);
        int width = evenly(n, Math.clamp((long) n * down * groups / PARTS, 4 * STRIP, COLUMNS), STRIP);
        int across = Math.ceilDiv(n, width);
        int blocks = Math.multiplyExact(down * across, groups);
        int inTask = Math.clamp(TASK / ((long) Math.min(m, height) * Math.min(n, width) * k), 1, blocks);
        int area = height * width;
        workers.forEach(Math.ceilDiv(blocks, inTask), task -> {
            Buffers buffers = new Buffers(Scratch.ROWS.array(SimdPacking.room(false, CHUNK, DEPTH)),
                    Scratch.BLOCK.array(even && n % LANES == 0 ? 0 : area), Scratch.LATER.array(k > Gemm.K_BLOCK ? area : 0));
            for (int block = task * inTask; block < Math.min(blocks, (task + 1) * inTask); block++) {
                int group = block / across % groups;
                int i = block / across / groups * height;
                int j = block % across * width;
                multiplyBlock(buffers, group, i, Math.min(height, m - i), j, Math.min(width, n - j));
            }
        });
    }

    /// Where a position's pixel begins.
    private int at(int position) {
        int line = position / patches.gridWidth();
        return cStart + line / patches.gridHeight() * imageStride + line % patches.gridHeight() * lineStride
                + position % patches.gridWidth() * pixelStride;
    }

    private void multiplyBlock(Buffers buffers, int group, int row, int height, int column, int width) {
        int channel = group * n + column;
        if (even && width % LANES == 0) {
            int at = cStart + row * pixelStride + channel;
            start.begin(c, at, height, pixelStride, channel, width);
            multiplyBlock(buffers, group, row, height, column, width, c, at, pixelStride);
            return;
        }
        int padded = Math.ceilDiv(width, LANES) * LANES;
        for (int i = 0; start.equals(InitialRows.ACCUMULATE) && i < height; i++) {
            System.arraycopy(c, at(row + i) + channel, buffers.block, i * padded, width);
        }
        start.begin(buffers.block, 0, height, padded, channel, width);
        multiplyBlock(buffers, group, row, height, column, width, buffers.block, 0, padded);
        for (int i = 0; i < height; i++) {
            System.arraycopy(buffers.block, i * padded, c, at(row + i) + channel, width);
        }
    }

    /// Adds all steps to a block whose rows are so wide that whole vectors fit.
    private void multiplyBlock(Buffers buffers, int group, int row, int height, int column, int width, float[] to, int toStart,
            int toStride) {
        multiplySteps(buffers, 0, Math.min(k, Gemm.K_BLOCK), group, row, height, column, width, to, toStart, toStride);
        int padded = Math.ceilDiv(width, LANES) * LANES;
        for (int from = Gemm.K_BLOCK; from < k; from += Gemm.K_BLOCK) {
            Arrays.fill(buffers.later, 0, height * padded, 0);
            multiplySteps(buffers, from, Math.min(k, from + Gemm.K_BLOCK), group, row, height, column, width, buffers.later, 0, padded);
            for (int i = 0; i < height; i++) {
                for (int j = 0; j < width; j++) {
                    to[toStart + i * toStride + j] += buffers.later[i * padded + j];
                }
            }
        }
    }

    /// Adds some steps, piece by piece.
    private void multiplySteps(Buffers buffers, int from, int to, int group, int row, int height, int column, int width,
            float[] c, int cStart, int cRowStride) {
        int piece = evenly(to - from, DEPTH, 1);
        for (int p = from; p < to; p += piece) {
            int depth = Math.min(piece, to - p);
            for (int i = 0; i < height; i += CHUNK) {
                multiplyRows(buffers.rows, group, row + i, Math.min(CHUNK, height - i), p, depth, column, width, c,
                        cStart + i * cRowStride, cRowStride);
            }
        }
    }

    /// Adds a piece of k to some rows: their patches stay in the first-level cache while the strips of columns pass by.
    private void multiplyRows(float[] rows, int group, int row, int height, int p, int depth, int column, int width, float[] c,
            int cStart, int cRowStride) {
        patches.copy(group, row, height, p, depth, rows, 0, SimdTiles.ROW);
        for (int j = 0; j < width; j += STRIP) {
            int vectors = vectors(Math.min(STRIP, width - j));
            int strip = group * stripsSize + (column + j) * k + p * vectors * LANES;
            for (int i = 0, tile; i < height; i += tile) {
                tile = SimdTiles.height(height - i);
                SimdTiles.multiplyRows(tile, vectors, depth, rows, i * SimdTiles.ROW, strips, strip, c, cStart + i * cRowStride + j,
                        cRowStride);
            }
        }
    }
}
