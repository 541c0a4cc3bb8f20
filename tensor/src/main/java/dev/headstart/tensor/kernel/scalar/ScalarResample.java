package dev.headstart.tensor.kernel.scalar;

import dev.headstart.tensor.kernel.Bands;
import dev.headstart.tensor.kernel.Gemm;
import dev.headstart.tensor.kernel.Resample;
import dev.headstart.tensor.kernel.Slice;
import dev.headstart.tensor.kernel.Windows;
import java.util.Arrays;

final class ScalarResample implements Resample {
    @Override
    public void resample(Windows windows, Slice x, Slice y, int fromLine, int toLine) {
        Bands rows = windows.rows();
        Bands columns = windows.columns();
        int channels = windows.channels();
        float[] sum = new float[channels];
        float[] chain = new float[channels];
        for (int line = fromLine; line < toLine; line++) {
            int oy = line % rows.outputs();
            int image = line / rows.outputs() * rows.inputs();
            for (int ox = 0; ox < columns.outputs(); ox++) {
                Arrays.fill(sum, 0);
                boolean cut = rows.length(oy) * columns.length(ox) > Gemm.K_BLOCK;
                for (int i = 0; i < rows.length(oy); i++) {
                    int row = (image + rows.from()[oy] + i) * columns.inputs() + columns.from()[ox];
                    for (int j = 0; j < columns.length(ox); j++) {
                        float weight = rows.weights()[rows.start()[oy] + i] * columns.weights()[columns.start()[ox] + j];
                        add(weight, x.data(), x.offset() + (row + j) * channels, cut ? chain : sum);
                        if (cut && ((j + 1) % Gemm.K_BLOCK == 0 || j + 1 == columns.length(ox))) {
                            end(chain, sum);
                        }
                    }
                }
                System.arraycopy(sum, 0, y.data(), y.offset() + (line * columns.outputs() + ox) * channels, channels);
            }
        }
    }

    /// Adds a chain's results, and begins the next from +0.
    static void end(float[] chain, float[] sum) {
        for (int c = 0; c < sum.length; c++) {
            sum[c] += chain[c];
            chain[c] = 0;
        }
    }

    private static void add(float weight, float[] x, int at, float[] sum) {
        for (int c = 0; c < sum.length; c++) {
            sum[c] = Math.fma(weight, x[at + c], sum[c]);
        }
    }
}
