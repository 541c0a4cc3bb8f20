package dev.headstart.tensor;

import dev.headstart.tensor.kernel.Norm;
import dev.headstart.tensor.kernel.Slice;
import dev.headstart.tensor.kernel.choice.KernelChoice;
import org.jspecify.annotations.Nullable;

/// Layer normalisation of rows (last axis), and its gradients.
public final class LayerNorms {
    private static final Norm KERNEL = KernelChoice.ACTIVE.norm();
    private static final int SHORTEST_BLOCK = 8;
    private static final int LONGEST_BLOCK = 1024;

    private LayerNorms() {}

    static Tensor.Normalised apply(Tensor x, Tensor gamma, Tensor beta, float eps) {
        Shapes.layerNorm(x.shape(), gamma.shape(), beta.shape());
        Tensor source = x.contiguous();
        Tensor scale = gamma.contiguous();
        Tensor shift = beta.contiguous();
        int n = x.dim(-1);
        int rows = Runs.rows(x);
        Tensor result = Workspace.result(x.shape());
        float[] y = result.data();
        Tensor mean = Workspace.result(Shape.of(rows));
        Tensor rstd = Workspace.result(Shape.of(rows));
        Runs.forEachRow(rows, n, (from, to) -> KERNEL.layerNorm(source.elements(from * n), scale.elements(0), shift.elements(0), eps,
                new Slice(y, from * n), statistics(mean, rstd, from), to - from, n));
        return new Tensor.Normalised(result, mean, rstd);
    }

    private static Norm.Statistics statistics(Tensor mean, Tensor rstd, int row) {
        return new Norm.Statistics(mean.elements(row), rstd.elements(row));
    }

    /// The gradients of x, gamma and beta of [Tensor#layerNorm], of x's shape and `[n]`; null for those that are not wanted. Each block of
    /// rows is read once; what the blocks add to gamma's and beta's gradients is summed by a reduction.
    ///
    /// @param x the input; may be null when only beta's gradient is wanted, as mean and rstd may be
    /// @param gamma the scale; may be null when x's gradient is not wanted
    /// @param wanted for x, gamma and beta
    /// @throws IllegalArgumentException when null is given for what a wanted gradient needs
    public static @Nullable Tensor[] gradients(@Nullable Tensor x, @Nullable Tensor gamma, @Nullable Tensor mean, @Nullable Tensor rstd,
            Tensor dY, boolean... wanted) {
        String operator = "layerNormGradients";
        Shapes.wanted(operator, wanted, 3);
        boolean normalises = wanted[0] || wanted[1];
        Shapes.given(operator, "x", x, normalises);
        Shapes.given(operator, "mean", mean, normalises);
        Shapes.given(operator, "rstd", rstd, normalises);
        Shapes.given(operator, "gamma", gamma, wanted[0]);
        Shapes.layerNormGradients(dY.shape(), shapeOf(x), shapeOf(gamma), shapeOf(mean), shapeOf(rstd));
        Tensor given = dY.contiguous();
        // beta's gradient does not depend on x, mean and rstd: where they are left out, any numbers will do
        Tensor source = x == null ? given : x.contiguous();
        Tensor means = mean == null ? given : mean;
        Tensor scales = rstd == null ? given : rstd;
        Tensor scale = gamma == null ? null : gamma.contiguous();
        int n = dY.dim(-1);
        int rows = Runs.rows(dY);
        int block = Math.clamp(Runs.TASK / Math.max(1, n), SHORTEST_BLOCK, LONGEST_BLOCK);
        boolean learning = wanted[1] || wanted[2];
        Tensor dX = wanted[0] ? Workspace.result(dY.shape()) : null;
        Tensor sums = Workspace.result(Shape.of(learning ? Math.ceilDiv(rows, block) : 0, 2 * n)); // of dGamma and dBeta, for each block
        Workers.current().forEach(Math.ceilDiv(rows, block), task -> {
            int row = task * block;
            int height = Math.min(block, rows - row);
            int at = row * n;
            if (dX != null && scale != null) {
                KERNEL.layerNormGradient(source.elements(at), scale.elements(0), statistics(means, scales, row), given.elements(at),
                        dX.elements(at), height, n);
            }
            if (learning) {
                KERNEL.parameterGradients(source.elements(at), statistics(means, scales, row), given.elements(at),
                        sums.elements(task * 2 * n), height, n);
            }
        });
        Tensor both = learning ? sums.sum(0) : sums; // [2 * n]
        return new @Nullable Tensor[] {dX, wanted[1] ? both.slice(0, 0, n) : null, wanted[2] ? both.slice(0, n, 2 * n) : null};
    }

    private static @Nullable Shape shapeOf(@Nullable Tensor x) {
        return x == null ? null : x.shape();
    }
}
