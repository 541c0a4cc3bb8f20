package dev.headstart.tensor.kernel.simd;

import dev.headstart.tensor.kernel.Norm;

final class SimdNorm implements Norm {
    @Override
    public void layerNorm(float[] x, int xo, float[] gamma, int gammao, float[] beta, int betao, float eps,
            float[] y, int yo, float[] mean, int meano, float[] rstd, int rstdo, int rows, int n) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void layerNormGradient(float[] x, int xo, float[] gamma, int gammao, float[] mean, int meano, float[] rstd, int rstdo,
            float[] dY, int dYo, float[] dX, int dXo, int rows, int n) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void normalise(float[] x, int xo, float[] mean, int meano, float[] rstd, int rstdo, float[] h, int ho, int rows, int n) {
        throw new UnsupportedOperationException();
    }
}
