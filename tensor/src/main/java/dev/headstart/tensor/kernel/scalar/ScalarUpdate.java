package dev.headstart.tensor.kernel.scalar;

import dev.headstart.tensor.kernel.Slice;
import dev.headstart.tensor.kernel.Update;

final class ScalarUpdate implements Update {
    @Override
    public void sgd(Slice w, Slice g, Slice v, int n, SgdStep s) {
        for (int i = 0; i < n; i++) {
            float d = Math.fma(s.decay(), w.get(i), g.get(i) * s.gradientScale());
            if (s.momentum() != 0f) {
                float velocity = normal(s.first() ? d : Math.fma(s.momentum(), v.get(i), d * (1f - s.dampening())));
                v.set(i, velocity);
                d = s.nesterov() ? Math.fma(s.momentum(), velocity, d) : velocity;
            }
            w.set(i, Math.fma(-s.rate(), d, w.get(i)));
        }
    }

    @Override
    public void adam(Slice w, Slice g, Slice m, Slice v, int n, AdamStep s) {
        for (int i = 0; i < n; i++) {
            float weight = s.decoupled() ? w.get(i) * s.decayFactor() : w.get(i);
            float gradient = g.get(i) * s.gradientScale();
            if (!s.decoupled()) {
                gradient = Math.fma(s.decay(), weight, gradient);
            }
            float first = normal(Math.fma(s.beta1(), m.get(i), (1f - s.beta1()) * gradient));
            float second = normal(Math.fma(s.beta2(), v.get(i), (1f - s.beta2()) * gradient * gradient));
            float denominator = Math.fma((float) Math.sqrt(second), s.inverseRootCorrection2(), s.eps());
            m.set(i, first);
            v.set(i, second);
            w.set(i, Math.fma(-s.stepSize(), first / denominator, weight));
        }
    }

    private static float normal(float x) {
        return Math.abs(x) < Float.MIN_NORMAL ? 0f : x;
    }
}
