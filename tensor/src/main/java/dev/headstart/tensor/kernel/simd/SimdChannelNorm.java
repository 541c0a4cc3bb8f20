package dev.headstart.tensor.kernel.simd;

import static dev.headstart.tensor.kernel.simd.Lanes.SPECIES;
import static dev.headstart.tensor.kernel.simd.Lanes.WIDTH;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.FloatVector.zero;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;

import dev.headstart.tensor.kernel.ChannelNorm;
import dev.headstart.tensor.kernel.Slice;
import dev.headstart.tensor.kernel.scalar.ScalarKernels;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/// Row by row, as the rows lie in memory; sums stay in the first-level cache. Channels that are left beyond whole vectors are done by the
/// same loops, as a vector that begins earlier, and only what is new of it is kept. Rows shorter than a vector are the scalar twin's.
final class SimdChannelNorm implements ChannelNorm {
    private static final ChannelNorm SCALAR = ScalarKernels.create().channelNorm();

    @Override
    public void sums(Slice x, Slice sums, int rows, int n) {
        if (n < WIDTH) {
            SCALAR.sums(x, sums, rows, n);
            return;
        }
        float[] from = x.data();
        float[] to = sums.data();
        int so = sums.offset();
        Arrays.fill(to, so, so + n, 0);
        int whole = n & -WIDTH;
        int end = n - WIDTH;
        float[] last = new float[whole < n ? WIDTH : 0];
        for (int r = 0, xo = x.offset(); r < rows; r++, xo += n) {
            add(from, xo, to, so, whole);
            add(from, xo + end, last, 0, last.length);
        }
        keepLast(last, 0, to, so, n);
    }

    private static void add(float[] x, int xo, float[] sums, int so, int m) {
        for (int j = 0; j < m; j += WIDTH) {
            fromArray(SPECIES, sums, so + j).add(fromArray(SPECIES, x, xo + j)).intoArray(sums, so + j);
        }
    }

    @Override
    public void deviations(Slice x, Slice centre, Slice sums, int rows, int n) {
        if (n < WIDTH) {
            SCALAR.deviations(x, centre, sums, rows, n);
            return;
        }
        float[] from = x.data();
        float[] centres = centre.data();
        float[] to = sums.data();
        int co = centre.offset();
        int so = sums.offset();
        Arrays.fill(to, so, so + 2 * n, 0);
        int whole = n & -WIDTH;
        int end = n - WIDTH;
        float[] last = new float[whole < n ? 2 * WIDTH : 0];
        for (int r = 0, xo = x.offset(); r < rows; r++, xo += n) {
            addDeviations(from, xo, centres, co, to, so, so + n, whole);
            addDeviations(from, xo + end, centres, co + end, last, 0, WIDTH, last.length / 2);
        }
        keepLast(last, 0, to, so, n);
        keepLast(last, WIDTH, to, so + n, n);
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
    public void apply(Slice x, Slice numbers, @Nullable Slice addend, boolean relu, Slice y, int rows, int n) {
        if (n < WIDTH) {
            SCALAR.apply(x, numbers, addend, relu, y, rows, n);
            return;
        }
        if (addend == null) {
            normal(x.data(), x.offset(), numbers.data(), numbers.offset(), relu, y.data(), y.offset(), rows, n);
        } else {
            normalPlus(x.data(), x.offset(), numbers.data(), numbers.offset(), addend.data(), addend.offset(), relu, y.data(), y.offset(),
                    rows, n);
        }
    }

    private static void normal(float[] x, int xo, float[] numbers, int no, boolean relu, float[] y, int yo, int rows, int n) {
        int whole = n & -WIDTH;
        int end = n - WIDTH;
        float[] last = new float[whole < n ? WIDTH : 0];
        for (int r = 0; r < rows; r++, xo += n, yo += n) {
            System.arraycopy(x, xo + end, last, 0, last.length);
            normal(last, 0, numbers, no + end, n, relu, last, 0, last.length);
            normal(x, xo, numbers, no, n, relu, y, yo, whole);
            keepLast(last, 0, y, yo, n);
        }
    }

    private static void normalPlus(float[] x, int xo, float[] numbers, int no, float[] addend, int ao, boolean relu, float[] y, int yo,
            int rows, int n) {
        int whole = n & -WIDTH;
        int end = n - WIDTH;
        float[] last = new float[whole < n ? WIDTH : 0];
        float[] lastAddend = new float[last.length];
        for (int r = 0; r < rows; r++, xo += n, ao += n, yo += n) {
            System.arraycopy(x, xo + end, last, 0, last.length);
            System.arraycopy(addend, ao + end, lastAddend, 0, last.length);
            normalPlus(last, 0, numbers, no + end, n, lastAddend, 0, relu, last, 0, last.length);
            normalPlus(x, xo, numbers, no, n, addend, ao, relu, y, yo, whole);
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
    public void gradientSums(Slice x, Slice numbers, Slice dY, boolean relu, Slice sums, int rows, int n) {
        if (n < WIDTH) {
            SCALAR.gradientSums(x, numbers, dY, relu, sums, rows, n);
            return;
        }
        float[] from = x.data();
        float[] by = numbers.data();
        float[] given = dY.data();
        float[] to = sums.data();
        int no = numbers.offset();
        int so = sums.offset();
        Arrays.fill(to, so, so + 2 * n, 0);
        int whole = n & -WIDTH;
        int end = n - WIDTH;
        float[] last = new float[whole < n ? 2 * WIDTH : 0];
        for (int r = 0, xo = x.offset(), dYo = dY.offset(); r < rows; r++, xo += n, dYo += n) {
            addGradients(from, xo, by, no, n, given, dYo, relu, to, so, so + n, whole);
            addGradients(from, xo + end, by, no + end, n, given, dYo + end, relu, last, 0, WIDTH, last.length / 2);
        }
        keepLast(last, 0, to, so, n);
        keepLast(last, WIDTH, to, so + n, n);
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
    public void gradient(Slice x, Slice numbers, Slice dY, boolean relu, Slice dX, int rows, int n) {
        if (n < WIDTH) {
            SCALAR.gradient(x, numbers, dY, relu, dX, rows, n);
            return;
        }
        float[] from = x.data();
        float[] by = numbers.data();
        float[] given = dY.data();
        float[] to = dX.data();
        int no = numbers.offset();
        int whole = n & -WIDTH;
        int end = n - WIDTH;
        float[] last = new float[whole < n ? WIDTH : 0];
        float[] lastDY = new float[last.length];
        for (int r = 0, xo = x.offset(), dYo = dY.offset(), dXo = dX.offset(); r < rows; r++, xo += n, dYo += n, dXo += n) {
            System.arraycopy(from, xo + end, last, 0, last.length);
            System.arraycopy(given, dYo + end, lastDY, 0, last.length);
            gradient(last, 0, by, no + end, n, lastDY, 0, relu, last, 0, last.length);
            gradient(from, xo, by, no, n, given, dYo, relu, to, dXo, whole);
            keepLast(last, 0, to, dXo, n);
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
