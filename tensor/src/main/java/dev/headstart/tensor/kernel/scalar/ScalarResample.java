package dev.headstart.tensor.kernel.scalar;

import dev.headstart.tensor.kernel.Bands;
import dev.headstart.tensor.kernel.Resample;
import java.util.Arrays;

final class ScalarResample implements Resample {
    @Override
    public void resample(Bands rows, Bands columns, int channels, float[] x, int xo, float[] y, int yo, int fromLine, int toLine) {
        float[] sum = new float[channels];
        for (int line = fromLine; line < toLine; line++) {
            int oy = line % rows.outputs();
            int image = line / rows.outputs() * rows.inputs();
            for (int ox = 0; ox < columns.outputs(); ox++) {
                Arrays.fill(sum, 0);
                for (int i = 0; i < rows.length(oy); i++) {
                    int row = (image + rows.from()[oy] + i) * columns.inputs() + columns.from()[ox];
                    for (int j = 0; j < columns.length(ox); j++) {
                        float weight = rows.weights()[rows.start()[oy] + i] * columns.weights()[columns.start()[ox] + j];
                        add(weight, x, xo + (row + j) * channels, sum);
                    }
                }
                System.arraycopy(sum, 0, y, yo + (line * columns.outputs() + ox) * channels, channels);
            }
        }
    }

    private static void add(float weight, float[] x, int at, float[] sum) {
        for (int c = 0; c < sum.length; c++) {
            sum[c] = Math.fma(weight, x[at + c], sum[c]);
        }
    }
}
