package dev.headstart.tensor.kernel.simd;

import static dev.headstart.tensor.kernel.simd.SimdTiles.LANES;
import static dev.headstart.tensor.kernel.simd.SimdTiles.SPECIES;

import dev.headstart.tensor.Workers;
import dev.headstart.tensor.kernel.Gemm;
import dev.headstart.tensor.kernel.InitialRows;
import dev.headstart.tensor.kernel.Matrices;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.jspecify.annotations.Nullable;

/// Matrix products from copied operands and register tiles.
///
/// The method is Goto's (K. Goto, R. van de Geijn: *Anatomy of High-Performance Matrix Multiplication*, 2008). C is cut into blocks, and k
/// into pieces of at most [#DEPTH] steps. Of each piece, the block's rows of A are copied, by rows or by columns as they lie in memory, its
/// columns of B packed into strips as wide as a tile, and the micro-kernels of [SimdTiles] go over all tiles: one strip of B stays in the
/// nearest caches meanwhile, all rows of A in the second. Between pieces an accumulator waits in C, which costs no precision, so neither
/// the pieces nor the tiles show in the result.
///
/// - Where many blocks lie above each other, all of B is packed once, before; else each block packs for itself, a strip at a time.
/// - Where C has few rows, a B with contiguous rows is read in place; a single row by the tiles of [SimdRow].
/// - Small blocks, as of a batch, share a task.
/// - Columns that do not fill a vector are computed in a scratch tile, with a padded strip of B.
final class SimdGemm implements Gemm {
    /// Columns of a strip of B.
    private static final int STRIP = 2 * LANES;

    /// Most steps of k between two visits to C. A strip of B of this length takes two thirds of a first-level cache of 48 KB; where that
    /// has 32 KB, shorter ones were no faster.
    private static final int DEPTH = 256;

    /// Most rows and columns of a block: packed, its rows of A stay in the second-level cache.
    private static final int ROWS = 288;
    private static final int COLUMNS = 16 * STRIP;

    /// Fewest rows of a block that shares its packed B with others.
    private static final int FEWEST_SHARING = 2 * SimdTiles.ROWS;

    /// Blocks that share a packed B are so many, if that leaves each enough work: threads end at nearly the same time.
    private static final int PARTS = 16;

    /// So few rows of C do not repay packing a B whose rows are contiguous; the second holds where that of A are not.
    private static final int FEW_ROWS = 64;
    private static final int FEWEST_ROWS = 8;

    /// Multiply-adds that make a task worth handing to another thread.
    private static final long TASK = 1 << 20;

    /// Elements of B that make packing them worth handing to another thread.
    private static final int PACKING = 1 << 15;

    /// Most elements of B that are packed before.
    private static final int SHARED = 1 << 22;

    @Override
    public void multiply(Workers workers, int m, int n, int k, Matrices a, Matrices b, Matrices c, InitialRows start) {
        if (m == 0 || n == 0 || k == 0) {
            for (int offset : c.offsets()) {
                start.begin(c.data(), offset, m, c.rowStride(), 0, n);
            }
            return;
        }
        Product product = new Product(m, n, k, a, b, c, start);
        int batch = c.entries();
        if (batch == 1
                ? product.work() >= 4 * TASK && m >= 2 * FEWEST_SHARING && !product.columnsInPlace()
                : m > 2 * ROWS && product.work() >= 16 * TASK) {
            for (int entry = 0; entry < batch; entry++) {
                product.packThenMultiply(workers, entry);
            }
        } else {
            product.multiply(workers, batch);
        }
    }

    /// The operands.
    private record Product(int m, int n, int k, Matrices a, Matrices b, Matrices c, InitialRows start) {
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
            float[] strips = Scratch.STRIPS.array(Math.multiplyExact(k, columnsAtOnce));
            for (int from = 0; from < n; from += columnsAtOnce) {
                int start = from;
                int columns = Math.min(columnsAtOnce, n - start);
                int depth = b.columnStride() == 1 ? evenly(k, Math.max(8, PACKING / columns), 8) : k;
                int width = b.columnStride() == 1 ? columns : evenly(columns, Math.max(STRIP, PACKING / k), STRIP);
                int across = Math.ceilDiv(columns, width);
                workers.forEach(across * Math.ceilDiv(k, depth), part -> {
                    int p = part / across * depth;
                    int j = part % across * width;
                    packColumns(entry, p, Math.min(depth, k - p), start + j, Math.min(width, columns - j), strips, j * k, p, k);
                });
                forEachBlock(workers, entry, 1, start, columns, evenly(columns, COLUMNS, STRIP), strips);
            }
        }

        /// Computes some columns of some entries, a block at a time.
        ///
        /// @param strips these columns of B packed, or null
        private void forEachBlock(Workers workers, int firstEntry, int entries, int firstColumn, int columns, int width,
                float @Nullable [] strips) {
            int across = Math.ceilDiv(columns, width);
            int height = evenly(m, strips == null ? ROWS : sharing(across, width), SimdTiles.ROWS);
            int down = Math.ceilDiv(m, height);
            int blocks = Math.multiplyExact(entries, down * across);
            int blocksInTask = Math.clamp(TASK / ((long) Math.min(m, height) * Math.min(columns, width) * k), 1, Math.max(1, blocks));
            workers.forEach(Math.ceilDiv(blocks, blocksInTask), task -> {
                float[] rows = Scratch.ROWS.array(SimdPacking.room(byColumns(), Math.min(m, height), Math.min(k, DEPTH)));
                float[] packedColumns = Scratch.COLUMNS.array(strips == null ? columnsToPack(width) : 0);
                Block one = new Block(this, rows, packedColumns, strips);
                for (int block = task * blocksInTask; block < Math.min(blocks, (task + 1) * blocksInTask); block++) {
                    int i = block / across % down * height;
                    int j = block % across * width;
                    one.moveTo(firstEntry + block / across / down, i, Math.min(height, m - i), firstColumn + j,
                            Math.min(width, columns - j), j);
                    one.multiply();
                }
            });
        }

        /// Most rows of a block that shares its packed B.
        private int sharing(int across, int width) {
            long enough = Math.max(FEWEST_SHARING, TASK / ((long) width * k));
            return (int) Math.clamp((long) m * across / PARTS, Math.min(enough, ROWS), ROWS);
        }

        /// Copies rows of A, by columns if it lies in memory so.
        void copyRows(int entry, int p, int depth, int i, int height, float[] to) {
            int start = a.offsets()[entry] + i * a.rowStride() + p * a.columnStride();
            if (byColumns()) {
                SimdPacking.copyColumns(a.data(), start, a.columnStride(), height, depth, to);
            } else if (a.columnStride() == 1) {
                SimdPacking.copyRows(a.data(), start, a.rowStride(), height, depth, to);
            } else {
                SimdPacking.packStrip(a.data(), start, a.columnStride(), a.rowStride(), depth, height, to, 0, SimdTiles.ROW);
            }
        }

        /// Whether A is copied by columns; a B that is read where it is needs it by rows.
        boolean byColumns() {
            return a.rowStride() == 1 && a.columnStride() != 1 && !columnsInPlace();
        }

        /// Packs columns of B into strips as wide as the tiles.
        ///
        /// @param toStart where the first strip begins
        /// @param toStep which step of the strips' is the first
        /// @param steps number of steps that the strips have room for
        void packColumns(int entry, int p, int depth, int j, int width, float[] to, int toStart, int toStep, int steps) {
            int start = b.offsets()[entry] + p * b.rowStride() + j * b.columnStride();
            int full = width / STRIP;
            SimdPacking.packStrips(b.data(), start, b.columnStride(), b.rowStride(), full, depth, to, toStart + toStep * STRIP, STRIP,
                    steps * STRIP);
            int left = width - full * STRIP;
            if (left > 0) {
                int leftWidth = vectors(left) * LANES;
                SimdPacking.packStrip(b.data(), start + full * STRIP * b.columnStride(), b.columnStride(), b.rowStride(), left, depth,
                        to, toStart + full * steps * STRIP + toStep * leftWidth, leftWidth);
            }
        }

        /// Whether columns of B are read where they are, as far as they fill strips.
        boolean columnsInPlace() {
            return b.columnStride() == 1 && m <= (a.columnStride() == 1 ? FEW_ROWS : FEWEST_ROWS);
        }

        /// Elements of B that a block packs at a time.
        int columnsToPack(int width) {
            return (columnsInPlace() ? STRIP : Math.ceilDiv(Math.min(n, width), STRIP) * STRIP) * Math.min(k, DEPTH);
        }
    }

    /// A block of C.
    private static final class Block {
        private final Product product;
        private final float[] rows; // of A, copied, for the piece of k at hand
        private final float[] packedColumns; // of B, likewise
        private final float @Nullable [] strips; // packed columns of B with all of k
        private int entry;
        private int row;
        private int height;
        private int column;
        private int width;
        private int stripColumn; // which column of the strips is the block's first

        Block(Product product, float[] rows, float[] packedColumns, float @Nullable [] strips) {
            this.product = product;
            this.rows = rows;
            this.packedColumns = packedColumns;
            this.strips = strips;
        }

        /// The same object for the next block of a task: attention has thousands of small ones.
        void moveTo(int toEntry, int toRow, int toHeight, int toColumn, int toWidth, int toStripColumn) {
            entry = toEntry;
            row = toRow;
            height = toHeight;
            column = toColumn;
            width = toWidth;
            stripColumn = toStripColumn;
        }

        void multiply() {
            int k = product.k;
            int start = product.c.offsets()[entry] + row * product.c.rowStride() + column;
            product.start.begin(product.c.data(), start, height, product.c.rowStride(), column, width);
            multiply(0, Math.min(k, K_BLOCK), product.c.data(), start, product.c.rowStride());
            for (int from = K_BLOCK; from < k; from += K_BLOCK) {
                float[] later = Scratch.LATER.array(height * width);
                Arrays.fill(later, 0, height * width, 0);
                multiply(from, Math.min(k, from + K_BLOCK), later, 0, width);
                for (int i = 0; i < height; i++) {
                    for (int j = 0; j < width; j++) {
                        product.c.data()[start + i * product.c.rowStride() + j] += later[i * width + j];
                    }
                }
            }
        }

        /// Adds the steps of k in a range, which is no longer than [#K_BLOCK], piece by piece.
        private void multiply(int from, int to, float[] c, int cStart, int cRowStride) {
            int piece = evenly(to - from, DEPTH, 1);
            for (int p = from; p < to; p += piece) {
                int depth = Math.min(piece, to - p);
                product.copyRows(entry, p, depth, row, height, rows);
                multiplyPiece(p, depth, c, cStart, cRowStride);
            }
        }

        /// Multiplies some steps of all rows by those of all columns.
        private void multiplyPiece(int p, int depth, float[] c, int cStart, int cRowStride) {
            if (strips != null) {
                for (int j = 0; j < width; j += STRIP) {
                    int count = Math.min(STRIP, width - j);
                    int stripWidth = vectors(count) * LANES;
                    multiplyStrip(depth, count, strips, (stripColumn + j) * product.k + p * stripWidth, stripWidth, c, cStart + j,
                            cRowStride);
                }
                return;
            }
            int inPlace = product.columnsInPlace() ? width / STRIP * STRIP : 0;
            int start = product.b.offsets()[entry] + p * product.b.rowStride() + column * product.b.columnStride();
            int inRow = height == 1 ? inPlace / SimdRow.WIDTH * SimdRow.WIDTH : 0;
            SimdRow.multiply(inRow, depth, rows, product.b.data(), start, product.b.rowStride(), c, cStart);
            for (int j = inRow; j < inPlace; j += STRIP) {
                multiplyStrip(depth, STRIP, product.b.data(), start + j, product.b.rowStride(), c, cStart + j, cRowStride);
            }
            product.packColumns(entry, p, depth, column + inPlace, width - inPlace, packedColumns, 0, 0, depth);
            for (int j = inPlace; j < width; j += STRIP) {
                int count = Math.min(STRIP, width - j);
                multiplyStrip(depth, count, packedColumns, (j - inPlace) * depth, vectors(count) * LANES, c, cStart + j, cRowStride);
            }
        }

        /// Multiplies all rows by one strip of B.
        private void multiplyStrip(int depth, int count, float[] b, int bStart, int bRowStride, float[] c, int cStart, int cRowStride) {
            boolean whole = count % LANES == 0;
            float[] tile = whole ? packedColumns : Scratch.TILE.array(SimdTiles.ROWS * STRIP);
            for (int i = 0, tileHeight; i < height; i += tileHeight) {
                tileHeight = SimdTiles.height(height - i);
                int start = cStart + i * cRowStride;
                if (whole) {
                    multiplyTile(i, tileHeight, vectors(count), depth, b, bStart, bRowStride, c, start, cRowStride);
                } else {
                    copyIn(tileHeight, count, c, start, cRowStride, tile);
                    multiplyTile(i, tileHeight, vectors(count), depth, b, bStart, bRowStride, tile, 0, STRIP);
                    copyOut(tileHeight, count, tile, c, start, cRowStride);
                }
            }
        }

        private void multiplyTile(int i, int height, int vectors, int depth, float[] b, int bStart, int bRowStride,
                float[] c, int cStart, int cRowStride) {
            if (product.byColumns()) {
                SimdTiles.multiplyColumns(height, vectors, depth, rows, SimdTiles.inColumns(i, depth), b, bStart, c, cStart, cRowStride);
            } else if (bRowStride == vectors * LANES) {
                SimdTiles.multiplyRows(height, vectors, depth, rows, i * SimdTiles.ROW, b, bStart, c, cStart, cRowStride);
            } else {
                SimdTiles.multiplyDirect(height, vectors, depth, rows, i * SimdTiles.ROW, b, bStart, bRowStride, c, cStart, cRowStride);
            }
        }

        /// Fills the scratch tile from columns of C that end within a vector.
        private static void copyIn(int rows, int columns, float[] c, int start, int rowStride, float[] tile) {
            int whole = columns < LANES ? 0 : LANES;
            VectorMask<Float> rest = SPECIES.indexInRange(0, columns - whole);
            for (int i = 0; i < rows; i++) {
                int from = start + i * rowStride;
                if (whole > 0) {
                    FloatVector.fromArray(SPECIES, c, from).intoArray(tile, i * STRIP);
                }
                FloatVector.fromArray(SPECIES, c, from + whole, rest).intoArray(tile, i * STRIP + whole);
            }
        }

        /// Copies the scratch tile back.
        private static void copyOut(int rows, int columns, float[] tile, float[] c, int start, int rowStride) {
            int whole = columns < LANES ? 0 : LANES;
            VectorMask<Float> rest = SPECIES.indexInRange(0, columns - whole);
            for (int i = 0; i < rows; i++) {
                int to = start + i * rowStride;
                if (whole > 0) {
                    FloatVector.fromArray(SPECIES, tile, i * STRIP).intoArray(c, to);
                }
                FloatVector.fromArray(SPECIES, tile, i * STRIP + whole).intoArray(c, to + whole, rest);
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
