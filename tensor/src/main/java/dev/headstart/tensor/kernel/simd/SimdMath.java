package dev.headstart.tensor.kernel.simd;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/// The functions of `kernel.scalar.ScalarMath` on a whole vector: the same operations in the same order, so the same bits.
final class SimdMath {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final float ROUND = 0x1.8p23f;
    private static final float LOG2_E = 0x1.715476p0f;
    private static final float LN2_HIGH = 0x1.62e43p-1f;
    private static final float LN2_LOW = -0x1.05c61p-29f;

    private SimdMath() {}

    private static FloatVector all(float c) {
        return FloatVector.broadcast(S, c);
    }

    /// e^x.
    static FloatVector exp(FloatVector x) {
        FloatVector c = x.blend(89f, x.compare(GT, 89f));
        c = c.blend(-104f, c.compare(LT, -104f));
        FloatVector t = c.fma(all(LOG2_E), all(ROUND));
        FloatVector n = t.sub(ROUND);
        FloatVector u = expm1(n.fma(all(-LN2_LOW), n.fma(all(-LN2_HIGH), c)));
        IntVector bits = t.reinterpretAsInts();
        IntVector half = bits.lanewise(LSHL, 22).and(0xFF800000);
        FloatVector s = half.add(0x3F800000).reinterpretAsFloats();
        return u.fma(s, s).mul(bits.lanewise(LSHL, 23).sub(half).add(0x3F800000).reinterpretAsFloats());
    }

    /// e^r - 1 for |r| ≤ ln(2)/2.
    private static FloatVector expm1(FloatVector r) {
        FloatVector q = all(0x1.6b9c68p-10f).fma(r, all(0x1.12254ap-7f));
        q = q.fma(r, all(0x1.5556f2p-5f));
        q = q.fma(r, all(0x1.5554b4p-3f));
        q = q.fma(r, all(0x1.fffffep-2f));
        return r.mul(r).fma(q, r);
    }

    /// Natural logarithm.
    static FloatVector log(FloatVector x) {
        VectorMask<Float> tiny = x.compare(LT, Float.MIN_NORMAL);
        IntVector bits = x.blend(x.mul(0x1p24f), tiny).reinterpretAsInts();
        IntVector k = bits.sub(0x3F3504F3);
        FloatVector m = bits.sub(k.and(0xFF800000)).reinterpretAsFloats();
        FloatVector e = (FloatVector) k.lanewise(ASHR, 23).convert(I2F, 0);
        FloatVector y = log1p(m.sub(1f), e.sub(all(0f).blend(24f, tiny)));
        y = x.blend(y, x.compare(LT, Float.POSITIVE_INFINITY));
        y = y.blend(Float.NEGATIVE_INFINITY, x.compare(EQ, 0f));
        return y.blend(Float.NaN, x.compare(LT, 0f));
    }

    /// k · ln(2) + log(1 + f) for √½ - 1 ≤ f ≤ √2 - 1 and a whole number k.
    private static FloatVector log1p(FloatVector f, FloatVector k) {
        FloatVector p = all(-0x1.38c4dp-4f).fma(f, all(0x1.055e32p-3f));
        p = p.fma(f, all(-0x1.0d82e4p-3f));
        p = p.fma(f, all(0x1.22d956p-3f));
        p = p.fma(f, all(-0x1.547282p-3f));
        p = p.fma(f, all(0x1.99a01ap-3f));
        p = p.fma(f, all(-0x1.000226p-2f));
        p = p.fma(f, all(0x1.555554p-2f));
        p = p.fma(f, all(-0.5f));
        return k.fma(all(LN2_HIGH), f.mul(f).fma(p, f));
    }
}
