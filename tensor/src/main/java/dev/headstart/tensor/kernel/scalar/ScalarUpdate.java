package dev.headstart.tensor.kernel.scalar;

import dev.headstart.tensor.kernel.Update;

final class ScalarUpdate implements Update {
    @Override
    public void sgd(float[] w, int wo, float[] g, int go, float[] v, int vo, int n,
            float rate, float momentum, float dampening, boolean nesterov, float decay, boolean first, float gradientScale) {
        for (int i = 0; i < n; i++) {
            float d = Math.fma(decay, w[wo + i], g[go + i] * gradientScale);
            if (momentum != 0f) {
                float velocity = normal(first ? d : Math.fma(momentum, v[vo + i], d * (1f - dampening)));
                v[vo + i] = velocity;
                d = nesterov ? Math.fma(momentum, velocity, d) : velocity;
            }
            w[wo + i] = Math.fma(-rate, d, w[wo + i]);
        }
    }

    @Override
    public void adam(float[] w, int wo, float[] g, int go, float[] m, int mo, float[] v, int vo, int n,
            float beta1, float beta2, float eps, float stepSize, float inverseRootCorrection2,
            float decay, float decayFactor, boolean decoupled, float gradientScale) {
        for (int i = 0; i < n; i++) {
            float weight = decoupled ? w[wo + i] * decayFactor : w[wo + i];
            float gradient = g[go + i] * gradientScale;
            if (!decoupled) {
                gradient = Math.fma(decay, weight, gradient);
            }
            float first = normal(Math.fma(beta1, m[mo + i], (1f - beta1) * gradient));
            float second = normal(Math.fma(beta2, v[vo + i], (1f - beta2) * gradient * gradient));
            float denominator = Math.fma((float) Math.sqrt(second), inverseRootCorrection2, eps);
            m[mo + i] = first;
            v[vo + i] = second;
            w[wo + i] = Math.fma(-stepSize, first / denominator, weight);
        }
    }

    private static float normal(float x) {
        return Math.abs(x) < Float.MIN_NORMAL ? 0f : x;
    }
}
