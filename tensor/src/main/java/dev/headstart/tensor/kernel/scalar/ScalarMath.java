package dev.headstart.tensor.kernel.scalar;

/// Transcendental functions of one float, by polynomials and fused multiply-adds.
public final class ScalarMath {
    static final float ROUND = 0x1.8p23f;
    static final float LOG2_E = 0x1.715476p0f;
    static final float LN2_HIGH = 0x1.62e43p-1f;
    static final float LN2_LOW = -0x1.05c61p-29f;

    private ScalarMath() {}

    /// e^x.
    public static float exp(float x) {
        float c = x > 89f ? 89f : x;
        c = c < -104f ? -104f : c;
        float t = Math.fma(c, LOG2_E, ROUND);
        float n = t - ROUND;
        float u = expm1(Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, c)));
        int bits = Float.floatToRawIntBits(t);
        int half = (bits << 22) & 0xFF800000;
        float s = Float.intBitsToFloat(half + 0x3F800000);
        return Math.fma(u, s, s) * Float.intBitsToFloat((bits << 23) - half + 0x3F800000);
    }

    /// e^r - 1 for |r| ≤ ln(2)/2.
    private static float expm1(float r) {
        float q = Math.fma(0x1.6b9c68p-10f, r, 0x1.12254ap-7f);
        q = Math.fma(q, r, 0x1.5556f2p-5f);
        q = Math.fma(q, r, 0x1.5554b4p-3f);
        q = Math.fma(q, r, 0x1.fffffep-2f);
        return Math.fma(r * r, q, r);
    }

    /// Natural logarithm.
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
}
