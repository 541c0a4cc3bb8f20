package dev.headstart.tensor.kernel.simd;

import static dev.headstart.tensor.kernel.simd.Lanes.SPECIES;
import static dev.headstart.tensor.kernel.simd.Lanes.WIDTH;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.LT;

import dev.headstart.tensor.kernel.Update;
import dev.headstart.tensor.kernel.scalar.ScalarKernels;
import jdk.incubator.vector.FloatVector;

/// Whole vectors here; the few elements left at the end, and the one step that fills the momentum buffer, are the scalar twin's.
final class SimdUpdate implements Update {
    private static final Update SCALAR = ScalarKernels.create().update();

    @Override
    public void sgd(float[] w, int wo, float[] g, int go, float[] v, int vo, int n,
            float rate, float momentum, float dampening, boolean nesterov, float decay, boolean first, float gradientScale) {
        int full = n & -WIDTH;
        if (momentum == 0f) {
            plain(w, wo, g, go, full, rate, decay, gradientScale);
        } else if (first) {
            full = 0;
        } else if (nesterov) {
            nesterov(w, wo, g, go, v, vo, full, rate, momentum, dampening, decay, gradientScale);
        } else {
            heavyBall(w, wo, g, go, v, vo, full, rate, momentum, dampening, decay, gradientScale);
        }
        SCALAR.sgd(w, wo + full, g, go + full, v, vo + full, n - full, rate, momentum, dampening, nesterov, decay, first, gradientScale);
    }

    private static void plain(float[] w, int wo, float[] g, int go, int n, float rate, float decay, float gradientScale) {
        FloatVector decays = broadcast(SPECIES, decay);
        FloatVector back = broadcast(SPECIES, -rate);
        for (int i = 0; i < n; i += WIDTH) {
            FloatVector weight = fromArray(SPECIES, w, wo + i);
            decays.fma(weight, fromArray(SPECIES, g, go + i).mul(gradientScale)).fma(back, weight).intoArray(w, wo + i);
        }
    }

    private static void heavyBall(float[] w, int wo, float[] g, int go, float[] v, int vo, int n, float rate, float momentum,
            float dampening, float decay, float gradientScale) {
        FloatVector decays = broadcast(SPECIES, decay);
        FloatVector keep = broadcast(SPECIES, momentum);
        FloatVector back = broadcast(SPECIES, -rate);
        float take = 1f - dampening;
        for (int i = 0; i < n; i += WIDTH) {
            FloatVector weight = fromArray(SPECIES, w, wo + i);
            FloatVector gradient = decays.fma(weight, fromArray(SPECIES, g, go + i).mul(gradientScale));
            FloatVector velocity = keep.fma(fromArray(SPECIES, v, vo + i), gradient.mul(take));
            velocity = velocity.blend(0f, velocity.abs().compare(LT, Float.MIN_NORMAL));
            velocity.intoArray(v, vo + i);
            velocity.fma(back, weight).intoArray(w, wo + i);
        }
    }

    private static void nesterov(float[] w, int wo, float[] g, int go, float[] v, int vo, int n, float rate, float momentum,
            float dampening, float decay, float gradientScale) {
        FloatVector decays = broadcast(SPECIES, decay);
        FloatVector keep = broadcast(SPECIES, momentum);
        FloatVector back = broadcast(SPECIES, -rate);
        float take = 1f - dampening;
        for (int i = 0; i < n; i += WIDTH) {
            FloatVector weight = fromArray(SPECIES, w, wo + i);
            FloatVector gradient = decays.fma(weight, fromArray(SPECIES, g, go + i).mul(gradientScale));
            FloatVector velocity = keep.fma(fromArray(SPECIES, v, vo + i), gradient.mul(take));
            velocity = velocity.blend(0f, velocity.abs().compare(LT, Float.MIN_NORMAL));
            velocity.intoArray(v, vo + i);
            keep.fma(velocity, gradient).fma(back, weight).intoArray(w, wo + i);
        }
    }

    @Override
    public void adam(float[] w, int wo, float[] g, int go, float[] m, int mo, float[] v, int vo, int n,
            float beta1, float beta2, float eps, float stepSize, float inverseRootCorrection2,
            float decay, float decayFactor, boolean decoupled, float gradientScale) {
        int full = n & -WIDTH;
        if (decoupled) {
            decoupledAdam(w, wo, g, go, m, mo, v, vo, full, beta1, beta2, eps, stepSize, inverseRootCorrection2, decayFactor,
                    gradientScale);
        } else {
            coupledAdam(w, wo, g, go, m, mo, v, vo, full, beta1, beta2, eps, stepSize, inverseRootCorrection2, decay, gradientScale);
        }
        SCALAR.adam(w, wo + full, g, go + full, m, mo + full, v, vo + full, n - full, beta1, beta2, eps, stepSize, inverseRootCorrection2,
                decay, decayFactor, decoupled, gradientScale);
    }

    private static void decoupledAdam(float[] w, int wo, float[] g, int go, float[] m, int mo, float[] v, int vo, int n, float beta1,
            float beta2, float eps, float stepSize, float inverseRootCorrection2, float decayFactor, float gradientScale) {
        FloatVector keep1 = broadcast(SPECIES, beta1);
        FloatVector keep2 = broadcast(SPECIES, beta2);
        FloatVector correction = broadcast(SPECIES, inverseRootCorrection2);
        FloatVector epsilon = broadcast(SPECIES, eps);
        FloatVector back = broadcast(SPECIES, -stepSize);
        for (int i = 0; i < n; i += WIDTH) {
            FloatVector weight = fromArray(SPECIES, w, wo + i).mul(decayFactor);
            FloatVector gradient = fromArray(SPECIES, g, go + i).mul(gradientScale);
            FloatVector first = keep1.fma(fromArray(SPECIES, m, mo + i), gradient.mul(1f - beta1));
            first = first.blend(0f, first.abs().compare(LT, Float.MIN_NORMAL));
            FloatVector second = keep2.fma(fromArray(SPECIES, v, vo + i), gradient.mul(1f - beta2).mul(gradient));
            second = second.blend(0f, second.abs().compare(LT, Float.MIN_NORMAL));
            first.intoArray(m, mo + i);
            second.intoArray(v, vo + i);
            first.div(second.sqrt().fma(correction, epsilon)).fma(back, weight).intoArray(w, wo + i);
        }
    }

    private static void coupledAdam(float[] w, int wo, float[] g, int go, float[] m, int mo, float[] v, int vo, int n, float beta1,
            float beta2, float eps, float stepSize, float inverseRootCorrection2, float decay, float gradientScale) {
        FloatVector decays = broadcast(SPECIES, decay);
        FloatVector keep1 = broadcast(SPECIES, beta1);
        FloatVector keep2 = broadcast(SPECIES, beta2);
        FloatVector correction = broadcast(SPECIES, inverseRootCorrection2);
        FloatVector epsilon = broadcast(SPECIES, eps);
        FloatVector back = broadcast(SPECIES, -stepSize);
        for (int i = 0; i < n; i += WIDTH) {
            FloatVector weight = fromArray(SPECIES, w, wo + i);
            FloatVector gradient = decays.fma(weight, fromArray(SPECIES, g, go + i).mul(gradientScale));
            FloatVector first = keep1.fma(fromArray(SPECIES, m, mo + i), gradient.mul(1f - beta1));
            first = first.blend(0f, first.abs().compare(LT, Float.MIN_NORMAL));
            FloatVector second = keep2.fma(fromArray(SPECIES, v, vo + i), gradient.mul(1f - beta2).mul(gradient));
            second = second.blend(0f, second.abs().compare(LT, Float.MIN_NORMAL));
            first.intoArray(m, mo + i);
            second.intoArray(v, vo + i);
            first.div(second.sqrt().fma(correction, epsilon)).fma(back, weight).intoArray(w, wo + i);
        }
    }
}
