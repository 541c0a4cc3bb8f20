package dev.headstart.tensor.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.tensor.Convolutions;
import dev.headstart.tensor.Naive;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.ShapeException;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.Workers;
import dev.headstart.tensor.geometry.Conv2dGeometry;
import dev.headstart.tensor.kernel.choice.KernelChoice;
import dev.headstart.tensor.kernel.scalar.ScalarKernels;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// Convolutions: the scalar kernel gives the bits that the contract names, and the active kernel gives the same, in whatever way it goes.
class ConvTwinTest {
    private static final Conv SCALAR = ScalarKernels.create().conv();
    private static final Conv ACTIVE = KernelChoice.ACTIVE.conv();
    private static final List<Workers> WORKERS = List.of(Workers.sequential(), Workers.of(2), Workers.of(3));

    /// A convolution; `padding` is what lies before the operands' first elements.
    record Case(ConvShape shape, int padding, KernelCases.Values values, long seed) {
        float[] operand(int size, int number) {
            return KernelCases.floats(padding + size, values, new Random(seed + number));
        }
    }

    @Property(tries = 400)
    void small_convolutions_are_the_chains_of_the_contract(@ForAll("small") Case conv) {
        check(conv);
    }

    @Property(tries = 25)
    void convolutions_of_several_tasks_are_the_chains_of_the_contract(@ForAll("large") Case conv) {
        check(conv);
    }

    @Property(tries = 60)
    void depthwise_convolutions_are_the_chains_of_the_contract(@ForAll("depthwise") Case conv) {
        check(conv);
    }

    @Property(tries = 60)
    void convolutions_of_many_groups_are_the_chains_of_the_contract(@ForAll("grouped") Case conv) {
        check(conv);
    }

    @Example
    void groups_of_several_tasks_are_the_chains_of_the_contract() {
        int[] around = {1, 1, 1, 1};
        check(new Case(shape(2, 20, 20, 8, 12, 12, 3, 3, 1, 1, 1, 1, around), 1, KernelCases.Values.ORDINARY, 1));
        check(new Case(shape(2, 16, 16, 4, 16, 16, 3, 3, 1, 1, 1, 1, around), 1, KernelCases.Values.ORDINARY, 2)); // whole vectors
        check(new Case(shape(2, 17, 15, 4, 16, 16, 3, 3, 2, 2, 1, 1, around), 1, KernelCases.Values.ORDINARY, 3));
        check(new Case(shape(1, 8, 8, 3, 5, 80, 3, 3, 1, 1, 1, 1, around), 0, KernelCases.Values.ORDINARY, 4)); // rows packed
        check(new Case(shape(1, 8, 8, 3, 80, 5, 3, 3, 1, 1, 1, 1, around), 0, KernelCases.Values.ORDINARY, 5));
    }

    @Example
    void long_chains_are_cut_at_multiples_of_the_block() {
        check(new Case(shape(1, 5, 6, 1, 520, 17, 3, 3, 1, 1, 1, 1, new int[] {1, 1, 1, 1}), 1, KernelCases.Values.ORDINARY, 1));
        check(new Case(shape(1, 4, 4, 1, 17, 520, 3, 3, 1, 1, 1, 1, new int[] {1, 1, 1, 1}), 1, KernelCases.Values.ORDINARY, 2));
        check(new Case(shape(1, 3, 3, 1, 3, 1030, 2, 2, 1, 1, 1, 1, new int[] {1, 1, 1, 1}), 0, KernelCases.Values.ORDINARY, 2));
        check(new Case(shape(1, 2, 3, 1, 2048, 5, 2, 2, 1, 1, 1, 1, new int[] {0, 0, 0, 0}), 0, KernelCases.Values.ORDINARY, 3));
        check(new Case(shape(3, 64, 64, 1, 3, 5, 2, 3, 1, 1, 1, 1, new int[] {1, 0, 1, 1}), 2, KernelCases.Values.ORDINARY, 4));
        check(new Case(shape(2, 64, 65, 1, 2, 3, 1, 1, 1, 1, 1, 1, new int[] {0, 0, 0, 0}), 0, KernelCases.Values.ORDINARY, 5));
        check(new Case(shape(3, 64, 64, 19, 1, 1, 3, 3, 1, 1, 1, 1, new int[] {1, 1, 1, 1}), 0, KernelCases.Values.ORDINARY, 6));
        check(new Case(shape(1, 3, 3, 3, 1030, 3, 2, 2, 1, 1, 1, 1, new int[] {0, 1, 0, 1}), 1, KernelCases.Values.ORDINARY, 7));
        check(new Case(shape(1, 3, 3, 3, 3, 1030, 2, 2, 1, 1, 1, 1, new int[] {0, 1, 0, 1}), 1, KernelCases.Values.ORDINARY, 8));
        check(new Case(shape(2, 64, 65, 5, 2, 3, 3, 3, 1, 1, 1, 1, new int[] {1, 1, 1, 1}), 0, KernelCases.Values.ORDINARY, 9));
    }

    /// Sums in double precision, written without any thought of order.
    @Example
    void results_are_close_to_sums_in_double_precision() {
        ConvShape s = shape(2, 7, 8, 2, 5, 6, 3, 2, 2, 1, 1, 3, new int[] {2, 1, 0, 3});
        Case conv = new Case(s, 0, KernelCases.Values.ORDINARY, 7);
        float[] x = conv.operand(xSize(s), 0);
        float[] w = conv.operand(wSize(s), 1);
        float[] dY = conv.operand(ySize(s), 2);
        double[] y = new double[dY.length];
        double[] dX = new double[x.length];
        double[] dW = new double[w.length];
        int outs = s.groupOutChannels();
        int ins = s.groupChannels();
        for (int n = 0; n < s.batch(); n++) {
            for (int[] at : Naive.indices(Shape.of(s.outHeight(), s.outWidth(), s.outChannels(), s.kernelHeight(), s.kernelWidth(), ins))) {
                int iy = at[0] * s.strideY() + at[3] * s.dilationY() - s.top();
                int ix = at[1] * s.strideX() + at[4] * s.dilationX() - s.left();
                if (iy >= 0 && iy < s.height() && ix >= 0 && ix < s.width()) {
                    int yi = ((n * s.outHeight() + at[0]) * s.outWidth() + at[1]) * s.outChannels() + at[2];
                    int xi = ((n * s.height() + iy) * s.width() + ix) * s.channels() + at[2] / outs * ins + at[5];
                    int wi = ((at[2] * s.kernelHeight() + at[3]) * s.kernelWidth() + at[4]) * ins + at[5];
                    y[yi] += (double) x[xi] * w[wi];
                    dX[xi] += (double) dY[yi] * w[wi];
                    dW[wi] += (double) dY[yi] * x[xi];
                }
            }
        }
        Tensor images = Tensor.of(Shape.of(s.batch(), s.height(), s.width(), s.channels()), x);
        Tensor weight = Tensor.of(Shape.of(s.outChannels(), s.kernelHeight(), s.kernelWidth(), ins), w);
        Conv2dGeometry geometry = new Conv2dGeometry(2, 1, 1, 3, 2, 1, 0, 3, 2);
        Tensor result = images.conv2d(weight, null, geometry);
        Tensor given = Tensor.of(result.shape(), dY);
        assertClose(y, result.toArray());
        assertClose(dX, Convolutions.inputGradient(images.shape(), weight, given, geometry).toArray());
        assertClose(dW, Convolutions.weightGradient(images, weight.shape(), given, geometry).toArray());
    }

    @Example
    void a_geometry_refuses_what_makes_no_sense() {
        assertEquals("conv2d: stride [0, 1], dilation [1, 1], 1 groups: each must be at least 1",
                assertThrows(ShapeException.class, () -> Conv2dGeometry.DEFAULT.stride(0, 1)).getMessage());
        assertEquals("conv2d: padding: top 0, bottom 0, left -1, right 0: none may be negative",
                assertThrows(ShapeException.class, () -> Conv2dGeometry.DEFAULT.padding(0, 0, -1, 0)).getMessage());
        Tensor x = Tensor.zeros(Shape.of(1, 4, 4, 2));
        Tensor w = Tensor.zeros(Shape.of(3, 3, 3, 2));
        assertEquals("conv2dInputGradient: [1, 2, 2, 3], [1, 4, 4, 3]: the shapes must be equal", assertThrows(ShapeException.class,
                () -> Convolutions.inputGradient(x.shape(), w, Tensor.zeros(Shape.of(1, 4, 4, 3)), Conv2dGeometry.DEFAULT)).getMessage());
    }

    private static void assertClose(double[] expected, float[] actual) {
        assertEquals(expected.length, actual.length);
        for (int i = 0; i < expected.length; i++) {
            KernelCases.assertClose(expected[i], actual[i], 1e-5, "element " + i);
        }
    }

    @Provide
    Arbitrary<Case> small() {
        Arbitrary<Integer> channels = Arbitraries.oneOf(Arbitraries.integers().between(1, 5), Arbitraries.integers().between(1, 40));
        return cases(Arbitraries.integers().between(1, 3), Arbitraries.integers().between(1, 9), Arbitraries.integers().between(1, 3),
                channels, channels, Arbitraries.of(KernelCases.Values.ORDINARY, KernelCases.Values.DENORMAL, KernelCases.Values.SPECIAL,
                        KernelCases.Values.ZEROS));
    }

    @Provide
    Arbitrary<Case> large() {
        Arbitrary<Integer> channels = Arbitraries.oneOf(Arbitraries.integers().between(1, 20), Arbitraries.integers().between(60, 150));
        return cases(Arbitraries.integers().between(1, 4), Arbitraries.integers().between(6, 24), Arbitraries.just(1), channels, channels,
                Arbitraries.just(KernelCases.Values.ORDINARY)).filter(c -> (long) ySize(c.shape()) * c.shape().steps() < 20_000_000);
    }

    @Provide
    Arbitrary<Case> depthwise() {
        Arbitrary<Integer> one = Arbitraries.just(1);
        return cases(Arbitraries.integers().between(1, 3), Arbitraries.integers().between(1, 12), Arbitraries.integers().between(1, 70),
                one, one, Arbitraries.of(KernelCases.Values.ORDINARY, KernelCases.Values.ZEROS));
    }

    @Provide
    Arbitrary<Case> grouped() {
        Arbitrary<Integer> channels = Arbitraries.integers().between(1, 6);
        return cases(Arbitraries.integers().between(1, 3), Arbitraries.integers().between(1, 12), Arbitraries.integers().between(4, 40),
                channels, channels, Arbitraries.of(KernelCases.Values.ORDINARY, KernelCases.Values.ZEROS));
    }

    private static Arbitrary<Case> cases(Arbitrary<Integer> batch, Arbitrary<Integer> side, Arbitrary<Integer> groups,
            Arbitrary<Integer> groupChannels, Arbitrary<Integer> groupOutChannels, Arbitrary<KernelCases.Values> values) {
        Arbitrary<Integer> few = Arbitraries.oneOf(Arbitraries.just(1), Arbitraries.integers().between(1, 4));
        Arbitrary<int[]> paddings = Arbitraries.integers().between(0, 3).array(int[].class).ofSize(4);
        Arbitrary<int[]> steps = few.array(int[].class).ofSize(6); // kernel, strides, dilations
        return Combinators.combine(batch, side, side, groups, groupChannels, groupOutChannels, steps, paddings)
                .flatAs((n, h, w, g, in, out, step, pad) -> Combinators
                        .combine(Arbitraries.integers().between(0, 3), values, Arbitraries.longs())
                        .as((before, kind, seed) -> new Case(shape(n, h, w, g, in, out, step[0], step[1], step[2], step[3], step[4],
                                step[5], pad), before, kind, seed)))
                .filter(c -> c.shape().outHeight() > 0 && c.shape().outWidth() > 0);
    }

    /// @param pad top, bottom, left, right
    private static ConvShape shape(int n, int h, int w, int groups, int in, int out, int kh, int kw, int sy, int sx, int dy, int dx,
            int[] pad) {
        Conv2dGeometry geometry = new Conv2dGeometry(sy, sx, dy, dx, pad[0], pad[1], pad[2], pad[3], groups);
        return new ConvShape(n, h, w, groups * in, (int) geometry.outHeight(h, kh), (int) geometry.outWidth(w, kw), groups * out, kh, kw,
                sy, sx, dy, dx, pad[0], pad[2], groups);
    }

    private static int xSize(ConvShape s) {
        return s.batch() * s.height() * s.width() * s.channels();
    }

    private static int wSize(ConvShape s) {
        return s.outChannels() * s.steps();
    }

    private static int ySize(ConvShape s) {
        return s.positions() * s.outChannels();
    }

    @FunctionalInterface
    private interface Run {
        void with(Conv conv, Workers workers, float[] result);
    }

    /// Both kernels against the definition, with every number of threads; what lies before the result must not change.
    private static void check(Case conv) {
        ConvShape s = conv.shape();
        int o = conv.padding();
        float[] x = conv.operand(xSize(s), 0);
        float[] w = conv.operand(wSize(s), 1);
        float[] y = conv.operand(ySize(s), 2);
        for (InitialRows start : List.of(InitialRows.ACCUMULATE, InitialRows.ZERO, new InitialRows(conv.operand(s.outChannels(), 3), o))) {
            float[] begun = y.clone();
            start.begin(begun, o, s.positions(), s.outChannels(), 0, s.outChannels());
            check("forward", y, defineForward(s, x, w, begun, o),
                    (k, workers, c) -> k.forward(workers, s, new Slice(x, o), new Slice(w, o), new Slice(c, o), start));
        }
        check("inputGradient", x, defineInputGradient(s, x, w, y, o),
                (k, workers, c) -> k.inputGradient(workers, s, new Slice(y, o), new Slice(w, o), new Slice(c, o)));
        check("weightGradient", w, defineWeightGradient(s, x, w, y, o),
                (k, workers, c) -> k.weightGradient(workers, s, new Slice(x, o), new Slice(y, o), new Slice(c, o)));
    }

    private static void check(String what, float[] start, float[] expected, Run run) {
        for (Conv kernel : List.of(SCALAR, ACTIVE)) {
            for (Workers workers : WORKERS) {
                float[] result = start.clone();
                run.with(kernel, workers, result);
                int where = Arrays.mismatch(expected, result);
                assertTrue(where < 0, () -> what + ", " + kernel.getClass().getSimpleName() + ", " + workers.threads()
                        + " threads: element " + where + " is " + result[where] + ", not " + expected[where]);
            }
        }
    }

    /// One chain of the contract.
    private static final class Chain {
        private float total;
        private float chain;
        private int steps;

        Chain(float start) {
            chain = start;
        }

        void add(float a, float b) {
            if (steps > 0 && steps % 4096 == 0) {
                total = value();
                chain = 0;
            }
            chain = Math.fma(a, b, chain);
            steps++;
        }

        float value() {
            return steps <= 4096 ? chain : total + chain;
        }
    }

    private static float[] defineForward(ConvShape s, float[] x, float[] w, float[] y, int start) {
        float[] result = y.clone();
        int i = start;
        for (int[] at : Naive.indices(Shape.of(s.batch(), s.outHeight(), s.outWidth(), s.outChannels()))) {
            Chain chain = new Chain(y[i]);
            int group = at[3] / s.groupOutChannels();
            int step = 0;
            for (int ky = 0; ky < s.kernelHeight(); ky++) {
                for (int kx = 0; kx < s.kernelWidth(); kx++) {
                    for (int c = 0; c < s.groupChannels(); c++) {
                        chain.add(pixel(s, x, start, at[0], at[1], at[2], ky, kx, group * s.groupChannels() + c),
                                w[start + at[3] * s.steps() + step++]);
                    }
                }
            }
            result[i++] = chain.value();
        }
        return result;
    }

    /// What a tap of an output position meets.
    private static float pixel(ConvShape s, float[] x, int start, int n, int oy, int ox, int ky, int kx, int c) {
        int iy = oy * s.strideY() + ky * s.dilationY() - s.top();
        int ix = ox * s.strideX() + kx * s.dilationX() - s.left();
        boolean inside = iy >= 0 && iy < s.height() && ix >= 0 && ix < s.width();
        return inside ? x[start + ((n * s.height() + iy) * s.width() + ix) * s.channels() + c] : 0;
    }

    private static float[] defineInputGradient(ConvShape s, float[] x, float[] w, float[] dY, int start) {
        float[] result = x.clone();
        int i = start;
        for (int[] at : Naive.indices(Shape.of(s.batch(), s.height(), s.width(), s.channels()))) {
            Chain chain = new Chain(x[i]);
            int group = at[3] / s.groupChannels();
            for (int ky = 0; ky < s.kernelHeight(); ky++) {
                for (int kx = 0; kx < s.kernelWidth(); kx++) {
                    int y = at[1] + s.top() - ky * s.dilationY();
                    int z = at[2] + s.left() - kx * s.dilationX();
                    if (Math.floorMod(y, s.strideY()) != 0 || Math.floorMod(z, s.strideX()) != 0) {
                        continue;
                    }
                    int oy = Math.floorDiv(y, s.strideY());
                    int ox = Math.floorDiv(z, s.strideX());
                    boolean inside = oy >= 0 && oy < s.outHeight() && ox >= 0 && ox < s.outWidth();
                    for (int k = 0; k < s.groupOutChannels(); k++) {
                        int o = group * s.groupOutChannels() + k;
                        chain.add(inside ? dY[start + ((at[0] * s.outHeight() + oy) * s.outWidth() + ox) * s.outChannels() + o] : 0,
                                w[start + o * s.steps() + (ky * s.kernelWidth() + kx) * s.groupChannels() + at[3] % s.groupChannels()]);
                    }
                }
            }
            result[i++] = chain.value();
        }
        return result;
    }

    private static float[] defineWeightGradient(ConvShape s, float[] x, float[] w, float[] dY, int start) {
        float[] result = w.clone();
        int i = start;
        for (int[] at : Naive.indices(Shape.of(s.outChannels(), s.kernelHeight(), s.kernelWidth(), s.groupChannels()))) {
            Chain chain = new Chain(w[i]);
            int channel = at[0] / s.groupOutChannels() * s.groupChannels() + at[3];
            int p = start + at[0];
            for (int n = 0; n < s.batch(); n++) {
                for (int oy = 0; oy < s.outHeight(); oy++) {
                    for (int ox = 0; ox < s.outWidth(); ox++, p += s.outChannels()) {
                        chain.add(dY[p], pixel(s, x, start, n, oy, ox, at[1], at[2], channel));
                    }
                }
            }
            result[i++] = chain.value();
        }
        return result;
    }
}
