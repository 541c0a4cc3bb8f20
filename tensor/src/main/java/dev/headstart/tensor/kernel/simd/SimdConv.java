package dev.headstart.tensor.kernel.simd;

import static dev.headstart.tensor.kernel.simd.SimdTiles.LANES;

import dev.headstart.tensor.Workers;
import dev.headstart.tensor.kernel.Conv;
import dev.headstart.tensor.kernel.ConvShape;
import dev.headstart.tensor.kernel.Gemm;
import dev.headstart.tensor.kernel.InitialRows;
import dev.headstart.tensor.kernel.Matrices;
import dev.headstart.tensor.kernel.Slice;
import java.util.Arrays;
import java.util.stream.IntStream;

/// Convolutions as matrix products over patches (*implicit GEMM*): the register tiles of the matrix product, fed by [SimdPatches].
///
/// - Forward, the patches of x meet the transposed weights, which are packed first. The gradient of x is the same over patches of dY: with
///   strides the pixels of x fall into classes by their remainder, each of which meets taps of its own at stride 1.
/// - The gradient of the weights is dYᵀ times the patches: [SimdConvWeights].
/// - Kernels of one position and stride 1 are matrix products as they are, but for the gradient of weights over many positions.
/// - Depthwise convolutions go along the channels: [SimdDepthwise].
final class SimdConv implements Conv {
    private final SimdGemm gemm = new SimdGemm();

    private static boolean isPointwise(ConvShape s) {
        return s.taps() == 1 && s.strideY() == 1 && s.strideX() == 1 && s.top() == 0 && s.left() == 0
                && s.outHeight() == s.height() && s.outWidth() == s.width();
    }

    @Override
    public void forward(Workers workers, ConvShape s, Slice x, Slice w, Slice y, InitialRows start) {
        int in = s.groupChannels();
        int out = s.groupOutChannels();
        int k = s.steps();
        boolean grouped = isPointwise(s) && s.groups() > 1;
        boolean together = k > 0 && !grouped && !SimdDepthwise.fits(s); // else all is begun before
        if (!together) {
            workers.forEach(s.batch() * s.outHeight(),
                    line -> start.begin(y.data(), y.offset() + line * s.outWidth() * s.outChannels(), s.outWidth(),
                            s.outChannels(), 0, s.outChannels()));
        }
        if (s.positions() == 0 || out == 0 || k == 0) {
            return;
        }
        if (isPointwise(s)) {
            gemm.multiply(workers, s.positions(), out, in, groups(s, x, in, s.channels(), 1), groups(s, w, out * in, 1, in),
                    groups(s, y, out, s.outChannels(), 1), together ? start : InitialRows.ACCUMULATE);
            return;
        }
        if (SimdDepthwise.fits(s)) {
            SimdDepthwise.forward(workers, s, x.data(), x.offset(), w.data(), w.offset(), y.data(), y.offset());
            return;
        }
        SimdConvProduct product = new SimdConvProduct(patches(s, x), s.groups(), out, y.data(), y.offset(), s.outChannels(),
                s.outWidth() * s.outChannels(), s.outHeight() * s.outWidth() * s.outChannels(), start);
        product.packColumns(workers,
                (group, j, count, width, strips, to) -> SimdPacking.packStrip(w.data(), w.offset() + (group * out + j) * k, k, 1,
                        count, k, strips, to, width));
        product.multiply(workers);
    }

    @Override
    public void inputGradient(Workers workers, ConvShape s, Slice dY, Slice w, Slice dX) {
        int in = s.groupChannels();
        int out = s.groupOutChannels();
        if (s.batch() * s.height() * s.width() == 0 || in == 0 || out == 0) {
            return;
        }
        if (isPointwise(s)) {
            gemm.multiply(workers, s.positions(), in, out, groups(s, dY, out, s.outChannels(), 1), groups(s, w, out * in, in, 1),
                    groups(s, dX, in, s.channels(), 1));
            return;
        }
        if (SimdDepthwise.fits(s)) {
            SimdDepthwise.inputGradient(workers, s, dY.data(), dY.offset(), w.data(), w.offset(), dX.data(), dX.offset());
            return;
        }
        for (int y = 0; y < Math.min(s.strideY(), s.height()); y++) {
            for (int x = 0; x < Math.min(s.strideX(), s.width()); x++) {
                inputGradient(workers, s, y, x, dY, w, dX);
            }
        }
    }

    /// The gradient of those pixels of x whose row is y, y + strideY, … and whose column is x, x + strideX, …
    private static void inputGradient(Workers workers, ConvShape s, int y, int x, Slice dY, Slice w, Slice dX) {
        int in = s.groupChannels();
        int out = s.groupOutChannels();
        int[] taps = IntStream.range(0, s.taps()).filter(t -> (y + s.top() - t / s.kernelWidth() * s.dilationY()) % s.strideY() == 0
                && (x + s.left() - t % s.kernelWidth() * s.dilationX()) % s.strideX() == 0).toArray();
        if (taps.length == 0) {
            return;
        }
        int[] dy = Arrays.stream(taps).map(t -> (y + s.top() - t / s.kernelWidth() * s.dilationY()) / s.strideY()).toArray();
        int[] dx = Arrays.stream(taps).map(t -> (x + s.left() - t % s.kernelWidth() * s.dilationX()) / s.strideX()).toArray();
        SimdPatches patches = new SimdPatches(dY.data(), dY.offset(), s.outHeight(), s.outWidth(), s.outChannels(), out, s.batch(),
                Math.ceilDiv(s.height() - y, s.strideY()), Math.ceilDiv(s.width() - x, s.strideX()), 1, 1, dy, dx);
        int line = s.width() * s.channels();
        SimdConvProduct product = new SimdConvProduct(patches, s.groups(), in, dX.data(), dX.offset() + y * line + x * s.channels(),
                s.strideX() * s.channels(), s.strideY() * line, s.height() * line, InitialRows.ACCUMULATE);
        int along = s.steps();
        product.packColumns(workers, (group, j, count, width, strips, to) -> {
            for (int t = 0; t < taps.length; t++) {
                int from = w.offset() + group * out * along + taps[t] * in + j;
                int at = to + t * out * width;
                SimdPacking.packStrip(w.data(), from, 1, along, count, out, strips, at, width);
            }
        });
        product.multiply(workers);
    }

    @Override
    public void weightGradient(Workers workers, ConvShape s, Slice x, Slice dY, Slice dW) {
        int in = s.groupChannels();
        int out = s.groupOutChannels();
        if (s.positions() == 0 || in == 0 || out == 0) {
            return;
        }
        if (isPointwise(s) && s.positions() <= Gemm.K_BLOCK) { // else the chains are what can go side by side
            gemm.multiply(workers, out, in, s.positions(), groups(s, dY, out, 1, s.outChannels()), groups(s, x, in, s.channels(), 1),
                    groups(s, dW, out * in, in, 1));
            return;
        }
        if (SimdDepthwise.fits(s)) {
            SimdDepthwise.weightGradient(workers, s, x.data(), x.offset(), dY.data(), dY.offset(), dW.data(), dW.offset());
            return;
        }
        new SimdConvWeights(patches(s, x), s.groups(), out, dY.data(), dY.offset(), s.outChannels(), dW.data(), dW.offset())
                .multiply(workers);
    }

    /// The patches of x.
    private static SimdPatches patches(ConvShape s, Slice x) {
        int[] dy = IntStream.range(0, s.taps()).map(t -> t / s.kernelWidth() * s.dilationY() - s.top()).toArray();
        int[] dx = IntStream.range(0, s.taps()).map(t -> t % s.kernelWidth() * s.dilationX() - s.left()).toArray();
        return new SimdPatches(x.data(), x.offset(), s.height(), s.width(), s.channels(), s.groupChannels(), s.batch(),
                s.outHeight(), s.outWidth(), s.strideY(), s.strideX(), dy, dx);
    }

    /// The groups' matrices in x, `step` elements apart.
    private static Matrices groups(ConvShape s, Slice x, int step, int rowStride, int columnStride) {
        int[] offsets = IntStream.range(0, s.groups()).map(g -> x.offset() + g * step).toArray();
        return new Matrices(x.data(), offsets, rowStride, columnStride);
    }

    /// Vectors that so many columns of a strip take.
    static int vectors(int columns) {
        return columns > LANES ? 2 : 1;
    }

    /// The least multiple of `unit` that cuts `total` into as few parts as `most` does.
    static int evenly(int total, int most, int unit) {
        int parts = Math.ceilDiv(total, most);
        return Math.ceilDiv(Math.ceilDiv(total, parts), unit) * unit;
    }
}
