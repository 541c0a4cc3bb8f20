package dev.headstart.tensor.kernel.simd;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LE;
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

    private static final int ONE = 0x3F800000;
    private static final float LINEAR = 0x1.988454p+0f;
    private static final float CUBIC = 0x1.2444f2p-4f;

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
        FloatVector s = half.add(ONE).reinterpretAsFloats();
        return u.fma(s, s).mul(bits.lanewise(LSHL, 23).sub(half).add(ONE).reinterpretAsFloats());
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

    /// Hyperbolic tangent.
    static FloatVector tanh(FloatVector x) {
        FloatVector a = x.abs();
        FloatVector c = a.add(a).blend(20f, a.compare(GT, 10f));
        FloatVector t = c.fma(all(LOG2_E), all(ROUND));
        FloatVector n = t.sub(ROUND);
        FloatVector u = expm1(n.fma(all(-LN2_LOW), n.fma(all(-LN2_HIGH), c)));
        FloatVector s = t.reinterpretAsInts().lanewise(LSHL, 23).add(ONE).reinterpretAsFloats();
        FloatVector e = s.fma(u, s.sub(1f));
        return withSign(e.div(e.add(2f)), x);
    }

    /// Error function.
    static FloatVector erf(FloatVector x) {
        FloatVector a = x.abs();
        return erfFar(x, atMost(4f, a)).blend(erfNear(x, x.mul(x)), a.compare(LT, 1f));
    }

    private static FloatVector erfNear(FloatVector x, FloatVector s) {
        FloatVector p = all(0x1.4771fep-14f).fma(s, all(-0x1.a3515ep-11f));
        p = p.fma(s, all(0x1.53f224p-8f));
        p = p.fma(s, all(-0x1.b7f71ap-6f));
        p = p.fma(s, all(0x1.ce2ce6p-4f));
        p = p.fma(s, all(-0x1.81273ep-2f));
        p = p.fma(s, all(0x1.06eba8p-3f));
        return x.fma(p, x);
    }

    private static FloatVector erfFar(FloatVector x, FloatVector t) {
        FloatVector q = all(-0x1.b9c02p-13f).fma(t, all(0x1.a1b80ep-9f));
        q = q.fma(t, all(-0x1.758796p-6f));
        q = q.fma(t, all(0x1.ae8e34p-4f));
        q = q.fma(t, all(0x1.458bb6p-1f));
        q = q.fma(t, all(0x1.072088p-3f));
        FloatVector minus = t.neg();
        return withSign(all(1f).sub(exp(minus.fma(q, minus))), x);
    }

    /// Logistic function.
    static FloatVector sigmoid(FloatVector x) {
        FloatVector e = exp(x.abs().neg());
        return all(1f).blend(e, x.compare(LT, 0f)).div(e.add(1f));
    }

    /// log(1 + e^x).
    static FloatVector softplus(FloatVector x) {
        FloatVector e = exp(x.abs().neg());
        VectorMask<Float> big = e.compare(GT, 0x1.a8279ap-2f);
        return relu(x).add(log1p(e.blend(e.fma(all(0.5f), all(-0.5f)), big), all(0f).blend(1f, big)));
    }

    /// x where x > 0 or x is NaN, else +0.
    static FloatVector relu(FloatVector x) {
        return x.blend(0f, x.compare(LE, 0f));
    }

    /// x · Φ(x).
    static FloatVector gelu(FloatVector x) {
        FloatVector a = atMost(14.5f, x.abs());
        return a.neg().mul(mills(a)).fma(bell(a), relu(x));
    }

    /// Derivative of gelu.
    static FloatVector geluGradient(FloatVector x) {
        FloatVector a = atMost(14.5f, x.abs());
        FloatVector d = bell(a).mul(a.fma(all(-0x1.988454p-2f), mills(a)));
        return all(1f).sub(d).blend(d, x.compare(LT, 0f));
    }

    private static FloatVector bell(FloatVector a) {
        FloatVector h = a.mul(a);
        FloatVector e = exp(h.mul(-0.5f));
        return e.mul(a.fma(a, h.neg())).fma(all(-0.5f), e);
    }

    private static FloatVector mills(FloatVector a) {
        FloatVector p = all(0x1.0c1fc8p-7f).fma(a, all(0x1.4ba70ap-4f));
        p = p.fma(a, all(0x1.766d8cp-2f));
        p = p.fma(a, all(0x1.c04c9p-1f));
        p = p.fma(a, all(1f));
        FloatVector q = all(0x1.500a36p-6f).fma(a, all(0x1.9fb0f2p-3f));
        q = q.fma(a, all(0x1.df9f7ep-1f));
        q = q.fma(a, all(0x1.336d1ap+1f));
        q = q.fma(a, all(0x1.ac6876p+1f));
        q = q.fma(a, all(2f));
        return p.div(q);
    }

    /// x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³))).
    static FloatVector geluTanh(FloatVector x) {
        FloatVector a = atMost(11f, x.abs());
        FloatVector e = exp(a.neg().mul(a.mul(a).fma(all(CUBIC), all(LINEAR))));
        return a.neg().fma(e.div(e.add(1f)), relu(x));
    }

    /// Derivative of geluTanh.
    static FloatVector geluTanhGradient(FloatVector x) {
        FloatVector a = atMost(11f, x.abs());
        FloatVector s = a.mul(a);
        FloatVector e = exp(a.neg().mul(s.fma(all(CUBIC), all(LINEAR))));
        FloatVector d = all(1f).div(e.add(1f));
        FloatVector g = e.mul(d).mul(a.neg().mul(s.fma(all(3 * CUBIC), all(LINEAR))).fma(d, all(1f)));
        return all(1f).sub(g).blend(g, x.compare(LT, 0f));
    }

    private static FloatVector atMost(float limit, FloatVector x) {
        return x.blend(limit, x.compare(GT, limit));
    }

    /// `magnitude`, which is not negative, with the sign of `sign`.
    private static FloatVector withSign(FloatVector magnitude, FloatVector sign) {
        return magnitude.reinterpretAsInts().or(sign.reinterpretAsInts().and(0x80000000)).reinterpretAsFloats();
    }
}
