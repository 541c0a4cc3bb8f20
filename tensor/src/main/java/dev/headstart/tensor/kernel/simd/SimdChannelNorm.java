package dev.headstart.tensor.kernel.simd;

import static dev.headstart.tensor.kernel.simd.Lanes.SPECIES;
import static dev.headstart.tensor.kernel.simd.Lanes.WIDTH;
import static dev.headstart.tensor.kernel.simd.Lanes.load;
import static dev.headstart.tensor.kernel.simd.Lanes.square;

import dev.headstart.tensor.kernel.ChannelNorm;
import dev.headstart.tensor.kernel.scalar.ScalarKernels;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.jspecify.annotations.Nullable;

/// Row by row, as the rows lie in memory; sums stay in the first-level cache. The last vector of a row reaches back over channels already
/// done; it is computed before anything is written. Rows shorter than a vector are the scalar twin's.
final class SimdChannelNorm implements ChannelNorm {
    private static final ChannelNorm SCALAR = ScalarKernels.create().channelNorm();

    @Override
    public void sums(float[] x, int xo, float[] sums, int so, int rows, int n) {
        if (n < WIDTH) {
            SCALAR.sums(x, xo, sums, so, rows, n);
            return;
        }
        Arrays.fill(sums, so, so + n, 0);
        for (int r = 0; r < rows; r++) {
            addRow(x, xo + r * n, sums, so, n);
        }
    }

    private static void addRow(float[] x, int xo, float[] sums, int so, int n) {
        int end = n - WIDTH;
        FloatVector last = load(sums, so + end).add(load(x, xo + end));
        for (int j = 0; j < end; j += WIDTH) {
            load(sums, so + j).add(load(x, xo + j)).intoArray(sums, so + j);
        }
        last.intoArray(sums, so + end);
    }

    @Override
    public void deviations(float[] x, int xo, float[] centre, int co, float[] sums, int so, int rows, int n) {
        if (n < WIDTH) {
            SCALAR.deviations(x, xo, centre, co, sums, so, rows, n);
            return;
        }
        Arrays.fill(sums, so, so + 2 * n, 0);
        for (int r = 0; r < rows; r++) {
            addDeviations(x, xo + r * n, centre, co, sums, so, n);
        }
    }

    private static void addDeviations(float[] x, int xo, float[] centre, int co, float[] sums, int so, int n) {
        int end = n - WIDTH;
        FloatVector d = load(x, xo + end).sub(load(centre, co + end));
        FloatVector last = load(sums, so + end).add(d);
        FloatVector lastSquare = square(d, load(sums, so + n + end));
        for (int j = 0; j < end; j += WIDTH) {
            d = load(x, xo + j).sub(load(centre, co + j));
            load(sums, so + j).add(d).intoArray(sums, so + j);
            square(d, load(sums, so + n + j)).intoArray(sums, so + n + j);
        }
        last.intoArray(sums, so + end);
        lastSquare.intoArray(sums, so + n + end);
    }

    /// `fma(x - centre, scale, shift)`
    private static FloatVector normal(FloatVector x, float[] numbers, int no, int n) {
        return x.sub(load(numbers, no)).fma(load(numbers, no + n), load(numbers, no + 2 * n));
    }

    @Override
    public void apply(float[] x, int xo, float[] numbers, int no, float @Nullable [] addend, int ao, boolean relu, float[] y, int yo,
            int rows, int n) {
        if (n < WIDTH) {
            SCALAR.apply(x, xo, numbers, no, addend, ao, relu, y, yo, rows, n);
            return;
        }
        for (int r = 0; r < rows; r++, xo += n, ao += n, yo += n) {
            if (addend == null) {
                if (relu) {
                    normalRelu(x, xo, numbers, no, y, yo, n);
                } else {
                    normal(x, xo, numbers, no, y, yo, n);
                }
            } else if (relu) {
                normalPlusRelu(x, xo, numbers, no, addend, ao, y, yo, n);
            } else {
                normalPlus(x, xo, numbers, no, addend, ao, y, yo, n);
            }
        }
    }

    private static void normal(float[] x, int xo, float[] numbers, int no, float[] y, int yo, int n) {
        int end = n - WIDTH;
        FloatVector last = normal(load(x, xo + end), numbers, no + end, n);
        for (int j = 0; j < end; j += WIDTH) {
            normal(load(x, xo + j), numbers, no + j, n).intoArray(y, yo + j);
        }
        last.intoArray(y, yo + end);
    }

    private static void normalRelu(float[] x, int xo, float[] numbers, int no, float[] y, int yo, int n) {
        int end = n - WIDTH;
        FloatVector last = SimdMath.relu(normal(load(x, xo + end), numbers, no + end, n));
        for (int j = 0; j < end; j += WIDTH) {
            SimdMath.relu(normal(load(x, xo + j), numbers, no + j, n)).intoArray(y, yo + j);
        }
        last.intoArray(y, yo + end);
    }

    private static void normalPlus(float[] x, int xo, float[] numbers, int no, float[] addend, int ao, float[] y, int yo, int n) {
        int end = n - WIDTH;
        FloatVector last = normal(load(x, xo + end), numbers, no + end, n).add(load(addend, ao + end));
        for (int j = 0; j < end; j += WIDTH) {
            normal(load(x, xo + j), numbers, no + j, n).add(load(addend, ao + j)).intoArray(y, yo + j);
        }
        last.intoArray(y, yo + end);
    }

    private static void normalPlusRelu(float[] x, int xo, float[] numbers, int no, float[] addend, int ao, float[] y, int yo, int n) {
        int end = n - WIDTH;
        FloatVector last = SimdMath.relu(normal(load(x, xo + end), numbers, no + end, n).add(load(addend, ao + end)));
        for (int j = 0; j < end; j += WIDTH) {
            SimdMath.relu(normal(load(x, xo + j), numbers, no + j, n).add(load(addend, ao + j))).intoArray(y, yo + j);
        }
        last.intoArray(y, yo + end);
    }

    @Override
    public void gradientSums(float[] x, int xo, float[] numbers, int no, float[] dY, int dYo, boolean relu, float[] sums, int so, int rows,
            int n) {
        if (n < WIDTH) {
            SCALAR.gradientSums(x, xo, numbers, no, dY, dYo, relu, sums, so, rows, n);
            return;
        }
        Arrays.fill(sums, so, so + 2 * n, 0);
        for (int r = 0; r < rows; r++, xo += n, dYo += n) {
            if (relu) {
                addGradientsRelu(x, xo, numbers, no, dY, dYo, sums, so, n);
            } else {
                addGradients(x, xo, numbers, no, dY, dYo, sums, so, n);
            }
        }
    }

    private static void addGradients(float[] x, int xo, float[] numbers, int no, float[] dY, int dYo, float[] sums, int so, int n) {
        int end = n - WIDTH;
        FloatVector g = load(dY, dYo + end);
        FloatVector last = load(sums, so + end).add(g);
        FloatVector lastProduct = g.fma(load(x, xo + end).sub(load(numbers, no + end)), load(sums, so + n + end));
        for (int j = 0; j < end; j += WIDTH) {
            g = load(dY, dYo + j);
            load(sums, so + j).add(g).intoArray(sums, so + j);
            g.fma(load(x, xo + j).sub(load(numbers, no + j)), load(sums, so + n + j)).intoArray(sums, so + n + j);
        }
        last.intoArray(sums, so + end);
        lastProduct.intoArray(sums, so + n + end);
    }

    private static void addGradientsRelu(float[] x, int xo, float[] numbers, int no, float[] dY, int dYo, float[] sums, int so, int n) {
        int end = n - WIDTH;
        FloatVector g = passed(x, xo + end, numbers, no + end, dY, dYo + end, n);
        FloatVector last = load(sums, so + end).add(g);
        FloatVector lastProduct = g.fma(load(x, xo + end).sub(load(numbers, no + end)), load(sums, so + n + end));
        for (int j = 0; j < end; j += WIDTH) {
            g = passed(x, xo + j, numbers, no + j, dY, dYo + j, n);
            load(sums, so + j).add(g).intoArray(sums, so + j);
            g.fma(load(x, xo + j).sub(load(numbers, no + j)), load(sums, so + n + j)).intoArray(sums, so + n + j);
        }
        last.intoArray(sums, so + end);
        lastProduct.intoArray(sums, so + n + end);
    }

    /// dY where the normal form is positive, else +0.
    private static FloatVector passed(float[] x, int xo, float[] numbers, int no, float[] dY, int dYo, int n) {
        return FloatVector.zero(SPECIES).blend(load(dY, dYo), normal(load(x, xo), numbers, no, n).compare(VectorOperators.GT, 0f));
    }

    @Override
    public void gradient(float[] x, int xo, float[] numbers, int no, float[] dY, int dYo, boolean relu, float[] dX, int dXo, int rows,
            int n) {
        if (n < WIDTH) {
            SCALAR.gradient(x, xo, numbers, no, dY, dYo, relu, dX, dXo, rows, n);
            return;
        }
        for (int r = 0; r < rows; r++, xo += n, dYo += n, dXo += n) {
            if (relu) {
                gradientRelu(x, xo, numbers, no, dY, dYo, dX, dXo, n);
            } else {
                gradient(x, xo, numbers, no, dY, dYo, dX, dXo, n);
            }
        }
    }

    private static void gradient(float[] x, int xo, float[] numbers, int no, float[] dY, int dYo, float[] dX, int dXo, int n) {
        int end = n - WIDTH;
        FloatVector last = gradient(load(dY, dYo + end), x, xo + end, numbers, no + end, n);
        for (int j = 0; j < end; j += WIDTH) {
            gradient(load(dY, dYo + j), x, xo + j, numbers, no + j, n).intoArray(dX, dXo + j);
        }
        last.intoArray(dX, dXo + end);
    }

    private static void gradientRelu(float[] x, int xo, float[] numbers, int no, float[] dY, int dYo, float[] dX, int dXo, int n) {
        int end = n - WIDTH;
        FloatVector last = gradient(passed(x, xo + end, numbers, no + end, dY, dYo + end, n), x, xo + end, numbers, no + end, n);
        for (int j = 0; j < end; j += WIDTH) {
            FloatVector g = passed(x, xo + j, numbers, no + j, dY, dYo + j, n);
            gradient(g, x, xo + j, numbers, no + j, n).intoArray(dX, dXo + j);
        }
        last.intoArray(dX, dXo + end);
    }

    /// `fma(g, scale, fma(x - centre, slope, offset))`
    private static FloatVector gradient(FloatVector g, float[] x, int xo, float[] numbers, int no, int n) {
        FloatVector rest = load(x, xo).sub(load(numbers, no)).fma(load(numbers, no + 3 * n), load(numbers, no + 4 * n));
        return g.fma(load(numbers, no + n), rest);
    }
}
