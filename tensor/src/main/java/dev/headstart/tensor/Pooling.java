package dev.headstart.tensor;

import dev.headstart.tensor.geometry.Interpolation;
import dev.headstart.tensor.geometry.Pool2dGeometry;
import dev.headstart.tensor.kernel.Bands;
import dev.headstart.tensor.kernel.MaxPool;
import dev.headstart.tensor.kernel.Resample;
import dev.headstart.tensor.kernel.Windows;
import dev.headstart.tensor.kernel.choice.KernelChoice;

/// Pooling and resizing of images: shape rules, the bands of each axis, and the calls of the kernels.
public final class Pooling {
    private static final MaxPool MAX = KernelChoice.ACTIVE.maxPool();
    private static final Resample RESAMPLE = KernelChoice.ACTIVE.resample();

    private Pooling() {}

    /// Positions that meet in an output, at most.
    private static int taps(Windows windows) {
        return longest(windows.rows()) * longest(windows.columns());
    }

    private static int longest(Bands bands) {
        int longest = 1;
        for (int o = 0; o < bands.outputs(); o++) {
            longest = Math.max(longest, bands.length(o));
        }
        return longest;
    }

    static Tensor.Pooled max(Tensor x, Pool2dGeometry g) {
        Shape shape = Shapes.pool2d("maxPool2d", x.shape(), g);
        return max(x, windows(x.shape(), shape, g, true), shape);
    }

    /// The gradient of images of shape x, from the winners of [Tensor#maxPool2d].
    public static Tensor maxGradient(Shape x, Tensor winners, Pool2dGeometry g, Tensor dY) {
        Shape shape = Shapes.same("maxPool2dGradient", Shapes.pool2d("maxPool2d", x, g), dY.shape());
        return maxGradient(x, winners, windows(x, shape, g, true), dY);
    }

    static Tensor.Pooled adaptiveMax(Tensor x, int height, int width) {
        Shape shape = Shapes.resized("adaptiveMaxPool2d", x.shape(), height, width);
        Windows windows = bins(x.shape(), shape);
        if (taps(windows) > Pool2dGeometry.MOST_POSITIONS) {
            throw new ShapeException("adaptiveMaxPool2d: x" + x.shape() + " to [" + height + ", " + width + "]: a bin has " + taps(windows)
                    + " pixels: at most 2^24 are possible");
        }
        return max(x, windows, shape);
    }

    /// The gradient of images of shape x, from the winners of [Tensor#adaptiveMaxPool2d].
    public static Tensor adaptiveMaxGradient(Shape x, Tensor winners, Tensor dY) {
        Shape shape = Shapes.same("adaptiveMaxPool2dGradient", Shapes.resized("adaptiveMaxPool2d", x, dY.dim(1), dY.dim(2)), dY.shape());
        return maxGradient(x, winners, bins(x, shape), dY);
    }

    private static Tensor.Pooled max(Tensor x, Windows windows, Shape shape) {
        Tensor source = x.contiguous();
        Tensor y = Workspace.result(shape);
        Tensor winners = Workspace.result(shape);
        forEachLine(shape, windows, (from, to) -> MAX.forward(windows, source.elements(0), y.elements(0), winners.elements(0), from, to));
        return new Tensor.Pooled(y, winners);
    }

    private static Tensor maxGradient(Shape x, Tensor winners, Windows windows, Tensor dY) {
        Windows back = windows.transposed();
        Tensor given = dY.contiguous();
        Tensor won = winners.contiguous();
        Tensor dX = Workspace.result(x);
        forEachLine(x, back, (from, to) -> MAX.gradient(windows, back, won.elements(0), given.elements(0), dX.elements(0), from, to));
        return dX;
    }

    static Tensor average(Tensor x, Pool2dGeometry g, boolean countPadding) {
        Shape shape = Shapes.pool2d("avgPool2d", x.shape(), g);
        return resample(x, windows(x.shape(), shape, g, countPadding), shape);
    }

    /// The gradient of images of shape x that [Tensor#avgPool2d] has averaged.
    public static Tensor averageGradient(Shape x, Pool2dGeometry g, boolean countPadding, Tensor dY) {
        Shape shape = Shapes.same("avgPool2dGradient", Shapes.pool2d("avgPool2d", x, g), dY.shape());
        return resample(dY, windows(x, shape, g, countPadding).transposed(), x);
    }

    static Tensor adaptiveAverage(Tensor x, int height, int width) {
        Shape shape = Shapes.resized("adaptiveAvgPool2d", x.shape(), height, width);
        return resample(x, bins(x.shape(), shape), shape);
    }

    /// The gradient of images of shape x that [Tensor#adaptiveAvgPool2d] has averaged.
    public static Tensor adaptiveAverageGradient(Shape x, Tensor dY) {
        Shape shape = Shapes.same("adaptiveAvgPool2dGradient", Shapes.resized("adaptiveAvgPool2d", x, dY.dim(1), dY.dim(2)), dY.shape());
        return resample(dY, bins(x, shape).transposed(), x);
    }

    static Tensor resize(Tensor x, int height, int width, Interpolation how) {
        Shape shape = Shapes.resized("resize", x.shape(), height, width);
        return resample(x, interpolated(x.shape(), shape, how), shape);
    }

    /// The gradient of images of shape x that [Tensor#resize] has resized.
    public static Tensor resizeGradient(Shape x, Interpolation how, Tensor dY) {
        Shape shape = Shapes.same("resizeGradient", Shapes.resized("resize", x, dY.dim(1), dY.dim(2)), dY.shape());
        return resample(dY, interpolated(x, shape, how).transposed(), x);
    }

    private static Tensor resample(Tensor x, Windows windows, Shape shape) {
        Tensor source = x.contiguous();
        Tensor y = Workspace.result(shape);
        forEachLine(shape, windows, (from, to) -> RESAMPLE.resample(windows, source.elements(0), y.elements(0), from, to));
        return y;
    }

    private static void forEachLine(Shape result, Windows windows, Runs.RowBody body) {
        long work = (long) result.dim(2) * result.dim(3) * taps(windows);
        Runs.forEachRow(result.dim(0) * result.dim(1), (int) Math.min(Runs.TASK, work), body);
    }

    private static Windows windows(Shape x, Shape y, Pool2dGeometry g, boolean countPadding) {
        return new Windows(windows(x.dim(1), y.dim(1), g.kernelHeight(), g.strideY(), g.top(), g.bottom(), countPadding),
                windows(x.dim(2), y.dim(2), g.kernelWidth(), g.strideX(), g.left(), g.right(), countPadding), x.dim(3));
    }

    /// Windows cut off at the edges, with equal weights whose sum is 1, or less where padding is counted; what is beyond it never is.
    private static Bands windows(int inputs, int outputs, int kernel, int stride, int before, int after, boolean countPadding) {
        Band[] bands = new Band[outputs];
        for (int o = 0; o < outputs; o++) {
            int begin = o * stride - before;
            int from = Math.max(0, begin);
            int length = Math.min(inputs, begin + kernel) - from;
            int padded = Math.min(inputs + after, begin + kernel) - begin;
            bands[o] = Band.even(from, length, 1f / (countPadding ? padded : length));
        }
        return bands(inputs, bands);
    }

    /// PyTorch's bins: from ⌊i · in / out⌋ to ⌈(i + 1) · in / out⌉; they overlap where out does not divide in.
    private static Windows bins(Shape x, Shape y) {
        return new Windows(bins(x.dim(1), y.dim(1)), bins(x.dim(2), y.dim(2)), x.dim(3));
    }

    private static Bands bins(int inputs, int outputs) {
        Band[] bands = new Band[outputs];
        for (int o = 0; o < outputs; o++) {
            int from = (int) ((long) o * inputs / outputs);
            int length = (int) Math.ceilDiv((o + 1L) * inputs, (long) outputs) - from;
            bands[o] = Band.even(from, length, 1f / length);
        }
        return bands(inputs, bands);
    }

    private static Windows interpolated(Shape x, Shape y, Interpolation how) {
        return new Windows(interpolated(x.dim(1), y.dim(1), how), interpolated(x.dim(2), y.dim(2), how), x.dim(3));
    }

    private static Bands interpolated(int inputs, int outputs, Interpolation how) {
        Band[] bands = new Band[outputs];
        for (int o = 0; o < outputs; o++) {
            float at = switch (how) {
                case NEAREST -> (float) Math.floor(o * ((float) inputs / outputs));
                case BILINEAR -> Math.max(0, (o + 0.5f) * ((float) inputs / outputs) - 0.5f);
                case BILINEAR_ALIGNED -> outputs == 1 ? 0 : o * ((inputs - 1f) / (outputs - 1));
            };
            int from = Math.min((int) at, inputs - 1);
            float beyond = from == inputs - 1 ? 0 : Math.min(1, at - from);
            bands[o] = beyond == 0 ? Band.even(from, 1, 1) : new Band(from, new float[] {1 - beyond, beyond});
        }
        return bands(inputs, bands);
    }

    /// What one output takes.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Band(int from, float[] weights) {
        static Band even(int from, int length, float weight) {
            float[] weights = new float[length];
            java.util.Arrays.fill(weights, weight);
            return new Band(from, weights);
        }
    }

    private static Bands bands(int inputs, Band[] bands) {
        int[] from = new int[bands.length];
        int[] start = new int[bands.length + 1];
        for (int o = 0; o < bands.length; o++) {
            from[o] = bands[o].from;
            start[o + 1] = start[o] + bands[o].weights.length;
        }
        float[] weights = new float[start[bands.length]];
        for (int o = 0; o < bands.length; o++) {
            System.arraycopy(bands[o].weights, 0, weights, start[o], bands[o].weights.length);
        }
        return new Bands(inputs, from, start, weights);
    }
}
