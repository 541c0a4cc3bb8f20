package dev.headstart.tensor.kernel.simd;

import dev.headstart.tensor.kernel.Update;

final class SimdUpdate implements Update {
    @Override
    public void sgd(float[] w, int wo, float[] g, int go, float[] v, int vo, int n,
            float rate, float momentum, float dampening, boolean nesterov, float decay, boolean first, float gradientScale) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void adam(float[] w, int wo, float[] g, int go, float[] m, int mo, float[] v, int vo, int n,
            float beta1, float beta2, float eps, float stepSize, float inverseRootCorrection2,
            float decay, float decayFactor, boolean decoupled, float gradientScale) {
        throw new UnsupportedOperationException();
    }
}
