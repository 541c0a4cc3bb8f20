package dev.headstart.tensor.kernel;

import static dev.headstart.tensor.kernel.KernelCases.assertClose;
import static dev.headstart.tensor.kernel.KernelCases.assertSameBits;

import dev.headstart.tensor.kernel.KernelCases.Values;
import dev.headstart.tensor.kernel.choice.KernelChoice;
import dev.headstart.tensor.kernel.scalar.ScalarKernels;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/// Rows by index and optimiser steps: the scalar and the active kernel give the bits of the contract.
class GatherUpdateTwinTest {
    private static final Gather SCALAR_GATHER = ScalarKernels.create().gather();
    private static final Gather GATHER = KernelChoice.ACTIVE.gather();
    private static final Update SCALAR_UPDATE = ScalarKernels.create().update();
    private static final Update UPDATE = KernelChoice.ACTIVE.update();
    private static final Update DEFINITION = new Definition();

    /// Optimiser steps as the contract words them.
    private static final class Definition implements Update {
        @Override
        public void sgd(Slice w, Slice g, Slice v, int n, SgdStep s) {
            for (int i = 0; i < n; i++) {
                float gradient = Math.fma(s.decay(), w.get(i), g.get(i) * s.gradientScale());
                float d = gradient;
                if (s.momentum() != 0) {
                    v.set(i, moment(s.first() ? gradient : Math.fma(s.momentum(), v.get(i), gradient * (1 - s.dampening()))));
                    d = s.nesterov() ? Math.fma(s.momentum(), v.get(i), gradient) : v.get(i);
                }
                w.set(i, Math.fma(-s.rate(), d, w.get(i)));
            }
        }

        @Override
        public void adam(Slice w, Slice g, Slice m, Slice v, int n, AdamStep s) {
            for (int i = 0; i < n; i++) {
                float gradient = g.get(i) * s.gradientScale();
                if (s.decoupled()) {
                    w.set(i, w.get(i) * s.decayFactor());
                } else {
                    gradient = Math.fma(s.decay(), w.get(i), gradient);
                }
                m.set(i, moment(Math.fma(s.beta1(), m.get(i), (1 - s.beta1()) * gradient)));
                v.set(i, moment(Math.fma(s.beta2(), v.get(i), ((1 - s.beta2()) * gradient) * gradient)));
                float root = (float) Math.sqrt(v.get(i));
                w.set(i, Math.fma(-s.stepSize(), m.get(i) / Math.fma(root, s.inverseRootCorrection2(), s.eps()), w.get(i)));
            }
        }

        private static float moment(float x) {
            return Math.abs(x) < Float.MIN_NORMAL ? 0 : x;
        }
    }

    /// The parameters and moments of a step, which each kernel changes in arrays of its own.
    private static final class Changed {
        private final Update kernel;
        private final Slice w;
        private final Slice m;
        private final Slice v;

        Changed(Update kernel, float[] w, int wo, float[] m, int mo, float[] v, int vo) {
            this.kernel = kernel;
            this.w = new Slice(w.clone(), wo);
            this.m = new Slice(m.clone(), mo);
            this.v = new Slice(v.clone(), vo);
        }

        void sameAs(Changed expected) {
            String about = kernel.getClass().getSimpleName();
            assertSameBits(expected.w.data(), w.data(), about + ": w");
            assertSameBits(expected.m.data(), m.data(), about + ": m");
            assertSameBits(expected.v.data(), v.data(), about + ": v");
        }
    }

    private static List<Changed> ofAll(float[] w, int wo, float[] m, int mo, float[] v, int vo) {
        return Stream.of(DEFINITION, SCALAR_UPDATE, UPDATE).map(kernel -> new Changed(kernel, w, wo, m, mo, v, vo)).toList();
    }

    private static void assertSame(List<Changed> all) {
        all.forEach(one -> one.sameAs(all.getFirst()));
    }

    @Property(tries = 200)
    void gathered_rows_are_the_tables(@ForAll @IntRange(max = 70) int n, @ForAll @IntRange(max = 20) int rows, @ForAll long seed) {
        Random random = new Random(seed);
        float[] table = KernelCases.floats(1 + 9 * n, Values.SPECIAL, random);
        int[] ids = random.ints(2 + rows, 0, 9).toArray();
        float[] expected = KernelCases.floats(rows * n + 4, Values.ORDINARY, random);
        float[] scalar = expected.clone();
        float[] active = expected.clone();
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < n; j++) {
                expected[3 + r * n + j] = table[1 + ids[2 + r] * n + j];
            }
        }
        SCALAR_GATHER.gatherRows(new Slice(table, 1), ids, 2, rows, n, new Slice(scalar, 3));
        GATHER.gatherRows(new Slice(table, 1), ids, 2, rows, n, new Slice(active, 3));
        assertSameBits(expected, scalar, "scalar");
        assertSameBits(expected, active, "active");
    }

    @Property(tries = 200)
    void rows_are_added_in_order_within_the_columns_asked_for(@ForAll @IntRange(max = 70) int n, @ForAll @IntRange(max = 30) int rows,
            @ForAll Values values, @ForAll long seed) {
        Random random = new Random(seed);
        int from = random.nextInt(n + 1);
        int to = from + random.nextInt(n - from + 1);
        float[] x = KernelCases.floats(1 + rows * n, values, random);
        int[] ids = random.ints(2 + rows, -1, 4).toArray();
        float[] expected = KernelCases.floats(3 + 4 * n, values, random);
        float[] scalar = expected.clone();
        float[] active = expected.clone();
        for (int j = from; j < to; j++) {
            for (int r = 0; r < rows; r++) {
                if (ids[2 + r] != -1) {
                    expected[3 + ids[2 + r] * n + j] += x[1 + r * n + j];
                }
            }
        }
        SCALAR_GATHER.scatterAddRows(new Slice(x, 1), ids, 2, rows, n, from, to, new Slice(scalar, 3));
        GATHER.scatterAddRows(new Slice(x, 1), ids, 2, rows, n, from, to, new Slice(active, 3));
        assertSameBits(expected, scalar, "scalar");
        assertSameBits(expected, active, "active");
    }

    @Property(tries = 300)
    void sgd_takes_the_steps_of_the_formula(@ForAll @IntRange(max = 100) int n, @ForAll boolean withMomentum, @ForAll boolean nesterov,
            @ForAll boolean dampened, @ForAll long seed) {
        Random random = new Random(seed);
        float momentum = withMomentum ? 0.9f : 0f;
        float dampening = dampened ? 0.25f : 0f;
        float[] w = KernelCases.floats(1 + n + 1, Values.ORDINARY, random);
        float[] v = KernelCases.floats(withMomentum ? n + 3 : 0, Values.SPECIAL, random);
        double[] exact = exact(w, 1, n);
        double[] velocity = new double[n];
        List<Changed> all = ofAll(w, 1, v, withMomentum ? 2 : 0, v, 0);
        for (int step = 0; step < 4; step++) {
            float[] g = KernelCases.floats(3 + n, Values.ORDINARY, random);
            boolean first = step == 0;
            Update.SgdStep numbers = new Update.SgdStep(0.1f, momentum, dampening, nesterov, 0.01f, first, 0.5f);
            all.forEach(one -> one.kernel.sgd(one.w, new Slice(g, 3), one.m, n, numbers));
            for (int i = 0; i < n; i++) {
                double gradient = g[3 + i] * 0.5 + 0.01 * exact[i];
                velocity[i] = first ? gradient : momentum * velocity[i] + (1 - dampening) * gradient;
                double d = momentum == 0 ? gradient : nesterov ? gradient + momentum * velocity[i] : velocity[i];
                exact[i] -= 0.1 * d;
            }
        }
        assertSame(all);
        for (int i = 0; i < n; i++) {
            assertClose(exact[i], all.getFirst().w.get(i), 1e-6, "w at " + i);
        }
    }

    @Property(tries = 300)
    void adam_takes_the_steps_of_the_formula(@ForAll @IntRange(max = 100) int n, @ForAll boolean decoupled, @ForAll long seed) {
        Random random = new Random(seed);
        float[] w = KernelCases.floats(1 + n + 1, Values.ORDINARY, random);
        double[] exact = exact(w, 1, n);
        double[] exactM = new double[n];
        double[] exactV = new double[n];
        List<Changed> all = ofAll(w, 1, new float[n + 2], 2, new float[n + 3], 3);
        for (int step = 1; step <= 4; step++) {
            float[] g = KernelCases.floats(4 + n, Values.ORDINARY, random);
            float stepSize = (float) (0.01 / (1 - Math.pow(0.9, step)));
            float correction = (float) (1 / Math.sqrt(1 - Math.pow(0.999, step)));
            Update.AdamStep numbers = new Update.AdamStep(0.9f, 0.999f, 1e-8f, stepSize, correction, 0.1f, 0.999f, decoupled, 0.5f);
            all.forEach(one -> one.kernel.adam(one.w, new Slice(g, 4), one.m, one.v, n, numbers));
            for (int i = 0; i < n; i++) {
                double gradient = g[4 + i] * 0.5 + (decoupled ? 0 : 0.1 * exact[i]);
                exact[i] *= decoupled ? 1 - 0.01 * 0.1 : 1;
                exactM[i] = 0.9 * exactM[i] + 0.1 * gradient;
                exactV[i] = 0.999 * exactV[i] + 0.001 * gradient * gradient;
                double mHat = exactM[i] / (1 - Math.pow(0.9, step));
                double vHat = exactV[i] / (1 - Math.pow(0.999, step));
                exact[i] -= 0.01 * mHat / (Math.sqrt(vHat) + 1e-8);
            }
        }
        assertSame(all);
        for (int i = 0; i < n; i++) {
            assertClose(exact[i], all.getFirst().w.get(i), 2e-5, "w at " + i);
        }
    }

    @Property(tries = 200)
    void steps_on_special_values_have_the_bits_of_the_contract(@ForAll @IntRange(max = 100) int n, @ForAll Values values,
            @ForAll boolean flag, @ForAll long seed) {
        Random random = new Random(seed);
        float[] w = KernelCases.floats(n, values, random);
        Slice g = new Slice(KernelCases.floats(n, values, random), 0);
        float[] m = KernelCases.floats(n, values, random);
        float[] v = KernelCases.floats(n, values, random);
        List<Changed> all = ofAll(w, 0, m, 0, v, 0);
        Update.AdamStep adam = new Update.AdamStep(0.9f, 0.999f, 1e-8f, 0.1f, 2f, 0.1f, 0.99f, flag, 1f);
        all.forEach(one -> one.kernel.adam(one.w, g, one.m, one.v, n, adam));
        assertSame(all);
        Update.SgdStep sgd = new Update.SgdStep(0.1f, 0.9f, 0f, flag, 0f, false, 1f);
        all.forEach(one -> one.kernel.sgd(one.w, g, one.m, n, sgd));
        assertSame(all);
    }

    @Example
    void moments_without_gradient_die_away_to_zero() {
        for (Update kernel : new Update[] {SCALAR_UPDATE, UPDATE}) {
            float[] w = KernelCases.floats(20, Values.ORDINARY, new Random(1));
            float[] m = {1e-30f, -1e-30f, 1e-38f, -1e-38f, 1e-3f, 1e-30f, -1e-30f, 1e-38f, -1e-38f, 1e-3f, 1e-30f, -1e-30f, 1e-38f, -1e-38f,
                1e-3f, 1e-30f, -1e-30f, 1e-38f, -1e-38f, 1e-3f};
            float[] v = new float[20];
            for (int i = 0; i < 20; i++) {
                v[i] = Math.abs(m[i]);
            }
            float[] velocity = m.clone();
            Slice g = new Slice(new float[20], 0);
            Update.AdamStep adam = new Update.AdamStep(0.9f, 0.9f, 1e-8f, 0.1f, 2f, 0f, 1f, true, 1f);
            Update.SgdStep sgd = new Update.SgdStep(0.1f, 0.9f, 0f, false, 0f, false, 1f);
            for (int step = 0; step < 1200; step++) {
                kernel.adam(new Slice(w, 0), g, new Slice(m, 0), new Slice(v, 0), 20, adam);
                kernel.sgd(new Slice(w, 0), g, new Slice(velocity, 0), 20, sgd);
            }
            assertSameBits(new float[20], m, "m");
            assertSameBits(new float[20], v, "v");
            assertSameBits(new float[20], velocity, "velocity");
        }
    }

    private static double[] exact(float[] w, int wo, int n) {
        double[] exact = new double[n];
        for (int i = 0; i < n; i++) {
            exact[i] = w[wo + i];
        }
        return exact;
    }
}
