package dev.headstart.tensor.kernel.scalar;

/// Transcendental functions of one float, by polynomials and fused multiply-adds: the definition of what the engine computes.
///
/// **Why our own.** `Math.exp` may give other bits on another processor, and a vector instruction set has its own library again. Here every
/// step is an IEEE operation or a fused multiply-add, in an order that is written down, so that one float, a vector of four and a vector of
/// sixteen give the same bits (`kernel.simd.SimdMath` has the same steps). No tables, no branches, no conversions to int: adding 1.5 · 2^23
/// rounds to a whole number and leaves it in the low bits of the sum. Which of its bit patterns a NaN has is not defined.
///
/// **How.** Arguments are reduced exactly, as Cody and Waite do ("Software Manual for the Elementary Functions", 1980); what remains is
/// approximated by the polynomial, or quotient of polynomials, with the smallest greatest relative error. The coefficients were found as
/// linear programs (minimise t such that every point of a Chebyshev grid of some hundred is off by at most t), solved again after each
/// coefficient, from the lowest power up, was rounded to a float. The errors of the approximations, before anything is rounded in computing
/// them, in units of 2^-24:
///
/// | what | range | form | error |
/// |---|---|---|---|
/// | e^r - 1 | abs(r) ≤ ln(2)/2 | r + r² · degree 4 | 0.23 |
/// | log(1 + f) | √½ - 1 ≤ f ≤ √2 - 1 | f - f²/2 + f³ · degree 7 | 0.10 |
/// | erf(x) | abs(x) ≤ 1 | x + x · degree 6 in x² | 0.02 |
/// | erf(x) | 1 ≤ x ≤ 4 | 1 - exp(-x - x · degree 5 in x) | 0.04 |
/// | Φ(-a) / e^(-a²/2) | 0 ≤ a ≤ 14.5 | degree 4 / degree 5 | 0.16 |
///
/// **How good.** Greatest distance from the true value over the float arguments, in units in the last place (ulp) of the true value.
/// `MathAccuracyTest` measures it; for exp and log the figures are from all 2^32 floats, for the others from every 4001st (the bounds leave
/// room).
///
/// | function | greatest error |
/// |---|---|
/// | exp | 1.036 ulp, subnormal results included |
/// | log | 0.931 ulp, subnormal arguments included |
/// | tanh | 2.4 ulp |
/// | erf | 1.0 ulp |
/// | sigmoid | 2.3 ulp |
/// | softplus | 1.7 ulp |
/// | gelu | 6 ulp, also in the negative tail, where 1 + erf would cancel |
/// | geluTanh | 2.5 ulp for x ≥ -½, 30 ulp for x ≥ -5, 220 ulp below; never more than 1.2e-7 · max(1, abs(x)) |
/// | geluGradient, geluTanhGradient | 1.5e-7 (they cross zero near -0.75) |
public final class ScalarMath {
    static final float ROUND = 0x1.8p23f;
    static final float LOG2_E = 0x1.715476p0f;
    /// ln(2) is the sum of both.
    static final float LN2_HIGH = 0x1.62e43p-1f;
    static final float LN2_LOW = -0x1.05c61p-29f;
    /// The bits of 1f; a whole number added above bit 23 makes them a power of two.
    static final int ONE = 0x3F800000;
    /// 2√(2/π), and 0.044715 times it
    static final float LINEAR = 0x1.988454p+0f;
    static final float CUBIC = 0x1.2444f2p-4f;

    private ScalarMath() {}

    /// e^x = 2^n · e^r with n = round(x / ln 2) and r = x - n · ln 2. Above 88.72 it is infinite, below -103.97 zero. The power of two is
    /// multiplied in two steps, for 2^128 and 2^-149 are no normal floats: the first is exact, the second rounds once where the result is
    /// subnormal.
    public static float exp(float x) {
        float c = x > 89f ? 89f : x;
        c = c < -104f ? -104f : c;
        float t = Math.fma(c, LOG2_E, ROUND);
        float n = t - ROUND;
        float u = expm1(Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, c)));
        int bits = Float.floatToRawIntBits(t);
        int half = (bits << 22) & 0xFF800000;
        float s = Float.intBitsToFloat(half + ONE);
        return Math.fma(u, s, s) * Float.intBitsToFloat((bits << 23) - half + ONE);
    }

    /// e^r - 1 for |r| ≤ ln(2)/2.
    private static float expm1(float r) {
        float q = Math.fma(0x1.6b9c68p-10f, r, 0x1.12254ap-7f);
        q = Math.fma(q, r, 0x1.5556f2p-5f);
        q = Math.fma(q, r, 0x1.5554b4p-3f);
        q = Math.fma(q, r, 0x1.fffffep-2f);
        return Math.fma(r * r, q, r);
    }

    /// Natural logarithm: of 2^k · m, √½ ≤ m < √2, it is k · ln 2 + log(m). Of zero (of either sign) it is -∞, of negative numbers NaN.
    public static float log(float x) {
        boolean tiny = x < Float.MIN_NORMAL;
        int bits = Float.floatToRawIntBits(tiny ? x * 0x1p24f : x);
        int k = bits - 0x3F3504F3;
        float m = Float.intBitsToFloat(bits - (k & 0xFF800000));
        float y = log1p(m - 1f, (float) (k >> 23) - (tiny ? 24f : 0f));
        y = x < Float.POSITIVE_INFINITY ? y : x;
        y = x == 0f ? Float.NEGATIVE_INFINITY : y;
        return x < 0f ? Float.NaN : y;
    }

    /// k · ln(2) + log(1 + f) for √½ - 1 ≤ f ≤ √2 - 1 and a whole number k.
    private static float log1p(float f, float k) {
        float p = Math.fma(-0x1.38c4dp-4f, f, 0x1.055e32p-3f);
        p = Math.fma(p, f, -0x1.0d82e4p-3f);
        p = Math.fma(p, f, 0x1.22d956p-3f);
        p = Math.fma(p, f, -0x1.547282p-3f);
        p = Math.fma(p, f, 0x1.99a01ap-3f);
        p = Math.fma(p, f, -0x1.000226p-2f);
        p = Math.fma(p, f, 0x1.555554p-2f);
        p = Math.fma(p, f, -0.5f);
        return Math.fma(k, LN2_HIGH, Math.fma(f * f, p, f));
    }

    /// Hyperbolic tangent, (e^2x - 1) / (e^2x + 1) for x ≥ 0. With 2^n · e^r for the power, e^2x - 1 is 2^n · (e^r - 1) + (2^n - 1):
    /// nothing cancels near zero.
    public static float tanh(float x) {
        float a = Math.abs(x);
        float c = a > 10f ? 20f : a + a;
        float t = Math.fma(c, LOG2_E, ROUND);
        float n = t - ROUND;
        float u = expm1(Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, c)));
        float s = Float.intBitsToFloat((Float.floatToRawIntBits(t) << 23) + ONE);
        float e = Math.fma(s, u, s - 1f);
        return withSign(e / (e + 2f), x);
    }

    /// Error function, 2/√π · ∫ e^-t² dt from 0 to x.
    public static float erf(float x) {
        float s = x * x;
        float p = Math.fma(0x1.4771fep-14f, s, -0x1.a3515ep-11f);
        p = Math.fma(p, s, 0x1.53f224p-8f);
        p = Math.fma(p, s, -0x1.b7f71ap-6f);
        p = Math.fma(p, s, 0x1.ce2ce6p-4f);
        p = Math.fma(p, s, -0x1.81273ep-2f);
        p = Math.fma(p, s, 0x1.06eba8p-3f);
        float near = Math.fma(x, p, x);
        float a = Math.abs(x);
        float t = a > 4f ? 4f : a;
        float q = Math.fma(-0x1.b9c02p-13f, t, 0x1.a1b80ep-9f);
        q = Math.fma(q, t, -0x1.758796p-6f);
        q = Math.fma(q, t, 0x1.ae8e34p-4f);
        q = Math.fma(q, t, 0x1.458bb6p-1f);
        q = Math.fma(q, t, 0x1.072088p-3f);
        float far = withSign(1f - exp(Math.fma(-t, q, -t)), x);
        return a < 1f ? near : far;
    }

    /// Logistic function, 1 / (1 + e^-x); for negative x as e^x / (1 + e^x), which keeps its precision where it is small.
    public static float sigmoid(float x) {
        float e = exp(-Math.abs(x));
        return (x < 0f ? e : 1f) / (1f + e);
    }

    /// log(1 + e^x) = max(x, 0) + log(1 + e^-|x|). Where 1 + e^-|x| exceeds √2, ln 2 is taken out. Its derivative is the sigmoid.
    public static float softplus(float x) {
        float e = exp(-Math.abs(x));
        boolean big = e > 0x1.a8279ap-2f;
        return relu(x) + log1p(big ? Math.fma(e, 0.5f, -0.5f) : e, big ? 1f : 0f);
    }

    /// x where x > 0 or x is NaN, else +0.
    public static float relu(float x) {
        return Math.max(x, 0f);
    }

    /// x · Φ(x), Φ being the normal distribution function. With a = |x| it is relu(x) - a · Φ(-a).
    public static float gelu(float x) {
        float a = atMost(14.5f, Math.abs(x));
        return Math.fma(-a * mills(a), bell(a), relu(x));
    }

    /// Derivative of [#gelu(float)], Φ(x) + x · φ(x).
    public static float geluGradient(float x) {
        float a = atMost(14.5f, Math.abs(x));
        float d = bell(a) * Math.fma(a, -0x1.988454p-2f, mills(a));
        return x < 0f ? d : 1f - d;
    }

    /// e^(-a²/2), what rounding a² loses put back.
    private static float bell(float a) {
        float h = a * a;
        float e = exp(-0.5f * h);
        return Math.fma(e * Math.fma(a, a, -h), -0.5f, e);
    }

    /// Φ(-a) / e^(-a²/2) for 0 ≤ a ≤ 14.5: a quotient of polynomials without a negative coefficient, so nothing cancels.
    private static float mills(float a) {
        float p = Math.fma(0x1.0c1fc8p-7f, a, 0x1.4ba70ap-4f);
        p = Math.fma(p, a, 0x1.766d8cp-2f);
        p = Math.fma(p, a, 0x1.c04c9p-1f);
        p = Math.fma(p, a, 1f);
        float q = Math.fma(0x1.500a36p-6f, a, 0x1.9fb0f2p-3f);
        q = Math.fma(q, a, 0x1.df9f7ep-1f);
        q = Math.fma(q, a, 0x1.336d1ap+1f);
        q = Math.fma(q, a, 0x1.ac6876p+1f);
        q = Math.fma(q, a, 2f);
        return p / q;
    }

    /// x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³))). The bracket's half is σ(v), v = 2√(2/π) · (x + 0.044715 x³).
    public static float geluTanh(float x) {
        float a = atMost(11f, Math.abs(x));
        float e = exp(-a * Math.fma(a * a, CUBIC, LINEAR));
        return Math.fma(-a, e / (1f + e), relu(x));
    }

    /// Derivative of [#geluTanh(float)], σ(v) + x · v' · σ(v) · σ(-v).
    public static float geluTanhGradient(float x) {
        float a = atMost(11f, Math.abs(x));
        float s = a * a;
        float e = exp(-a * Math.fma(s, CUBIC, LINEAR));
        float d = 1f / (1f + e);
        float g = e * d * Math.fma(-a * Math.fma(s, 3 * CUBIC, LINEAR), d, 1f);
        return x < 0f ? g : 1f - g;
    }

    private static float atMost(float limit, float x) {
        return x > limit ? limit : x;
    }

    /// `magnitude`, which is not negative, with the sign of `sign`.
    private static float withSign(float magnitude, float sign) {
        return Float.intBitsToFloat(Float.floatToRawIntBits(magnitude) | (Float.floatToRawIntBits(sign) & 0x80000000));
    }
}
