package dev.headstart.tensor.kernel.scalar;

import dev.headstart.tensor.kernel.Bands;
import dev.headstart.tensor.kernel.Gemm;
import dev.headstart.tensor.kernel.MaxPool;
import dev.headstart.tensor.kernel.Slice;
import dev.headstart.tensor.kernel.Windows;
import java.util.Arrays;

final class ScalarMaxPool implements MaxPool {
    @Override
    public void forward(Windows windows, Slice x, Slice y, Slice winners, int fromLine, int toLine) {
        Bands rows = windows.rows();
        Bands columns = windows.columns();
        int channels = windows.channels();
        float[] largest = new float[channels];
        float[] winner = new float[channels];
        for (int line = fromLine; line < toLine; line++) {
            int oy = line % rows.outputs();
            int image = line / rows.outputs() * rows.inputs();
            for (int ox = 0; ox < columns.outputs(); ox++) {
                Arrays.fill(largest, Float.NEGATIVE_INFINITY);
                Arrays.fill(winner, 0);
                int number = 0;
                for (int iy = rows.from()[oy]; iy < rows.to(oy); iy++) {
                    for (int ix = columns.from()[ox]; ix < columns.to(ox); ix++) {
                        take(x.data(), x.offset() + ((image + iy) * columns.inputs() + ix) * channels, number++, largest, winner);
                    }
                }
                int at = (line * columns.outputs() + ox) * channels;
                System.arraycopy(largest, 0, y.data(), y.offset() + at, channels);
                System.arraycopy(winner, 0, winners.data(), winners.offset() + at, channels);
            }
        }
    }

    private static void take(float[] x, int at, float number, float[] largest, float[] winner) {
        for (int c = 0; c < largest.length; c++) {
            float v = x[at + c];
            boolean wins = !(v <= largest[c]) && !Float.isNaN(largest[c]);
            largest[c] = wins ? v : largest[c];
            winner[c] = wins ? number : winner[c];
        }
    }

    @Override
    public void gradient(Windows windows, Windows transposed, Slice winners, Slice dY, Slice dX, int fromLine, int toLine) {
        Bands rows = windows.rows();
        Bands columns = windows.columns();
        Bands rowsOf = transposed.rows();
        Bands columnsOf = transposed.columns();
        int channels = windows.channels();
        float[] sum = new float[channels];
        float[] chain = new float[channels];
        for (int line = fromLine; line < toLine; line++) {
            int iy = line % rows.inputs();
            int image = line / rows.inputs() * rows.outputs();
            for (int ix = 0; ix < columns.inputs(); ix++) {
                Arrays.fill(sum, 0);
                int first = columnsOf.from()[ix];
                boolean cut = rowsOf.length(iy) * columnsOf.length(ix) > Gemm.K_BLOCK;
                for (int oy = rowsOf.from()[iy]; oy < rowsOf.to(iy); oy++) {
                    for (int ox = first; ox < columnsOf.to(ix); ox++) {
                        int number = (iy - rows.from()[oy]) * columns.length(ox) + ix - columns.from()[ox];
                        int at = ((image + oy) * columns.outputs() + ox) * channels;
                        addWon(winners.data(), winners.offset() + at, number, dY.data(), dY.offset() + at, cut ? chain : sum);
                        if (cut && ((ox - first + 1) % Gemm.K_BLOCK == 0 || ox + 1 == columnsOf.to(ix))) {
                            ScalarResample.end(chain, sum);
                        }
                    }
                }
                System.arraycopy(sum, 0, dX.data(), dX.offset() + (line * columns.inputs() + ix) * channels, channels);
            }
        }
    }

    private static void addWon(float[] winners, int wo, float number, float[] dY, int dYo, float[] sum) {
        for (int c = 0; c < sum.length; c++) {
            sum[c] += winners[wo + c] == number ? dY[dYo + c] : 0f;
        }
    }
}
