package dev.headstart.tensor.kernel;

import static dev.headstart.tensor.kernel.KernelCases.assertClose;
import static dev.headstart.tensor.kernel.KernelCases.assertSameBits;

import dev.headstart.tensor.kernel.KernelCases.Values;
import dev.headstart.tensor.kernel.choice.KernelChoice;
import dev.headstart.tensor.kernel.scalar.ScalarKernels;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/// Rows by index and optimiser steps: the scalar kernel does what the contract says, the active one gives the same bits.
class GatherUpdateTwinTest {
    private static final Gather SCALAR_GATHER = ScalarKernels.create().gather();
    private static final Gather GATHER = KernelChoice.ACTIVE.gather();
    private static final Update SCALAR_UPDATE = ScalarKernels.create().update();
    private static final Update UPDATE = KernelChoice.ACTIVE.update();

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
        SCALAR_GATHER.gatherRows(table, 1, ids, 2, rows, n, scalar, 3);
        GATHER.gatherRows(table, 1, ids, 2, rows, n, active, 3);
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
        SCALAR_GATHER.scatterAddRows(x, 1, ids, 2, rows, n, from, to, scalar, 3);
        GATHER.scatterAddRows(x, 1, ids, 2, rows, n, from, to, active, 3);
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
        int vo = withMomentum ? 2 : 0;
        double[] exact = exact(w, 1, n);
        double[] velocity = new double[n];
        float[] scalarW = w.clone();
        float[] scalarV = v.clone();
        for (int step = 0; step < 4; step++) {
            float[] g = KernelCases.floats(3 + n, Values.ORDINARY, random);
            boolean first = step == 0;
            UPDATE.sgd(w, 1, g, 3, v, vo, n, 0.1f, momentum, dampening, nesterov, 0.01f, first, 0.5f);
            SCALAR_UPDATE.sgd(scalarW, 1, g, 3, scalarV, vo, n, 0.1f, momentum, dampening, nesterov, 0.01f, first, 0.5f);
            for (int i = 0; i < n; i++) {
                double gradient = g[3 + i] * 0.5 + 0.01 * exact[i];
                velocity[i] = first ? gradient : momentum * velocity[i] + (1 - dampening) * gradient;
                double d = momentum == 0 ? gradient : nesterov ? gradient + momentum * velocity[i] : velocity[i];
                exact[i] -= 0.1 * d;
            }
        }
        assertSameBits(scalarW, w, "w");
        assertSameBits(scalarV, v, "v");
        for (int i = 0; i < n; i++) {
            assertClose(exact[i], w[1 + i], 1e-6, "w at " + i);
        }
    }

    @Property(tries = 300)
    void adam_takes_the_steps_of_the_formula(@ForAll @IntRange(max = 100) int n, @ForAll boolean decoupled, @ForAll long seed) {
        Random random = new Random(seed);
        float[] w = KernelCases.floats(1 + n + 1, Values.ORDINARY, random);
        float[] m = new float[n + 2];
        float[] v = new float[n + 3];
        double[] exact = exact(w, 1, n);
        double[] exactM = new double[n];
        double[] exactV = new double[n];
        float[] scalarW = w.clone();
        float[] scalarM = m.clone();
        float[] scalarV = v.clone();
        for (int step = 1; step <= 4; step++) {
            float[] g = KernelCases.floats(4 + n, Values.ORDINARY, random);
            float stepSize = (float) (0.01 / (1 - Math.pow(0.9, step)));
            float correction = (float) (1 / Math.sqrt(1 - Math.pow(0.999, step)));
            UPDATE.adam(w, 1, g, 4, m, 2, v, 3, n, 0.9f, 0.999f, 1e-8f, stepSize, correction, 0.1f, 0.999f, decoupled, 0.5f);
            SCALAR_UPDATE.adam(scalarW, 1, g, 4, scalarM, 2, scalarV, 3, n, 0.9f, 0.999f, 1e-8f, stepSize, correction, 0.1f, 0.999f,
                    decoupled, 0.5f);
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
        assertSameBits(scalarW, w, "w");
        assertSameBits(scalarM, m, "m");
        assertSameBits(scalarV, v, "v");
        for (int i = 0; i < n; i++) {
            assertClose(exact[i], w[1 + i], 2e-5, "w at " + i);
        }
    }

    @Property(tries = 200)
    void steps_on_special_values_give_equal_bits(@ForAll @IntRange(max = 100) int n, @ForAll Values values, @ForAll boolean flag,
            @ForAll long seed) {
        Random random = new Random(seed);
        float[] w = KernelCases.floats(n, values, random);
        float[] g = KernelCases.floats(n, values, random);
        float[] m = KernelCases.floats(n, values, random);
        float[] v = KernelCases.floats(n, values, random);
        float[] scalarW = w.clone();
        float[] scalarM = m.clone();
        float[] scalarV = v.clone();
        UPDATE.adam(w, 0, g, 0, m, 0, v, 0, n, 0.9f, 0.999f, 1e-8f, 0.1f, 2f, 0.1f, 0.99f, flag, 1f);
        SCALAR_UPDATE.adam(scalarW, 0, g, 0, scalarM, 0, scalarV, 0, n, 0.9f, 0.999f, 1e-8f, 0.1f, 2f, 0.1f, 0.99f, flag, 1f);
        assertSameBits(scalarW, w, "adam w");
        assertSameBits(scalarM, m, "adam m");
        assertSameBits(scalarV, v, "adam v");
        UPDATE.sgd(w, 0, g, 0, m, 0, n, 0.1f, 0.9f, 0f, flag, 0f, false, 1f);
        SCALAR_UPDATE.sgd(scalarW, 0, g, 0, scalarM, 0, n, 0.1f, 0.9f, 0f, flag, 0f, false, 1f);
        assertSameBits(scalarW, w, "sgd w");
        assertSameBits(scalarM, m, "sgd v");
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
            for (int step = 0; step < 1200; step++) {
                kernel.adam(w, 0, new float[20], 0, m, 0, v, 0, 20, 0.9f, 0.9f, 1e-8f, 0.1f, 2f, 0f, 1f, true, 1f);
                kernel.sgd(w, 0, new float[20], 0, velocity, 0, 20, 0.1f, 0.9f, 0f, false, 0f, false, 1f);
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
