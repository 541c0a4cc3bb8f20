package dev.headstart.tensor.kernel.simd;

import static dev.headstart.tensor.kernel.simd.SimdTiles.LANES;
import static dev.headstart.tensor.kernel.simd.SimdTiles.SPECIES;

import dev.headstart.tensor.Workers;
import dev.headstart.tensor.kernel.ConvShape;
import dev.headstart.tensor.kernel.Gemm;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/// Depthwise convolutions, where every output channel sees the input channel of the same number and nothing else: pixel times pixel,
/// vectors along the channels. They are bound by memory, so a line of pixels is a task and stays in the first-level cache.
final class SimdDepthwise {
    private static final int TASK = 1 << 16;

    private SimdDepthwise() {}

    /// Whether a convolution is one of these.
    static boolean fits(ConvShape s) {
        return s.groups() == s.channels() && s.groups() == s.outChannels() && s.taps() <= Gemm.K_BLOCK;
    }

    static void forward(Workers workers, ConvShape s, float[] x, int xo, float[] w, int wo, float[] y, int yo) {
        int n = s.channels();
        float[] taps = transposed(w, wo, n, s.taps());
        int zeros = s.taps() * n;
        forEachLine(workers, s.batch() * s.outHeight(), s.outWidth() * n * s.taps(), line -> {
            for (int ky = 0; ky < s.kernelHeight(); ky++) {
                int iy = inputRow(s, line, ky);
                for (int ox = 0; ox < s.outWidth(); ox++) {
                    int to = yo + (line * s.outWidth() + ox) * n;
                    int ix = ox * s.strideX() - s.left();
                    for (int kx = 0; kx < s.kernelWidth(); kx++, ix += s.dilationX()) {
                        boolean outside = iy < 0 || ix < 0 || ix >= s.width();
                        addProducts(outside ? taps : x, outside ? zeros : xo + (iy * s.width() + ix) * n, taps,
                                (ky * s.kernelWidth() + kx) * n, y, to, n);
                    }
                }
            }
        });
    }

    static void inputGradient(Workers workers, ConvShape s, float[] dY, int dYo, float[] w, int wo, float[] dX, int dXo) {
        int n = s.channels();
        float[] taps = transposed(w, wo, n, s.taps());
        int zeros = s.taps() * n;
        forEachLine(workers, s.batch() * s.height(), s.width() * n * s.taps(), line -> {
            for (int ky = 0; ky < s.kernelHeight(); ky++) {
                int y = line % s.height() + s.top() - ky * s.dilationY();
                if (y % s.strideY() != 0) {
                    continue;
                }
                int oy = y < 0 || y / s.strideY() >= s.outHeight() ? -1 : line / s.height() * s.outHeight() + y / s.strideY();
                for (int ix = 0; ix < s.width(); ix++) {
                    int to = dXo + (line * s.width() + ix) * n;
                    int x = ix + s.left();
                    for (int kx = 0; kx < s.kernelWidth(); kx++, x -= s.dilationX()) {
                        if (s.strideX() > 1 && x % s.strideX() != 0) {
                            continue;
                        }
                        int ox = s.strideX() > 1 ? x / s.strideX() : x;
                        boolean outside = oy < 0 || ox < 0 || ox >= s.outWidth();
                        addProducts(outside ? taps : dY, outside ? zeros : dYo + (oy * s.outWidth() + ox) * n, taps,
                                (ky * s.kernelWidth() + kx) * n, dX, to, n);
                    }
                }
            }
        });
    }

    static void weightGradient(Workers workers, ConvShape s, float[] x, int xo, float[] dY, int dYo, float[] dW, int dWo) {
        int n = s.channels();
        float[] zero = Scratch.STRIPS.array(n);
        Arrays.fill(zero, 0, n, 0);
        workers.forEach(s.taps(), t -> {
            float[] sum = Scratch.BLOCK.array(n);
            float[] later = Scratch.LATER.array(n);
            for (int c = 0; c < n; c++) {
                sum[c] = dW[dWo + c * s.taps() + t];
                later[c] = 0;
            }
            int p = 0;
            for (int line = 0; line < s.batch() * s.outHeight(); line++) {
                int iy = inputRow(s, line, t / s.kernelWidth());
                int ix = t % s.kernelWidth() * s.dilationX() - s.left();
                for (int ox = 0; ox < s.outWidth(); ox++, p++, ix += s.strideX()) {
                    if (p > Gemm.K_BLOCK && p % Gemm.K_BLOCK == 0) {
                        addAndClear(later, sum, n);
                    }
                    boolean outside = iy < 0 || ix < 0 || ix >= s.width();
                    addProducts(outside ? zero : x, outside ? 0 : xo + (iy * s.width() + ix) * n, dY, dYo + p * n,
                            p < Gemm.K_BLOCK ? sum : later, 0, n);
                }
            }
            if (s.positions() > Gemm.K_BLOCK) {
                addAndClear(later, sum, n);
            }
            for (int c = 0; c < n; c++) {
                dW[dWo + c * s.taps() + t] = sum[c];
            }
        });
    }

    /// The line of all x that row ky of the kernel meets at a line of all y; -1 outside.
    private static int inputRow(ConvShape s, int line, int ky) {
        int iy = line % s.outHeight() * s.strideY() + ky * s.dilationY() - s.top();
        return iy < 0 || iy >= s.height() ? -1 : line / s.outHeight() * s.height() + iy;
    }

    private static void addAndClear(float[] from, float[] to, int n) {
        for (int c = 0; c < n; c++) {
            to[c] += from[c];
            from[c] = 0;
        }
    }

    @FunctionalInterface
    private interface Line {
        void compute(int line);
    }

    private static void forEachLine(Workers workers, int lines, int work, Line body) {
        int inTask = Math.clamp(TASK / Math.max(1, work), 1, Math.max(1, lines));
        workers.forEach(Math.ceilDiv(lines, inTask), task -> {
            for (int line = task * inTask; line < Math.min(lines, (task + 1) * inTask); line++) {
                body.compute(line);
            }
        });
    }

    /// Weights with channels last, and zeros behind them: what lies outside an image.
    private static float[] transposed(float[] w, int wo, int channels, int taps) {
        float[] to = Scratch.STRIPS.array((taps + 1) * channels);
        Arrays.fill(to, taps * channels, (taps + 1) * channels, 0);
        for (int c = 0; c < channels; c++) {
            for (int t = 0; t < taps; t++) {
                to[t * channels + c] = w[wo + c * taps + t];
            }
        }
        return to;
    }

    /// `c = fma(a, b, c)`, element by element.
    private static void addProducts(float[] a, int ao, float[] b, int bo, float[] c, int co, int n) {
        int i = 0;
        for (; i + LANES <= n; i += LANES) {
            FloatVector.fromArray(SPECIES, a, ao + i)
                    .fma(FloatVector.fromArray(SPECIES, b, bo + i), FloatVector.fromArray(SPECIES, c, co + i)).intoArray(c, co + i);
        }
        for (; i < n; i++) {
            c[co + i] = Math.fma(a[ao + i], b[bo + i], c[co + i]);
        }
    }
}
