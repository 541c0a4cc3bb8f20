package dev.headstart.tensor;

import dev.headstart.tensor.kernel.Norm;
import dev.headstart.tensor.kernel.Slice;
import dev.headstart.tensor.kernel.Softmax;
import dev.headstart.tensor.kernel.choice.KernelChoice;
import org.jspecify.annotations.Nullable;

/// Operators that treat every row (last axis) by itself: softmax and normalisation.
public final class Rows {
    private static final Softmax SOFTMAX = KernelChoice.ACTIVE.softmax();
    private static final Norm NORM = KernelChoice.ACTIVE.norm();

    private static final int SHORTEST_BLOCK = 8;
    private static final int LONGEST_BLOCK = 1024;

    private Rows() {}

    @FunctionalInterface
    interface Body {
        /// Rows `from` up to, not including, `to`.
        void run(int from, int to);
    }

    /// Cuts rows of n elements into tasks, by shape alone.
    static void forEach(int rows, int n, Body body) {
        forEach(Workers.current(), rows, n, body);
    }

    static void forEach(Workers workers, int rows, int n, Body body) {
        int perTask = Math.max(1, Runs.TASK / 2 / Math.max(1, n));
        int tasks = (rows + perTask - 1) / perTask;
        workers.forEach(tasks, task -> body.run(task * perTask, Math.min(rows, (task + 1) * perTask)));
    }

    private static int count(Tensor x) {
        return x.dim(-1) == 0 ? 0 : x.size() / x.dim(-1);
    }

    static Tensor softmax(Tensor x) {
        int n = Shapes.rows("softmax", x.shape()).dim(1);
        Tensor source = x.contiguous();
        Tensor result = Workspace.result(x.shape());
        float[] y = result.data();
        forEach(count(x), n, (from, to) -> SOFTMAX.softmax(source.data(), source.offset + from * n, y, from * n, to - from, n));
        return result;
    }

    /// From softmax's output y: `y · (dY - Σ y dY)` for each row.
    public static Tensor softmaxGradient(Tensor y, Tensor dY) {
        Shapes.same("softmaxGradient", y.shape(), dY.shape());
        Tensor out = y.contiguous();
        Tensor given = dY.contiguous();
        int n = y.dim(-1);
        Tensor result = Workspace.result(y.shape());
        float[] dX = result.data();
        forEach(count(y), n,
                (from, to) -> SOFTMAX.softmaxGradient(out.data(), out.offset + from * n, given.data(), given.offset + from * n, dX,
                        from * n, to - from, n));
        return result;
    }

    static Tensor logSoftmax(Tensor x) {
        int n = Shapes.rows("logSoftmax", x.shape()).dim(1);
        Tensor source = x.contiguous();
        Tensor result = Workspace.result(x.shape());
        float[] y = result.data();
        forEach(count(x), n, (from, to) -> SOFTMAX.logSoftmax(source.data(), source.offset + from * n, y, from * n, to - from, n));
        return result;
    }

    /// From log-softmax's output y: `dY - exp(y) Σ dY` for each row.
    public static Tensor logSoftmaxGradient(Tensor y, Tensor dY) {
        Shapes.same("logSoftmaxGradient", y.shape(), dY.shape());
        Tensor out = y.contiguous();
        Tensor given = dY.contiguous();
        int n = y.dim(-1);
        Tensor result = Workspace.result(y.shape());
        float[] dX = result.data();
        forEach(count(y), n,
                (from, to) -> SOFTMAX.logSoftmaxGradient(out.data(), out.offset + from * n, given.data(), given.offset + from * n,
                        dX, from * n, to - from, n));
        return result;
    }

    static Tensor.Normalised layerNorm(Tensor x, Tensor gamma, Tensor beta, float eps) {
        Shapes.layerNorm(x.shape(), gamma.shape(), beta.shape());
        Tensor source = x.contiguous();
        Tensor scale = gamma.contiguous();
        Tensor shift = beta.contiguous();
        int n = x.dim(-1);
        int rows = count(x);
        Tensor result = Workspace.result(x.shape());
        float[] y = result.data();
        Tensor mean = Workspace.result(Shape.of(rows));
        Tensor rstd = Workspace.result(Shape.of(rows));
        forEach(rows, n,
                (from, to) -> NORM.layerNorm(source.elements(from * n), scale.elements(0), shift.elements(0), eps, new Slice(y, from * n),
                        statistics(mean, rstd, from), to - from, n));
        return new Tensor.Normalised(result, mean, rstd);
    }

    private static Norm.Statistics statistics(Tensor mean, Tensor rstd, int row) {
        return new Norm.Statistics(mean.elements(row), rstd.elements(row));
    }

    /// The gradients of x, gamma and beta of [Tensor#layerNorm], of x's shape and `[n]`; null for those that are not wanted. Blocks of rows are gone
    /// through once; what they add to gamma's and beta's gradients meets in a reduction.
    ///
    /// @param x may be null when only beta's gradient is wanted
    /// @param gamma may be null when x's gradient is not wanted
    public static @Nullable Tensor[] layerNormGradients(@Nullable Tensor x, @Nullable Tensor gamma, Tensor mean, Tensor rstd, Tensor dY,
            boolean... wanted) {
        Tensor given = dY.contiguous();
        Tensor source = x == null ? given : x.contiguous(); // what stands for x or gamma does not count then
        Tensor scale = gamma == null ? given : gamma.contiguous();
        Shapes.same("layerNormGradients", source.shape(), dY.shape());
        int n = dY.dim(-1);
        int rows = count(dY);
        int block = Math.clamp(Runs.TASK / Math.max(1, n), SHORTEST_BLOCK, LONGEST_BLOCK);
        boolean learning = wanted[1] || wanted[2];
        Tensor dX = wanted[0] ? Workspace.result(dY.shape()) : null;
        Tensor sums = Workspace.result(Shape.of(learning ? Math.ceilDiv(rows, block) : 0, 2 * n)); // of dGamma and dBeta, for each block
        Workers.current().forEach(Math.ceilDiv(rows, block), task -> {
            int row = task * block;
            int height = Math.min(block, rows - row);
            int at = row * n;
            if (dX != null) {
                NORM.layerNormGradient(source.elements(at), scale.elements(0), statistics(mean, rstd, row), given.elements(at),
                        dX.elements(at), height,
                        n);
            }
            if (learning) {
                NORM.parameterGradients(source.elements(at), statistics(mean, rstd, row), given.elements(at), sums.elements(task * 2 * n),
                        height,
                        n);
            }
        });
        Tensor both = learning ? sums.sum(0) : sums; // [2 * n]
        return new @Nullable Tensor[] {dX, wanted[1] ? both.slice(0, 0, n) : null, wanted[2] ? both.slice(0, n, 2 * n) : null};
    }
}
