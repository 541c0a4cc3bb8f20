package dev.headstart.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// The gradients of normalisation with some operands left out.
class NormGradientTest {
    private static final int N = 21; // a vector and some more
    private static final Shape SHAPE = Shape.of(7, 3, N);

    private final RandomStream random = RandomStream.of(11);
    private final Tensor x = random.child("x").normal(SHAPE, 1, 2);
    private final Tensor dY = random.child("dY").normal(SHAPE, 0, 1);
    private final Tensor gamma = random.child("gamma").normal(Shape.of(N), 0, 1);
    private final Tensor beta = random.child("beta").normal(Shape.of(N), 0, 1);
    private final Moments moments = Moments.fixed(random.child("mean").normal(Shape.of(N), 0, 1),
            random.child("variance").uniform(Shape.of(N), 0.5f, 2));

    private Normalisation by(Moments m, boolean relu) {
        return new Normalisation(m, gamma, beta, 1e-5f, relu);
    }

    private static void assertSame(@Nullable Tensor expected, @Nullable Tensor actual) {
        assertTrue(Objects.requireNonNull(expected).bitsEqual(Objects.requireNonNull(actual)), () -> expected + " " + actual);
    }

    private static void assertRefused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    private static Tensor with(Tensor t, float... values) {
        float[] changed = t.toArray();
        for (int i = 0; i < values.length; i++) {
            changed[i * N + i] = values[i];
        }
        return Tensor.wrap(t.shape(), changed);
    }

    @Test
    void with_fixed_moments_the_gradient_of_x_is_that_of_the_output_times_the_scale() {
        Tensor given = with(dY, -0f, 0f, Float.MIN_VALUE, -Float.MIN_VALUE);
        float[] expected = given.toArray();
        float[] variance = moments.variance().toArray();
        float[] factors = gamma.toArray();
        for (int i = 0; i < expected.length; i++) {
            float scale = (float) (factors[i % N] * (1 / Math.sqrt((double) variance[i % N] + 1e-5f)));
            expected[i] = Math.fma(expected[i], scale, 0f);
        }
        Tensor dX = ChannelNorms.gradients(x, by(moments, false), null, given, true, true, true)[0];
        assertArrayEquals(bits(expected), bits(Objects.requireNonNull(dX).toArray()));
        assertSame(dX, ChannelNorms.gradients(null, by(moments, false), null, given, true, false, false)[0]);
    }

    private static int[] bits(float[] x) {
        int[] bits = new int[x.length];
        Arrays.setAll(bits, i -> Float.floatToRawIntBits(x[i]));
        return bits;
    }

    @Test
    void with_fixed_moments_numbers_that_are_not_finite_reach_the_gradient_of_x_alike_with_and_without_x() {
        Tensor given = with(dY, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN);
        Tensor input = with(x, 1, 1, 1, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN);
        Tensor without = ChannelNorms.gradients(null, by(moments, false), null, given, true, false, true)[0];
        assertSame(without, ChannelNorms.gradients(input, by(moments, false), null, given, true, true, true)[0]);
        assertEquals(2, count(Objects.requireNonNull(without), Float::isInfinite));
        assertEquals(1, count(without, Float::isNaN));

        Tensor y = input.normaliseChannels(by(moments, true), null);
        assertSame(ChannelNorms.gradients(null, by(moments, true), y, given, true, false, true)[0],
                ChannelNorms.gradients(input, by(moments, true), null, given, true, true, true)[0]);
    }

    private interface Kind {
        boolean holds(float x);
    }

    private static int count(Tensor x, Kind kind) {
        int n = 0;
        for (float value : x.toArray()) {
            n += kind.holds(value) ? 1 : 0;
        }
        return n;
    }

    @Test
    void the_output_tells_what_relu_let_pass_as_the_input_does() {
        for (Moments m : new Moments[] {moments, x.moments()}) {
            Normalisation by = by(m, true);
            Tensor y = x.normaliseChannels(by, null);
            Tensor[] fromX = ChannelNorms.gradients(x, by, null, dY, true, true, true);
            Tensor[] fromY = ChannelNorms.gradients(x, by, y, dY, true, true, true);
            for (int i = 0; i < 3; i++) {
                assertSame(fromX[i], fromY[i]);
            }
            assertSame(fromX[2], ChannelNorms.gradients(null, by, y, dY, false, false, true)[2]);
        }
    }

    @Test
    void channels_gradients_do_not_depend_on_what_else_is_wanted() {
        for (Moments m : new Moments[] {moments, x.moments(), x.moments(3)}) {
            Normalisation by = by(m, false);
            Tensor[] all = ChannelNorms.gradients(x, by, null, dY, true, true, true);
            Tensor[] beta = ChannelNorms.gradients(null, by, null, dY, false, false, true);
            assertNull(beta[0]);
            assertNull(beta[1]);
            assertSame(all[2], beta[2]);
            assertSame(all[0], ChannelNorms.gradients(x, by, null, dY, true, false, false)[0]);
            assertSame(all[1], ChannelNorms.gradients(x, by, null, dY, false, true, false)[1]);
        }
    }

    @Test
    void channels_gradients_refuse_null_for_what_they_need() {
        String refusal = "normaliseChannelsGradients: x is null, and a gradient that is wanted needs it";
        assertRefused(refusal, () -> ChannelNorms.gradients(null, by(moments, false), null, dY, false, true, false));
        assertRefused(refusal, () -> ChannelNorms.gradients(null, by(x.moments(), false), null, dY, true, false, false));
        assertRefused(refusal, () -> ChannelNorms.gradients(null, by(moments, true), null, dY, false, false, true));
        assertRefused("normaliseChannelsGradients: y is null, and a gradient that is wanted needs it",
                () -> ChannelNorms.gradients(x, by(moments, true), null, dY, true, true, true, true));
        assertRefused("normaliseChannelsGradients: wanted has 2 entries: one for each of 3 inputs is needed",
                () -> ChannelNorms.gradients(x, by(moments, false), null, dY, true, true));
        assertRefused("normaliseChannelsGradients: wanted has 0 entries: one for each of 3 inputs is needed",
                () -> ChannelNorms.gradients(x, by(moments, false), null, dY));
    }

    @Test
    void channels_gradients_check_the_shape_of_what_is_there() {
        Tensor other = Tensor.zeros(Shape.of(7, 3, N - 1));
        assertThrows(ShapeException.class, () -> ChannelNorms.gradients(null, by(moments, false), null, other, true, false, true));
        assertThrows(ShapeException.class, () -> ChannelNorms.gradients(other, by(moments, false), null, dY, true, true, true));
        assertThrows(ShapeException.class, () -> ChannelNorms.gradients(null, by(moments, true), other, dY, true, false, true));
    }

    @Test
    void layers_gradients_do_not_depend_on_what_else_is_wanted() {
        Tensor.Normalised y = x.layerNorm(gamma, beta, 1e-5f);
        Tensor[] all = LayerNorms.gradients(x, gamma, y.mean(), y.rstd(), dY, true, true, true);
        assertSame(all[2], LayerNorms.gradients(null, null, y.mean(), y.rstd(), dY, false, false, true)[2]);
        assertSame(all[2], LayerNorms.gradients(null, null, null, null, dY, false, false, true)[2]);
        assertSame(all[1], LayerNorms.gradients(x, null, y.mean(), y.rstd(), dY, false, true, false)[1]);
        assertSame(all[0], LayerNorms.gradients(x, gamma, y.mean(), y.rstd(), dY, true, false, false)[0]);
    }

    @Test
    void layers_gradients_refuse_null_for_what_they_need_and_other_shapes() {
        Tensor.Normalised y = x.layerNorm(gamma, beta, 1e-5f);
        assertRefused("layerNormGradients: x is null, and a gradient that is wanted needs it",
                () -> LayerNorms.gradients(null, gamma, y.mean(), y.rstd(), dY, false, true, false));
        assertRefused("layerNormGradients: gamma is null, and a gradient that is wanted needs it",
                () -> LayerNorms.gradients(x, null, y.mean(), y.rstd(), dY, true, false, false));
        assertRefused("layerNormGradients: wanted has 4 entries: one for each of 3 inputs is needed",
                () -> LayerNorms.gradients(x, gamma, y.mean(), y.rstd(), dY, true, true, true, false));
        Tensor fewer = dY.slice(0, 0, 2);
        String rows = assertThrows(ShapeException.class,
                () -> LayerNorms.gradients(null, null, y.mean(), y.rstd(), fewer, false, false, true)).getMessage();
        assertEquals("layerNormGradients: mean[21], dY[6, 21]: one number for each row of dY is needed", rows);
        assertRefused("layerNormGradients: rstd is null, and a gradient that is wanted needs it",
                () -> LayerNorms.gradients(x, gamma, y.mean(), null, dY, true, false, false));
        Tensor narrow = Tensor.zeros(Shape.of(7, 3, N - 1));
        assertThrows(ShapeException.class, () -> LayerNorms.gradients(x, gamma, y.mean(), y.rstd(), narrow, true, true, true));
        Tensor matrix = narrow.slice(1, 0, 1);
        assertThrows(ShapeException.class, () -> LayerNorms.gradients(null, gamma, y.mean(), y.rstd(), matrix, false, false, true));
    }

    @Test
    void attention_checks_how_many_gradients_are_asked_for() {
        Tensor q = Tensor.zeros(Shape.of(1, 2, 1, 4));
        assertRefused("attentionGradients: wanted has 1 entries: one for each of 3 inputs is needed",
                () -> Attentions.gradients(q, q, q, AttentionPattern.FULL, q, true));
    }
}
