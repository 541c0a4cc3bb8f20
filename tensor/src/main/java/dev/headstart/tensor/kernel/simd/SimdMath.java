package dev.headstart.tensor.kernel.simd;

import static jdk.incubator.vector.FloatVector.broadcast;
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
///
/// The compiler must inline all of a function into its loop, else every vector passes through memory and the function is ten times slower.
/// It inlines methods of the Vector API always, but ours only until its graph has 18,000 nodes, about 90 vector operations. So functions
/// here are written such that calls of our own methods come early, the biggest among them first, and constants are broadcast by the Vector
/// API's own method. Minimum, maximum and conversion to int are slow there (they keep Java's rules for NaN); a compare and a blend, and an
/// addition of 1.5 · 2^23, do the same for us.
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

    /// e^x.
    static FloatVector exp(FloatVector x) {
        FloatVector c = x.blend(89f, x.compare(GT, 89f));
        c = c.blend(-104f, c.compare(LT, -104f));
        FloatVector t = c.fma(broadcast(S, LOG2_E), broadcast(S, ROUND));
        FloatVector n = t.sub(ROUND);
        FloatVector u = expm1(n.fma(broadcast(S, -LN2_LOW), n.fma(broadcast(S, -LN2_HIGH), c)));
        IntVector bits = t.reinterpretAsInts();
        IntVector half = bits.lanewise(LSHL, 22).and(0xFF800000);
        FloatVector s = half.add(ONE).reinterpretAsFloats();
        return u.fma(s, s).mul(bits.lanewise(LSHL, 23).sub(half).add(ONE).reinterpretAsFloats());
    }

    /// e^r - 1 for |r| ≤ ln(2)/2.
    private static FloatVector expm1(FloatVector r) {
        FloatVector q = broadcast(S, 0x1.6b9c68p-10f).fma(r, broadcast(S, 0x1.12254ap-7f));
        q = q.fma(r, broadcast(S, 0x1.5556f2p-5f));
        q = q.fma(r, broadcast(S, 0x1.5554b4p-3f));
        q = q.fma(r, broadcast(S, 0x1.fffffep-2f));
        return r.mul(r).fma(q, r);
    }

    /// Natural logarithm.
    static FloatVector log(FloatVector x) {
        VectorMask<Float> tiny = x.compare(LT, Float.MIN_NORMAL);
        IntVector bits = x.blend(x.mul(0x1p24f), tiny).reinterpretAsInts();
        IntVector k = bits.sub(0x3F3504F3);
        FloatVector m = bits.sub(k.and(0xFF800000)).reinterpretAsFloats();
        FloatVector e = (FloatVector) k.lanewise(ASHR, 23).convert(I2F, 0);
        FloatVector y = log1p(m.sub(1f), e.sub(broadcast(S, 0f).blend(24f, tiny)));
        y = x.blend(y, x.compare(LT, Float.POSITIVE_INFINITY));
        y = y.blend(Float.NEGATIVE_INFINITY, x.compare(EQ, 0f));
        return y.blend(Float.NaN, x.compare(LT, 0f));
    }

    /// k · ln(2) + log(1 + f) for √½ - 1 ≤ f ≤ √2 - 1 and a whole number k.
    private static FloatVector log1p(FloatVector f, FloatVector k) {
        FloatVector p = broadcast(S, -0x1.38c4dp-4f).fma(f, broadcast(S, 0x1.055e32p-3f));
        p = p.fma(f, broadcast(S, -0x1.0d82e4p-3f));
        p = p.fma(f, broadcast(S, 0x1.22d956p-3f));
        p = p.fma(f, broadcast(S, -0x1.547282p-3f));
        p = p.fma(f, broadcast(S, 0x1.99a01ap-3f));
        p = p.fma(f, broadcast(S, -0x1.000226p-2f));
        p = p.fma(f, broadcast(S, 0x1.555554p-2f));
        p = p.fma(f, broadcast(S, -0.5f));
        return k.fma(broadcast(S, LN2_HIGH), f.mul(f).fma(p, f));
    }

    /// Hyperbolic tangent.
    static FloatVector tanh(FloatVector x) {
        FloatVector a = x.abs();
        FloatVector c = a.add(a).blend(20f, a.compare(GT, 10f));
        FloatVector t = c.fma(broadcast(S, LOG2_E), broadcast(S, ROUND));
        FloatVector n = t.sub(ROUND);
        FloatVector u = expm1(n.fma(broadcast(S, -LN2_LOW), n.fma(broadcast(S, -LN2_HIGH), c)));
        FloatVector s = t.reinterpretAsInts().lanewise(LSHL, 23).add(ONE).reinterpretAsFloats();
        FloatVector e = s.fma(u, s.sub(1f));
        return withSign(e.div(e.add(2f)), x);
    }

    /// Error function.
    static FloatVector erf(FloatVector x) {
        FloatVector near = erfNear(x, x.mul(x));
        FloatVector a = x.abs();
        FloatVector far = erfFar(a.blend(4f, a.compare(GT, 4f)));
        return far.blend(far.neg(), x.compare(LT, 0f)).blend(near, a.compare(LT, 1f));
    }

    private static FloatVector erfNear(FloatVector x, FloatVector s) {
        FloatVector p = broadcast(S, 0x1.4771fep-14f).fma(s, broadcast(S, -0x1.a3515ep-11f));
        p = p.fma(s, broadcast(S, 0x1.53f224p-8f));
        p = p.fma(s, broadcast(S, -0x1.b7f71ap-6f));
        p = p.fma(s, broadcast(S, 0x1.ce2ce6p-4f));
        p = p.fma(s, broadcast(S, -0x1.81273ep-2f));
        p = p.fma(s, broadcast(S, 0x1.06eba8p-3f));
        return x.fma(p, x);
    }

    private static FloatVector erfFar(FloatVector t) {
        FloatVector q = broadcast(S, -0x1.b9c02p-13f).fma(t, broadcast(S, 0x1.a1b80ep-9f));
        q = q.fma(t, broadcast(S, -0x1.758796p-6f));
        q = q.fma(t, broadcast(S, 0x1.ae8e34p-4f));
        q = q.fma(t, broadcast(S, 0x1.458bb6p-1f));
        q = q.fma(t, broadcast(S, 0x1.072088p-3f));
        FloatVector minus = t.neg();
        return broadcast(S, 1f).sub(exp(minus.fma(q, minus)));
    }

    /// Logistic function.
    static FloatVector sigmoid(FloatVector x) {
        FloatVector e = exp(x.abs().neg());
        return broadcast(S, 1f).blend(e, x.compare(LT, 0f)).div(e.add(1f));
    }

    /// log(1 + e^x).
    static FloatVector softplus(FloatVector x) {
        FloatVector e = exp(x.abs().neg());
        VectorMask<Float> big = e.compare(GT, 0x1.a8279ap-2f);
        FloatVector y = log1p(e.blend(e.fma(broadcast(S, 0.5f), broadcast(S, -0.5f)), big), broadcast(S, 0f).blend(1f, big));
        return x.blend(0f, x.compare(LE, 0f)).add(y);
    }

    /// x where x > 0 or x is NaN, else +0.
    static FloatVector relu(FloatVector x) {
        return x.blend(0f, x.compare(LE, 0f));
    }

    /// x · Φ(x).
    static FloatVector gelu(FloatVector x) {
        FloatVector positive = relu(x);
        FloatVector a = atMost(14.5f, x.abs());
        FloatVector m = a.neg().mul(mills(a));
        return m.fma(bell(a), positive);
    }

    /// Derivative of gelu.
    static FloatVector geluGradient(FloatVector x) {
        FloatVector a = atMost(14.5f, x.abs());
        FloatVector m = a.fma(broadcast(S, -0x1.988454p-2f), mills(a));
        FloatVector d = m.mul(bell(a));
        return broadcast(S, 1f).sub(d).blend(d, x.compare(LT, 0f));
    }

    private static FloatVector bell(FloatVector a) {
        FloatVector h = a.mul(a);
        FloatVector e = exp(h.mul(-0.5f));
        return e.mul(a.fma(a, h.neg())).fma(broadcast(S, -0.5f), e);
    }

    private static FloatVector mills(FloatVector a) {
        FloatVector p = broadcast(S, 0x1.0c1fc8p-7f).fma(a, broadcast(S, 0x1.4ba70ap-4f));
        p = p.fma(a, broadcast(S, 0x1.766d8cp-2f));
        p = p.fma(a, broadcast(S, 0x1.c04c9p-1f));
        p = p.fma(a, broadcast(S, 1f));
        FloatVector q = broadcast(S, 0x1.500a36p-6f).fma(a, broadcast(S, 0x1.9fb0f2p-3f));
        q = q.fma(a, broadcast(S, 0x1.df9f7ep-1f));
        q = q.fma(a, broadcast(S, 0x1.336d1ap+1f));
        q = q.fma(a, broadcast(S, 0x1.ac6876p+1f));
        q = q.fma(a, broadcast(S, 2f));
        return p.div(q);
    }

    /// x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³))).
    static FloatVector geluTanh(FloatVector x) {
        FloatVector a = atMost(11f, x.abs());
        FloatVector positive = relu(x);
        FloatVector e = exp(a.neg().mul(a.mul(a).fma(broadcast(S, CUBIC), broadcast(S, LINEAR))));
        return a.neg().fma(e.div(e.add(1f)), positive);
    }

    /// Derivative of geluTanh.
    static FloatVector geluTanhGradient(FloatVector x) {
        FloatVector a = atMost(11f, x.abs());
        FloatVector s = a.mul(a);
        FloatVector e = exp(a.neg().mul(s.fma(broadcast(S, CUBIC), broadcast(S, LINEAR))));
        FloatVector d = broadcast(S, 1f).div(e.add(1f));
        FloatVector g = e.mul(d).mul(a.neg().mul(s.fma(broadcast(S, 3 * CUBIC), broadcast(S, LINEAR))).fma(d, broadcast(S, 1f)));
        return broadcast(S, 1f).sub(g).blend(g, x.compare(LT, 0f));
    }

    private static FloatVector atMost(float limit, FloatVector x) {
        return x.blend(limit, x.compare(GT, limit));
    }

    /// `magnitude`, which is not negative, with the sign of `sign`.
    private static FloatVector withSign(FloatVector magnitude, FloatVector sign) {
        return magnitude.reinterpretAsInts().or(sign.reinterpretAsInts().and(0x80000000)).reinterpretAsFloats();
    }
}
