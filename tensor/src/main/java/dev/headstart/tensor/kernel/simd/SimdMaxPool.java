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
import dev.headstart.tensor.kernel.scalar.ScalarKernels;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// Vectors along the channels, of which the last reaches back over channels already done. Fewer channels than lanes are the scalar twin's.
final class SimdMaxPool implements MaxPool {
    private static final MaxPool SCALAR = ScalarKernels.create().maxPool();

    @Override
    public void forward(Bands rows, Bands columns, int channels, float[] x, int xo, float[] y, int yo, float[] winners, int wo,
            int fromLine, int toLine) {
        if (channels < WIDTH) {
            SCALAR.forward(rows, columns, channels, x, xo, y, yo, winners, wo, fromLine, toLine);
            return;
        }
        for (int line = fromLine; line < toLine; line++) {
            int oy = line % rows.outputs();
            int firstRow = line / rows.outputs() * rows.inputs() + rows.from()[oy];
            for (int ox = 0; ox < columns.outputs(); ox++) {
                int first = xo + (firstRow * columns.inputs() + columns.from()[ox]) * channels;
                int at = (line * columns.outputs() + ox) * channels;
                for (int c = 0; c < channels - WIDTH; c += WIDTH) {
                    window(x, first + c, columns.inputs() * channels, rows.length(oy), columns.length(ox), y, yo + at + c, winners,
                            wo + at + c, channels);
                }
                int c = channels - WIDTH;
                window(x, first + c, columns.inputs() * channels, rows.length(oy), columns.length(ox), y, yo + at + c, winners,
                        wo + at + c, channels);
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
    public void gradient(Bands rows, Bands columns, Bands rowsOf, Bands columnsOf, int channels, float[] winners, int wo, float[] dY,
            int dYo, float[] dX, int dXo, int fromLine, int toLine) {
        if (channels < WIDTH) {
            SCALAR.gradient(rows, columns, rowsOf, columnsOf, channels, winners, wo, dY, dYo, dX, dXo, fromLine, toLine);
            return;
        }
        for (int line = fromLine; line < toLine; line++) {
            int iy = line % rows.inputs();
            int image = line / rows.inputs() * rows.outputs();
            for (int ix = 0; ix < columns.inputs(); ix++) {
                int to = dXo + (line * columns.inputs() + ix) * channels;
                zero(SPECIES).intoArray(dX, to + channels - WIDTH);
                for (int c = 0; c < channels - WIDTH; c += WIDTH) {
                    zero(SPECIES).intoArray(dX, to + c);
                }
                for (int oy = rowsOf.from()[iy]; oy < rowsOf.to(iy); oy++) {
                    for (int ox = columnsOf.from()[ix]; ox < columnsOf.to(ix); ox++) {
                        int number = (iy - rows.from()[oy]) * columns.length(ox) + ix - columns.from()[ox];
                        int at = ((image + oy) * columns.outputs() + ox) * channels;
                        addWon(winners, wo + at, number, dY, dYo + at, dX, to, channels);
                    }
                }
            }
        }
    }

    private static void addWon(float[] winners, int wo, float number, float[] dY, int dYo, float[] dX, int dXo, int n) {
        int whole = n & -WIDTH;
        for (int c = 0; c < whole; c += WIDTH) {
            FloatVector won = zero(SPECIES).blend(fromArray(SPECIES, dY, dYo + c), fromArray(SPECIES, winners, wo + c).compare(EQ, number));
            fromArray(SPECIES, dX, dXo + c).add(won).intoArray(dX, dXo + c);
        }
        for (int c = whole; c < n; c++) {
            dX[dXo + c] += winners[wo + c] == number ? dY[dYo + c] : 0f;
        }
    }
}
