package dev.headstart.tensor.kernel.simd;

import static dev.headstart.tensor.kernel.simd.Lanes.SPECIES;
import static dev.headstart.tensor.kernel.simd.Lanes.WIDTH;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.FloatVector.zero;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.IS_NAN;
import static jdk.incubator.vector.VectorOperators.LE;

import dev.headstart.tensor.kernel.Bands;
import dev.headstart.tensor.kernel.Gemm;
import dev.headstart.tensor.kernel.MaxPool;
import dev.headstart.tensor.kernel.Slice;
import dev.headstart.tensor.kernel.Windows;
import dev.headstart.tensor.kernel.scalar.ScalarKernels;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// Vectors along the channels, of which the last reaches back over channels already done.
///
/// Where channels are fewer than lanes, a vector reaches over the pixels that follow in the line, which are stored after it; the last
/// pixels of a line are stored through scratch. A line at whose end vectors would reach behind an array is the scalar twin's.
final class SimdMaxPool implements MaxPool {
    private static final MaxPool SCALAR = ScalarKernels.create().maxPool();

    @Override
    public void forward(Windows windows, Slice x, Slice y, Slice winners, int fromLine, int toLine) {
        Bands rows = windows.rows();
        Bands columns = windows.columns();
        int channels = windows.channels();
        float[] from = x.data();
        float[] to = y.data();
        float[] won = winners.data();
        float[] last = Scratch.PIXEL.array(2 * WIDTH);
        int step = columns.inputs() * channels;
        for (int line = fromLine; line < toLine; line++) {
            int oy = line % rows.outputs();
            int firstRow = line / rows.outputs() * rows.inputs() + rows.from()[oy];
            if (x.offset() + (firstRow + rows.length(oy)) * step + WIDTH - channels > from.length && channels < WIDTH) {
                SCALAR.forward(windows, x, y, winners, line, line + 1);
                continue;
            }
            for (int ox = 0; ox < columns.outputs(); ox++) {
                int first = x.offset() + firstRow * step + columns.from()[ox] * channels;
                int at = (line * columns.outputs() + ox) * channels;
                int yo = y.offset() + at;
                int wo = winners.offset() + at;
                if ((columns.outputs() - ox) * channels < WIDTH) {
                    window(from, first, step, rows.length(oy), columns.length(ox), last, 0, last, WIDTH, channels);
                    System.arraycopy(last, 0, to, yo, channels);
                    System.arraycopy(last, WIDTH, won, wo, channels);
                    continue;
                }
                for (int j = 0; j < channels; j += WIDTH) {
                    int c = Math.max(0, Math.min(j, channels - WIDTH));
                    window(from, first + c, step, rows.length(oy), columns.length(ox), to, yo + c, won, wo + c, channels);
                }
            }
        }
    }

    private static void window(float[] x, int first, int step, int height, int width, float[] y, int yo, float[] winners, int wo, int n) {
        FloatVector largest = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        FloatVector winner = zero(SPECIES);
        int number = 0;
        for (int i = 0; i < height; i++) {
            int at = first + i * step;
            for (int j = 0; j < width; j++) {
                FloatVector v = fromArray(SPECIES, x, at + j * n);
                VectorMask<Float> stays = v.compare(LE, largest).or(largest.test(IS_NAN));
                largest = v.blend(largest, stays);
                winner = FloatVector.broadcast(SPECIES, (float) number++).blend(winner, stays);
            }
        }
        largest.intoArray(y, yo);
        winner.intoArray(winners, wo);
    }

    @Override
    public void gradient(Windows windows, Windows transposed, Slice winners, Slice dY, Slice dX, int fromLine, int toLine) {
        Bands rows = windows.rows();
        Bands columns = windows.columns();
        Bands rowsOf = transposed.rows();
        Bands columnsOf = transposed.columns();
        int channels = windows.channels();
        float[] won = winners.data();
        float[] given = dY.data();
        float[] to = dX.data();
        float[] last = Scratch.PIXEL.array(WIDTH);
        int step = columns.outputs() * channels;
        for (int line = fromLine; line < toLine; line++) {
            int iy = line % rows.inputs();
            int image = line / rows.inputs() * rows.outputs() * step;
            int wo = winners.offset() + image;
            int dYo = dY.offset() + image;
            int end = rowsOf.to(iy) * step + WIDTH - channels;
            if (channels < WIDTH && (wo + end > won.length || dYo + end > given.length)) {
                SCALAR.gradient(windows, transposed, winners, dY, dX, line, line + 1);
                continue;
            }
            for (int ix = 0; ix < columns.inputs(); ix++) {
                if (rowsOf.length(iy) * columnsOf.length(ix) > Gemm.K_BLOCK) { // too seldom to be worth code of its own
                    SCALAR.gradient(windows, transposed, winners, dY, dX, line, line + 1);
                    break;
                }
                int dXo = dX.offset() + (line * columns.inputs() + ix) * channels;
                if ((columns.inputs() - ix) * channels < WIDTH) {
                    pixelGradient(rows, columns, rowsOf, columnsOf, iy, ix, channels, won, wo, given, dYo, last, 0);
                    System.arraycopy(last, 0, to, dXo, channels);
                    continue;
                }
                for (int j = 0; j < channels; j += WIDTH) {
                    int c = Math.max(0, Math.min(j, channels - WIDTH));
                    pixelGradient(rows, columns, rowsOf, columnsOf, iy, ix, channels, won, wo + c, given, dYo + c, to, dXo + c);
                }
            }
        }
    }

    /// A vector of one pixel's gradient: what its windows' results have, where it won them.
    private static void pixelGradient(Bands rows, Bands columns, Bands rowsOf, Bands columnsOf, int iy, int ix, int channels,
            float[] winners, int wo, float[] dY, int dYo, float[] dX, int dXo) {
        FloatVector sum = zero(SPECIES);
        for (int oy = rowsOf.from()[iy]; oy < rowsOf.to(iy); oy++) {
            for (int ox = columnsOf.from()[ix]; ox < columnsOf.to(ix); ox++) {
                int number = (iy - rows.from()[oy]) * columns.length(ox) + ix - columns.from()[ox];
                int at = (oy * columns.outputs() + ox) * channels;
                VectorMask<Float> won = fromArray(SPECIES, winners, wo + at).compare(EQ, (float) number);
                sum = sum.add(zero(SPECIES).blend(fromArray(SPECIES, dY, dYo + at), won));
            }
        }
        sum.intoArray(dX, dXo);
    }
}
