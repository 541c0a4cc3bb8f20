package dev.headstart.tensor;

import dev.headstart.tensor.kernel.Binary;
import dev.headstart.tensor.kernel.Elementwise;
import dev.headstart.tensor.kernel.Gemm;
import dev.headstart.tensor.kernel.InitialRows;
import dev.headstart.tensor.kernel.Matrices;
import dev.headstart.tensor.kernel.Softmax;
import dev.headstart.tensor.kernel.choice.KernelChoice;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Scaled dot-product attention in strips of queries, forward and backward.
///
/// The weights of a strip, a few queries of a head by all its keys, are computed, used and forgotten: the whole `[time, other]` is never in
/// memory. Backward computes them again, which is one of its five products, and keeps nothing for it. A strip goes through the same kernels
/// as the whole would (matrix product, softmax, dropout), so the bits are those of the operators one after the other. Strips add to the
/// gradients of keys and values in ascending order, cut where a chain is, at multiples of [Gemm#K_BLOCK].
///
/// Queries, keys, values and results are `[batch, time, heads, headDim]`, and no head is moved out of there as a whole tensor; but while a
/// head is worked on, its keys and values are copied, and transposed, so that no product has to pack them for each strip.
///
/// Many heads are spread over the threads, and a thread's products are its own; few heads go side by side, and their products are spread.
public final class Attentions {
    private static final Gemm GEMM = KernelChoice.ACTIVE.gemm();
    private static final Softmax SOFTMAX = KernelChoice.ACTIVE.softmax();
    private static final Elementwise ELEMENTWISE = KernelChoice.ACTIVE.elementwise();

    /// Queries of a strip: a divisor of [Gemm#K_BLOCK], few enough for products to read their second operand in place.
    private static final int ROWS = 64;

    /// Weights of a task's strips, if that leaves enough tasks: small heads go together, and share the cost of calls.
    private static final int WEIGHTS = 1 << 15;

    /// Fewest tasks that heads are spread over.
    private static final int TASKS = 8;

    /// Multiply-adds that are worth a second thread.
    private static final long SHARED = 1 << 20;

    /// Columns of a block of transposed rows: a block's rows lie so near that products find them in the nearest cache.
    private static final int COLUMNS = 64;

    /// Rows of a transposition that are written at a time.
    private static final int SQUARE = 16;

    private final Tensor q;
    private final Tensor k;
    private final @Nullable Tensor v;
    private final AttentionPattern pattern;
    private final @Nullable Tensor mask;
    private final int heads;
    private final int entries; // batch · heads
    private final int time;
    private final int other;
    private final int headDim;
    private final float scale;

    private Attentions(Tensor q, Tensor k, @Nullable Tensor v, AttentionPattern pattern) {
        Shape scores = Shapes.attention(q.shape(), k.shape(), v == null ? k.shape() : v.shape(), pattern);
        this.q = withContiguousRows(q);
        this.k = withContiguousRows(k);
        this.v = v == null ? null : withContiguousRows(v);
        this.pattern = pattern;
        this.mask = pattern.mask() == null ? null : pattern.mask().broadcastTo(scores);
        this.heads = scores.dim(1);
        this.entries = scores.dim(0) * heads;
        this.time = scores.dim(2);
        this.other = scores.dim(3);
        this.headDim = q.dim(3);
        this.scale = (float) (1 / Math.sqrt(headDim));
    }

    static Tensor forward(Tensor q, Tensor k, Tensor v, AttentionPattern pattern) {
        Attentions attention = new Attentions(q, k, v, pattern);
        Tensor y = Workspace.zeros(q.shape());
        attention.forEach(false, strips -> strips.forward(y));
        return y;
    }

    /// The gradients of queries, keys and values, in the shapes of [Tensor#attention]; null for those that are not wanted.
    ///
    /// @param v may be null when neither the queries' nor the keys' gradient is wanted
    /// @throws IllegalArgumentException when it is null although one is
    public static @Nullable Tensor[] gradients(Tensor q, Tensor k, @Nullable Tensor v, AttentionPattern pattern, Tensor dY,
            boolean... wanted) {
        Shapes.wanted("attentionGradients", wanted, 3);
        Shapes.given("attentionGradients", "v", v, wanted[0] || wanted[1]);
        Attentions attention = new Attentions(q, k, v, pattern);
        Shapes.same("attentionGradients", q.shape(), dY.shape());
        Tensor given = withContiguousRows(dY);
        Tensor dQ = wanted[0] ? Workspace.zeros(q.shape()) : null;
        Sum dK = wanted[1] ? attention.sum() : null;
        Sum dV = wanted[2] ? attention.sum() : null;
        attention.forEach(true, strips -> strips.backward(given, dQ, dK, dV));
        return new @Nullable Tensor[] {dQ, dK == null ? null : dK.total, dV == null ? null : dV.total};
    }

    private static Tensor withContiguousRows(Tensor x) {
        return x.dim(3) == 1 || x.strides[3] == 1 ? x : x.contiguous();
    }

    private Sum sum() {
        Tensor total = Workspace.zeros(k.shape());
        return new Sum(total, time > Gemm.K_BLOCK ? Workspace.zeros(k.shape()) : total);
    }

    /// Calls `body` for groups of entries, cut by shape alone.
    private void forEach(boolean backward, Consumer<Strips> body) {
        if (entries == 0 || time == 0) {
            return;
        }
        Workers workers = (long) entries * time * other * headDim < SHARED ? Workers.sequential() : Workers.current();
        if (entries < TASKS) {
            body.accept(new Strips(0, entries, workers, backward));
            return;
        }
        int group = Math.clamp(WEIGHTS / Math.max(1, Math.min(ROWS, time) * other), 1, entries / TASKS);
        workers.forEach(Math.ceilDiv(entries, group), task -> {
            int first = task * group;
            body.accept(new Strips(first, Math.min(group, entries - first), Workers.sequential(), backward));
        });
    }

    /// A sum over queries, `[batch, other, heads, headDim]`, and what comes after its first [Gemm#K_BLOCK] steps.
    private record Sum(Tensor total, Tensor later) {
        Tensor of(int block) {
            return block == 0 ? total : later;
        }
    }

    /// The strips of some entries, and the memory they need: the thread's own, so that it has one at a time.
    private final class Strips {
        private final Workers workers;
        private final float[] queries; // [count, rows, headDim], scaled
        private final float[] rowsCopied; // of values, or of keys in backward: [count, other, headDim]
        private final float[] keys; // [count, blocks, headDim, COLUMNS]
        private final float[] values; // [count, blocks, headDim, COLUMNS], in backward
        private final float[] weights; // [count, rows, seen]
        private final float[] gradients; // [count, rows, seen], in backward
        private final int first; // entry
        private final int count; // of entries
        private int row; // the strip's first query
        private int rows;
        private int seen; // keys

        Strips(int first, int count, Workers workers, boolean backward) {
            int height = Math.min(ROWS, time);
            int columns = Math.multiplyExact(count * headDim, Math.ceilDiv(other, COLUMNS) * COLUMNS);
            int scores = Math.multiplyExact(count * height, other);
            this.first = first;
            this.count = count;
            this.workers = workers;
            this.queries = ScratchArrays.QUERIES.array(count * height * headDim);
            this.rowsCopied = ScratchArrays.ROWS.array(count * other * headDim);
            this.keys = ScratchArrays.KEYS.array(columns);
            this.values = ScratchArrays.VALUES.array(backward ? columns : 0);
            this.weights = ScratchArrays.WEIGHTS.array(scores);
            this.gradients = ScratchArrays.GRADIENTS.array(backward ? scores : 0);
        }

        void forward(Tensor y) {
            transpose(k, keys);
            copyRows(Objects.requireNonNull(v));
            for (int at = 0; at < time; at += ROWS) {
                weigh(at);
                if (pattern.dropout() > 0) {
                    drop(weights, weights);
                }
                multiply(rows, headDim, seen, packed(weights, rows, seen), packed(rowsCopied, other, headDim), rowsOf(y, row));
            }
        }

        void backward(Tensor dY, @Nullable Tensor dQ, @Nullable Sum dK, @Nullable Sum dV) {
            transpose(k, keys);
            if (dQ != null || dK != null) {
                transpose(Objects.requireNonNull(v), values);
            }
            copyRows(k);
            for (int block = 0; block < time; block += Gemm.K_BLOCK) {
                for (int at = block; at < Math.min(time, block + Gemm.K_BLOCK); at += ROWS) {
                    weigh(at);
                    if (dV != null) {
                        addValueGradient(dY, dV.of(block));
                    }
                    if (dQ != null || dK != null) {
                        scoreGradient(dY);
                    }
                    if (dK != null) {
                        multiply(seen, headDim, rows, packed(gradients, rows, seen).transposed(), packed(queries, rows, headDim),
                                rowsOf(dK.of(block), 0));
                    }
                    if (dQ != null) {
                        multiply(rows, headDim, seen, packed(gradients, rows, seen), packed(rowsCopied, other, headDim), rowsOf(dQ, row));
                        scale(dQ, dQ.data(), rowsOf(dQ, row));
                    }
                }
                if (block > 0) {
                    addLater(dK);
                    addLater(dV);
                }
            }
        }

        /// The weights of the strip from a query on, before dropout.
        private void weigh(int from) {
            row = from;
            rows = Math.min(ROWS, time - row);
            seen = pattern.causal() ? row + rows : other;
            scale(q, queries, packed(queries, rows, headDim));
            multiplyTransposed(packed(queries, rows, headDim), keys, weights);
            Runs.forEachRow(workers, count * rows, seen, (start, end) -> {
                for (int i = start; i < end; i++) {
                    hide(first + i / rows, row + i % rows, i * seen);
                }
                SOFTMAX.softmax(weights, start * seen, weights, start * seen, end - start, seen);
            });
        }

        /// Puts -∞ where a query may not look, and adds its mask.
        private void hide(int entry, int query, int at) {
            if (mask != null) {
                int from = mask.offset + entry / heads * mask.strides[0] + entry % heads * mask.strides[1] + query * mask.strides[2];
                ELEMENTWISE.binary(Binary.PLUS, weights, at, 1, mask.data(), from, mask.strides[3], weights, at, seen);
            }
            if (pattern.causal()) {
                Arrays.fill(weights, at + query + 1, at + seen, Float.NEGATIVE_INFINITY);
            }
        }

        /// Dropout of the strip's weights, or of their gradients: random numbers go by the place in `[batch, heads, time, other]`.
        private void drop(float[] from, float[] to) {
            long key = Objects.requireNonNull(pattern.random()).key();
            Runs.forEachRow(workers, count * rows, seen, (start, end) -> {
                for (int i = start; i < end; i++) {
                    long index = ((long) (first + i / rows) * time + row + i % rows) * other;
                    ELEMENTWISE.dropout(key, index, Loops.threshold(pattern.dropout()), 1 / (1 - pattern.dropout()), from, i * seen, to,
                            i * seen, seen);
                }
            });
        }

        private void addValueGradient(Tensor dY, Tensor dV) {
            float[] kept = weights;
            if (pattern.dropout() > 0) {
                drop(weights, gradients);
                kept = gradients;
            }
            multiply(seen, headDim, rows, packed(kept, rows, seen).transposed(), rowsOf(dY, row), rowsOf(dV, 0));
        }

        /// The gradient of the strip's scores.
        private void scoreGradient(Tensor dY) {
            multiplyTransposed(rowsOf(dY, row), values, gradients);
            if (pattern.dropout() > 0) {
                drop(gradients, gradients);
            }
            Runs.forEachRow(workers, count * rows, seen, (start, end) -> SOFTMAX.softmaxGradient(weights, start * seen, gradients,
                    start * seen, gradients, start * seen, end - start, seen));
        }

        private void multiply(int m, int n, int k, Matrices a, Matrices b, Matrices c) {
            GEMM.multiply(workers, m, n, k, a, b, c);
        }

        /// `c = a · bᵀ` for the strip, b in blocks of columns.
        private void multiplyTransposed(Matrices a, float[] b, float[] c) {
            int whole = seen / COLUMNS;
            multiplyBlocks(a, b, c, 0, whole, COLUMNS);
            multiplyBlocks(a, b, c, whole, 1, seen - whole * COLUMNS);
        }

        private void multiplyBlocks(Matrices a, float[] b, float[] c, int from, int blocks, int width) {
            int all = Math.ceilDiv(other, COLUMNS);
            int[] aOffsets = new int[count * blocks];
            int[] bOffsets = new int[count * blocks];
            int[] cOffsets = new int[count * blocks];
            for (int i = 0; i < aOffsets.length; i++) {
                int e = i / blocks;
                int block = from + i % blocks;
                aOffsets[i] = a.offsets()[e];
                bOffsets[i] = (e * all + block) * headDim * COLUMNS;
                cOffsets[i] = e * rows * seen + block * COLUMNS;
            }
            GEMM.multiply(workers, rows, width, headDim, new Matrices(a.data(), aOffsets, a.rowStride(), 1),
                    new Matrices(b, bOffsets, COLUMNS, 1), new Matrices(c, cOffsets, seen, 1), InitialRows.ZERO);
        }

        private Matrices packed(float[] data, int height, int width) {
            int[] offsets = new int[count];
            for (int e = 0; e < count; e++) {
                offsets[e] = e * height * width;
            }
            return new Matrices(data, offsets, width, 1);
        }

        /// A tensor's rows of headDim, for each entry, from one on.
        private Matrices rowsOf(Tensor x, int from) {
            int[] offsets = new int[count];
            for (int e = 0; e < count; e++) {
                int entry = first + e;
                offsets[e] = x.offset + entry / heads * x.strides[0] + from * x.strides[1] + entry % heads * x.strides[2];
            }
            return new Matrices(x.data(), offsets, x.strides[1], 1);
        }

        /// Scales the strip's rows of a tensor.
        private void scale(Tensor x, float[] y, Matrices to) {
            Matrices from = rowsOf(x, row);
            for (int e = 0; e < count; e++) {
                for (int i = 0; i < rows; i++) {
                    ELEMENTWISE.affine(from.data(), from.offsets()[e] + i * from.rowStride(), scale, 0, y,
                            to.offsets()[e] + i * to.rowStride(),
                            headDim);
                }
            }
        }

        private void addLater(@Nullable Sum sum) {
            if (sum == null) {
                return;
            }
            Matrices later = rowsOf(sum.later, 0);
            for (int at : later.offsets()) {
                for (int j = 0; j < other; j++, at += later.rowStride()) {
                    ELEMENTWISE.binary(Binary.PLUS, sum.total.data(), at, 1, later.data(), at, 1, sum.total.data(), at, headDim);
                    Arrays.fill(later.data(), at, at + headDim, 0);
                }
            }
        }

        /// Each entry's rows as columns, in blocks.
        private void transpose(Tensor x, float[] to) {
            Matrices from = rowsOf(x, 0);
            int blocks = Math.ceilDiv(other, COLUMNS);
            workers.forEach(count * blocks, task -> {
                int start = task % blocks * COLUMNS;
                int width = Math.min(COLUMNS, other - start);
                int at = from.offsets()[task / blocks] + start * from.rowStride();
                int block = task * headDim * COLUMNS;
                for (int square = 0; square < headDim; square += SQUARE) {
                    for (int j = 0; j < width; j++) {
                        for (int d = square; d < Math.min(headDim, square + SQUARE); d++) {
                            to[block + d * COLUMNS + j] = from.data()[at + j * from.rowStride() + d];
                        }
                    }
                }
            });
        }

        /// Each entry's rows without what lies between them.
        private void copyRows(Tensor x) {
            Matrices from = rowsOf(x, 0);
            for (int e = 0; e < count; e++) {
                for (int j = 0; j < other; j++) {
                    System.arraycopy(from.data(), from.offsets()[e] + j * from.rowStride(), rowsCopied, (e * other + j) * headDim, headDim);
                }
            }
        }
    }
}
