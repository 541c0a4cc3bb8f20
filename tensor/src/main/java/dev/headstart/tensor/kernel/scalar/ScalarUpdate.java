package dev.headstart.tensor.kernel.scalar;

import dev.headstart.tensor.kernel.Slice;
import dev.headstart.tensor.kernel.Update;

final class ScalarUpdate implements Update {
    @Override
    public void sgd(Slice w, Slice g, Slice v, int n, SgdStep step) {
        sgd(w.data(), w.offset(), g.data(), g.offset(), v.data(), v.offset(), n, step);
    }

    private static void sgd(float[] w, int wo, float[] g, int go, float[] v, int vo, int n, SgdStep s) {
        for (int i = 0; i < n; i++) {
            float d = Math.fma(s.decay(), w[wo + i], g[go + i] * s.gradientScale());
            if (s.momentum() != 0f) {
                float velocity = normal(s.first() ? d : Math.fma(s.momentum(), v[vo + i], d * (1f - s.dampening())));
                v[vo + i] = velocity;
                d = s.nesterov() ? Math.fma(s.momentum(), velocity, d) : velocity;
            }
            w[wo + i] = Math.fma(-s.rate(), d, w[wo + i]);
        }
    }

    @Override
    public void adam(Slice w, Slice g, Slice m, Slice v, int n, AdamStep step) {
        adam(w.data(), w.offset(), g.data(), g.offset(), m.data(), m.offset(), v.data(), v.offset(), n, step);
    }

    private static void adam(float[] w, int wo, float[] g, int go, float[] m, int mo, float[] v, int vo, int n, AdamStep s) {
        for (int i = 0; i < n; i++) {
            float weight = s.decoupled() ? w[wo + i] * s.decayFactor() : w[wo + i];
            float gradient = g[go + i] * s.gradientScale();
            if (!s.decoupled()) {
                gradient = Math.fma(s.decay(), weight, gradient);
            }
            float first = normal(Math.fma(s.beta1(), m[mo + i], (1f - s.beta1()) * gradient));
            float second = normal(Math.fma(s.beta2(), v[vo + i], (1f - s.beta2()) * gradient * gradient));
            float denominator = Math.fma((float) Math.sqrt(second), s.inverseRootCorrection2(), s.eps());
            m[mo + i] = first;
            v[vo + i] = second;
            w[wo + i] = Math.fma(-s.stepSize(), first / denominator, weight);
        }
    }

    private static float normal(float x) {
        return Math.abs(x) < Float.MIN_NORMAL ? 0f : x;
    }
}
