package dev.headstart.tensor;

import dev.headstart.tensor.kernel.Binary;
import dev.headstart.tensor.kernel.ChannelNorm;
import dev.headstart.tensor.kernel.Elementwise;
import dev.headstart.tensor.kernel.Slice;
import dev.headstart.tensor.kernel.choice.KernelChoice;
import org.jspecify.annotations.Nullable;

/// Batch and group normalisation: moments, the map, and its gradients.
///
/// The rows (all axes but the last) of a segment (the batch, or an image) are cut into blocks, by shape alone. Sums over a block are chains
/// in float32; deviations and their squares are taken about the block's mean so found, while it is in the cache, so that nothing cancels
/// and the mean is corrected. Blocks and the channels of a group meet in double precision, in order (Chan, Golub and LeVeque 1983).
public final class ChannelNorms {
    private static final ChannelNorm KERNEL = KernelChoice.ACTIVE.channelNorm();
    private static final Elementwise ELEMENTWISE = KernelChoice.ACTIVE.elementwise();
    private static final int SHORTEST_BLOCK = 8;
    private static final int LONGEST_BLOCK = 1024;

    private ChannelNorms() {}

    /// How rows are cut.
    ///
    /// @param segments parts that have moments of their own
    /// @param rows rows of a segment
    /// @param n channels
    /// @param groups groups of channels that have moments of their own
    private record Cut(int segments, int rows, int n, int groups) {
        static Cut batch(Shape x) {
            int n = x.dim(-1);
            return new Cut(1, n == 0 ? 0 : x.size() / n, n, n);
        }

        static Cut images(Shape x, int groups) {
            int n = x.dim(-1);
            int batch = x.dim(0);
            return new Cut(batch, batch * n == 0 ? 0 : x.size() / batch / n, n, groups);
        }

        static Cut of(Shape x, Moments moments) {
            return moments.mean().rank() == 1 ? batch(x) : images(x, moments.mean().dim(1));
        }

        int block() {
            return Math.clamp(Runs.TASK / Math.max(1, n), SHORTEST_BLOCK, LONGEST_BLOCK);
        }

        int blocks() {
            return Math.ceilDiv(rows, block());
        }

        int tasks() {
            return segments * blocks();
        }

        /// Rows of a block.
        int length(int block) {
            return Math.min(block(), rows - block * block());
        }

        /// Channels of a group.
        int width() {
            return groups == 0 ? 1 : n / groups;
        }

        /// Elements that share moments.
        int count() {
            return rows * width();
        }

        void forEachBlock(Body body) {
            int blocks = blocks();
            Workers.current().forEach(tasks(), task -> {
                int block = task % blocks;
                body.run(task, task / blocks, (task / blocks * rows + block * block()) * n, length(block));
            });
        }
    }

    @FunctionalInterface
    private interface Body {
        /// @param at where the block's first element is
        void run(int task, int segment, int at, int rows);
    }

    static Moments moments(Tensor x) {
        Shapes.rows("moments", x.shape());
        Cut cut = Cut.batch(x.shape());
        return moments(x, cut, Shape.of(cut.n));
    }

    static Moments moments(Tensor x, int groups) {
        Shapes.groups("moments", x.shape(), groups);
        return moments(x, Cut.images(x.shape(), groups), Shape.of(x.dim(0), groups));
    }

    private static Moments moments(Tensor x, Cut cut, Shape shape) {
        Tensor source = x.contiguous();
        int n = cut.n;
        float[] centres = ScratchArrays.CENTRES.array(cut.tasks() * n);
        float[] deviations = ScratchArrays.SUMS.array(cut.tasks() * 2 * n);
        cut.forEachBlock((task, segment, at, rows) -> {
            KERNEL.sums(source.elements(at), new Slice(centres, task * n), rows, n);
            for (int c = task * n; c < (task + 1) * n; c++) {
                centres[c] /= rows;
            }
            KERNEL.deviations(source.elements(at), new Slice(centres, task * n), new Slice(deviations, task * 2 * n), rows, n);
        });
        float[] mean = new float[shape.size()];
        float[] variance = new float[shape.size()];
        for (int segment = 0; segment < cut.segments; segment++) {
            fold(cut, segment, centres, deviations, mean, variance);
        }
        return new Moments(Tensor.wrap(shape, mean), Tensor.wrap(shape, variance), cut.count());
    }

    /// The moments of a segment from those of its blocks: squares about a block's own mean, and of that mean's distance from the whole one.
    private static void fold(Cut cut, int segment, float[] centres, float[] deviations, float[] mean, float[] variance) {
        int n = cut.n;
        int width = cut.width();
        double[] means = new double[cut.blocks() * n];
        double[] centre = new double[cut.groups];
        double[] spread = new double[cut.groups];
        for (int block = 0; block < cut.blocks(); block++) {
            int task = segment * cut.blocks() + block;
            int length = cut.length(block);
            for (int c = 0; c < n; c++) {
                double drift = deviations[task * 2 * n + c];
                means[block * n + c] = centres[task * n + c] + drift / length;
                centre[c / width] += means[block * n + c] * length;
                spread[c / width] += deviations[task * 2 * n + n + c] - drift * drift / length;
            }
        }
        for (int g = 0; g < cut.groups; g++) {
            centre[g] /= cut.count();
        }
        for (int block = 0; block < cut.blocks(); block++) {
            for (int c = 0; c < n; c++) {
                double d = means[block * n + c] - centre[c / width];
                spread[c / width] += d * d * cut.length(block);
            }
        }
        for (int g = 0; g < cut.groups; g++) {
            mean[segment * cut.groups + g] = (float) centre[g];
            variance[segment * cut.groups + g] = (float) (Math.max(0, spread[g]) / cut.count());
        }
    }

    /// Numbers of the channels of all segments, as [ChannelNorm] has them; slope and offset are zero.
    private static float[] numbers(Cut cut, Normalisation by) {
        int n = cut.n;
        float[] mean = by.moments().mean().toArray();
        float[] variance = by.moments().variance().toArray();
        float[] scale = by.gamma().toArray();
        float[] shift = by.beta().toArray();
        float[] numbers = new float[cut.segments * 5 * n];
        for (int segment = 0; segment < cut.segments; segment++) {
            int at = segment * 5 * n;
            for (int c = 0; c < n; c++) {
                int g = segment * cut.groups + c / cut.width();
                numbers[at + c] = mean[g];
                numbers[at + n + c] = (float) (scale[c] * rstd(variance[g], by.eps()));
                numbers[at + 2 * n + c] = shift[c];
            }
        }
        return numbers;
    }

    private static double rstd(float variance, float eps) {
        return 1 / Math.sqrt((double) variance + eps);
    }

    static Tensor apply(Tensor x, Normalisation by, @Nullable Tensor addend) {
        Shapes.normaliseChannels(x.shape(), by.moments().mean().shape(), by.gamma().shape(), by.beta().shape());
        if (addend != null) {
            Shapes.same("normaliseChannels", x.shape(), addend.shape());
        }
        Cut cut = Cut.of(x.shape(), by.moments());
        int n = cut.n;
        float[] numbers = numbers(cut, by);
        Tensor source = x.contiguous();
        Tensor added = addend == null ? null : addend.contiguous();
        Tensor y = Workspace.result(x.shape());
        cut.forEachBlock((task, segment, at, rows) -> KERNEL.apply(source.elements(at), new Slice(numbers, segment * 5 * n),
                added == null ? null : added.elements(at), by.relu(), y.elements(at), rows, n));
        return y;
    }

    /// The gradients of x, gamma, beta and the addend of [Tensor#normaliseChannels], of x's shape and `[channels]`; null for those that are
    /// not wanted. With fixed moments x's gradient is `g · scale`, where g is dY as far as ReLU let pass, and does not depend on x's value
    /// otherwise.
    ///
    /// @param x the input; may be null unless gamma's gradient is wanted, or x's with moments that vary, or y is null where ReLU followed
    /// @param y the output, needed where ReLU followed an addend; may be given wherever ReLU followed, to tell what it let pass
    /// @param wanted for x, gamma, beta, and the addend where there was one
    /// @throws IllegalArgumentException when null is given for what a wanted gradient needs
    public static @Nullable Tensor[] gradients(@Nullable Tensor x, Normalisation by, @Nullable Tensor y, Tensor dY, boolean... wanted) {
        checkGradients(x, by, y, dY, wanted);
        boolean fixed = by.moments().isFixed();
        boolean wantsX = wanted[0];
        Cut cut = Cut.of(dY.shape(), by.moments());
        int n = cut.n;
        float[] numbers = numbers(cut, by);
        Tensor given = dY.contiguous();
        Tensor source = x == null ? given : x.contiguous(); // without x only Σ g is used of the sums, which does not depend on it
        Tensor output = !by.relu() || y == null ? null : y.contiguous();
        // Then g is stored, and the mask comes from the output, given or computed again.
        boolean masked = by.relu() && (output != null || (wantsX && fixed));
        boolean relu = by.relu() && !masked;
        Tensor passed = masked ? Workspace.result(dY.shape()) : given;
        boolean needsSums = wanted[1] || wanted[2] || (wantsX && !fixed);
        float[] sums = ScratchArrays.SUMS.array(needsSums ? cut.tasks() * 2 * n : 0);
        cut.forEachBlock((task, segment, at, rows) -> {
            Slice of = new Slice(numbers, segment * 5 * n);
            if (masked) {
                Slice kept = output == null ? passed.elements(at) : output.elements(at);
                if (output == null) {
                    KERNEL.apply(source.elements(at), of, null, true, kept, rows, n);
                }
                ELEMENTWISE.binary(Binary.RELU_GRADIENT, kept.data(), kept.offset(), 1, given.data(), given.offset + at, 1,
                        passed.data(), at, rows * n);
            }
            if (needsSums) {
                KERNEL.gradientSums(source.elements(at), of, passed.elements(at), relu, new Slice(sums, task * 2 * n), rows, n);
            }
        });
        double[] dBeta = new double[n];
        double[] dGamma = new double[n];
        for (int segment = 0; needsSums && segment < cut.segments; segment++) {
            foldGradients(cut, segment, by, sums, numbers, dGamma, dBeta);
        }
        @Nullable
        Tensor[] gradients = new Tensor[wanted.length];
        gradients[0] = !wantsX ? null : fixed ? scaled(cut, numbers, passed) : inputGradient(cut, source, numbers, passed, relu);
        gradients[1] = wanted[1] ? floats(dGamma) : null;
        gradients[2] = wanted[2] ? floats(dBeta) : null;
        if (wanted.length > 3) {
            gradients[3] = wanted[3] ? passed : null;
        }
        return gradients;
    }

    private static void checkGradients(@Nullable Tensor x, Normalisation by, @Nullable Tensor y, Tensor dY, boolean[] wanted) {
        String operator = "normaliseChannelsGradients";
        Shapes.wanted(operator, wanted, wanted.length == 4 ? 4 : 3);
        Shapes.given(operator, "y", y, by.relu() && wanted.length == 4);
        Shapes.given(operator, "x", x, wanted[1] || (wanted[0] && !by.moments().isFixed()) || (by.relu() && y == null));
        Shapes.normaliseChannels(dY.shape(), by.moments().mean().shape(), by.gamma().shape(), by.beta().shape());
        if (x != null) {
            Shapes.same(operator, x.shape(), dY.shape());
        }
        if (y != null) {
            Shapes.same(operator, y.shape(), dY.shape());
        }
    }

    private static Tensor inputGradient(Cut cut, Tensor x, float[] numbers, Tensor g, boolean relu) {
        Tensor dX = Workspace.result(g.shape());
        cut.forEachBlock((task, segment, at, rows) -> KERNEL.gradient(x.elements(at), new Slice(numbers, segment * 5 * cut.n),
                g.elements(at), relu, dX.elements(at), rows, cut.n));
        return dX;
    }

    /// `fma(g, scale, +0)`: what the kernel's gradient is where slope and offset are zero and x is finite.
    private static Tensor scaled(Cut cut, float[] numbers, Tensor g) {
        int n = cut.n;
        float[] scales = new float[numbers.length]; // centre and shift are zero
        for (int at = 0; at < numbers.length; at += 5 * n) {
            System.arraycopy(numbers, at + n, scales, at + n, n);
        }
        Tensor dX = Workspace.result(g.shape());
        cut.forEachBlock((task, segment, at, rows) -> KERNEL.apply(g.elements(at), new Slice(scales, segment * 5 * n), null, false,
                dX.elements(at), rows, n));
        return dX;
    }

    /// Those of [#gradients] for which dY is enough: beta's and the addend's, where neither x's is wanted nor gamma's.
    ///
    /// @param y the output, if ReLU followed, else null
    /// @param images whether moments are of images, not of the batch
    public static @Nullable Tensor[] shiftGradients(@Nullable Tensor y, Tensor dY, boolean images, boolean... wanted) {
        if (wanted[0] || wanted[1]) {
            throw new IllegalArgumentException("shiftGradients: gradients of x or gamma are wanted, which need x: call gradients");
        }
        Tensor passed = y == null ? dY.contiguous() : Activations.reluGradient(y, dY);
        @Nullable
        Tensor[] gradients = new Tensor[wanted.length];
        gradients[2] = wanted[2] ? shiftGradient(passed, images ? Cut.images(dY.shape(), 1) : Cut.batch(dY.shape())) : null;
        if (wanted.length > 3) {
            gradients[3] = wanted[3] ? passed : null;
        }
        return gradients;
    }

    private static Tensor shiftGradient(Tensor passed, Cut cut) {
        int n = cut.n;
        float[] sums = ScratchArrays.SUMS.array(cut.tasks() * 2 * n);
        float[] numbers = new float[5 * n]; // they count for the products only, which nobody asks for
        cut.forEachBlock((task, segment, at, rows) -> KERNEL.gradientSums(passed.elements(at), new Slice(numbers, 0), passed.elements(at),
                false, new Slice(sums, task * 2 * n), rows, n));
        double[] dBeta = new double[n];
        for (int segment = 0; segment < cut.segments; segment++) {
            double[] sum = new double[n];
            for (int block = 0; block < cut.blocks(); block++) {
                for (int c = 0; c < n; c++) {
                    sum[c] += sums[(segment * cut.blocks() + block) * 2 * n + c];
                }
            }
            for (int c = 0; c < n; c++) {
                dBeta[c] += sum[c];
            }
        }
        return floats(dBeta);
    }

    /// Adds a segment's part to the gradients of gamma and beta, and enters slope and offset: with g = dY, s = gamma · rstd and means over
    /// what shares moments, dX = s · g - rstd · mean(gamma · g) - (x - mean) · rstd³ · mean(gamma · g · (x - mean)).
    private static void foldGradients(Cut cut, int segment, Normalisation by, float[] sums, float[] numbers, double[] dGamma,
            double[] dBeta) {
        int n = cut.n;
        int width = cut.width();
        double[] sum = new double[n];
        double[] product = new double[n];
        for (int block = 0; block < cut.blocks(); block++) {
            int at = (segment * cut.blocks() + block) * 2 * n;
            for (int c = 0; c < n; c++) {
                sum[c] += sums[at + c];
                product[c] += sums[at + n + c];
            }
        }
        float[] gamma = by.gamma().toArray();
        double[] groupSum = new double[cut.groups];
        double[] groupProduct = new double[cut.groups];
        for (int c = 0; c < n; c++) {
            groupSum[c / width] += gamma[c] * sum[c];
            groupProduct[c / width] += gamma[c] * product[c];
        }
        float[] variance = by.moments().variance().toArray();
        int at = segment * 5 * n;
        for (int c = 0; c < n; c++) {
            double rstd = rstd(variance[segment * cut.groups + c / width], by.eps());
            dBeta[c] += sum[c];
            dGamma[c] += product[c] * rstd;
            if (!by.moments().isFixed()) {
                numbers[at + 3 * n + c] = (float) (-rstd * rstd * rstd * groupProduct[c / width] / cut.count());
                numbers[at + 4 * n + c] = (float) (-rstd * groupSum[c / width] / cut.count());
            }
        }
    }

    private static Tensor floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return Tensor.wrap(Shape.of(floats.length), floats);
    }
}
