package dev.headstart.tensor.kernel.simd;

import static dev.headstart.tensor.kernel.simd.Lanes.SPECIES;
import static dev.headstart.tensor.kernel.simd.Lanes.WIDTH;
import static jdk.incubator.vector.FloatVector.fromArray;

import dev.headstart.tensor.kernel.Bands;
import dev.headstart.tensor.kernel.Gemm;
import dev.headstart.tensor.kernel.Resample;
import dev.headstart.tensor.kernel.Slice;
import dev.headstart.tensor.kernel.Windows;
import dev.headstart.tensor.kernel.scalar.ScalarKernels;
import jdk.incubator.vector.FloatVector;

/// Vectors along the channels, of which the last reaches back over channels already done. Fewer channels than lanes are the scalar twin's.
final class SimdResample implements Resample {
    private static final Resample SCALAR = ScalarKernels.create().resample();

    @Override
    public void resample(Windows windows, Slice x, Slice y, int fromLine, int toLine) {
        Bands rows = windows.rows();
        Bands columns = windows.columns();
        int channels = windows.channels();
        if (channels < WIDTH) {
            SCALAR.resample(windows, x, y, fromLine, toLine);
            return;
        }
        for (int line = fromLine; line < toLine; line++) {
            int oy = line % rows.outputs();
            int firstRow = line / rows.outputs() * rows.inputs() + rows.from()[oy];
            for (int ox = 0; ox < columns.outputs(); ox++) {
                int first = x.offset() + (firstRow * columns.inputs() + columns.from()[ox]) * channels;
                int to = y.offset() + (line * columns.outputs() + ox) * channels;
                int step = columns.inputs() * channels;
                if (rows.length(oy) * columns.length(ox) > Gemm.K_BLOCK) {
                    manyPixels(x.data(), first, step, rows.weights(), rows.start()[oy], rows.length(oy), columns.weights(),
                            columns.start()[ox], columns.length(ox), y.data(), to, channels);
                } else {
                    pixel(x.data(), first, step, rows.weights(), rows.start()[oy], rows.length(oy), columns.weights(),
                            columns.start()[ox], columns.length(ox), y.data(), to, channels);
                }
            }
        }
    }

    private static void pixel(float[] x, int first, int step, float[] w, int wo, int height, float[] v, int vo, int width, float[] y,
            int to, int n) {
        for (int j = 0; j < n; j += WIDTH) {
            int c = Math.min(j, n - WIDTH);
            FloatVector sum = FloatVector.zero(SPECIES);
            for (int i = 0; i < height; i++) {
                float weight = w[wo + i];
                int at = first + i * step + c;
                for (int k = 0; k < width; k++) {
                    sum = fromArray(SPECIES, x, at + k * n).fma(FloatVector.broadcast(SPECIES, weight * v[vo + k]), sum);
                }
            }
            sum.intoArray(y, to + c);
        }
    }

    /// A pixel of more than [Gemm#K_BLOCK] inputs.
    private static void manyPixels(float[] x, int first, int step, float[] w, int wo, int height, float[] v, int vo, int width, float[] y,
            int to, int n) {
        for (int j = 0; j < n; j += WIDTH) {
            int c = Math.min(j, n - WIDTH);
            FloatVector sum = FloatVector.zero(SPECIES);
            for (int i = 0; i < height; i++) {
                for (int from = 0; from < width; from += Gemm.K_BLOCK) {
                    FloatVector chain = FloatVector.zero(SPECIES);
                    for (int k = from; k < Math.min(width, from + Gemm.K_BLOCK); k++) {
                        float weight = w[wo + i] * v[vo + k];
                        chain = fromArray(SPECIES, x, first + i * step + c + k * n).fma(FloatVector.broadcast(SPECIES, weight), chain);
                    }
                    sum = sum.add(chain);
                }
            }
            sum.intoArray(y, to + c);
        }
    }
}
