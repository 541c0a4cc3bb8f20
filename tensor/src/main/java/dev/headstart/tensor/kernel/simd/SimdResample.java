package dev.headstart.tensor.kernel.simd;

import static dev.headstart.tensor.kernel.simd.Lanes.SPECIES;
import static dev.headstart.tensor.kernel.simd.Lanes.WIDTH;
import static dev.headstart.tensor.kernel.simd.Lanes.load;

import dev.headstart.tensor.kernel.Bands;
import dev.headstart.tensor.kernel.Resample;
import dev.headstart.tensor.kernel.scalar.ScalarKernels;
import jdk.incubator.vector.FloatVector;

/// Vectors along the channels, of which the last reaches back over channels already done. Fewer channels than lanes are the scalar twin's.
final class SimdResample implements Resample {
    private static final Resample SCALAR = ScalarKernels.create().resample();

    @Override
    public void resample(Bands rows, Bands columns, int channels, float[] x, int xo, float[] y, int yo, int fromLine, int toLine) {
        if (channels < WIDTH) {
            SCALAR.resample(rows, columns, channels, x, xo, y, yo, fromLine, toLine);
            return;
        }
        for (int line = fromLine; line < toLine; line++) {
            int oy = line % rows.outputs();
            int firstRow = line / rows.outputs() * rows.inputs() + rows.from()[oy];
            for (int ox = 0; ox < columns.outputs(); ox++) {
                int first = xo + (firstRow * columns.inputs() + columns.from()[ox]) * channels;
                int to = yo + (line * columns.outputs() + ox) * channels;
                pixel(x, first, columns.inputs() * channels, rows.weights(), rows.start()[oy], rows.length(oy), columns.weights(),
                        columns.start()[ox], columns.length(ox), y, to, channels);
            }
        }
    }

    private static void pixel(float[] x, int first, int step, float[] w, int wo, int height, float[] v, int vo, int width, float[] y,
            int to, int n) {
        int end = n - WIDTH;
        for (int c = 0; c < end; c += WIDTH) {
            chain(x, first + c, step, w, wo, height, v, vo, width, n).intoArray(y, to + c);
        }
        chain(x, first + end, step, w, wo, height, v, vo, width, n).intoArray(y, to + end);
    }

    private static FloatVector chain(float[] x, int first, int step, float[] w, int wo, int height, float[] v, int vo, int width, int n) {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int i = 0; i < height; i++) {
            float weight = w[wo + i];
            int at = first + i * step;
            for (int j = 0; j < width; j++) {
                sum = load(x, at + j * n).fma(FloatVector.broadcast(SPECIES, weight * v[vo + j]), sum);
            }
        }
        return sum;
    }
}
