package dev.headstart.tensor.kernel;

import static dev.headstart.tensor.kernel.KernelCases.assertClose;
import static dev.headstart.tensor.kernel.KernelCases.assertSameBits;

import dev.headstart.tensor.kernel.KernelCases.Values;
import dev.headstart.tensor.kernel.choice.KernelChoice;
import dev.headstart.tensor.kernel.scalar.ScalarKernels;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/// Layer normalisation: the contract's bits from the scalar kernel, the same from the active one, and the mathematics.
class NormTwinTest {
    private static final Norm SCALAR = ScalarKernels.create().norm();
    private static final Norm ACTIVE = KernelChoice.ACTIVE.norm();
    private static final float EPS = 1e-5f;
    private static final int BEFORE = 1;

    private static Slice slice(float[] x) {
        return new Slice(x, BEFORE);
    }

    /// Operands and all results of the family for rows of n.
    private static final class Run {
        final int rows;
        final int n;
        final float[] x;
        final float[] gamma;
        final float[] beta;
        final float[] dY;
        final float[] y;
        final float[] mean;
        final float[] rstd;
        final float[] dX;
        final float[] sums;

        Run(int rows, int n, Values values, Random random) {
            this.rows = rows;
            this.n = n;
            int size = BEFORE + rows * n;
            x = KernelCases.floats(size, values, random);
            gamma = KernelCases.floats(BEFORE + n, Values.ORDINARY, random);
            beta = KernelCases.floats(BEFORE + n, Values.ORDINARY, random);
            dY = KernelCases.floats(size, values, random);
            y = KernelCases.floats(size + 1, Values.ORDINARY, random);
            mean = KernelCases.floats(BEFORE + rows + 1, Values.ORDINARY, random);
            rstd = KernelCases.floats(BEFORE + rows + 1, Values.ORDINARY, random);
            dX = KernelCases.floats(size + 1, Values.ORDINARY, random);
            sums = KernelCases.floats(BEFORE + 2 * n + 1, Values.ORDINARY, random);
        }

        void by(Norm kernel) {
            kernel.layerNorm(slice(x), slice(gamma), slice(beta), EPS, slice(y), statistics(), rows, n);
            kernel.layerNormGradient(slice(x), slice(gamma), statistics(), slice(dY), slice(dX), rows, n);
            kernel.parameterGradients(slice(x), statistics(), slice(dY), slice(sums), rows, n);
        }

        Norm.Statistics statistics() {
            return new Norm.Statistics(slice(mean), slice(rstd));
        }

        /// As the contract words it.
        void byDefinition() {
            float share = 1f / n;
            Arrays.fill(sums, BEFORE, BEFORE + 2 * n, 0);
            for (int r = 0; r < rows; r++) {
                int o = BEFORE + r * n;
                float m = KernelCases.reduce(Reduction.SUM, x, o, n) * share;
                float[] d = new float[n];
                float[] g = new float[n];
                float[] normal = new float[n];
                for (int i = 0; i < n; i++) {
                    d[i] = x[o + i] - m;
                }
                float variance = KernelCases.reduce(Reduction.SUM_OF_SQUARES, d, 0, n) * share;
                float s = 1f / (float) Math.sqrt(variance + EPS);
                for (int i = 0; i < n; i++) {
                    normal[i] = d[i] * s;
                    g[i] = dY[o + i] * gamma[BEFORE + i];
                    sums[BEFORE + i] = Math.fma(dY[o + i], normal[i], sums[BEFORE + i]);
                    sums[BEFORE + n + i] += dY[o + i];
                    y[o + i] = Math.fma(normal[i], gamma[BEFORE + i], beta[BEFORE + i]);
                }
                float meanG = KernelCases.reduce(Reduction.SUM, g, 0, n) * share;
                float meanGH = KernelCases.dot(g, 0, normal, 0, n) * share;
                for (int i = 0; i < n; i++) {
                    dX[o + i] = (g[i] - Math.fma(normal[i], meanGH, meanG)) * s;
                }
                mean[BEFORE + r] = m;
                rstd[BEFORE + r] = s;
            }
        }

        void sameAs(Run expected, String about) {
            assertSameBits(expected.mean, mean, about + ": mean");
            assertSameBits(expected.rstd, rstd, about + ": rstd");
            assertSameBits(expected.y, y, about + ": y");
            assertSameBits(expected.sums, sums, about + ": sums");
            assertSameBits(expected.dX, dX, about + ": dX");
        }
    }

    @Provide
    Arbitrary<Integer> lengths() {
        return KernelCases.lengths();
    }

    @Property(tries = 200)
    void kernels_give_the_bits_of_the_contract(@ForAll("lengths") int n, @ForAll @IntRange(max = 4) int rows, @ForAll Values values,
            @ForAll long seed) {
        check(n, rows, values, seed);
    }

    @Example
    void every_length_has_the_bits_of_the_contract() {
        for (int n : KernelCases.everyLength()) {
            check(n, 2, Values.ORDINARY, n);
        }
    }

    private static void check(int n, int rows, Values values, long seed) {
        Run expected = new Run(rows, n, values, new Random(seed));
        expected.byDefinition();
        Run scalar = new Run(rows, n, values, new Random(seed));
        scalar.by(SCALAR);
        scalar.sameAs(expected, "scalar " + n);
        Run active = new Run(rows, n, values, new Random(seed));
        active.by(ACTIVE);
        active.sameAs(expected, "active " + n);
    }

    @Property(tries = 100)
    void kernels_may_work_in_place(@ForAll @IntRange(min = 1, max = 300) int n, @ForAll long seed) {
        for (Norm kernel : new Norm[] {SCALAR, ACTIVE}) {
            Run apart = new Run(3, n, Values.ORDINARY, new Random(seed));
            apart.by(kernel);
            float[] x = apart.x.clone();
            Norm.Statistics unused = new Norm.Statistics(new Slice(new float[3], 0), new Slice(new float[3], 0));
            kernel.layerNorm(slice(x), slice(apart.gamma), slice(apart.beta), EPS, slice(x), unused, 3, n);
            assertSameBits(Arrays.copyOfRange(apart.y, BEFORE, x.length), Arrays.copyOfRange(x, BEFORE, x.length), "layerNorm");
            for (boolean overX : new boolean[] {false, true}) {
                float[] over = apart.x.clone();
                float[] dY = apart.dY.clone();
                float[] target = overX ? over : dY;
                kernel.layerNormGradient(slice(over), slice(apart.gamma), apart.statistics(), slice(dY), slice(target), 3, n);
                assertSameBits(Arrays.copyOfRange(apart.dX, BEFORE, x.length), Arrays.copyOfRange(target, BEFORE, x.length), "gradient");
            }
        }
    }

    @Property(tries = 50)
    void rows_are_normal_and_gradients_those_of_the_mathematics(@ForAll @IntRange(min = 2, max = 300) int n, @ForAll long seed) {
        Run run = new Run(1, n, Values.ORDINARY, new Random(seed));
        run.by(ACTIVE);
        double mean = 0;
        double variance = 0;
        for (int i = 0; i < n; i++) {
            mean += (double) run.x[BEFORE + i] / n;
        }
        for (int i = 0; i < n; i++) {
            variance += Math.pow(run.x[BEFORE + i] - mean, 2) / n;
        }
        double rstd = 1 / Math.sqrt(variance + EPS);
        double meanG = 0;
        double meanGH = 0;
        for (int i = 0; i < n; i++) {
            double g = (double) run.dY[BEFORE + i] * run.gamma[BEFORE + i];
            meanG += g / n;
            meanGH += g * (run.x[BEFORE + i] - mean) * rstd / n;
        }
        assertClose(mean, run.mean[BEFORE], 1e-6, "mean");
        assertClose(rstd, run.rstd[BEFORE], 1e-5, "rstd");
        for (int i = 0; i < n; i++) {
            double h = (run.x[BEFORE + i] - mean) * rstd;
            double g = (double) run.dY[BEFORE + i] * run.gamma[BEFORE + i];
            assertClose(run.dY[BEFORE + i] * h, run.sums[BEFORE + i], 1e-5 * (1 + Math.abs(run.dY[BEFORE + i])), "dGamma");
            assertClose(h * run.gamma[BEFORE + i] + run.beta[BEFORE + i], run.y[BEFORE + i], 2e-5, "y");
            assertClose((g - meanG - h * meanGH) * rstd, run.dX[BEFORE + i], 1e-4 * (1 + rstd), "dX");
        }
    }
}
