package dev.headstart.tensor;

import dev.headstart.tensor.kernel.Softmax;
import dev.headstart.tensor.kernel.choice.KernelChoice;

/// Softmax and log-softmax of rows (last axis), and their gradients.
public final class Softmaxes {
    private static final Softmax KERNEL = KernelChoice.ACTIVE.softmax();

    private Softmaxes() {}

    static Tensor softmax(Tensor x) {
        int n = Shapes.rows("softmax", x.shape()).dim(1);
        Tensor source = x.contiguous();
        Tensor result = Workspace.result(x.shape());
        float[] y = result.data();
        Runs.forEachRow(Runs.rows(x), n, (from, to) -> KERNEL.softmax(source.data(), source.offset + from * n, y, from * n, to - from, n));
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
        Runs.forEachRow(Runs.rows(y), n,
                (from, to) -> KERNEL.softmaxGradient(out.data(), out.offset + from * n, given.data(), given.offset + from * n, dX,
                        from * n, to - from, n));
        return result;
    }

    static Tensor logSoftmax(Tensor x) {
        int n = Shapes.rows("logSoftmax", x.shape()).dim(1);
        Tensor source = x.contiguous();
        Tensor result = Workspace.result(x.shape());
        float[] y = result.data();
        Runs.forEachRow(Runs.rows(x), n,
                (from, to) -> KERNEL.logSoftmax(source.data(), source.offset + from * n, y, from * n, to - from, n));
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
        Runs.forEachRow(Runs.rows(y), n,
                (from, to) -> KERNEL.logSoftmaxGradient(out.data(), out.offset + from * n, given.data(), given.offset + from * n,
                        dX, from * n, to - from, n));
        return result;
    }
}
