package dev.headstart.tensor.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/// What the tests of row kernels share: operands, lengths, the definition of a reduction, and equality of bits.
final class KernelCases {
    private KernelCases() {}

    /// What an operand holds.
    enum Values {
        ORDINARY, ZEROS, DENORMAL, SPECIAL, MINUS_INFINITY
    }

    static float[] floats(int n, Values values, Random random) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = value(values, random);
        }
        return x;
    }

    private static float value(Values values, Random random) {
        float ordinary = (float) random.nextGaussian();
        return switch (values) {
            case ORDINARY -> ordinary;
            case ZEROS -> random.nextInt(3) == 0 ? 0f : -0f;
            case DENORMAL -> ordinary * 1e-23f;
            case MINUS_INFINITY -> random.nextInt(100) == 0 ? ordinary : Float.NEGATIVE_INFINITY;
            case SPECIAL -> switch (random.nextInt(300)) {
                case 0 -> Float.intBitsToFloat(0xFFC01234);
                case 1 -> Float.POSITIVE_INFINITY;
                case 2, 3 -> Float.NEGATIVE_INFINITY;
                case 4, 5 -> Float.MAX_VALUE;
                case 6, 7 -> -Float.MIN_VALUE;
                case 8, 9, 10 -> -0f;
                case 11, 12, 13 -> ordinary * 100;
                default -> ordinary;
            };
        };
    }

    /// Lengths of a row: mostly short, some around the ends of a block.
    static Arbitrary<Integer> lengths() {
        return Arbitraries.oneOf(Arbitraries.integers().between(0, 200), Arbitraries.integers().between(0, 1000),
                Arbitraries.integers().between(4090, 4200), Arbitraries.integers().between(8190, 8300));
    }

    /// Every tail once: 0 to 200, and the neighbourhood of one, two and five blocks.
    static int[] everyLength() {
        int[] longer = {255, 256, 257, 511, 512, 513, 4095, 4096, 4097, 4111, 8191, 8192, 8193, 5 * 4096 + 77};
        int[] all = Arrays.copyOf(longer, longer.length + 201);
        for (int n = 0; n <= 200; n++) {
            all[longer.length + n] = n;
        }
        return all;
    }

    /// A reduction as the contract words it.
    static float reduce(Reduction f, float[] x, int xo, int n) {
        return reduce(f, x, xo, x, xo, n);
    }

    /// A sum of products as the contract words it.
    static float dot(float[] a, int ao, float[] b, int bo, int n) {
        return reduce(Reduction.SUM_OF_SQUARES, a, ao, b, bo, n);
    }

    private static float reduce(Reduction f, float[] a, int ao, float[] b, int bo, int n) {
        List<Float> blocks = new ArrayList<>();
        for (int from = 0; from < n; from += 4096) {
            float[] lane = new float[64];
            Arrays.fill(lane, f == Reduction.MAX ? Float.NEGATIVE_INFINITY : f == Reduction.MIN ? Float.POSITIVE_INFINITY : 0f);
            for (int i = from; i < Math.min(n, from + 4096); i++) {
                int l = (i - from) % 64;
                lane[l] = switch (f) {
                    case SUM -> lane[l] + a[ao + i];
                    case SUM_OF_SQUARES -> Math.fma(a[ao + i], b[bo + i], lane[l]);
                    case MAX -> Math.max(lane[l], a[ao + i]);
                    case MIN -> Math.min(lane[l], a[ao + i]);
                };
            }
            for (int h : new int[] {32, 16, 8, 4, 2, 1}) {
                for (int l = 0; l < h; l++) {
                    lane[l] = fold(f, lane[l], lane[l + h]);
                }
            }
            blocks.add(lane[0]);
        }
        if (n == 0) {
            return f == Reduction.MAX ? Float.NEGATIVE_INFINITY : f == Reduction.MIN ? Float.POSITIVE_INFINITY : 0f;
        }
        while (blocks.size() > 1) {
            int h = (blocks.size() + 1) / 2;
            for (int i = 0; i + h < blocks.size(); i++) {
                blocks.set(i, fold(f, blocks.get(i), blocks.get(i + h)));
            }
            blocks = blocks.subList(0, h);
        }
        return Float.isNaN(blocks.get(0)) ? Float.NaN : blocks.get(0);
    }

    private static float fold(Reduction f, float a, float b) {
        return f == Reduction.MAX ? Math.max(a, b) : f == Reduction.MIN ? Math.min(a, b) : a + b;
    }

    /// Equal bits, where any two NaN count as equal.
    static void assertSameBits(float[] expected, float[] actual, String about) {
        assertEquals(expected.length, actual.length, about);
        for (int i = 0; i < expected.length; i++) {
            if (Float.floatToIntBits(expected[i]) != Float.floatToIntBits(actual[i])) {
                assertEquals(expected[i] + " " + Integer.toHexString(Float.floatToRawIntBits(expected[i])),
                        actual[i] + " " + Integer.toHexString(Float.floatToRawIntBits(actual[i])), about + ", at " + i);
            }
        }
    }

    /// |actual - expected| ≤ tolerance · (1 + |expected|).
    static void assertClose(double expected, double actual, double tolerance, String about) {
        assertEquals(expected, actual, tolerance * (1 + Math.abs(expected)), about);
    }
}
