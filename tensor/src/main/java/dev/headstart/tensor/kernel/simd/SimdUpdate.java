package dev.headstart.tensor.kernel.simd;

import static dev.headstart.tensor.kernel.simd.Lanes.SPECIES;
import static dev.headstart.tensor.kernel.simd.Lanes.WIDTH;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.LT;

import dev.headstart.tensor.kernel.Slice;
import dev.headstart.tensor.kernel.Update;
import dev.headstart.tensor.kernel.scalar.ScalarKernels;
import jdk.incubator.vector.FloatVector;

/// Whole vectors here; the few elements left at the end, and the one step that fills the momentum buffer, are the scalar twin's.
final class SimdUpdate implements Update {
    private static final Update SCALAR = ScalarKernels.create().update();

    @Override
    public void sgd(Slice w, Slice g, Slice v, int n, SgdStep step) {
        int full = n & -WIDTH;
        if (step.momentum() == 0f) {
            plain(w.data(), w.offset(), g.data(), g.offset(), full, step);
        } else if (step.first()) {
            full = 0;
        } else if (step.nesterov()) {
            nesterov(w.data(), w.offset(), g.data(), g.offset(), v.data(), v.offset(), full, step);
        } else {
            heavyBall(w.data(), w.offset(), g.data(), g.offset(), v.data(), v.offset(), full, step);
        }
        SCALAR.sgd(w.from(full), g.from(full), v.from(full), n - full, step);
    }

    private static void plain(float[] w, int wo, float[] g, int go, int n, SgdStep step) {
        FloatVector decays = broadcast(SPECIES, step.decay());
        FloatVector back = broadcast(SPECIES, -step.rate());
        float scale = step.gradientScale();
        for (int i = 0; i < n; i += WIDTH) {
            FloatVector weight = fromArray(SPECIES, w, wo + i);
            decays.fma(weight, fromArray(SPECIES, g, go + i).mul(scale)).fma(back, weight).intoArray(w, wo + i);
        }
    }

    private static void heavyBall(float[] w, int wo, float[] g, int go, float[] v, int vo, int n, SgdStep step) {
        FloatVector decays = broadcast(SPECIES, step.decay());
        FloatVector keep = broadcast(SPECIES, step.momentum());
        FloatVector back = broadcast(SPECIES, -step.rate());
        float take = 1f - step.dampening();
        float scale = step.gradientScale();
        for (int i = 0; i < n; i += WIDTH) {
            FloatVector weight = fromArray(SPECIES, w, wo + i);
            FloatVector gradient = decays.fma(weight, fromArray(SPECIES, g, go + i).mul(scale));
            FloatVector velocity = keep.fma(fromArray(SPECIES, v, vo + i), gradient.mul(take));
            velocity = velocity.blend(0f, velocity.abs().compare(LT, Float.MIN_NORMAL));
            velocity.intoArray(v, vo + i);
            velocity.fma(back, weight).intoArray(w, wo + i);
        }
    }

    private static void nesterov(float[] w, int wo, float[] g, int go, float[] v, int vo, int n, SgdStep step) {
        FloatVector decays = broadcast(SPECIES, step.decay());
        FloatVector keep = broadcast(SPECIES, step.momentum());
        FloatVector back = broadcast(SPECIES, -step.rate());
        float take = 1f - step.dampening();
        float scale = step.gradientScale();
        for (int i = 0; i < n; i += WIDTH) {
            FloatVector weight = fromArray(SPECIES, w, wo + i);
            FloatVector gradient = decays.fma(weight, fromArray(SPECIES, g, go + i).mul(scale));
            FloatVector velocity = keep.fma(fromArray(SPECIES, v, vo + i), gradient.mul(take));
            velocity = velocity.blend(0f, velocity.abs().compare(LT, Float.MIN_NORMAL));
            velocity.intoArray(v, vo + i);
            keep.fma(velocity, gradient).fma(back, weight).intoArray(w, wo + i);
        }
    }

    @Override
    public void adam(Slice w, Slice g, Slice m, Slice v, int n, AdamStep step) {
        int full = n & -WIDTH;
        if (step.decoupled()) {
            decoupledAdam(w.data(), w.offset(), g.data(), g.offset(), m.data(), m.offset(), v.data(), v.offset(), full, step);
        } else {
            coupledAdam(w.data(), w.offset(), g.data(), g.offset(), m.data(), m.offset(), v.data(), v.offset(), full, step);
        }
        SCALAR.adam(w.from(full), g.from(full), m.from(full), v.from(full), n - full, step);
    }

    private static void decoupledAdam(float[] w, int wo, float[] g, int go, float[] m, int mo, float[] v, int vo, int n, AdamStep step) {
        FloatVector keep1 = broadcast(SPECIES, step.beta1());
        FloatVector keep2 = broadcast(SPECIES, step.beta2());
        FloatVector correction = broadcast(SPECIES, step.inverseRootCorrection2());
        FloatVector epsilon = broadcast(SPECIES, step.eps());
        FloatVector back = broadcast(SPECIES, -step.stepSize());
        float scale = step.gradientScale();
        float decay = step.decayFactor();
        float take1 = 1f - step.beta1();
        float take2 = 1f - step.beta2();
        for (int i = 0; i < n; i += WIDTH) {
            FloatVector weight = fromArray(SPECIES, w, wo + i).mul(decay);
            FloatVector gradient = fromArray(SPECIES, g, go + i).mul(scale);
            FloatVector first = keep1.fma(fromArray(SPECIES, m, mo + i), gradient.mul(take1));
            first = first.blend(0f, first.abs().compare(LT, Float.MIN_NORMAL));
            FloatVector second = keep2.fma(fromArray(SPECIES, v, vo + i), gradient.mul(take2).mul(gradient));
            second = second.blend(0f, second.abs().compare(LT, Float.MIN_NORMAL));
            first.intoArray(m, mo + i);
            second.intoArray(v, vo + i);
            first.div(second.sqrt().fma(correction, epsilon)).fma(back, weight).intoArray(w, wo + i);
        }
    }

    private static void coupledAdam(float[] w, int wo, float[] g, int go, float[] m, int mo, float[] v, int vo, int n, AdamStep step) {
        FloatVector decays = broadcast(SPECIES, step.decay());
        FloatVector keep1 = broadcast(SPECIES, step.beta1());
        FloatVector keep2 = broadcast(SPECIES, step.beta2());
        FloatVector correction = broadcast(SPECIES, step.inverseRootCorrection2());
        FloatVector epsilon = broadcast(SPECIES, step.eps());
        FloatVector back = broadcast(SPECIES, -step.stepSize());
        float scale = step.gradientScale();
        float take1 = 1f - step.beta1();
        float take2 = 1f - step.beta2();
        for (int i = 0; i < n; i += WIDTH) {
            FloatVector weight = fromArray(SPECIES, w, wo + i);
            FloatVector gradient = decays.fma(weight, fromArray(SPECIES, g, go + i).mul(scale));
            FloatVector first = keep1.fma(fromArray(SPECIES, m, mo + i), gradient.mul(take1));
            first = first.blend(0f, first.abs().compare(LT, Float.MIN_NORMAL));
            FloatVector second = keep2.fma(fromArray(SPECIES, v, vo + i), gradient.mul(take2).mul(gradient));
            second = second.blend(0f, second.abs().compare(LT, Float.MIN_NORMAL));
            first.intoArray(m, mo + i);
            second.intoArray(v, vo + i);
            first.div(second.sqrt().fma(correction, epsilon)).fma(back, weight).intoArray(w, wo + i);
        }
    }
}
