package dev.headstart.tensor.kernel.scalar;

import dev.headstart.tensor.Workers;
import dev.headstart.tensor.kernel.Conv;
import dev.headstart.tensor.kernel.ConvShape;
import dev.headstart.tensor.kernel.Gemm;
import dev.headstart.tensor.kernel.Start;
import java.util.Arrays;

/// Convolutions as the contract words them: for each position a row of chains, one for each channel, and for each step one number times
/// one row of weights. Rows are arrays of their own, so that the compiler sees that they do not overlap (as in [ScalarGemm]).
final class ScalarConv implements Conv {
    @Override
    public void forward(Workers workers, ConvShape s, float[] x, int xo, float[] w, int wo, float[] y, int yo, Start start) {
        start.begin(y, yo, s.positions(), s.outChannels(), 0, s.outChannels());
        int in = s.groupChannels();
        int out = s.groupOutChannels();
        for (int g = 0; g < s.groups(); g++) {
            int group = g;
            float[][] rows = new float[s.steps()][out];
            for (int p = 0; p < rows.length; p++) {
                for (int o = 0; o < out; o++) {
                    rows[p][o] = w[wo + (group * out + o) * rows.length + p];
                }
            }
            workers.forEach(s.batch() * s.outHeight(), line -> {
                Chains chains = new Chains(out);
                for (int ox = 0; ox < s.outWidth(); ox++) {
                    int at = yo + (line * s.outWidth() + ox) * s.outChannels() + group * out;
                    chains.begin(y, at);
                    for (int tap = 0; tap < s.taps(); tap++) {
                        int pixel = pixel(s, line / s.outHeight(), line % s.outHeight(), ox, tap);
                        for (int c = 0; c < in; c++) {
                            float a = pixel < 0 ? 0 : x[xo + pixel * s.channels() + group * in + c];
                            chains.step(a, rows[tap * in + c]);
                        }
                    }
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

    @Override
    public void inputGradient(Workers workers, ConvShape s, float[] dY, int dYo, float[] w, int wo, float[] dX, int dXo) {
        int in = s.groupChannels();
        int out = s.groupOutChannels();
        for (int g = 0; g < s.groups(); g++) {
            int group = g;
            float[][] rows = new float[out * s.taps()][];
            for (int r = 0; r < rows.length; r++) {
                int from = wo + (group * rows.length + r) * in;
                rows[r] = Arrays.copyOfRange(w, from, from + in);
            }
            workers.forEach(s.batch() * s.height(), line -> {
                Chains chains = new Chains(in);
                for (int ix = 0; ix < s.width(); ix++) {
                    int at = dXo + (line * s.width() + ix) * s.channels() + group * in;
                    chains.begin(dX, at);
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
                        for (int o = 0; o < out; o++) {
                            float a = outside ? 0 : dY[dYo + pixel * s.outChannels() + group * out + o];
                            chains.step(a, rows[o * s.taps() + tap]);
                        }
                    }
                    chains.end(dX, at);
                }
            });
        }
    }

    @Override
    public void weightGradient(Workers workers, ConvShape s, float[] x, int xo, float[] dY, int dYo, float[] dW, int dWo) {
        int in = s.groupChannels();
        int out = s.groupOutChannels();
        workers.forEach(s.groups() * s.taps(), task -> {
            int group = task / s.taps();
            int tap = task % s.taps();
            Chains[] chains = new Chains[out];
            for (int o = 0; o < out; o++) {
                chains[o] = new Chains(in);
                chains[o].begin(dW, dWo + ((group * out + o) * s.taps() + tap) * in);
            }
            float[] row = new float[in];
            for (int p = 0; p < s.positions(); p++) {
                int pixel = pixel(s, p / s.outWidth() / s.outHeight(), p / s.outWidth() % s.outHeight(), p % s.outWidth(), tap);
                if (pixel < 0) {
                    Arrays.fill(row, 0);
                } else {
                    System.arraycopy(x, xo + pixel * s.channels() + group * in, row, 0, in);
                }
                for (int o = 0; o < out; o++) {
                    chains[o].step(dY[dYo + p * s.outChannels() + group * out + o], row);
                }
            }
            for (int o = 0; o < out; o++) {
                chains[o].end(dW, dWo + ((group * out + o) * s.taps() + tap) * in);
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

        void begin(float[] from, int at) {
            System.arraycopy(from, at, first, 0, first.length);
            steps = 0;
        }

        void step(float a, float[] b) {
            if (steps > Gemm.K_BLOCK && steps % Gemm.K_BLOCK == 0) {
                addLater();
            }
            add(a, b, steps < Gemm.K_BLOCK ? first : later);
            steps++;
        }

        private static void add(float a, float[] b, float[] chain) {
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

        void end(float[] to, int at) {
            if (steps > Gemm.K_BLOCK) {
                addLater();
            }
            System.arraycopy(first, 0, to, at, first.length);
        }
    }
}
