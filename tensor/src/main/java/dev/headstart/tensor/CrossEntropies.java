package dev.headstart.tensor;

import dev.headstart.tensor.kernel.Binary;
import dev.headstart.tensor.kernel.Elementwise;
import dev.headstart.tensor.kernel.Gemm;
import dev.headstart.tensor.kernel.InitialRows;
import dev.headstart.tensor.kernel.Reduce;
import dev.headstart.tensor.kernel.Reduction;
import dev.headstart.tensor.kernel.Softmax;
import dev.headstart.tensor.kernel.choice.KernelChoice;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Cross-entropy of projected rows, a chunk of rows at a time: the logits of all rows are never in memory.
///
/// The gradients are computed with the loss, while a chunk's logits are there: three products, where a backward that computed the logits
/// again would need four. (Hsu et al. 2024, *Liger Kernel*, arXiv 2410.10989) Sums over rows go on from chunk to chunk, and are cut where
/// the engine cuts them: the bits are those of `linear` and a loss, whatever the number of rows.
final class CrossEntropies {
    private static final Softmax SOFTMAX = KernelChoice.ACTIVE.softmax();
    private static final Reduce REDUCE = KernelChoice.ACTIVE.reduce();
    private static final Elementwise ELEMENTWISE = KernelChoice.ACTIVE.elementwise();

    /// Rows of a chunk: a divisor of [Gemm#K_BLOCK] and [Reduce#BLOCK], a multiple of [Reduce#LANES], enough of them for the weight to be
    /// read at the products' pace.
    private static final int CHUNK = 256;

    private CrossEntropies() {}

    static Tensor.Loss of(Tensor x, Tensor weight, @Nullable Tensor bias, Targets targets, boolean[] wanted) {
        Shapes.wanted("crossEntropy", wanted, 3);
        Shape shape = Shapes.crossEntropy(x.shape(), weight.shape(), bias == null ? null : bias.shape(), targets);
        int classes = shape.dim(-1);
        int rows = targets.labels().shape().size();
        boolean learning = wanted[0] || wanted[1] || wanted[2];
        Tensor inputs = x.reshape(Shape.of(rows, weight.dim(1)));
        Tensor dX = wanted[0] ? Workspace.zeros(inputs.shape()) : null;
        WeightGradient dWeight = wanted[1] ? new WeightGradient(weight.shape(), rows) : null;
        BiasGradient dBias = wanted[2] ? new BiasGradient(classes, rows) : null;
        float[] weights = targets.weights().toArray();
        Tensor row = bias == null ? null : bias.contiguous();
        InitialRows start = row == null ? InitialRows.ZERO : new InitialRows(row.data(), row.offset);
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
                dWeight.add(from, logits, given);
            }
            if (dBias != null) {
                dBias.add(from, logits);
            }
        }
        Tensor own = logs.times(targets.weights().reshape(rows)).sum().affine(-targets.scale(), 0);
        Tensor loss = targets.smoothing() == null ? own : own.minus(smoothed.sum());
        return new Tensor.Loss(loss, dX == null ? null : dX.reshape(x.shape()), dWeight == null ? null : dWeight.total,
                dBias == null ? null : dBias.total());
    }

    /// The product of all rows' gradients and inputs: a chain for the first [Gemm#K_BLOCK] rows, others that are added for later ones.
    private static final class WeightGradient {
        private final Tensor total;
        private final Tensor later;
        private final int rows;

        WeightGradient(Shape shape, int rows) {
            this.total = Workspace.zeros(shape);
            this.later = rows > Gemm.K_BLOCK ? Workspace.result(shape) : total;
            this.rows = rows;
        }

        /// A chunk.
        ///
        /// @param first its first row
        void add(int first, Tensor gradients, Tensor inputs) {
            int end = first + gradients.dim(0);
            Tensor chain = first < Gemm.K_BLOCK ? total : later;
            InitialRows start = first % Gemm.K_BLOCK == 0 ? InitialRows.ZERO : InitialRows.ACCUMULATE;
            Products.multiply(gradients.transpose(0, 1), inputs, chain, start);
            if (first >= Gemm.K_BLOCK && (end == rows || end % Gemm.K_BLOCK == 0)) {
                total.axpyInPlace(1, later);
            }
        }
    }

    /// The sum of all rows' gradients, as [Reduce] has it: the lanes of a block go on from chunk to chunk.
    private static final class BiasGradient {
        private final Tensor lanes; // [LANES, classes]
        private final Tensor blocks; // [blocks, classes]
        private final int rows;

        BiasGradient(int classes, int rows) {
            this.lanes = Workspace.result(Shape.of(Reduce.LANES, classes));
            this.blocks = Workspace.result(Shape.of(Math.ceilDiv(rows, Reduce.BLOCK), classes));
            this.rows = rows;
        }

        /// A chunk.
        ///
        /// @param first its first row
        void add(int first, Tensor gradients) {
            int classes = gradients.dim(1);
            int height = gradients.dim(0);
            float[] sums = lanes.data();
            float[] x = gradients.data();
            if (first % Reduce.BLOCK == 0) {
                Arrays.fill(sums, 0, lanes.size(), 0);
            }
            Runs.forEachRow(Math.min(Reduce.LANES, height), classes, (from, to) -> {
                for (int row = from; row < height; row += Reduce.LANES) {
                    int n = Math.min(to - from, height - row) * classes;
                    ELEMENTWISE.binary(Binary.PLUS, sums, from * classes, 1, x, row * classes, 1, sums, from * classes, n);
                }
            });
            int end = first + height;
            if (end == rows || end % Reduce.BLOCK == 0) {
                int block = first / Reduce.BLOCK;
                blocks.slice(0, block, block + 1).copyInPlace(lanes.sum(0).reshape(1, classes));
            }
        }

        Tensor total() {
            int classes = blocks.dim(1);
            Tensor total = Workspace.result(Shape.of(classes));
            float[] column = new float[blocks.dim(0)];
            for (int c = 0; c < classes; c++) {
                for (int block = 0; block < column.length; block++) {
                    column[block] = blocks.data()[block * classes + c];
                }
                total.data()[c] = Reduce.foldBlocks(Reduction.SUM, column, column.length);
            }
            return total;
        }
    }

    /// Rows of logits, which become their own gradients.
    private record Chunk(float[] logits, int classes, int first, Indices labels, float[] weights, float scale,
            float @Nullable [] smoothing, float[] logs, float[] smoothed, boolean learning) {
        void forEachRow(int rows) {
            Runs.forEachRow(rows, classes, (from, to) -> {
                SOFTMAX.logSoftmax(logits, from * classes, logits, from * classes, to - from, classes);
                float[] given = ScratchArrays.LOGARITHMS.array(learning ? classes : 0);
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
