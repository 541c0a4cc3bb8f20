package dev.headstart.tensor.kernel.simd;

import dev.headstart.tensor.kernel.FmaChains;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Twelve vectors at a time, which stay in registers: a fused multiply-add takes four cycles and two begin in each, so eight chains would
/// do. With the two constants that is within the 16 registers of AVX2.
final class SimdFmaChains implements FmaChains {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    @Override
    public void run(float scale, float shift, float[] x, int xo, int n, int times) {
        for (int i = xo; i < xo + n; i += 12 * LANES) {
            chains(scale, shift, x, i, times);
        }
    }

    private static void chains(float scale, float shift, float[] x, int at, int times) {
        FloatVector a = FloatVector.broadcast(SPECIES, scale);
        FloatVector b = FloatVector.broadcast(SPECIES, shift);
        FloatVector x0 = FloatVector.fromArray(SPECIES, x, at);
        FloatVector x1 = FloatVector.fromArray(SPECIES, x, at + LANES);
        FloatVector x2 = FloatVector.fromArray(SPECIES, x, at + 2 * LANES);
        FloatVector x3 = FloatVector.fromArray(SPECIES, x, at + 3 * LANES);
        FloatVector x4 = FloatVector.fromArray(SPECIES, x, at + 4 * LANES);
        FloatVector x5 = FloatVector.fromArray(SPECIES, x, at + 5 * LANES);
        FloatVector x6 = FloatVector.fromArray(SPECIES, x, at + 6 * LANES);
        FloatVector x7 = FloatVector.fromArray(SPECIES, x, at + 7 * LANES);
        FloatVector x8 = FloatVector.fromArray(SPECIES, x, at + 8 * LANES);
        FloatVector x9 = FloatVector.fromArray(SPECIES, x, at + 9 * LANES);
        FloatVector x10 = FloatVector.fromArray(SPECIES, x, at + 10 * LANES);
        FloatVector x11 = FloatVector.fromArray(SPECIES, x, at + 11 * LANES);
        for (int t = 0; t < times; t++) {
            x0 = x0.fma(a, b);
            x1 = x1.fma(a, b);
            x2 = x2.fma(a, b);
            x3 = x3.fma(a, b);
            x4 = x4.fma(a, b);
            x5 = x5.fma(a, b);
            x6 = x6.fma(a, b);
            x7 = x7.fma(a, b);
            x8 = x8.fma(a, b);
            x9 = x9.fma(a, b);
            x10 = x10.fma(a, b);
            x11 = x11.fma(a, b);
        }
        x0.intoArray(x, at);
        x1.intoArray(x, at + LANES);
        x2.intoArray(x, at + 2 * LANES);
        x3.intoArray(x, at + 3 * LANES);
        x4.intoArray(x, at + 4 * LANES);
        x5.intoArray(x, at + 5 * LANES);
        x6.intoArray(x, at + 6 * LANES);
        x7.intoArray(x, at + 7 * LANES);
        x8.intoArray(x, at + 8 * LANES);
        x9.intoArray(x, at + 9 * LANES);
        x10.intoArray(x, at + 10 * LANES);
        x11.intoArray(x, at + 11 * LANES);
    }
}
