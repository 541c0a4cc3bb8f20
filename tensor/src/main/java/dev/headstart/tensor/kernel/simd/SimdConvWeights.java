package dev.headstart.tensor.kernel.simd;

import static dev.headstart.tensor.kernel.simd.SimdConv.evenly;
import static dev.headstart.tensor.kernel.simd.SimdConv.vectors;
import static dev.headstart.tensor.kernel.simd.SimdTiles.LANES;

import dev.headstart.tensor.Workers;
import dev.headstart.tensor.kernel.Gemm;

/// The transposed gradient of a convolution's result times the patches of its input, added to the gradient of the weights, for each group
/// of channels. The blocks of all groups are one parallel region.
///
/// The chain runs over positions, of which there are many where weights are few. So the blocks of [Gemm#K_BLOCK] steps are tasks too, as
/// many at a time as there is room for; their results are added in order.
final class SimdConvWeights {
    private static final int STRIP = 2 * LANES;
    private static final int DEPTH = 256;
    private static final int ROWS = 288;
    private static final int PARTS = 16;
    private static final long TASK = 1 << 20;

    /// Elements of the partial results that are there at the same time.
    private static final int ROOM = 1 << 23;

    private final SimdPatches patches;
    private final int groups;
    private final int m;
    private final int n;
    private final int positions;
    private final float[] dY;
    private final int dYStart;
    private final int dYStride;
    private final float[] dW;
    private final int dWStart;
    private final int padded; // n, rounded up to whole vectors

    /// @param m channels of dY in a group; pixels are dYStride apart
    SimdConvWeights(SimdPatches patches, int groups, int m, float[] dY, int dYStart, int dYStride, float[] dW, int dWStart) {
        this.patches = patches;
        this.groups = groups;
        this.m = m;
        this.n = patches.steps();
        this.positions = patches.positions();
        this.dY = dY;
        this.dYStart = dYStart;
        this.dYStride = dYStride;
        this.dW = dW;
        this.dWStart = dWStart;
        this.padded = Math.ceilDiv(n, LANES) * LANES;
    }

    /// Adds the product.
    void multiply(Workers workers) {
        int size = Math.multiplyExact(groups * m, padded);
        int chains = Math.ceilDiv(positions, Gemm.K_BLOCK);
        int atOnce = Math.clamp(ROOM / size, 1, chains);
        int height = evenly(m, ROWS, SimdTiles.ROWS);
        int down = Math.ceilDiv(m, height);
        int strips = Math.ceilDiv(n, STRIP);
        int width = evenly(strips, Math.clamp((long) strips * down * groups * atOnce / PARTS, 4, 16), 1) * STRIP;
        int across = Math.ceilDiv(n, width);
        int blocks = groups * down * across;
        int depth = Math.min(DEPTH, positions);
        float[] results = Scratch.RESULTS.array(Math.multiplyExact(atOnce, size));
        for (int first = 0; first < chains; first += atOnce) {
            int start = first;
            int count = Math.min(atOnce, chains - first);
            int inTask = Math.clamp(TASK / ((long) Math.min(m, height) * Math.min(n, width) * Math.min(positions, Gemm.K_BLOCK)), 1,
                    count * blocks);
            workers.forEach(Math.ceilDiv(count * blocks, inTask), task -> {
                float[] rows = Scratch.ROWS.array(SimdPacking.room(true, height, depth));
                float[] packedColumns = Scratch.COLUMNS.array(width * depth);
                for (int block = task * inTask; block < Math.min(count * blocks, (task + 1) * inTask); block++) {
                    int group = block / across / down % groups;
                    int i = block / across % down * height;
                    int j = block % across * width;
                    int chain = block / blocks;
                    multiplyBlock(rows, packedColumns, (start + chain) * Gemm.K_BLOCK, group, i, Math.min(height, m - i),
                            j, Math.min(width, n - j), results, chain * size);
                }
            });
            add(workers, results, start, count);
        }
    }

    /// Adds chains that are done to dW; the very first started from it.
    private void add(Workers workers, float[] results, int start, int count) {
        int perTask = Math.max(1, (1 << 15) / n);
        int rows = groups * m;
        workers.forEach(Math.ceilDiv(rows, perTask), task -> {
            for (int i = task * perTask; i < Math.min(rows, (task + 1) * perTask); i++) {
                int to = dWStart + i * n;
                for (int chain = 0; chain < count; chain++) {
                    if (start + chain == 0) {
                        System.arraycopy(results, i * padded, dW, to, n);
                    } else {
                        addRow(results, (chain * rows + i) * padded, dW, to, n);
                    }
                }
            }
        });
    }

    private static void addRow(float[] from, int start, float[] to, int toStart, int n) {
        for (int j = 0; j < n; j++) {
            to[toStart + j] += from[start + j];
        }
    }

    /// Computes the chains of a block over the positions from `first` on, from where they start.
    ///
    /// @param row the block's first of its group's rows
    private void multiplyBlock(float[] rows, float[] packedColumns, int first, int group, int row, int height, int column, int width,
            float[] c, int cStart) {
        int end = Math.min(positions, first + Gemm.K_BLOCK);
        int top = group * m + row;
        for (int i = top; i < top + height; i++) {
            int to = cStart + i * padded + column;
            if (first == 0) {
                System.arraycopy(dW, dWStart + i * n + column, c, to, width);
            } else {
                java.util.Arrays.fill(c, to, to + width, 0);
            }
        }
        int piece = evenly(end - first, DEPTH, 1);
        for (int p = first; p < end; p += piece) {
            int depth = Math.min(piece, end - p);
            SimdPacking.copyColumns(dY, dYStart + p * dYStride + top, dYStride, height, depth, rows);
            for (int j = 0; j < width; j += STRIP) {
                int count = Math.min(STRIP, width - j);
                patches.copy(group, p, depth, column + j, count, packedColumns, 0, vectors(count) * LANES);
                for (int i = 0, tile; i < height; i += tile) {
                    tile = SimdTiles.height(height - i);
                    SimdTiles.multiplyColumns(tile, vectors(count), depth, rows, SimdTiles.inColumns(i, depth), packedColumns, 0,
                            c, cStart + (top + i) * padded + column + j, padded);
                }
            }
        }
    }
}
