package dev.headstart.tensor.kernel.simd;

import static dev.headstart.tensor.kernel.simd.SimdTiles.LANES;

import dev.headstart.tensor.Workers;
import dev.headstart.tensor.kernel.Gemm;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// Matrix products from packed operands and register tiles.
///
/// The method is Goto's (K. Goto, R. van de Geijn: *Anatomy of High-Performance Matrix Multiplication*, 2008). C is cut into blocks, and k into
/// pieces of at most [#DEPTH] steps. Of each piece, the block's rows of A are packed into strips as high as a tile, its columns of B into strips as
/// wide as a tile, and the micro-kernels of [SimdTiles] go over all tiles: one strip of B stays in the first-level cache meanwhile, all strips
/// of A in the second. Between pieces an accumulator waits in C, which costs no precision, so neither the pieces nor the tiles show in the result.
///
/// - Where many blocks lie above each other, all of B is packed once, before; else each block packs for itself, a strip at a time.
/// - Where C has few rows, a B with contiguous rows is read in place.
/// - Small blocks, as of a batch, share a task.
/// - Columns that do not fill a vector are computed in a scratch tile, with a padded strip of B.
final class SimdGemm implements Gemm {
    /// Columns of a strip of B.
    private static final int STRIP = 2 * LANES;

    /// Most steps of k between two visits to C: a strip of B of this length takes two thirds of a first-level cache of 48 KB.
    private static final int DEPTH = 256;

    /// Most rows and columns of a block: packed, its rows of A stay in the second-level cache.
    private static final int ROWS = 288;
    private static final int COLUMNS = 16 * STRIP;

    /// So few rows do not repay packing a B that can be read in place.
    private static final int FEW_ROWS = 8;

    /// Multiply-adds that make a task worth handing to another thread.
    private static final long TASK = 1 << 20;

    /// Most elements of B that are packed before.
    private static final int SHARED = 1 << 22;

    @Override
    public void multiply(Workers workers, int batch, int m, int n, int k,
            float[] a, int[] aOffsets, int aRowStride, int aColumnStride,
            float[] b, int[] bOffsets, int bRowStride, int bColumnStride,
            float[] c, int[] cOffsets, int cRowStride) {
        if (m == 0 || n == 0 || k == 0) {
            return;
        }
        Product product = new Product(m, n, k, a, aOffsets, aRowStride, aColumnStride, b, bOffsets, bRowStride, bColumnStride,
                c, cOffsets, cRowStride);
        if (m > 2 * ROWS && (batch == 1 || product.work() >= 16 * TASK)) {
            for (int entry = 0; entry < batch; entry++) {
                product.packThenMultiply(workers, entry);
            }
        } else {
            product.multiply(workers, batch);
        }
    }

    /// Buffers of one thread at a time.
    private static final class Scratch {
        final float[] rows; // a block's rows of A, packed
        final float[] strip; // a strip of B
        final float[] tile = new float[SimdTiles.ROWS * STRIP]; // a tile of C that is not as wide as its vectors
        final float[] later; // a block of C for what comes after the first K_BLOCK steps

        Scratch(int rows, int strip, int later) {
            this.rows = new float[rows];
            this.strip = new float[strip];
            this.later = new float[later];
        }
    }

    /// The operands.
    private static final class Product {
        private final int m;
        private final int n;
        private final int k;
        private final float[] a;
        private final int[] aOffsets;
        private final int aRowStride;
        private final int aColumnStride;
        private final float[] b;
        private final int[] bOffsets;
        private final int bRowStride;
        private final int bColumnStride;
        private final float[] c;
        private final int[] cOffsets;
        private final int cRowStride;

        Product(int m, int n, int k, float[] a, int[] aOffsets, int aRowStride, int aColumnStride,
                float[] b, int[] bOffsets, int bRowStride, int bColumnStride, float[] c, int[] cOffsets, int cRowStride) {
            this.m = m;
            this.n = n;
            this.k = k;
            this.a = a;
            this.aOffsets = aOffsets;
            this.aRowStride = aRowStride;
            this.aColumnStride = aColumnStride;
            this.b = b;
            this.bOffsets = bOffsets;
            this.bRowStride = bRowStride;
            this.bColumnStride = bColumnStride;
            this.c = c;
            this.cOffsets = cOffsets;
            this.cRowStride = cRowStride;
        }

        /// Multiply-adds of one entry.
        long work() {
            return (long) m * n * k;
        }

        /// Computes all entries; blocks pack for themselves.
        void multiply(Workers workers, int batch) {
            int width = evenly(n, work() < 8 * TASK ? COLUMNS : Math.clamp(n / 8, 4 * STRIP, COLUMNS), STRIP);
            forEachBlock(workers, 0, batch, 0, n, width, null);
        }

        /// Computes one entry; B is packed first, or as much of it as is reasonable at a time.
        void packThenMultiply(Workers workers, int entry) {
            int columnsAtOnce = Math.clamp(SHARED / k / STRIP, 1, Math.ceilDiv(n, STRIP)) * STRIP;
            float[] strips = new float[Math.multiplyExact(k, columnsAtOnce)];
            int columnsInTask = Math.clamp(TASK / 8 / ((long) STRIP * k), 1, columnsAtOnce / STRIP) * STRIP;
            for (int from = 0; from < n; from += columnsAtOnce) {
                int start = from;
                int columns = Math.min(columnsAtOnce, n - start);
                workers.forEach(Math.ceilDiv(columns, columnsInTask), task -> {
                    for (int j = task * columnsInTask; j < Math.min(columns, (task + 1) * columnsInTask); j += STRIP) {
                        packColumns(entry, 0, k, start + j, Math.min(STRIP, columns - j), strips, j * k);
                    }
                });
                forEachBlock(workers, entry, 1, start, columns, evenly(columns, COLUMNS, STRIP), strips);
            }
        }

        /// Computes some columns of some entries, a block at a time.
        ///
        /// @param strips these columns of B packed, or null
        private void forEachBlock(Workers workers, int firstEntry, int entries, int firstColumn, int columns, int width,
                float @Nullable [] strips) {
            int height = evenly(m, ROWS, SimdTiles.ROWS);
            int down = Math.ceilDiv(m, height);
            int across = Math.ceilDiv(columns, width);
            int blocks = Math.multiplyExact(entries, down * across);
            int blocksInTask = Math.clamp(TASK / ((long) Math.min(m, height) * Math.min(columns, width) * k), 1, Math.max(1, blocks));
            Queue<Scratch> idle = new ConcurrentLinkedQueue<>();
            workers.forEach(Math.ceilDiv(blocks, blocksInTask), task -> {
                Scratch scratch = idle.poll();
                if (scratch == null) {
                    int depth = Math.min(k, DEPTH);
                    scratch = new Scratch(height * depth + SimdPacking.SLACK, strips == null ? STRIP * depth : 0, k > K_BLOCK ? height * width : 0);
                }
                for (int block = task * blocksInTask; block < Math.min(blocks, (task + 1) * blocksInTask); block++) {
                    int i = block / across % down * height;
                    int j = block % across * width;
                    new Block(this, scratch, firstEntry + block / across / down, i, Math.min(height, m - i),
                            firstColumn + j, Math.min(width, columns - j), strips, j).multiply();
                }
                idle.add(scratch);
            });
        }

        /// Packs rows of A into strips as high as the tiles.
        void packRows(int entry, int p, int depth, int i, int height, float[] to) {
            for (int done = 0, count; done < height; done += count) {
                count = SimdTiles.height(height - done);
                SimdPacking.pack(a, aOffsets[entry] + (i + done) * aRowStride + p * aColumnStride, aRowStride, aColumnStride, count, depth,
                        to, done * depth, count);
            }
        }

        /// Packs columns of B into a strip.
        void packColumns(int entry, int p, int depth, int j, int count, float[] to, int toStart) {
            int width = vectors(count) * LANES;
            SimdPacking.pack(b, bOffsets[entry] + p * bRowStride + j * bColumnStride, bColumnStride, bRowStride, count, depth, to, toStart,
                    width);
        }
    }

    /// A block of C.
    private static final class Block {
        private final Product product;
        private final Scratch scratch;
        private final int entry;
        private final int row;
        private final int height;
        private final int column;
        private final int width;
        private final float @Nullable [] strips; // packed columns of B with all of k
        private final int stripColumn; // which of them is the block's first

        Block(Product product, Scratch scratch, int entry, int row, int height, int column, int width,
                float @Nullable [] strips, int stripColumn) {
            this.product = product;
            this.scratch = scratch;
            this.entry = entry;
            this.row = row;
            this.height = height;
            this.column = column;
            this.width = width;
            this.strips = strips;
            this.stripColumn = stripColumn;
        }

        void multiply() {
            int k = product.k;
            int start = product.cOffsets[entry] + row * product.cRowStride + column;
            multiply(0, Math.min(k, K_BLOCK), product.c, start, product.cRowStride);
            for (int from = K_BLOCK; from < k; from += K_BLOCK) {
                float[] later = scratch.later;
                Arrays.fill(later, 0, height * width, 0);
                multiply(from, Math.min(k, from + K_BLOCK), later, 0, width);
                for (int i = 0; i < height; i++) {
                    for (int j = 0; j < width; j++) {
                        product.c[start + i * product.cRowStride + j] += later[i * width + j];
                    }
                }
            }
        }

        /// Adds the steps of k in a range, which is no longer than [#K_BLOCK], piece by piece.
        private void multiply(int from, int to, float[] c, int cStart, int cRowStride) {
            int piece = evenly(to - from, DEPTH, 1);
            for (int p = from; p < to; p += piece) {
                int depth = Math.min(piece, to - p);
                product.packRows(entry, p, depth, row, height, scratch.rows);
                for (int j = 0; j < width; j += STRIP) {
                    multiplyStrip(p, depth, j, Math.min(STRIP, width - j), c, cStart + j, cRowStride);
                }
            }
        }

        /// Finds or packs a strip of B, and multiplies all strips of A by it.
        private void multiplyStrip(int p, int depth, int j, int count, float[] c, int cStart, int cRowStride) {
            if (strips != null) {
                multiplyTiles(depth, count, strips, (stripColumn + j) * product.k + p * vectors(count) * LANES, c, cStart, cRowStride);
            } else if (product.bColumnStride == 1 && height <= FEW_ROWS && count == STRIP) {
                int start = product.bOffsets[entry] + p * product.bRowStride + column + j;
                for (int i = 0, rows; i < height; i += rows) {
                    rows = SimdTiles.height(height - i);
                    SimdTiles.multiplyInPlace(rows, depth, scratch.rows, i * depth, product.b, start, product.bRowStride,
                            c, cStart + i * cRowStride, cRowStride);
                }
            } else {
                product.packColumns(entry, p, depth, column + j, count, scratch.strip, 0);
                multiplyTiles(depth, count, scratch.strip, 0, c, cStart, cRowStride);
            }
        }

        /// Multiplies all strips of A by a packed one of B.
        private void multiplyTiles(int depth, int count, float[] b, int bStart, float[] c, int cStart, int cRowStride) {
            int vectors = vectors(count);
            float[] tile = scratch.tile;
            for (int i = 0, rows; i < height; i += rows) {
                rows = SimdTiles.height(height - i);
                int start = cStart + i * cRowStride;
                if (count == vectors * LANES) {
                    SimdTiles.multiply(rows, vectors, depth, scratch.rows, i * depth, b, bStart, c, start, cRowStride);
                } else {
                    copy(rows, count, c, start, cRowStride, tile, 0, STRIP);
                    SimdTiles.multiply(rows, vectors, depth, scratch.rows, i * depth, b, bStart, tile, 0, STRIP);
                    copy(rows, count, tile, 0, STRIP, c, start, cRowStride);
                }
            }
        }

        private static void copy(int rows, int columns, float[] from, int fromStart, int fromStride, float[] to, int toStart,
                int toStride) {
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < columns; j++) {
                    to[toStart + i * toStride + j] = from[fromStart + i * fromStride + j];
                }
            }
        }
    }

    /// Vectors that so many columns of a strip take.
    private static int vectors(int columns) {
        return columns > LANES ? 2 : 1;
    }

    /// The least multiple of `unit` that cuts `total` into as few parts as `most` does.
    private static int evenly(int total, int most, int unit) {
        int parts = Math.ceilDiv(total, most);
        return Math.ceilDiv(Math.ceilDiv(total, parts), unit) * unit;
    }
}
