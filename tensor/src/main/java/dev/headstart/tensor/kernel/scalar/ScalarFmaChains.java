package dev.headstart.tensor.kernel.scalar;

import dev.headstart.tensor.kernel.FmaChains;

/// One pass over the elements after another.
final class ScalarFmaChains implements FmaChains {
    @Override
    public void run(float scale, float shift, float[] x, int xo, int n, int times) {
        for (int t = 0; t < times; t++) {
            for (int i = xo; i < xo + n; i++) {
                x[i] = Math.fma(x[i], scale, shift);
            }
        }
    }
}
