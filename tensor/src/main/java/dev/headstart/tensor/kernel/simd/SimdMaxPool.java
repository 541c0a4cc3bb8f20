package dev.headstart.tensor.kernel.simd;

import static dev.headstart.tensor.kernel.simd.Lanes.SPECIES;
import static dev.headstart.tensor.kernel.simd.Lanes.WIDTH;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.FloatVector.zero;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.IS_NAN;
import static jdk.incubator.vector.VectorOperators.LE;

import dev.headstart.tensor.kernel.Bands;
import dev.headstart.tensor.kernel.MaxPool;
import dev.headstart.tensor.kernel.Slice;
import dev.headstart.tensor.kernel.Windows;
import dev.headstart.tensor.kernel.scalar.ScalarKernels;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// Vectors along the channels, of which the last reaches back over channels already done.
///
/// Where channels are fewer than lanes, a vector reaches over the pixels that follow in the line, which are stored after it; the last pixels
/// of a line are stored through scratch. A line at whose end vectors would reach behind an array is the scalar twin's.
final class SimdMaxPool implements MaxPool {
    private static final MaxPool SCALAR = ScalarKernels.create().maxPool();

    @Override
    public void forward(Windows windows, Slice x, Slice y, Slice winners, int fromLine, int toLine) {
        Bands rows = windows.rows();
        Bands columns = windows.columns();
        int channels = windows.channels();
        float[] last = Scratch.PIXEL.array(2 * WIDTH);
        int step = columns.inputs() * channels;
        for (int line = fromLine; line < toLine; line++) {
            int oy = line % rows.outputs();
            int firstRow = line / rows.outputs() * rows.inputs() + rows.from()[oy];
            if (x.offset() + (firstRow + rows.length(oy)) * step + WIDTH - channels > x.data().length && channels < WIDTH) {
                SCALAR.forward(windows, x, y, winners, line, line + 1);
                continue;
            }
            for (int ox = 0; ox < columns.outputs(); ox++) {
                int first = x.offset() + firstRow * step + columns.from()[ox] * channels;
                int at = (line * columns.outputs() + ox) * channels;
                if ((columns.outputs() - ox) * channels < WIDTH) {
                    window(x.data(), first, step, rows.length(oy), columns.length(ox), last, 0, last, WIDTH, channels);
                    System.arraycopy(last, 0, y.data(), y.offset() + at, channels);
                    System.arraycopy(last, WIDTH, winners.data(), winners.offset() + at, channels);
                    continue;
                }
                for (int j = 0; j < channels; j += WIDTH) {
                    int c = Math.max(0, Math.min(j, channels - WIDTH));
                    window(x.data(), first + c, step, rows.length(oy), columns.length(ox), y.data(), y.offset() + at + c,
                            winners.data(), winners.offset() + at + c, channels);
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
        int channels = windows.channels();
        float[] last = Scratch.PIXEL.array(WIDTH);
        int step = columns.outputs() * channels;
        for (int line = fromLine; line < toLine; line++) {
            int iy = line % rows.inputs();
            int image = line / rows.inputs() * rows.outputs() * step;
            int end = image + rowsOf.to(iy) * step + WIDTH - channels;
            if (channels < WIDTH && (winners.offset() + end > winners.data().length || dY.offset() + end > dY.data().length)) {
                SCALAR.gradient(windows, transposed, winners, dY, dX, line, line + 1);
                continue;
            }
            for (int ix = 0; ix < columns.inputs(); ix++) {
                int to = dX.offset() + (line * columns.inputs() + ix) * channels;
                if ((columns.inputs() - ix) * channels < WIDTH) {
                    pixelGradient(windows, transposed, iy, ix, winners.from(image), dY.from(image), last, 0);
                    System.arraycopy(last, 0, dX.data(), to, channels);
                    continue;
                }
                for (int j = 0; j < channels; j += WIDTH) {
                    int c = Math.max(0, Math.min(j, channels - WIDTH));
                    pixelGradient(windows, transposed, iy, ix, winners.from(image + c), dY.from(image + c), dX.data(), to + c);
                }
            }
        }
    }

    /// A vector of one pixel's gradient: what its windows' results have, where it won them.
    private static void pixelGradient(Windows windows, Windows transposed, int iy, int ix, Slice winners, Slice dY, float[] dX, int to) {
        Bands rows = windows.rows();
        Bands columns = windows.columns();
        Bands rowsOf = transposed.rows();
        Bands columnsOf = transposed.columns();
        int channels = windows.channels();
        FloatVector sum = zero(SPECIES);
        for (int oy = rowsOf.from()[iy]; oy < rowsOf.to(iy); oy++) {
            for (int ox = columnsOf.from()[ix]; ox < columnsOf.to(ix); ox++) {
                int number = (iy - rows.from()[oy]) * columns.length(ox) + ix - columns.from()[ox];
                int at = (oy * columns.outputs() + ox) * channels;
                VectorMask<Float> won = fromArray(SPECIES, winners.data(), winners.offset() + at).compare(EQ, (float) number);
                sum = sum.add(zero(SPECIES).blend(fromArray(SPECIES, dY.data(), dY.offset() + at), won));
            }
        }
        sum.intoArray(dX, to);
    }
}
