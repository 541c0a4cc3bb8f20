package dev.headstart.tensor.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.tensor.kernel.scalar.ScalarMath;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// How far `ScalarMath` is from mathematics, over a sweep of all bit patterns; over *all* of them with `-Dheadstart.exhaustive=true`.
///
/// An error is counted in units in the last place: the distance of two neighbouring floats in the binade of the true value. True values
/// come from `StrictMath` in double precision and, for the normal distribution, from a series and a continued fraction below. The twins are
/// compared with each other elsewhere, so what is measured here holds for both.
class MathAccuracyTest {
    /// Odd, and no divisor of anything: the sweep meets every binade and every residue.
    private static final int STEP = Boolean.getBoolean("headstart.exhaustive") ? 1 : 4001;
    private static final double ROOT_2_PI = Math.sqrt(2 * Math.PI);

    interface FloatFunction {
        float at(float x);
    }

    /// @param error in ulps, or absolute
    record Worst(double error, float x) {
        static Worst of(Worst a, Worst b) {
            return a.error >= b.error ? a : b;
        }

        void atMost(double bound) {
            assertTrue(error <= bound, () -> "error " + error + " at " + x + " = " + Float.toHexString(x) + ", allowed is " + bound);
        }
    }

    @Test
    void exp_is_within_1_04_ulp() {
        ulps(ScalarMath::exp, StrictMath::exp, -Double.MAX_VALUE).atMost(1.04);
    }

    @Test
    void log_is_within_0_94_ulp() {
        ulps(ScalarMath::log, StrictMath::log, -Double.MAX_VALUE).atMost(0.94);
    }

    @Test
    void tanh_is_within_2_4_ulp() {
        ulps(ScalarMath::tanh, StrictMath::tanh, -Double.MAX_VALUE).atMost(2.4);
    }

    @Test
    void erf_is_within_1_1_ulp() {
        ulps(ScalarMath::erf, MathAccuracyTest::erf, -Double.MAX_VALUE).atMost(1.1);
    }

    @Test
    void sigmoid_is_within_2_3_ulp() {
        ulps(ScalarMath::sigmoid, MathAccuracyTest::sigmoid, -Double.MAX_VALUE).atMost(2.3);
    }

    @Test
    void softplus_is_within_1_7_ulp() {
        DoubleUnaryOperator softplus = x -> Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
        ulps(ScalarMath::softplus, softplus, -Double.MAX_VALUE).atMost(1.7);
    }

    @Test
    void gelu_is_within_6_ulp_down_its_whole_negative_tail() {
        ulps(ScalarMath::gelu, MathAccuracyTest::gelu, -Double.MAX_VALUE).atMost(6);
        ulps(ScalarMath::gelu, MathAccuracyTest::gelu, -0.5).atMost(3.6);
    }

    @Test
    void tanh_form_of_gelu_is_within_30_ulp_from_minus_5_on() {
        ulps(ScalarMath::geluTanh, MathAccuracyTest::geluTanh, -0.5).atMost(2.5);
        ulps(ScalarMath::geluTanh, MathAccuracyTest::geluTanh, -5).atMost(30);
        ulps(ScalarMath::geluTanh, MathAccuracyTest::geluTanh, -Double.MAX_VALUE).atMost(220);
        distance(ScalarMath::geluTanh, MathAccuracyTest::geluTanh).atMost(1.2e-7);
    }

    /// They cross zero near -0.75, where no count of ulps can hold.
    @Test
    void gradients_of_gelu_are_within_1_5e_7() {
        distance(ScalarMath::geluGradient, MathAccuracyTest::geluGradient).atMost(1.5e-7);
        distance(ScalarMath::geluTanhGradient, MathAccuracyTest::geluTanhGradient).atMost(1.5e-7);
    }

    /// Values from tables (Abramowitz and Stegun; DLMF 7.23), so that the reference is not trusted unseen.
    @Test
    void reference_meets_known_values() {
        assertEquals(0.5204998778130465, erf(0.5), 2e-16);
        assertEquals(-0.8427007929497149, erf(-1), 3e-16);
        assertEquals(2.209049699858544e-5, erfc(3), 1e-18);
        assertEquals(2.088487583762545e-45, erfc(10), 1e-57);
        assertEquals(erfc(2.4999999), erfc(2.5), 1e-9);
        assertEquals(0.8413447460685429, gelu(1), 3e-16);
        assertEquals(-0.15865525393145707, gelu(-1), 1e-15);
    }

    static Worst ulps(FloatFunction f, DoubleUnaryOperator truth, double from) {
        return sweep((x, y, t) -> {
            if (Double.isNaN(t)) {
                return Float.isNaN(y) ? 0 : Double.POSITIVE_INFINITY;
            }
            if (Float.isInfinite((float) t) || Float.isInfinite(y)) {
                return y == (float) t ? 0 : Double.POSITIVE_INFINITY;
            }
            return Math.abs(y - t) * Math.scalb(1.0, 23 - Math.max(Math.getExponent(t), Float.MIN_EXPONENT));
        }, f, truth, from);
    }

    /// Worst absolute error where |x| ≤ 1, relative to |x| elsewhere.
    static Worst distance(FloatFunction f, DoubleUnaryOperator truth) {
        return sweep((x, y, t) -> y == t || (Double.isNaN(t) && Float.isNaN(y)) ? 0 : Math.abs(y - t) / Math.max(1, Math.abs(x)), f, truth,
                -Double.MAX_VALUE);
    }

    private interface Measure {
        double error(float x, float y, double truth);
    }

    private static Worst sweep(Measure measure, FloatFunction f, DoubleUnaryOperator truth, double from) {
        return IntStream.range(0, 1 << 12).parallel().mapToObj(part -> {
            long end = (part + 1L) << 20;
            Worst worst = new Worst(0, 0);
            for (long bits = ((end - (1L << 20) + STEP - 1) / STEP) * STEP; bits < end; bits += STEP) {
                float x = Float.intBitsToFloat((int) bits);
                if (x >= from || !(Math.abs(x) <= Float.MAX_VALUE)) {
                    double error = measure.error(x, f.at(x), truth.applyAsDouble(x));
                    if (!(error <= worst.error)) {
                        worst = new Worst(error, x);
                    }
                }
            }
            return worst;
        }).reduce(new Worst(0, 0), Worst::of);
    }

    static double sigmoid(double v) {
        double e = StrictMath.exp(-Math.abs(v));
        return v < 0 ? e / (1 + e) : 1 / (1 + e);
    }

    static double gelu(double x) {
        return Math.abs(x) > 40 ? Math.max(x, 0) : x * normal(x);
    }

    static double geluGradient(double x) {
        return Math.abs(x) > 40 ? x > 0 ? 1 : 0 : normal(x) + x * bell(x / Math.sqrt(2)) / ROOT_2_PI;
    }

    static double geluTanh(double x) {
        return Math.abs(x) > 40 ? Math.max(x, 0) : x * sigmoid(Math.sqrt(8 / Math.PI) * (x + 0.044715 * x * x * x));
    }

    static double geluTanhGradient(double x) {
        if (Math.abs(x) > 40) {
            return x > 0 ? 1 : 0;
        }
        double s = sigmoid(Math.sqrt(8 / Math.PI) * (x + 0.044715 * x * x * x));
        return s + x * s * (1 - s) * Math.sqrt(8 / Math.PI) * (1 + 3 * 0.044715 * x * x);
    }

    private static double normal(double x) {
        return erfc(-x / Math.sqrt(2)) / 2;
    }

    /// e^-a², with what rounding a² loses.
    private static double bell(double a) {
        double h = a * a;
        return StrictMath.exp(-h) * (1 - Math.fma(a, a, -h));
    }

    /// 2/√π · e^-x² · Σ 2^k x^(2k+1) / (1 · 3 · … · (2k+1)): all terms of one sign. DLMF 7.6.2.
    static double erf(double x) {
        double a = Math.abs(x);
        if (a >= 2.5) {
            return Math.copySign(1 - erfc(a), x);
        }
        double sum = 0;
        double term = a;
        for (int k = 0; term > sum * 1e-18; k++) {
            sum += term;
            term *= 2 * a * a / (2 * k + 3);
        }
        return Math.copySign(2 / Math.sqrt(Math.PI) * bell(a) * sum, x);
    }

    /// e^-x² / √π · 1 / (x + ½ / (x + 1 / (x + 3/2 / (x + …)))) for large x. DLMF 7.9.1 in its other form.
    static double erfc(double x) {
        if (!(x >= 2.5)) {
            return Double.isNaN(x) ? x : x < -2.5 ? 2 - erfc(-x) : 1 - erf(x);
        }
        double fraction = 0;
        for (int k = 120; k >= 1; k--) {
            fraction = k / 2.0 / (x + fraction);
        }
        return bell(x) / Math.sqrt(Math.PI) / (x + fraction);
    }
}
