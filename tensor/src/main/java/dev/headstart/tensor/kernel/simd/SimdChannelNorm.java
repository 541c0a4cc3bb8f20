package dev.headstart.tensor.kernel.simd;

import static dev.headstart.tensor.kernel.simd.Lanes.SPECIES;
import static dev.headstart.tensor.kernel.simd.Lanes.WIDTH;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.FloatVector.zero;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;

import dev.headstart.tensor.kernel.ChannelNorm;
import dev.headstart.tensor.kernel.scalar.ScalarKernels;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/// Row by row, as the rows lie in memory; sums stay in the first-level cache. Channels that are left beyond whole vectors are done by the
/// same loops, as a vector that begins earlier, and only what is new of it is kept. Rows shorter than a vector are the scalar twin's.
final class SimdChannelNorm implements ChannelNorm {
    private static final ChannelNorm SCALAR = ScalarKernels.create().channelNorm();

    @Override
    public void sums(float[] x, int xo, float[] sums, int so, int rows, int n) {
        if (n < WIDTH) {
            SCALAR.sums(x, xo, sums, so, rows, n);
            return;
        }
        Arrays.fill(sums, so, so + n, 0);
        int whole = n & -WIDTH;
        int end = n - WIDTH;
        float[] last = new float[whole < n ? WIDTH : 0];
        for (int r = 0; r < rows; r++, xo += n) {
            add(x, xo, sums, so, whole);
            add(x, xo + end, last, 0, last.length);
        }
        keepLast(last, 0, sums, so, n);
    }

    private static void add(float[] x, int xo, float[] sums, int so, int m) {
        for (int j = 0; j < m; j += WIDTH) {
            fromArray(SPECIES, sums, so + j).add(fromArray(SPECIES, x, xo + j)).intoArray(sums, so + j);
        }
    }

    @Override
    public void deviations(float[] x, int xo, float[] centre, int co, float[] sums, int so, int rows, int n) {
        if (n < WIDTH) {
            SCALAR.deviations(x, xo, centre, co, sums, so, rows, n);
            return;
        }
        Arrays.fill(sums, so, so + 2 * n, 0);
        int whole = n & -WIDTH;
        int end = n - WIDTH;
        float[] last = new float[whole < n ? 2 * WIDTH : 0];
        for (int r = 0; r < rows; r++, xo += n) {
            addDeviations(x, xo, centre, co, sums, so, so + n, whole);
            addDeviations(x, xo + end, centre, co + end, last, 0, WIDTH, last.length / 2);
        }
        keepLast(last, 0, sums, so, n);
        keepLast(last, WIDTH, sums, so + n, n);
    }

    private static void addDeviations(float[] x, int xo, float[] centre, int co, float[] sums, int so, int squares, int m) {
        for (int j = 0; j < m; j += WIDTH) {
            FloatVector d = fromArray(SPECIES, x, xo + j).sub(fromArray(SPECIES, centre, co + j));
            fromArray(SPECIES, sums, so + j).add(d).intoArray(sums, so + j);
            d.fma(d, fromArray(SPECIES, sums, squares + j)).intoArray(sums, squares + j);
        }
    }

    /// Copies the channels beyond whole vectors, where there are any, out of a vector that ends with them.
    private static void keepLast(float[] last, int from, float[] y, int yo, int n) {
        if (last.length > 0) {
            int left = n % WIDTH;
            System.arraycopy(last, from + WIDTH - left, y, yo + n - left, left);
        }
    }

    @Override
    public void apply(float[] x, int xo, float[] numbers, int no, float @Nullable [] addend, int ao, boolean relu, float[] y, int yo,
            int rows, int n) {
        if (n < WIDTH) {
            SCALAR.apply(x, xo, numbers, no, addend, ao, relu, y, yo, rows, n);
            return;
        }
        int whole = n & -WIDTH;
        int end = n - WIDTH;
        float[] last = new float[whole < n ? WIDTH : 0];
        float[] lastAddend = new float[addend == null ? 0 : last.length];
        for (int r = 0; r < rows; r++, xo += n, ao += n, yo += n) {
            System.arraycopy(x, xo + end, last, 0, last.length);
            if (addend == null) {
                normal(last, 0, numbers, no + end, n, relu, last, 0, last.length);
                normal(x, xo, numbers, no, n, relu, y, yo, whole);
            } else {
                System.arraycopy(addend, ao + end, lastAddend, 0, last.length);
                normalPlus(last, 0, numbers, no + end, n, lastAddend, 0, relu, last, 0, last.length);
                normalPlus(x, xo, numbers, no, n, addend, ao, relu, y, yo, whole);
            }
            keepLast(last, 0, y, yo, n);
        }
    }

    private static void normal(float[] x, int xo, float[] numbers, int no, int n, boolean relu, float[] y, int yo, int m) {
        if (relu) {
            normalRelu(x, xo, numbers, no, n, y, yo, m);
            return;
        }
        for (int j = 0; j < m; j += WIDTH) {
            fromArray(SPECIES, x, xo + j).sub(fromArray(SPECIES, numbers, no + j))
                    .fma(fromArray(SPECIES, numbers, no + n + j), fromArray(SPECIES, numbers, no + 2 * n + j)).intoArray(y, yo + j);
        }
    }

    private static void normalRelu(float[] x, int xo, float[] numbers, int no, int n, float[] y, int yo, int m) {
        for (int j = 0; j < m; j += WIDTH) {
            FloatVector h = fromArray(SPECIES, x, xo + j).sub(fromArray(SPECIES, numbers, no + j))
                    .fma(fromArray(SPECIES, numbers, no + n + j), fromArray(SPECIES, numbers, no + 2 * n + j));
            h.blend(0f, h.compare(LE, 0f)).intoArray(y, yo + j);
        }
    }

    private static void normalPlus(float[] x, int xo, float[] numbers, int no, int n, float[] addend, int ao, boolean relu, float[] y,
            int yo, int m) {
        if (relu) {
            normalPlusRelu(x, xo, numbers, no, n, addend, ao, y, yo, m);
            return;
        }
        for (int j = 0; j < m; j += WIDTH) {
            fromArray(SPECIES, x, xo + j).sub(fromArray(SPECIES, numbers, no + j))
                    .fma(fromArray(SPECIES, numbers, no + n + j), fromArray(SPECIES, numbers, no + 2 * n + j))
                    .add(fromArray(SPECIES, addend, ao + j)).intoArray(y, yo + j);
        }
    }

    private static void normalPlusRelu(float[] x, int xo, float[] numbers, int no, int n, float[] addend, int ao, float[] y, int yo,
            int m) {
        for (int j = 0; j < m; j += WIDTH) {
            FloatVector h = fromArray(SPECIES, x, xo + j).sub(fromArray(SPECIES, numbers, no + j))
                    .fma(fromArray(SPECIES, numbers, no + n + j), fromArray(SPECIES, numbers, no + 2 * n + j))
                    .add(fromArray(SPECIES, addend, ao + j));
            h.blend(0f, h.compare(LE, 0f)).intoArray(y, yo + j);
        }
    }

    @Override
    public void gradientSums(float[] x, int xo, float[] numbers, int no, float[] dY, int dYo, boolean relu, float[] sums, int so, int rows,
            int n) {
        if (n < WIDTH) {
            SCALAR.gradientSums(x, xo, numbers, no, dY, dYo, relu, sums, so, rows, n);
            return;
        }
        Arrays.fill(sums, so, so + 2 * n, 0);
        int whole = n & -WIDTH;
        int end = n - WIDTH;
        float[] last = new float[whole < n ? 2 * WIDTH : 0];
        for (int r = 0; r < rows; r++, xo += n, dYo += n) {
            addGradients(x, xo, numbers, no, n, dY, dYo, relu, sums, so, so + n, whole);
            addGradients(x, xo + end, numbers, no + end, n, dY, dYo + end, relu, last, 0, WIDTH, last.length / 2);
        }
        keepLast(last, 0, sums, so, n);
        keepLast(last, WIDTH, sums, so + n, n);
    }

    private static void addGradients(float[] x, int xo, float[] numbers, int no, int n, float[] dY, int dYo, boolean relu, float[] sums,
            int so, int products, int m) {
        if (relu) {
            addGradientsRelu(x, xo, numbers, no, n, dY, dYo, sums, so, products, m);
            return;
        }
        for (int j = 0; j < m; j += WIDTH) {
            FloatVector g = fromArray(SPECIES, dY, dYo + j);
            FloatVector d = fromArray(SPECIES, x, xo + j).sub(fromArray(SPECIES, numbers, no + j));
            fromArray(SPECIES, sums, so + j).add(g).intoArray(sums, so + j);
            g.fma(d, fromArray(SPECIES, sums, products + j)).intoArray(sums, products + j);
        }
    }

    private static void addGradientsRelu(float[] x, int xo, float[] numbers, int no, int n, float[] dY, int dYo, float[] sums, int so,
            int products, int m) {
        for (int j = 0; j < m; j += WIDTH) {
            FloatVector d = fromArray(SPECIES, x, xo + j).sub(fromArray(SPECIES, numbers, no + j));
            FloatVector h = d.fma(fromArray(SPECIES, numbers, no + n + j), fromArray(SPECIES, numbers, no + 2 * n + j));
            FloatVector g = zero(SPECIES).blend(fromArray(SPECIES, dY, dYo + j), h.compare(GT, 0f));
            fromArray(SPECIES, sums, so + j).add(g).intoArray(sums, so + j);
            g.fma(d, fromArray(SPECIES, sums, products + j)).intoArray(sums, products + j);
        }
    }

    @Override
    public void gradient(float[] x, int xo, float[] numbers, int no, float[] dY, int dYo, boolean relu, float[] dX, int dXo, int rows,
            int n) {
        if (n < WIDTH) {
            SCALAR.gradient(x, xo, numbers, no, dY, dYo, relu, dX, dXo, rows, n);
            return;
        }
        int whole = n & -WIDTH;
        int end = n - WIDTH;
        float[] last = new float[whole < n ? WIDTH : 0];
        float[] lastDY = new float[last.length];
        for (int r = 0; r < rows; r++, xo += n, dYo += n, dXo += n) {
            System.arraycopy(x, xo + end, last, 0, last.length);
            System.arraycopy(dY, dYo + end, lastDY, 0, last.length);
            gradient(last, 0, numbers, no + end, n, lastDY, 0, relu, last, 0, last.length);
            gradient(x, xo, numbers, no, n, dY, dYo, relu, dX, dXo, whole);
            keepLast(last, 0, dX, dXo, n);
        }
    }

    private static void gradient(float[] x, int xo, float[] numbers, int no, int n, float[] dY, int dYo, boolean relu, float[] dX, int dXo,
            int m) {
        if (relu) {
            gradientRelu(x, xo, numbers, no, n, dY, dYo, dX, dXo, m);
            return;
        }
        for (int j = 0; j < m; j += WIDTH) {
            FloatVector d = fromArray(SPECIES, x, xo + j).sub(fromArray(SPECIES, numbers, no + j));
            FloatVector rest = d.fma(fromArray(SPECIES, numbers, no + 3 * n + j), fromArray(SPECIES, numbers, no + 4 * n + j));
            fromArray(SPECIES, dY, dYo + j).fma(fromArray(SPECIES, numbers, no + n + j), rest).intoArray(dX, dXo + j);
        }
    }

    private static void gradientRelu(float[] x, int xo, float[] numbers, int no, int n, float[] dY, int dYo, float[] dX, int dXo, int m) {
        for (int j = 0; j < m; j += WIDTH) {
            FloatVector d = fromArray(SPECIES, x, xo + j).sub(fromArray(SPECIES, numbers, no + j));
            FloatVector scale = fromArray(SPECIES, numbers, no + n + j);
            FloatVector h = d.fma(scale, fromArray(SPECIES, numbers, no + 2 * n + j));
            FloatVector g = zero(SPECIES).blend(fromArray(SPECIES, dY, dYo + j), h.compare(GT, 0f));
            FloatVector rest = d.fma(fromArray(SPECIES, numbers, no + 3 * n + j), fromArray(SPECIES, numbers, no + 4 * n + j));
            g.fma(scale, rest).intoArray(dX, dXo + j);
        }
    }
}
