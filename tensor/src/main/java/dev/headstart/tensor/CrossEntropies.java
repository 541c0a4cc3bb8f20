package dev.headstart.tensor;

import dev.headstart.tensor.kernel.Gemm;
import dev.headstart.tensor.kernel.Kernels;
import dev.headstart.tensor.kernel.Reduce;
import dev.headstart.tensor.kernel.Softmax;
import dev.headstart.tensor.kernel.Start;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Cross-entropy of projected rows, a chunk of rows at a time: the logits of all rows are never in memory.
///
/// The gradients are computed with the loss, while a chunk's logits are there: three products, where a backward that computed the logits
/// again would need four. (Hsu et al. 2024, *Liger Kernel*, arXiv 2410.10989)
final class CrossEntropies {
    private static final Softmax SOFTMAX = Kernels.ACTIVE.softmax();
    private static final Reduce REDUCE = Kernels.ACTIVE.reduce();

    /// Rows of a chunk: a divisor of [Gemm#K_BLOCK], enough of them for the weight to be read at the products' pace.
    private static final int CHUNK = 256;

    private CrossEntropies() {}

    static Tensor.Loss of(Tensor x, Tensor weight, @Nullable Tensor bias, Targets targets, boolean[] wanted) {
        Shape shape = Shapes.crossEntropy(x.shape(), weight.shape(), bias == null ? null : bias.shape(), targets);
        int classes = shape.dim(-1);
        int rows = targets.labels().shape().size();
        boolean learning = wanted[0] || wanted[1] || wanted[2];
        Tensor inputs = x.reshape(Shape.of(rows, weight.dim(1)));
        Tensor dX = wanted[0] ? Workspace.zeros(inputs.shape()) : null;
        Tensor dWeight = wanted[1] ? Workspace.zeros(weight.shape()) : null;
        Tensor dBias = wanted[2] ? Workspace.zeros(Shape.of(classes)) : null;
        float[] weights = targets.weights().toArray();
        Tensor row = bias == null ? null : bias.contiguous();
        Start start = row == null ? Start.ZERO : new Start(row.data(), row.offset);
        float[] smoothing = targets.smoothing() == null ? null : targets.smoothing().toArray();
        Tensor logs = Workspace.zeros(Shape.of(rows)); // of each row's own class
        Tensor smoothed = Workspace.zeros(Shape.of(smoothing == null ? 0 : rows));
        Tensor chunk = Workspace.result(Shape.of(Math.min(CHUNK, rows), classes));
        for (int from = 0; from < rows; from += CHUNK) {
            int to = Math.min(rows, from + CHUNK);
            Tensor logits = chunk.slice(0, 0, to - from);
            Tensor given = inputs.slice(0, from, to);
            Products.multiply(given, weight.transpose(0, 1), logits, start);
            new Chunk(logits.data(), classes, from, targets.labels(), weights, targets.scale(), smoothing, logs.data(), smoothed.data(),
                    learning).forEachRow(to - from);
            if (dX != null) {
                Products.add(logits, weight, dX.slice(0, from, to));
            }
            if (dWeight != null) {
                Products.add(logits.transpose(0, 1), given, dWeight);
            }
            if (dBias != null) {
                dBias = dBias.plus(logits.sum(0));
            }
        }
        Tensor own = logs.times(targets.weights().reshape(rows)).sum().affine(-targets.scale(), 0);
        Tensor loss = targets.smoothing() == null ? own : own.minus(smoothed.sum());
        return new Tensor.Loss(loss, dX == null ? null : dX.reshape(x.shape()), dWeight, dBias);
    }

    /// Rows of logits, which become their own gradients.
    private record Chunk(float[] logits, int classes, int first, Indices labels, float[] weights, float scale,
            float @Nullable [] smoothing, float[] logs, float[] smoothed, boolean learning) {
        void forEachRow(int rows) {
            Rows.forEach(rows, classes, (from, to) -> {
                SOFTMAX.logSoftmax(logits, from * classes, logits, from * classes, to - from, classes);
                float[] given = Held.LOGARITHMS.array(learning ? classes : 0);
                Arrays.fill(given, 0, learning ? classes : 0, 0);
                for (int row = from; row < to; row++) {
                    row(first + row, row * classes, given);
                }
            });
        }

        /// @param given room for the gradient of the logarithms, zeros before and after where there is no smoothing
        private void row(int row, int at, float[] given) {
            int label = labels.at(row);
            if (label < 0) {
                Arrays.fill(logits, at, at + classes, 0);
                return;
            }
            logs[row] = logits[at + label];
            if (smoothing != null) {
                smoothed[row] = REDUCE.dot(smoothing, 0, logits, at, classes);
            }
            if (learning) {
                for (int c = 0; smoothing != null && c < classes; c++) {
                    given[c] = -smoothing[c];
                }
                given[label] -= scale * weights[row];
                SOFTMAX.logSoftmaxGradient(logits, at, given, 0, logits, at, 1, classes);
                given[label] = 0;
            }
        }
    }
}
