package dev.headstart.tensor.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Writes `SimdMath`, the loops over functions that are made of others: each loop has the steps of all of them within itself.
///
/// Run [#main] in the root of the repository to write the file anew; a test holds it to what this class says.
final class SimdMathSource {
    static final Path FILE = Path.of("tensor/src/main/java/dev/headstart/tensor/kernel/simd/SimdMath.java");

    private static final String HEAD = """
            package dev.headstart.tensor.kernel.simd;

            import static jdk.incubator.vector.FloatVector.broadcast;
            import static jdk.incubator.vector.FloatVector.fromArray;
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

            /// The functions of `kernel.scalar.ScalarMath` over arrays: the same operations in the same order, so the same bits. Written by
            /// `SimdMathSource` in `src/test`.
            ///
            /// No loop calls a method of ours: the compiler inlines methods of the Vector API always, but ours only while it sees fit, and a vector
            /// that is passed to a method that is not inlined becomes an object, at ten times the cost. Minimum, maximum and conversion to int are
            /// slow in the Vector API (they keep Java's rules for NaN); a compare and a blend, and an addition of 1.5 · 2^23, do the same for us.
            ///
            /// All lengths are multiples of the width of a vector. A step of 0 instead of the width repeats a vector.
            final class SimdMath {
                private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
                private static final int LANES = S.length();
                private static final float ROUND = 0x1.8p23f;
                private static final float LOG2_E = 0x1.715476p0f;
                private static final float LN2_HIGH = 0x1.62e43p-1f;
                private static final float LN2_LOW = -0x1.05c61p-29f;
                private static final int ONE = 0x3F800000;
                private static final float LINEAR = 0x1.988454p+0f;
                private static final float CUBIC = 0x1.2444f2p-4f;

                private SimdMath() {}
            """;

    /// u = e^r - 1 for |r| ≤ ln(2)/2.
    private static final String EXPM1 = """
            FloatVector q = broadcast(S, 0x1.6b9c68p-10f).fma(r, broadcast(S, 0x1.12254ap-7f));
            q = q.fma(r, broadcast(S, 0x1.5556f2p-5f));
            q = q.fma(r, broadcast(S, 0x1.5554b4p-3f));
            q = q.fma(r, broadcast(S, 0x1.fffffep-2f));
            FloatVector u = r.mul(r).fma(q, r);
            """;

    /// e = e^v.
    private static final String EXP = """
            FloatVector c = v.blend(89f, v.compare(GT, 89f));
            c = c.blend(-104f, c.compare(LT, -104f));
            FloatVector t = c.fma(broadcast(S, LOG2_E), broadcast(S, ROUND));
            FloatVector whole = t.sub(ROUND);
            FloatVector r = whole.fma(broadcast(S, -LN2_LOW), whole.fma(broadcast(S, -LN2_HIGH), c));
            """ + EXPM1 + """
            IntVector bits = t.reinterpretAsInts();
            IntVector half = bits.lanewise(LSHL, 22).and(0xFF800000);
            FloatVector s = half.add(ONE).reinterpretAsFloats();
            FloatVector e = u.fma(s, s).mul(bits.lanewise(LSHL, 23).sub(half).add(ONE).reinterpretAsFloats());
            """;

    /// l = k · ln(2) + log(1 + f) for √½ - 1 ≤ f ≤ √2 - 1 and a whole number k.
    private static final String LOG1P = """
            FloatVector p = broadcast(S, -0x1.38c4dp-4f).fma(f, broadcast(S, 0x1.055e32p-3f));
            p = p.fma(f, broadcast(S, -0x1.0d82e4p-3f));
            p = p.fma(f, broadcast(S, 0x1.22d956p-3f));
            p = p.fma(f, broadcast(S, -0x1.547282p-3f));
            p = p.fma(f, broadcast(S, 0x1.99a01ap-3f));
            p = p.fma(f, broadcast(S, -0x1.000226p-2f));
            p = p.fma(f, broadcast(S, 0x1.555554p-2f));
            p = p.fma(f, broadcast(S, -0.5f));
            FloatVector l = k.fma(broadcast(S, LN2_HIGH), f.mul(f).fma(p, f));
            """;

    /// a = |x|, at most 14.5; w = Φ(-a) / e^(-a²/2).
    private static final String MILLS = """
            FloatVector a = x.abs();
            a = a.blend(14.5f, a.compare(GT, 14.5f));
            FloatVector p = broadcast(S, 0x1.0c1fc8p-7f).fma(a, broadcast(S, 0x1.4ba70ap-4f));
            p = p.fma(a, broadcast(S, 0x1.766d8cp-2f));
            p = p.fma(a, broadcast(S, 0x1.c04c9p-1f));
            p = p.fma(a, broadcast(S, 1f));
            FloatVector d = broadcast(S, 0x1.500a36p-6f).fma(a, broadcast(S, 0x1.9fb0f2p-3f));
            d = d.fma(a, broadcast(S, 0x1.df9f7ep-1f));
            d = d.fma(a, broadcast(S, 0x1.336d1ap+1f));
            d = d.fma(a, broadcast(S, 0x1.ac6876p+1f));
            d = d.fma(a, broadcast(S, 2f));
            FloatVector w = p.div(d);
            """;

    /// bell = e^(-a²/2), with what rounding took from a² put back.
    private static final String BELL = """
            FloatVector h = a.mul(a);
            FloatVector v = h.mul(-0.5f);
            """ + EXP + """
            FloatVector bell = e.mul(a.fma(a, h.neg())).fma(broadcast(S, -0.5f), e);
            """;

    private final StringBuilder out = new StringBuilder(HEAD);

    private SimdMathSource() {}

    /// Writes the file.
    public static void main(String[] arguments) throws IOException {
        Files.writeString(FILE, text());
    }

    /// What the file must be.
    static String text() {
        return new SimdMathSource().write();
    }

    private String write() {
        function("exp", "e^v.", "v", EXP, "e");
        function("log", "Natural logarithm.", """
                VectorMask<Float> tiny = x.compare(LT, Float.MIN_NORMAL);
                IntVector bits = x.blend(x.mul(0x1p24f), tiny).reinterpretAsInts();
                IntVector above = bits.sub(0x3F3504F3);
                FloatVector f = bits.sub(above.and(0xFF800000)).reinterpretAsFloats().sub(1f);
                FloatVector k = ((FloatVector) above.lanewise(ASHR, 23).convert(I2F, 0)).sub(broadcast(S, 0f).blend(24f, tiny));
                """ + LOG1P + """
                l = x.blend(l, x.compare(LT, Float.POSITIVE_INFINITY));
                l = l.blend(Float.NEGATIVE_INFINITY, x.compare(EQ, 0f));
                """, "l.blend(Float.NaN, x.compare(LT, 0f))");
        function("tanh", "Hyperbolic tangent.", """
                FloatVector a = x.abs();
                FloatVector c = a.add(a).blend(20f, a.compare(GT, 10f));
                FloatVector t = c.fma(broadcast(S, LOG2_E), broadcast(S, ROUND));
                FloatVector whole = t.sub(ROUND);
                FloatVector r = whole.fma(broadcast(S, -LN2_LOW), whole.fma(broadcast(S, -LN2_HIGH), c));
                """ + EXPM1 + """
                FloatVector s = t.reinterpretAsInts().lanewise(LSHL, 23).add(ONE).reinterpretAsFloats();
                FloatVector e = s.fma(u, s.sub(1f));
                IntVector sign = x.reinterpretAsInts().and(0x80000000);
                """, "e.div(e.add(2f)).reinterpretAsInts().or(sign).reinterpretAsFloats()");
        function("erf", "Error function.", """
                FloatVector square = x.mul(x);
                FloatVector p = broadcast(S, 0x1.4771fep-14f).fma(square, broadcast(S, -0x1.a3515ep-11f));
                p = p.fma(square, broadcast(S, 0x1.53f224p-8f));
                p = p.fma(square, broadcast(S, -0x1.b7f71ap-6f));
                p = p.fma(square, broadcast(S, 0x1.ce2ce6p-4f));
                p = p.fma(square, broadcast(S, -0x1.81273ep-2f));
                p = p.fma(square, broadcast(S, 0x1.06eba8p-3f));
                FloatVector near = x.fma(p, x);
                FloatVector a = x.abs();
                FloatVector limited = a.blend(4f, a.compare(GT, 4f));
                FloatVector m = broadcast(S, -0x1.b9c02p-13f).fma(limited, broadcast(S, 0x1.a1b80ep-9f));
                m = m.fma(limited, broadcast(S, -0x1.758796p-6f));
                m = m.fma(limited, broadcast(S, 0x1.ae8e34p-4f));
                m = m.fma(limited, broadcast(S, 0x1.458bb6p-1f));
                m = m.fma(limited, broadcast(S, 0x1.072088p-3f));
                FloatVector minus = limited.neg();
                FloatVector v = minus.fma(m, minus);
                """ + EXP + """
                FloatVector far = broadcast(S, 1f).sub(e);
                """, "far.blend(far.neg(), x.compare(LT, 0f)).blend(near, a.compare(LT, 1f))");
        function("sigmoid", "Logistic function.", """
                FloatVector v = x.abs().neg();
                """ + EXP, "broadcast(S, 1f).blend(e, x.compare(LT, 0f)).div(e.add(1f))");
        function("softplus", "log(1 + e^x).", """
                FloatVector v = x.abs().neg();
                """ + EXP + """
                VectorMask<Float> big = e.compare(GT, 0x1.a8279ap-2f);
                FloatVector f = e.blend(e.fma(broadcast(S, 0.5f), broadcast(S, -0.5f)), big);
                FloatVector k = broadcast(S, 0f).blend(1f, big);
                """ + LOG1P, "x.blend(0f, x.compare(LE, 0f)).add(l)");
        function("gelu", "x · Φ(x).", MILLS + BELL, "a.neg().mul(w).fma(bell, x.blend(0f, x.compare(LE, 0f)))");
        gradient("geluGradient", "b times the derivative of gelu at a.", MILLS + BELL + """
                FloatVector tail = a.fma(broadcast(S, -0x1.988454p-2f), w).mul(bell);
                FloatVector slope = broadcast(S, 1f).sub(tail).blend(tail, x.compare(LT, 0f));
                """, "slope");
        function("geluTanh", "x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³))).", """
                FloatVector a = x.abs();
                a = a.blend(11f, a.compare(GT, 11f));
                FloatVector v = a.neg().mul(a.mul(a).fma(broadcast(S, CUBIC), broadcast(S, LINEAR)));
                """ + EXP, "a.neg().fma(e.div(e.add(1f)), x.blend(0f, x.compare(LE, 0f)))");
        gradient("geluTanhGradient", "b times the derivative of geluTanh at a.", """
                FloatVector a = x.abs();
                a = a.blend(11f, a.compare(GT, 11f));
                FloatVector h = a.mul(a);
                FloatVector v = a.neg().mul(h.fma(broadcast(S, CUBIC), broadcast(S, LINEAR)));
                """ + EXP + """
                FloatVector d = broadcast(S, 1f).div(e.add(1f));
                FloatVector rise = a.neg().mul(h.fma(broadcast(S, 3 * CUBIC), broadcast(S, LINEAR)));
                FloatVector tail = e.mul(d).mul(rise.fma(d, broadcast(S, 1f)));
                FloatVector slope = broadcast(S, 1f).sub(tail).blend(tail, x.compare(LT, 0f));
                """, "slope");
        softmaxExp();
        return out.append("}\n").toString();
    }

    private void function(String name, String says, String body, String result) {
        function(name, says, "x", body, result);
    }

    private void function(String name, String says, String argument, String body, String result) {
        begin(says, "static void " + name + "(float[] from, int start, float[] to, int at, int n) {",
                "for (int i = 0; i < n; i += LANES) {");
        line("FloatVector " + argument + " = fromArray(S, from, start + i);");
        lines(body);
        line(result + ".intoArray(to, at + i);");
        end();
    }

    private void gradient(String name, String says, String body, String slope) {
        begin(says, "static void " + name + "(float[] left, int lo, int ls, float[] right, int ro, int rs, float[] to, int at, int n) {",
                "for (int i = 0; i < n; i += LANES, lo += ls, ro += rs) {");
        line("FloatVector x = fromArray(S, left, lo);");
        lines(body);
        line("fromArray(S, right, ro).mul(" + slope + ").intoArray(to, at + i);");
        end();
    }

    private void softmaxExp() {
        begin("""
                e^(x - m), and +0 where that is nearly a denormal: made by exp, it would cost more than all the rest. n is any number from the
                    /// width on; the last vector may reach back over elements already done, so source and target may be one only where it does not.""",
                "static void expAfter(float[] from, int start, float m, float[] to, int at, int n) {",
                "for (int j = 0; j < n; j += LANES) {");
        line("int i = Math.min(j, n - LANES);");
        line("FloatVector x = fromArray(S, from, start + i).sub(m);");
        line("VectorMask<Float> tiny = x.compare(LT, -87f);");
        line("FloatVector v = x.blend(0f, tiny);");
        lines(EXP);
        line("e.blend(0f, tiny).intoArray(to, at + i);");
        end();
    }

    private void begin(String says, String signature, String loop) {
        out.append("\n    /// ").append(says).append("\n    ").append(signature).append("\n        ").append(loop).append('\n');
    }

    private void lines(String body) {
        body.lines().forEach(this::line);
    }

    private void line(String line) {
        out.append("            ").append(line).append('\n');
    }

    private void end() {
        out.append("        }\n    }\n");
    }
}
