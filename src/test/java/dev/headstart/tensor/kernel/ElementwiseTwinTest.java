package dev.headstart.tensor.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.tensor.kernel.choice.KernelChoice;
import dev.headstart.tensor.kernel.scalar.ScalarKernels;
import dev.headstart.tensor.kernel.scalar.ScalarMath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntFunction;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// Both twins against the definition of one element, bit for bit (a NaN is a NaN: which of its bit patterns, nobody promises).
/// Where the vector module is not there, both twins are the scalar one.
class ElementwiseTwinTest {
    private static final Elementwise[] TWINS = {ScalarKernels.create().elementwise(), KernelChoice.ACTIVE.elementwise()};
    private static final int ROOM = 1200;
    private static final float UNTOUCHED = 12345.678f;
    private static final float[] SPECIAL = {0f, -0f, 1f, -1f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MIN_VALUE,
        -Float.MIN_VALUE, Float.MIN_NORMAL, -0x1.8p-130f, Float.MAX_VALUE, -Float.MAX_VALUE, 88.72284f, -103.98f, 0.5f, 1e-20f};

    @Test
    void functions_are_as_generated() throws IOException {
        Path root = Path.of(System.getProperty("headstart.root", ""));
        assertEquals(SimdMathSource.text(), Files.readString(root.resolve(SimdMathSource.FILE)), "run SimdMathSource.main in the root");
    }

    @Property(tries = 300)
    void unary_functions_have_the_bits_of_their_definition(@ForAll @IntRange(max = 130) int n, @ForAll("strides") int stride,
            @ForAll @IntRange(max = 20) int offset, @ForAll @IntRange(max = 20) int targetOffset, @ForAll long seed) {
        float[] x = values(seed);
        int xo = start(stride, n) + offset;
        for (Unary f : Unary.values()) {
            for (Elementwise twin : TWINS) {
                float[] y = untouched();
                twin.unary(f, x, xo, stride, y, targetOffset, n);
                check(twin + " " + f, y, targetOffset, n, i -> define(f, x[xo + i * stride]));
            }
        }
    }

    @Property(tries = 300)
    void binary_functions_have_the_bits_of_their_definition(@ForAll @IntRange(max = 130) int n, @ForAll("strides") int as,
            @ForAll("strides") int bs, @ForAll @IntRange(max = 20) int offset, @ForAll @IntRange(max = 20) int targetOffset,
            @ForAll long seed) {
        float[] a = values(seed);
        float[] b = values(seed + 1);
        int ao = start(as, n) + offset;
        int bo = start(bs, n) + targetOffset;
        for (Binary f : Binary.values()) {
            for (Elementwise twin : TWINS) {
                float[] y = untouched();
                twin.binary(f, a, ao, as, b, bo, bs, y, targetOffset, n);
                check(twin + " " + f, y, targetOffset, n, i -> define(f, a[ao + i * as], b[bo + i * bs]));
            }
        }
    }

    @Test
    void every_length_and_every_function_agrees_in_place() {
        for (int length = 0; length <= 130; length++) {
            int n = length;
            float[] a = values(n);
            float[] b = values(-n);
            for (Elementwise twin : TWINS) {
                for (Unary f : Unary.values()) {
                    float[] y = a.clone();
                    twin.unary(f, y, 3, 1, y, 3, n);
                    check(twin + " " + f, y, 3, n, i -> define(f, a[3 + i]), a);
                }
                for (Binary f : Binary.values()) {
                    float[] y = a.clone();
                    twin.binary(f, y, 3, 1, b, 3, 1, y, 3, n);
                    check(twin + " " + f, y, 3, n, i -> define(f, a[3 + i], b[3 + i]), a);
                    float[] z = b.clone();
                    twin.binary(f, a, 5, 0, z, 3, 1, z, 3, n);
                    check(twin + " " + f, z, 3, n, i -> define(f, a[5], b[3 + i]), b);
                }
            }
        }
    }

    @Test
    void long_strided_runs_agree() {
        int n = 5000;
        float[] a = values(7, 2 * n);
        float[] b = values(8, 2 * n);
        for (Elementwise twin : TWINS) {
            for (Unary f : Unary.values()) {
                float[] y = values(9, n + 1);
                twin.unary(f, a, 2 * n - 1, -2, y, 1, n);
                check(twin + " " + f, y, 1, n, i -> define(f, a[2 * n - 1 - 2 * i]), y);
            }
            for (Binary f : Binary.values()) {
                float[] y = a.clone();
                twin.binary(f, y, 4, 1, b, 2 * n - 1, -2, y, 4, n);
                check(twin + " " + f, y, 4, n, i -> define(f, a[4 + i], b[2 * n - 1 - 2 * i]), a);
            }
        }
    }

    @Test
    void functions_agree_all_over_the_floats() {
        int n = 1 << 16;
        float[] x = new float[n];
        float[] y = new float[n];
        for (Unary f : Unary.values()) {
            int bits = 0;
            for (int part = 0; part < 8; part++) {
                for (int i = 0; i < n; i++, bits += 8191) {
                    x[i] = Float.intBitsToFloat(bits);
                }
                KernelChoice.ACTIVE.elementwise().unary(f, x, 0, 1, y, 0, n);
                check(f.name(), y, 0, n, i -> define(f, x[i]), y);
            }
        }
    }

    @Property(tries = 200)
    void copy_affine_axpy_and_select_have_the_bits_of_their_definition(@ForAll @IntRange(max = 130) int n, @ForAll("strides") int stride,
            @ForAll @IntRange(max = 20) int xo, @ForAll @IntRange(max = 20) int yo, @ForAll float p, @ForAll float q, @ForAll long seed) {
        float[] x = values(seed);
        float[] c = values(seed + 1);
        float[] before = values(seed + 2);
        int from = start(stride, n) + xo;
        for (Elementwise twin : TWINS) {
            float[] y = before.clone();
            twin.copy(x, from, stride, y, yo, n);
            check(twin + " copy", y, yo, n, i -> x[from + i * stride], before);

            y = before.clone();
            twin.affine(x, xo, p, q, y, yo, n);
            check(twin + " affine", y, yo, n, i -> Math.fma(x[xo + i], p, q), before);

            y = before.clone();
            twin.axpy(p, x, xo, y, yo, n);
            check(twin + " axpy", y, yo, n, i -> Math.fma(p, x[xo + i], before[yo + i]), before);

            y = before.clone();
            twin.select(c, yo, x, xo, q, y, yo, n);
            check(twin + " select", y, yo, n, i -> c[yo + i] != 0f ? x[xo + i] : q, before);
        }
    }

    @Property(tries = 200)
    void dropout_keeps_what_the_words_of_the_stream_say(@ForAll @IntRange(max = 130) int n, @ForAll @IntRange(max = 20) int xo,
            @ForAll @IntRange(max = 20) int yo, @ForAll long key, @ForAll("positions") long first, @ForAll int threshold,
            @ForAll long seed) {
        float[] x = values(seed);
        for (Elementwise twin : TWINS) {
            float[] y = untouched();
            twin.dropout(key, first, threshold, 1.25f, x, xo, y, yo, n);
            check(twin + " dropout", y, yo, n,
                    i -> Integer.compareUnsigned(Philox.word(key, first + i), threshold) >= 0 ? x[xo + i] * 1.25f : 0f);
        }
    }

    @Test
    void dropout_drops_its_share() {
        float[] x = new float[100_000];
        Arrays.fill(x, 1f);
        KernelChoice.ACTIVE.elementwise().dropout(42L, 0L, (int) Math.round(0.3 * 0x1p32), 1f, x, 0, x, 0, x.length);
        double kept = 0;
        for (float v : x) {
            kept += v;
        }
        // Five standard deviations: 5 · √(0.3 · 0.7 / 100,000) = 0.0072.
        assertEquals(0.7, kept / x.length, 0.0072);
    }

    @Test
    void zeros_infinities_and_nan_go_where_mathematics_says() {
        float inf = Float.POSITIVE_INFINITY;
        assertBits(1f, one(Unary.EXP, -0f));
        assertBits(0f, one(Unary.EXP, -inf));
        assertBits(inf, one(Unary.EXP, 88.73f));
        assertBits(0f, one(Unary.EXP, -104f));
        assertBits(Float.MIN_VALUE, one(Unary.EXP, -103.9f));
        assertBits(-inf, one(Unary.LOG, -0f));
        assertBits(0f, one(Unary.LOG, 1f));
        assertBits(inf, one(Unary.LOG, inf));
        assertBits(Float.NaN, one(Unary.LOG, -Float.MIN_VALUE));
        assertBits(Float.NaN, one(Unary.LOG, -inf));
        assertBits(-0f, one(Unary.TANH, -0f));
        assertBits(-1f, one(Unary.TANH, -inf));
        assertBits(-0f, one(Unary.ERF, -0f));
        assertBits(1f, one(Unary.ERF, inf));
        assertBits(0.5f, one(Unary.SIGMOID, 0f));
        assertBits(0f, one(Unary.SIGMOID, -inf));
        assertBits(1f, one(Unary.SIGMOID, inf));
        assertBits(0f, one(Unary.RELU, -0f));
        assertBits(0f, one(Unary.SOFTPLUS, -inf));
        assertBits(inf, one(Unary.SOFTPLUS, inf));
        for (Unary gelu : new Unary[] {Unary.GELU, Unary.GELU_TANH}) {
            assertBits(0f, one(gelu, -0f));
            assertBits(0f, one(gelu, -inf));
            assertBits(inf, one(gelu, inf));
        }
        for (Unary f : Unary.values()) {
            assertBits(Float.NaN, one(f, Float.NaN));
        }
        for (Binary gradient : new Binary[] {Binary.GELU_GRADIENT, Binary.GELU_TANH_GRADIENT}) {
            assertBits(0.5f, define(gradient, 0f, 1f));
            // It comes to zero from below.
            assertBits(-0f, define(gradient, -inf, 1f));
            assertBits(1f, define(gradient, inf, 1f));
        }
    }

    @Provide
    Arbitrary<Integer> strides() {
        return Arbitraries.of(0, 1, 1, 2, 7, -1, -3);
    }

    @Provide
    Arbitrary<Long> positions() {
        return Arbitraries.oneOf(Arbitraries.longs().between(0, 100), Arbitraries.longs().between(0, Long.MAX_VALUE - 1000),
                Arbitraries.longs().between((1L << 34) - 100, 1L << 34));
    }

    private static float one(Unary f, float x) {
        float[] y = new float[1];
        KernelChoice.ACTIVE.elementwise().unary(f, new float[] {x}, 0, 1, y, 0, 1);
        return y[0];
    }

    private static float define(Unary f, float x) {
        return switch (f) {
            case NEGATE -> -x;
            case ABS -> Math.abs(x);
            case SQUARE -> x * x;
            case SQRT -> (float) Math.sqrt(x);
            case RECIPROCAL -> 1 / x;
            case EXP -> ScalarMath.exp(x);
            case LOG -> ScalarMath.log(x);
            case TANH -> ScalarMath.tanh(x);
            case ERF -> ScalarMath.erf(x);
            case SIGMOID -> ScalarMath.sigmoid(x);
            case RELU -> x > 0 || Float.isNaN(x) ? x : 0f;
            case GELU -> ScalarMath.gelu(x);
            case GELU_TANH -> ScalarMath.geluTanh(x);
            case SOFTPLUS -> ScalarMath.softplus(x);
        };
    }

    private static float define(Binary f, float a, float b) {
        return switch (f) {
            case PLUS -> a + b;
            case MINUS -> a - b;
            case TIMES -> a * b;
            case DIVIDE -> a / b;
            case MAXIMUM -> Math.max(a, b);
            case MINIMUM -> Math.min(a, b);
            case GREATER -> a > b ? 1 : 0;
            case EQUAL -> a == b ? 1 : 0;
            case TANH_GRADIENT -> b * Math.fma(-a, a, 1f);
            case SIGMOID_GRADIENT -> b * Math.fma(-a, a, a);
            case RELU_GRADIENT -> a > 0 ? b : 0f;
            case GELU_GRADIENT -> b * ScalarMath.geluGradient(a);
            case GELU_TANH_GRADIENT -> b * ScalarMath.geluTanhGradient(a);
        };
    }

    /// Where a run of this stride must start so as not to leave the array.
    private static int start(int stride, int n) {
        return stride < 0 ? -stride * n : 0;
    }

    private static float[] values(long seed) {
        return values(seed, ROOM);
    }

    /// A third special values, a third any bit pattern, a third of ordinary size.
    private static float[] values(long seed, int length) {
        Random random = new Random(seed);
        float[] x = new float[length];
        for (int i = 0; i < length; i++) {
            x[i] = switch (random.nextInt(3)) {
                case 0 -> SPECIAL[random.nextInt(SPECIAL.length)];
                case 1 -> Float.intBitsToFloat(random.nextInt());
                default -> (float) random.nextGaussian() * 4;
            };
        }
        return x;
    }

    private static float[] untouched() {
        float[] y = new float[ROOM];
        Arrays.fill(y, UNTOUCHED);
        return y;
    }

    private static void check(String what, float[] y, int yo, int n, IntFunction<Float> expected) {
        check(what, y, yo, n, expected, untouched());
    }

    private static void check(String what, float[] y, int yo, int n, IntFunction<Float> expected, float[] before) {
        for (int i = 0; i < y.length; i++) {
            boolean inside = i >= yo && i < yo + n;
            float want = inside ? expected.apply(i - yo) : before[i];
            if (Float.floatToIntBits(want) != Float.floatToIntBits(y[i])) {
                assertBits(want, y[i], what + ", n = " + n + ", element " + (i - yo));
            }
        }
        assertTrue(yo + n <= y.length);
    }

    private static void assertBits(float expected, float actual) {
        assertBits(expected, actual, "");
    }

    private static void assertBits(float expected, float actual, String message) {
        assertEquals(Float.floatToIntBits(expected), Float.floatToIntBits(actual),
                () -> message + ": " + Float.toHexString(expected) + " was expected, " + Float.toHexString(actual) + " came");
    }
}
