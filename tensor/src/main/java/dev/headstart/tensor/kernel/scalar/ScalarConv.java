package dev.headstart.tensor.kernel.scalar;

import dev.headstart.tensor.Workers;
import dev.headstart.tensor.kernel.Conv;
import dev.headstart.tensor.kernel.ConvShape;
import dev.headstart.tensor.kernel.Gemm;
import dev.headstart.tensor.kernel.InitialRows;
import dev.headstart.tensor.kernel.Slice;
import java.util.Arrays;

/// Convolutions as the contract words them: for each position a row of chains, one for each channel, and for each step one number times
/// one row of weights. Rows are arrays of their own, so that the compiler sees that they do not overlap, and four steps are taken at a time
/// (as in [ScalarGemm]).
final class ScalarConv implements Conv {
    /// Positions of which the weights' gradient copies the pixels at a time: they stay in the second-level cache.
    private static final int POSITIONS = 64;

    @Override
    public void forward(Workers workers, ConvShape s, Slice x, Slice w, Slice y, InitialRows start) {
        start.begin(y.data(), y.offset(), s.positions(), s.outChannels(), 0, s.outChannels());
        int in = s.groupChannels();
        int out = s.groupOutChannels();
        for (int g = 0; g < s.groups(); g++) {
            int group = g;
            float[][] rows = new float[s.steps()][out];
            for (int p = 0; p < rows.length; p++) {
                for (int o = 0; o < out; o++) {
                    rows[p][o] = w.get((group * out + o) * rows.length + p);
                }
            }
            workers.forEach(s.batch() * s.outHeight(), line -> {
                Chains chains = new Chains(out);
                float[] patch = new float[rows.length];
                for (int ox = 0; ox < s.outWidth(); ox++) {
                    int at = (line * s.outWidth() + ox) * s.outChannels() + group * out;
                    chains.begin(y, at);
                    for (int tap = 0; tap < s.taps(); tap++) {
                        copyPixel(s, pixel(s, line / s.outHeight(), line % s.outHeight(), ox, tap), group, x, patch, tap * in);
                    }
                    chains.steps(patch, rows, rows.length);
                    chains.end(y, at);
                }
            });
        }
    }

    /// Number of the pixel of x that an output position's tap meets; -1 outside.
    private static int pixel(ConvShape s, int n, int oy, int ox, int tap) {
        int iy = oy * s.strideY() + tap / s.kernelWidth() * s.dilationY() - s.top();
        int ix = ox * s.strideX() + tap % s.kernelWidth() * s.dilationX() - s.left();
        return iy < 0 || iy >= s.height() || ix < 0 || ix >= s.width() ? -1 : (n * s.height() + iy) * s.width() + ix;
    }

    /// Copies a group's channels of a pixel of x; zeros when it lies outside.
    private static void copyPixel(ConvShape s, int pixel, int group, Slice x, float[] to, int at) {
        int in = s.groupChannels();
        if (pixel < 0) {
            Arrays.fill(to, at, at + in, 0);
        } else {
            System.arraycopy(x.data(), x.offset() + pixel * s.channels() + group * in, to, at, in);
        }
    }

    @Override
    public void inputGradient(Workers workers, ConvShape s, Slice dY, Slice w, Slice dX) {
        int in = s.groupChannels();
        int out = s.groupOutChannels();
        for (int g = 0; g < s.groups(); g++) {
            int group = g;
            float[][] rows = new float[out * s.taps()][];
            for (int r = 0; r < rows.length; r++) {
                int from = w.offset() + (group * rows.length + r) * in;
                rows[r] = Arrays.copyOfRange(w.data(), from, from + in);
            }
            workers.forEach(s.batch() * s.height(), line -> {
                Chains chains = new Chains(in);
                float[] factors = new float[rows.length];
                float[][] met = new float[rows.length][];
                for (int ix = 0; ix < s.width(); ix++) {
                    int at = (line * s.width() + ix) * s.channels() + group * in;
                    chains.begin(dX, at);
                    int n = 0;
                    for (int tap = 0; tap < s.taps(); tap++) {
                        int y = line % s.height() + s.top() - tap / s.kernelWidth() * s.dilationY();
                        int x = ix + s.left() - tap % s.kernelWidth() * s.dilationX();
                        if (y % s.strideY() != 0 || x % s.strideX() != 0) {
                            continue;
                        }
                        int oy = y / s.strideY();
                        int ox = x / s.strideX();
                        boolean outside = oy < 0 || oy >= s.outHeight() || ox < 0 || ox >= s.outWidth();
                        int pixel = (line / s.height() * s.outHeight() + oy) * s.outWidth() + ox;
                        int from = dY.offset() + pixel * s.outChannels() + group * out;
                        for (int o = 0; o < out; o++, n++) {
                            factors[n] = outside ? 0 : dY.data()[from + o];
                            met[n] = rows[o * s.taps() + tap];
                        }
                    }
                    chains.steps(factors, met, n);
                    chains.end(dX, at);
                }
            });
        }
    }

    @Override
    public void weightGradient(Workers workers, ConvShape s, Slice x, Slice dY, Slice dW) {
        int in = s.groupChannels();
        int out = s.groupOutChannels();
        workers.forEach(s.groups() * s.taps(), task -> {
            int group = task / s.taps();
            int tap = task % s.taps();
            Chains[] chains = new Chains[out];
            for (int o = 0; o < out; o++) {
                chains[o] = new Chains(in);
                chains[o].begin(dW, ((group * out + o) * s.taps() + tap) * in);
            }
            float[][] rows = new float[Math.min(s.positions(), POSITIONS)][in];
            float[] factors = new float[rows.length];
            for (int from = 0; from < s.positions(); from += rows.length) {
                int count = Math.min(rows.length, s.positions() - from);
                for (int i = 0; i < count; i++) {
                    int p = from + i;
                    int pixel = pixel(s, p / s.outWidth() / s.outHeight(), p / s.outWidth() % s.outHeight(), p % s.outWidth(), tap);
                    copyPixel(s, pixel, group, x, rows[i], 0);
                }
                for (int o = 0; o < out; o++) {
                    for (int i = 0; i < count; i++) {
                        factors[i] = dY.get((from + i) * s.outChannels() + group * out + o);
                    }
                    chains[o].steps(factors, rows, count);
                }
            }
            for (int o = 0; o < out; o++) {
                chains[o].end(dW, ((group * out + o) * s.taps() + tap) * in);
            }
        });
    }

    /// Chains side by side, all at the same step.
    private static final class Chains {
        private final float[] first; // the chains of the first K_BLOCK steps, then the sums
        private final float[] later; // the chains of the block at hand, after the first
        private int steps;

        Chains(int n) {
            first = new float[n];
            later = new float[n];
        }

        void begin(Slice from, int at) {
            System.arraycopy(from.data(), from.offset() + at, first, 0, first.length);
            steps = 0;
        }

        /// The next `n` steps of all chains: in step p, `a[p]` times `rows[p]`.
        void steps(float[] a, float[][] rows, int n) {
            for (int p = 0; p < n;) {
                if (steps > Gemm.K_BLOCK && steps % Gemm.K_BLOCK == 0) {
                    addLater();
                }
                float[] chain = steps < Gemm.K_BLOCK ? first : later;
                int inBlock = Math.min(n - p, Gemm.K_BLOCK - steps % Gemm.K_BLOCK);
                add(a, rows, p, p + inBlock, chain);
                steps += inBlock;
                p += inBlock;
            }
        }

        private static void add(float[] a, float[][] rows, int from, int to, float[] chain) {
            int p = from;
            for (; p + 4 <= to; p += 4) {
                addFour(a[p], rows[p], a[p + 1], rows[p + 1], a[p + 2], rows[p + 2], a[p + 3], rows[p + 3], chain);
            }
            for (; p < to; p++) {
                addOne(a[p], rows[p], chain);
            }
        }

        private static void addFour(float a0, float[] b0, float a1, float[] b1, float a2, float[] b2, float a3, float[] b3, float[] chain) {
            for (int j = 0; j < chain.length; j++) {
                chain[j] = Math.fma(a3, b3[j], Math.fma(a2, b2[j], Math.fma(a1, b1[j], Math.fma(a0, b0[j], chain[j]))));
            }
        }

        private static void addOne(float a, float[] b, float[] chain) {
            for (int j = 0; j < chain.length; j++) {
                chain[j] = Math.fma(a, b[j], chain[j]);
            }
        }

        private void addLater() {
            for (int j = 0; j < first.length; j++) {
                first[j] += later[j];
                later[j] = 0;
            }
        }

        void end(Slice to, int at) {
            if (steps > Gemm.K_BLOCK) {
                addLater();
            }
            System.arraycopy(first, 0, to.data(), to.offset() + at, first.length);
        }
    }
}
