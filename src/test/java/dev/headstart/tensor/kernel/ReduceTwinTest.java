package dev.headstart.tensor.kernel;

import static dev.headstart.tensor.kernel.KernelCases.assertSameBits;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headstart.tensor.kernel.KernelCases.Values;
import dev.headstart.tensor.kernel.choice.KernelChoice;
import dev.headstart.tensor.kernel.scalar.ScalarKernels;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/// Reductions: the scalar kernel gives the bits that the contract names, and the active kernel (SIMD, where the vector module is there)
/// gives the same.
class ReduceTwinTest {
    private static final Reduce SCALAR = ScalarKernels.create().reduce();
    private static final Reduce ACTIVE = KernelChoice.ACTIVE.reduce();

    @Provide
    Arbitrary<Integer> lengths() {
        return KernelCases.lengths();
    }

    @Provide
    Arbitrary<Integer> widths() {
        return Arbitraries.oneOf(Arbitraries.integers().between(0, 80), Arbitraries.of(127, 128, 200, 511, 512, 513, 600));
    }

    @Property(tries = 150)
    void rows_are_the_lanes_and_trees_of_the_contract(@ForAll Reduction f, @ForAll("lengths") int n, @ForAll @IntRange(max = 3) int rows,
            @ForAll @IntRange(max = 2) int gap, @ForAll Values values, @ForAll long seed) {
        Random random = new Random(seed);
        int xo = random.nextInt(3);
        float[] x = KernelCases.floats(xo + rows * (n + gap), values, random);
        float[] expected = KernelCases.floats(rows + 5, Values.ORDINARY, random);
        float[] scalar = expected.clone();
        float[] active = expected.clone();
        for (int r = 0; r < rows; r++) {
            expected[2 + r] = KernelCases.reduce(f, x, xo + r * (n + gap), n);
        }
        SCALAR.rows(f, x, xo, rows, n, n + gap, scalar, 2);
        ACTIVE.rows(f, x, xo, rows, n, n + gap, active, 2);
        assertSameBits(expected, scalar, "scalar");
        assertSameBits(expected, active, "active");
    }

    @Example
    void every_length_has_the_bits_of_the_contract() {
        Random random = new Random(1);
        for (int n : KernelCases.everyLength()) {
            for (Reduction f : Reduction.values()) {
                float[] x = KernelCases.floats(n, Values.ORDINARY, random);
                float[] expected = {KernelCases.reduce(f, x, 0, n)};
                float[] scalar = new float[1];
                float[] active = new float[1];
                SCALAR.rows(f, x, 0, 1, n, n, scalar, 0);
                ACTIVE.rows(f, x, 0, 1, n, n, active, 0);
                assertSameBits(expected, scalar, "scalar " + f + " " + n);
                assertSameBits(expected, active, "active " + f + " " + n);
            }
        }
    }

    @Property(tries = 150)
    void columns_are_the_rows_of_the_transposed(@ForAll Reduction f, @ForAll("lengths") int n, @ForAll("widths") int columns,
            @ForAll @IntRange(max = 2) int gap, @ForAll Values values, @ForAll long seed) {
        Random random = new Random(seed);
        int used = n > 200 ? Math.min(columns, 40) : columns;
        int stride = used + gap;
        int xo = random.nextInt(3);
        float[] x = KernelCases.floats(xo + n * stride, values, random);
        float[] transposed = new float[used * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < used; j++) {
                transposed[j * n + i] = x[xo + i * stride + j];
            }
        }
        float[] expected = KernelCases.floats(used + 3, Values.ORDINARY, random);
        float[] scalar = expected.clone();
        float[] active = expected.clone();
        SCALAR.rows(f, transposed, 0, used, n, n, expected, 1);
        SCALAR.columns(f, x, xo, n, used, stride, scalar, 1);
        ACTIVE.columns(f, x, xo, n, used, stride, active, 1);
        assertSameBits(expected, scalar, "scalar");
        assertSameBits(expected, active, "active");
    }

    @Property(tries = 200)
    void dot_is_a_sum_of_fused_products(@ForAll("lengths") int n, @ForAll Values values, @ForAll long seed) {
        Random random = new Random(seed);
        int ao = random.nextInt(3);
        float[] a = KernelCases.floats(ao + n, values, random);
        float[] b = KernelCases.floats(n, values, random);
        float[] expected = {KernelCases.dot(a, ao, b, 0, n)};
        assertSameBits(expected, new float[] {SCALAR.dot(a, ao, b, 0, n)}, "scalar");
        assertSameBits(expected, new float[] {ACTIVE.dot(a, ao, b, 0, n)}, "active");
    }

    @Example
    void products_that_round_to_minus_zero_have_one_sign() {
        for (int n : KernelCases.everyLength()) {
            float[] a = new float[n];
            float[] b = new float[n];
            Arrays.fill(a, 1e-30f);
            Arrays.fill(b, -1e-30f);
            float[] expected = {KernelCases.dot(a, 0, b, 0, n)};
            assertSameBits(expected, new float[] {SCALAR.dot(a, 0, b, 0, n)}, "scalar " + n);
            assertSameBits(expected, new float[] {ACTIVE.dot(a, 0, b, 0, n)}, "active " + n);
        }
    }

    @Property(tries = 300)
    void argmax_is_the_first_of_the_largest(@ForAll @IntRange(min = 1, max = 300) int n, @ForAll Values values, @ForAll boolean coarse,
            @ForAll long seed) {
        Random random = new Random(seed);
        int xo = random.nextInt(3);
        float[] x = KernelCases.floats(xo + n, values, random);
        for (int i = 0; coarse && i < x.length; i++) {
            x[i] = (float) Math.rint(x[i]);
        }
        int expected = 0;
        for (int i = 1; i < n && !Float.isNaN(x[xo + expected]); i++) {
            expected = Float.isNaN(x[xo + i]) || x[xo + i] > x[xo + expected] ? i : expected;
        }
        assertEquals(expected, SCALAR.argmax(x, xo, n), "scalar");
        assertEquals(expected, ACTIVE.argmax(x, xo, n), "active");
    }

    @Example
    void a_result_that_is_not_a_number_is_the_canonical_one() {
        float[] x = {1, Float.intBitsToFloat(0xFFC01234), 2, Float.intBitsToFloat(0x7FC05678), Float.POSITIVE_INFINITY};
        for (Reduce kernel : new Reduce[] {SCALAR, ACTIVE}) {
            for (Reduction f : Reduction.values()) {
                float[] y = new float[1];
                kernel.rows(f, x, 0, 1, x.length, x.length, y, 0);
                assertEquals(0x7FC00000, Float.floatToRawIntBits(y[0]), f + " of a row");
                kernel.columns(f, x, 0, x.length, 1, 1, y, 0);
                assertEquals(0x7FC00000, Float.floatToRawIntBits(y[0]), f + " of a column");
            }
            assertEquals(0x7FC00000, Float.floatToRawIntBits(kernel.dot(x, 0, x, 0, x.length)));
        }
    }

    @Example
    void a_run_cut_at_blocks_folds_to_the_same() {
        int n = 11 * Reduce.BLOCK + 1234;
        float[] x = KernelCases.floats(n, Values.ORDINARY, new Random(3));
        for (Reduction f : Reduction.values()) {
            float[] whole = new float[1];
            ACTIVE.rows(f, x, 0, 1, n, n, whole, 0);
            float[] blocks = new float[12];
            for (int b = 0; b < 12; b++) {
                ACTIVE.rows(f, x, b * Reduce.BLOCK, 1, Math.min(Reduce.BLOCK, n - b * Reduce.BLOCK), 0, blocks, b);
            }
            assertSameBits(whole, new float[] {Reduce.foldBlocks(f, blocks, 12)}, f.name());
        }
    }

    @Property(tries = 50)
    void sums_are_close_to_exact_ones(@ForAll @IntRange(min = 1, max = 100_000) int n, @ForAll long seed) {
        float[] x = KernelCases.floats(n, Values.ORDINARY, new Random(seed));
        double sum = 0;
        double size = 0;
        for (float v : x) {
            sum += v;
            size += Math.abs(v);
        }
        float[] y = new float[1];
        ACTIVE.rows(Reduction.SUM, x, 0, 1, n, n, y, 0);
        assertEquals(sum, y[0], size * 0x1p-24 * 8);
    }
}
