package dev.headstart.tensor;

import java.util.Arrays;

/// How one or two strided operands are walked beside a contiguous result: axes are merged wherever all operands allow it, so that what is
/// left is a nest of outer axes around one long inner run, for which a kernel is called.
///
/// The walk is cut into tasks of about [#TASK] elements, by shape alone.
final class Runs {
    /// Elements that one task should at least have.
    static final int TASK = 32_768;
    /// Up to this many elements the calling thread works alone: sooner done than shared.
    private static final int ALONE = 3 * TASK;

    private final int[] dims;
    private final int[] aStrides;
    private final int[] bStrides;

    @FunctionalInterface
    interface Body {
        /// One inner run of n elements, beginning at these offsets.
        void run(int a, int b, int y, int n);
    }

    @FunctionalInterface
    interface RowBody {
        /// Rows `from` up to, not including, `to`.
        void run(int from, int to);
    }

    private Runs(int[] dims, int[] aStrides, int[] bStrides) {
        this.dims = dims;
        this.aStrides = aStrides;
        this.bStrides = bStrides;
    }

    /// Number of rows (last axis).
    static int rows(Tensor x) {
        return x.dim(-1) == 0 ? 0 : x.size() / x.dim(-1);
    }

    /// Cuts rows of n elements into tasks, by shape alone.
    static void forEachRow(int rows, int n, RowBody body) {
        forEachRow(Workers.current(), rows, n, body);
    }

    static void forEachRow(Workers workers, int rows, int n, RowBody body) {
        int perTask = Math.max(1, TASK / 2 / Math.max(1, n));
        int tasks = (rows + perTask - 1) / perTask;
        workers.forEach(tasks, task -> body.run(task * perTask, Math.min(rows, (task + 1) * perTask)));
    }

    /// The walk over `shape` with each operand's strides (0 along stretched axes), merged.
    static Runs of(Shape shape, int[] aStrides, int[] bStrides) {
        int rank = shape.rank();
        int[] dims = new int[rank];
        int[] a = new int[rank];
        int[] b = new int[rank];
        int kept = 0;
        for (int axis = 0; axis < rank; axis++) {
            int dim = shape.dim(axis);
            if (dim == 1) {
                continue;
            }
            boolean merges = kept > 0 && a[kept - 1] == aStrides[axis] * dim && b[kept - 1] == bStrides[axis] * dim;
            int slot = merges ? kept - 1 : kept++;
            dims[slot] = merges ? dims[slot] * dim : dim;
            a[slot] = aStrides[axis];
            b[slot] = bStrides[axis];
        }
        if (kept == 0) {
            return new Runs(new int[] {shape.size()}, new int[] {1}, new int[] {1});
        }
        return new Runs(Arrays.copyOf(dims, kept), Arrays.copyOf(a, kept), Arrays.copyOf(b, kept));
    }

    /// Stride of the first operand along the inner run.
    int aStride() {
        return aStrides[dims.length - 1];
    }

    /// Stride of the second operand along the inner run.
    int bStride() {
        return bStrides[dims.length - 1];
    }

    /// Calls `body` for every run, on the current workers. The result's runs follow each other without gaps, from 0.
    void forEach(int aOffset, int bOffset, Body body) {
        int inner = dims[dims.length - 1];
        int outer = 1;
        for (int i = 0; i < dims.length - 1; i++) {
            outer *= dims[i];
        }
        if (inner == 0 || outer == 0) {
            return;
        }
        if ((long) inner * outer <= ALONE) {
            pieces(0, outer, inner, 1, aOffset, bOffset, body);
            return;
        }
        int piecesPerRun = (inner + TASK - 1) / TASK;
        int pieces = outer * piecesPerRun;
        int piecesPerTask = Math.max(1, (int) ((long) TASK * pieces / ((long) inner * outer)));
        int tasks = (pieces + piecesPerTask - 1) / piecesPerTask;
        Workers.current().forEach(tasks, task -> pieces(task * piecesPerTask, Math.min(pieces, (task + 1) * piecesPerTask), inner,
                piecesPerRun, aOffset, bOffset, body));
    }

    private void pieces(int from, int to, int inner, int piecesPerRun, int aOffset, int bOffset, Body body) {
        int length = (inner + piecesPerRun - 1) / piecesPerRun;
        for (int piece = from; piece < to; piece++) {
            int run = piece / piecesPerRun;
            int start = piece % piecesPerRun * length;
            int a = aOffset + start * aStride();
            int b = bOffset + start * bStride();
            int rest = run;
            for (int axis = dims.length - 2; axis >= 0; axis--) {
                int index = rest % dims[axis];
                rest /= dims[axis];
                a += index * aStrides[axis];
                b += index * bStrides[axis];
            }
            int n = Math.min(length, inner - start);
            if (n > 0) {
                body.run(a, b, run * inner + start, n);
            }
        }
    }
}
