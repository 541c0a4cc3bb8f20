package dev.headstart.tensor.kernel;

import static dev.headstart.tensor.kernel.KernelCases.assertClose;
import static dev.headstart.tensor.kernel.KernelCases.assertSameBits;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headstart.tensor.ChannelNorms;
import dev.headstart.tensor.Moments;
import dev.headstart.tensor.Normalisation;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.kernel.KernelCases.Values;
import dev.headstart.tensor.kernel.choice.KernelChoice;
import dev.headstart.tensor.kernel.scalar.ScalarKernels;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

/// Normalisation of channels: the contract's bits from the scalar kernel, the same from the active one, and the mathematics.
class ChannelNormTwinTest {
    private static final ChannelNorm SCALAR = ScalarKernels.create().channelNorm();
    private static final ChannelNorm ACTIVE = KernelChoice.ACTIVE.channelNorm();
    private static final int BEFORE = 1;

    private static Slice slice(float[] x) {
        return new Slice(x, BEFORE);
    }

    /// Operands and all results of the family.
    private static final class Run {
        final int rows;
        final int n;
        final float[] x;
        final float[] numbers;
        final float[] addend;
        final float[] dY;
        final float[][] results = new float[10][];

        Run(int rows, int n, Values values, long seed) {
            Random random = new Random(seed);
            this.rows = rows;
            this.n = n;
            int size = BEFORE + rows * n;
            x = KernelCases.floats(size, values, random);
            numbers = KernelCases.floats(BEFORE + 5 * n, Values.ORDINARY, random);
            addend = KernelCases.floats(size, values, random);
            dY = KernelCases.floats(size, values, random);
            for (int i = 0; i < results.length; i++) {
                results[i] = KernelCases.floats((i < 4 ? BEFORE + 2 * n : size) + 1, Values.ORDINARY, random);
            }
        }

        Run by(ChannelNorm kernel) {
            kernel.sums(slice(x), slice(results[0]), rows, n);
            kernel.deviations(slice(x), slice(numbers), slice(results[1]), rows, n);
            for (int relu = 0; relu < 2; relu++) {
                kernel.gradientSums(slice(x), slice(numbers), slice(dY), relu == 1, slice(results[2 + relu]), rows, n);
                kernel.apply(slice(x), slice(numbers), null, relu == 1, slice(results[4 + relu]), rows, n);
                kernel.apply(slice(x), slice(numbers), slice(addend), relu == 1, slice(results[6 + relu]), rows, n);
                kernel.gradient(slice(x), slice(numbers), slice(dY), relu == 1, slice(results[8 + relu]), rows, n);
            }
            return this;
        }

        /// As the contract words it.
        Run byDefinition() {
            for (int j = 0; j < n; j++) {
                float centre = numbers[BEFORE + j];
                float scale = numbers[BEFORE + n + j];
                float[] sums = new float[7];
                for (int r = 0; r < rows; r++) {
                    int i = BEFORE + r * n + j;
                    float d = x[i] - centre;
                    float h = Math.fma(d, scale, numbers[BEFORE + 2 * n + j]);
                    sums[0] += x[i];
                    sums[1] = Math.fma(d, d, sums[1]);
                    sums[6] += d;
                    for (int relu = 0; relu < 2; relu++) {
                        float g = relu == 0 || h > 0 ? dY[i] : 0f;
                        sums[2 + 2 * relu] += g;
                        sums[3 + 2 * relu] = Math.fma(g, d, sums[3 + 2 * relu]);
                        results[4 + relu][i] = relu == 1 ? Math.max(h, 0f) : h;
                        results[6 + relu][i] = relu == 1 ? Math.max(h + addend[i], 0f) : h + addend[i];
                        float rest = Math.fma(d, numbers[BEFORE + 3 * n + j], numbers[BEFORE + 4 * n + j]);
                        results[8 + relu][i] = Math.fma(g, scale, rest);
                    }
                }
                results[0][BEFORE + j] = sums[0];
                results[1][BEFORE + j] = sums[6];
                results[1][BEFORE + n + j] = sums[1];
                for (int relu = 0; relu < 2; relu++) {
                    results[2 + relu][BEFORE + j] = sums[2 + 2 * relu];
                    results[2 + relu][BEFORE + n + j] = sums[3 + 2 * relu];
                }
            }
            return this;
        }

        void sameAs(Run expected, String about) {
            for (int i = 0; i < results.length; i++) {
                assertSameBits(expected.results[i], results[i], about + ", " + rows + " rows of " + n + ": result " + i);
            }
        }
    }

    @Property(tries = 300)
    void kernels_give_the_bits_of_the_contract(@ForAll @IntRange(max = 140) int n, @ForAll @IntRange(max = 9) int rows,
            @ForAll Values values, @ForAll long seed) {
        Run expected = new Run(rows, n, values, seed).byDefinition();
        new Run(rows, n, values, seed).by(SCALAR).sameAs(expected, "scalar");
        new Run(rows, n, values, seed).by(ACTIVE).sameAs(expected, "active");
    }

    @Property(tries = 60)
    void maps_may_work_in_place(@ForAll @IntRange(min = 1, max = 140) int n, @ForAll boolean relu, @ForAll long seed) {
        for (ChannelNorm kernel : new ChannelNorm[] {SCALAR, ACTIVE}) {
            Run apart = new Run(3, n, Values.ORDINARY, seed).by(kernel);
            float[] x = apart.x.clone();
            kernel.apply(slice(x), slice(apart.numbers), slice(apart.addend), relu, slice(x), 3, n);
            float[] over = apart.addend.clone();
            kernel.apply(slice(apart.x), slice(apart.numbers), slice(over), relu, slice(over), 3, n);
            float[] dY = apart.dY.clone();
            kernel.gradient(slice(apart.x), slice(apart.numbers), slice(dY), relu, slice(dY), 3, n);
            for (int i = BEFORE; i < x.length; i++) {
                assertEquals(apart.results[relu ? 7 : 6][i], x[i]);
                assertEquals(apart.results[relu ? 7 : 6][i], over[i]);
                assertEquals(apart.results[relu ? 9 : 8][i], dY[i]);
            }
        }
    }

    /// A large mean under a small spread, where the difference of sums would have nothing left; and the gradients, all in double precision.
    @Example
    void moments_and_gradients_are_those_of_the_mathematics() {
        int n = 19;
        int rows = 5000;
        RandomStream random = RandomStream.of(4);
        Tensor offset = random.child("offset").normal(Shape.of(n), 300, 100);
        Tensor x = random.child("x").normal(Shape.of(rows, n), 0, 1).plus(offset);
        Tensor gamma = random.child("gamma").normal(Shape.of(n), 1, 0.3f);
        Tensor dY = random.child("dY").normal(x.shape(), 0.1f, 1);
        Moments moments = x.reshape(50, 10, 10, n).moments();
        assertEquals(rows, moments.count());
        Normalisation by = new Normalisation(moments, gamma, Tensor.zeros(Shape.of(n)), 1e-5f, false);
        Tensor y = x.normaliseChannels(by, null);
        @Nullable
        Tensor[] gradients = ChannelNorms.gradients(x, by, null, dY, true, true, true);
        Tensor dX = Objects.requireNonNull(gradients[0]);
        Tensor dGamma = Objects.requireNonNull(gradients[1]);
        Tensor dBeta = Objects.requireNonNull(gradients[2]);
        for (int c = 0; c < n; c++) {
            double[] sums = new double[4];
            for (int r = 0; r < rows; r++) {
                sums[0] += x.get(r, c);
            }
            double mean = sums[0] / rows;
            for (int r = 0; r < rows; r++) {
                double d = x.get(r, c) - mean;
                sums[1] += d * d;
                sums[2] += dY.get(r, c);
                sums[3] += dY.get(r, c) * d;
            }
            double rstd = 1 / Math.sqrt(sums[1] / rows + 1e-5f);
            assertClose(mean, moments.mean().get(c), 1e-7, "mean");
            assertClose(sums[1] / rows, moments.variance().get(c), 1e-6, "variance");
            assertClose(sums[2], dBeta.get(c), 1e-5, "dBeta");
            assertClose(sums[3] * rstd, dGamma.get(c), 1e-2, "dGamma"); // the mean is a float: half an ulp of it times Σ dY
            for (int r = 0; r < rows; r += 101) {
                double h = (x.get(r, c) - mean) * rstd;
                assertClose(h * gamma.get(c), y.get(r, c), 1e-4, "y");
                double expected = gamma.get(c) * rstd * (dY.get(r, c) - sums[2] / rows - h * sums[3] * rstd / rows);
                assertClose(expected, dX.get(r, c), 1e-5, "dX");
            }
        }
    }

    @Example
    void groups_of_an_image_have_moments_of_their_own() {
        Tensor x = RandomStream.of(5).normal(Shape.of(3, 7, 11, 12), 2, 1);
        Moments moments = x.moments(4);
        assertEquals(Shape.of(3, 4), moments.mean().shape());
        for (int image = 0; image < 3; image++) {
            for (int group = 0; group < 4; group++) {
                Tensor own = x.slice(0, image, image + 1).slice(3, 3 * group, 3 * group + 3);
                assertClose(own.mean().item(), moments.mean().get(image, group), 1e-6, "mean");
                assertClose(own.minus(own.mean()).square().mean().item(), moments.variance().get(image, group), 1e-6, "variance");
            }
        }
    }
}
