package dev.headstart.tensor.kernel;

import static dev.headstart.tensor.kernel.KernelCases.assertClose;
import static dev.headstart.tensor.kernel.KernelCases.assertSameBits;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headstart.tensor.kernel.KernelCases.Values;
import dev.headstart.tensor.kernel.choice.KernelChoice;
import dev.headstart.tensor.kernel.scalar.ScalarKernels;
import dev.headstart.tensor.kernel.scalar.ScalarMath;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/// Softmax and log-softmax: the contract's bits from the scalar kernel, the same from the active one, and the mathematics.
class SoftmaxTwinTest {
    private static final Softmax SCALAR = ScalarKernels.create().softmax();
    private static final Softmax ACTIVE = KernelChoice.ACTIVE.softmax();
    private static final int BEFORE = 2;

    /// The four functions of the family, of one or two operands.
    enum Function {
        SOFTMAX, SOFTMAX_GRADIENT, LOG_SOFTMAX, LOG_SOFTMAX_GRADIENT;

        void apply(Softmax kernel, float[] a, int ao, float[] b, int bo, float[] y, int yo, int rows, int n) {
            switch (this) {
                case SOFTMAX -> kernel.softmax(b, bo, y, yo, rows, n);
                case SOFTMAX_GRADIENT -> kernel.softmaxGradient(a, ao, b, bo, y, yo, rows, n);
                case LOG_SOFTMAX -> kernel.logSoftmax(b, bo, y, yo, rows, n);
                case LOG_SOFTMAX_GRADIENT -> kernel.logSoftmaxGradient(a, ao, b, bo, y, yo, rows, n);
            }
        }

        /// One row, as the contract words it.
        float[] define(float[] a, float[] b) {
            int n = b.length;
            float[] y = new float[n];
            float m = KernelCases.reduce(Reduction.MAX, b, 0, n);
            float[] e = new float[n];
            for (int i = 0; i < n; i++) {
                e[i] = exp(b[i] - m);
            }
            float sum = KernelCases.reduce(Reduction.SUM, e, 0, n);
            float dot = KernelCases.dot(a, 0, b, 0, n);
            float total = KernelCases.reduce(Reduction.SUM, b, 0, n);
            for (int i = 0; i < n; i++) {
                y[i] = switch (this) {
                    case SOFTMAX -> m == Float.NEGATIVE_INFINITY ? 0f : e[i] * (1f / sum);
                    case SOFTMAX_GRADIENT -> a[i] * (b[i] - dot);
                    case LOG_SOFTMAX -> m == Float.NEGATIVE_INFINITY ? m : (b[i] - m) - ScalarMath.log(sum);
                    case LOG_SOFTMAX_GRADIENT -> Math.fma(-exp(a[i]), total, b[i]);
                };
            }
            return y;
        }

        private static float exp(float x) {
            return x < -87f ? 0f : ScalarMath.exp(x);
        }
    }

    @Provide
    Arbitrary<Integer> lengths() {
        return KernelCases.lengths();
    }

    @Property(tries = 400)
    void kernels_give_the_bits_of_the_contract(@ForAll Function f, @ForAll("lengths") int n, @ForAll @IntRange(max = 4) int rows,
            @ForAll Values values, @ForAll @IntRange(min = 1, max = 60) int scale, @ForAll long seed) {
        check(f, n, rows, values, scale, seed);
    }

    @Example
    void every_length_has_the_bits_of_the_contract() {
        for (int n : KernelCases.everyLength()) {
            for (Function f : Function.values()) {
                check(f, n, 2, Values.ORDINARY, 3, n);
            }
        }
    }

    private static void check(Function f, int n, int rows, Values values, int scale, long seed) {
        Random random = new Random(seed);
        float[] a = KernelCases.floats(rows * n, Values.ORDINARY, random);
        float[] b = KernelCases.floats(1 + rows * n, values, random);
        for (int i = 0; i < a.length; i++) {
            a[i] *= scale;
            b[i] *= scale;
        }
        float[] expected = KernelCases.floats(BEFORE + rows * n + 1, Values.ORDINARY, random);
        float[] scalar = expected.clone();
        float[] active = expected.clone();
        for (int r = 0; r < rows; r++) {
            float[] row = f.define(Arrays.copyOfRange(a, r * n, (r + 1) * n), Arrays.copyOfRange(b, 1 + r * n, 1 + (r + 1) * n));
            System.arraycopy(row, 0, expected, BEFORE + r * n, n);
        }
        f.apply(SCALAR, a, 0, b, 1, scalar, BEFORE, rows, n);
        f.apply(ACTIVE, a, 0, b, 1, active, BEFORE, rows, n);
        assertSameBits(expected, scalar, "scalar " + f + " " + n);
        assertSameBits(expected, active, "active " + f + " " + n);
        float[] inPlace = b.clone();
        f.apply(ACTIVE, a, 0, inPlace, 1, inPlace, 1, rows, n);
        assertSameBits(Arrays.copyOfRange(expected, BEFORE, BEFORE + rows * n), Arrays.copyOfRange(inPlace, 1, 1 + rows * n), "in place");
    }

    @Property(tries = 100)
    void rows_are_probabilities(@ForAll @IntRange(min = 1, max = 5000) int n, @ForAll @IntRange(min = 1, max = 100) int scale,
            @ForAll long seed) {
        float[] x = KernelCases.floats(n, Values.ORDINARY, new Random(seed));
        double sum = 0;
        for (int i = 0; i < n; i++) {
            x[i] *= scale;
        }
        double m = x[0];
        for (float v : x) {
            m = Math.max(m, v);
        }
        for (float v : x) {
            sum += Math.exp(v - m);
        }
        float[] y = new float[n];
        ACTIVE.softmax(x, 0, y, 0, 1, n);
        float[] log = new float[n];
        ACTIVE.logSoftmax(x, 0, log, 0, 1, n);
        double total = 0;
        for (int i = 0; i < n; i++) {
            total += y[i];
            assertClose(Math.exp(x[i] - m) / sum, y[i], 1e-6, "softmax at " + i);
            assertClose(x[i] - m - Math.log(sum), log[i], 1e-6, "log-softmax at " + i);
        }
        assertEquals(1, total, 1e-5);
    }

    @Property(tries = 50)
    void gradients_are_those_of_the_mathematics(@ForAll @IntRange(min = 1, max = 300) int n, @ForAll long seed) {
        Random random = new Random(seed);
        float[] x = KernelCases.floats(n, Values.ORDINARY, random);
        float[] dY = KernelCases.floats(n, Values.ORDINARY, random);
        float[] y = new float[n];
        float[] log = new float[n];
        ACTIVE.softmax(x, 0, y, 0, 1, n);
        ACTIVE.logSoftmax(x, 0, log, 0, 1, n);
        float[] dX = new float[n];
        float[] dLog = new float[n];
        ACTIVE.softmaxGradient(y, 0, dY, 0, dX, 0, 1, n);
        ACTIVE.logSoftmaxGradient(log, 0, dY, 0, dLog, 0, 1, n);
        for (int i = 0; i < n; i++) {
            double expected = 0;
            double expectedLog = 0;
            for (int k = 0; k < n; k++) {
                expected += dY[k] * y[k] * ((i == k ? 1.0 : 0.0) - y[i]);
                expectedLog += dY[k] * ((i == k ? 1.0 : 0.0) - y[i]);
            }
            assertClose(expected, dX[i], 1e-5, "softmax at " + i);
            assertClose(expectedLog, dLog[i], 1e-4, "log-softmax at " + i);
        }
    }

    @Example
    void a_row_with_nothing_to_attend_to_is_zero() {
        for (int n : new int[] {1, 7, 16, 24, 50, 64, 65, 300}) {
            for (Softmax kernel : List.of(SCALAR, ACTIVE)) {
                float[] x = new float[n];
                Arrays.fill(x, Float.NEGATIVE_INFINITY);
                float[] y = KernelCases.floats(n, Values.ORDINARY, new Random(n));
                kernel.softmax(x, 0, y, 0, 1, n);
                assertSameBits(new float[n], y, "softmax of " + n);
                kernel.logSoftmax(x, 0, y, 0, 1, n);
                assertSameBits(x, y, "log-softmax of " + n);
            }
        }
    }

    @Example
    void one_nan_is_a_row_of_nan_and_leaves_other_rows_alone() {
        for (int n : new int[] {1, 7, 16, 24, 50, 64, 65, 300}) {
            for (float rest : new float[] {1f, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY}) {
                for (Softmax kernel : List.of(SCALAR, ACTIVE)) {
                    float[] x = new float[2 * n];
                    Arrays.fill(x, 0, n, rest);
                    x[n - 1] = Float.NaN;
                    float[] expected = new float[n];
                    Arrays.fill(expected, Float.NaN);
                    float[] y = new float[2 * n];
                    kernel.softmax(x, 0, y, 0, 2, n);
                    assertSameBits(expected, Arrays.copyOf(y, n), "softmax of " + n + " with " + rest);
                    assertEquals(1f / n, y[n], 1e-6f, "the other row");
                    kernel.logSoftmax(x, 0, y, 0, 2, n);
                    assertSameBits(expected, Arrays.copyOf(y, n), "log-softmax of " + n + " with " + rest);
                }
            }
        }
    }
}
