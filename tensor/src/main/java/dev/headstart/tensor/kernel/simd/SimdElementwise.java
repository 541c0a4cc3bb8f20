package dev.headstart.tensor.kernel.simd;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.NE;
import static jdk.incubator.vector.VectorOperators.UGE;

import dev.headstart.tensor.kernel.Binary;
import dev.headstart.tensor.kernel.Elementwise;
import dev.headstart.tensor.kernel.Unary;
import dev.headstart.tensor.kernel.scalar.ScalarElementwise;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/// Element-wise functions by whole vectors, one loop for each function.
///
/// The loops see full vectors only. What is left of a run at its end is copied into an array of one vector, and the same loop runs over it:
/// no second definition of any function is needed, and a run of 17 does not cost 15 scalar polynomials. Every operand of a binary loop has
/// a step: 0 repeats one vector, which is how a broadcast operand is read. Any other stride is first gathered by blocks.
final class SimdElementwise implements Elementwise {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();
    private static final int BLOCK = 1024;
    private static final ScalarElementwise PLAIN = new ScalarElementwise();

    @Override
    public void unary(Unary f, float[] x, int xo, int xs, float[] y, int yo, int n) {
        if (xs != 1) {
            for (int i = 0; i < n; i += BLOCK) {
                int m = Math.min(BLOCK, n - i);
                copy(x, xo + i * xs, xs, y, yo + i, m);
                unary(f, y, yo + i, 1, y, yo + i, m);
            }
            return;
        }
        int end = S.loopBound(n);
        apply(f, x, xo, y, yo, end);
        if (end < n) {
            float[] rest = new float[LANES];
            System.arraycopy(x, xo + end, rest, 0, n - end);
            apply(f, rest, 0, rest, 0, LANES);
            System.arraycopy(rest, 0, y, yo + end, n - end);
        }
    }

    @Override
    public void binary(Binary f, float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
        if ((as != 0 && as != 1) || (bs != 0 && bs != 1)) {
            gathered(f, a, ao, as, b, bo, bs, y, yo, n);
            return;
        }
        if (n == 0) {
            return;
        }
        if (as == 0) {
            a = repeated(a[ao]);
            ao = 0;
        }
        if (bs == 0) {
            b = repeated(b[bo]);
            bo = 0;
        }
        int end = S.loopBound(n);
        apply(f, a, ao, as * LANES, b, bo, bs * LANES, y, yo, end);
        if (end < n) {
            float[] p = new float[LANES];
            float[] q = new float[LANES];
            System.arraycopy(a, ao + as * end, p, 0, n - end);
            System.arraycopy(b, bo + bs * end, q, 0, n - end);
            apply(f, p, 0, 0, q, 0, 0, p, 0, LANES);
            System.arraycopy(p, 0, y, yo + end, n - end);
        }
    }

    private void gathered(Binary f, float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
        float[] p = Scratch.LEFT.array(BLOCK);
        float[] q = Scratch.RIGHT.array(BLOCK);
        for (int i = 0; i < n; i += BLOCK) {
            int m = Math.min(n - i, BLOCK);
            copy(a, ao + i * as, as, p, 0, m);
            copy(b, bo + i * bs, bs, q, 0, m);
            binary(f, p, 0, 1, q, 0, 1, p, 0, m);
            copy(p, 0, 1, y, yo + i, m);
        }
    }

    private static float[] repeated(float c) {
        float[] vector = new float[LANES];
        Arrays.fill(vector, c);
        return vector;
    }

    @Override
    public void copy(float[] x, int xo, int xs, float[] y, int yo, int n) {
        PLAIN.copy(x, xo, xs, y, yo, n);
    }

    @Override
    public void affine(float[] x, int xo, float scale, float shift, float[] y, int yo, int n) {
        int end = S.loopBound(n);
        for (int i = 0; i < end; i += LANES) {
            fromArray(S, x, xo + i).fma(broadcast(S, scale), broadcast(S, shift)).intoArray(y, yo + i);
        }
        PLAIN.affine(x, xo + end, scale, shift, y, yo + end, n - end);
    }

    @Override
    public void axpy(float a, float[] x, int xo, float[] y, int yo, int n) {
        int end = S.loopBound(n);
        for (int i = 0; i < end; i += LANES) {
            fromArray(S, x, xo + i).fma(broadcast(S, a), fromArray(S, y, yo + i)).intoArray(y, yo + i);
        }
        PLAIN.axpy(a, x, xo + end, y, yo + end, n - end);
    }

    @Override
    public void select(float[] condition, int co, float[] a, int ao, float otherwise, float[] y, int yo, int n) {
        int end = S.loopBound(n);
        for (int i = 0; i < end; i += LANES) {
            broadcast(S, otherwise).blend(fromArray(S, a, ao + i), fromArray(S, condition, co + i).compare(NE, 0f)).intoArray(y, yo + i);
        }
        PLAIN.select(condition, co + end, a, ao + end, otherwise, y, yo + end, n - end);
    }

    @Override
    public void dropout(long key, long first, int threshold, float scale, float[] x, int xo, float[] y, int yo, int n) {
        int[] words = Scratch.WORDS.ints(Math.ceilDiv(BLOCK + 3, SimdPhilox.STEP) * SimdPhilox.STEP);
        for (int i = 0; i < n; i += BLOCK) {
            int m = Math.min(BLOCK, n - i);
            int skipped = (int) (first + i) & 3;
            SimdPhilox.fill(key, (first + i) >>> 2, words, skipped + m);
            keep(words, skipped, threshold, scale, x, xo + i, y, yo + i, m);
        }
    }

    private static void keep(int[] words, int wo, int threshold, float scale, float[] x, int xo, float[] y, int yo, int n) {
        int end = S.loopBound(n);
        for (int i = 0; i < end; i += LANES) {
            VectorMask<Float> kept = IntVector.fromArray(IntVector.SPECIES_PREFERRED, words, wo + i).compare(UGE, threshold).cast(S);
            broadcast(S, 0f).blend(fromArray(S, x, xo + i).mul(scale), kept).intoArray(y, yo + i);
        }
        for (int i = end; i < n; i++) {
            y[yo + i] = Integer.compareUnsigned(words[wo + i], threshold) >= 0 ? x[xo + i] * scale : 0f;
        }
    }

    private static void apply(Unary f, float[] x, int xo, float[] y, int yo, int n) {
        switch (f) {
            case NEGATE -> negate(x, xo, y, yo, n);
            case ABS -> abs(x, xo, y, yo, n);
            case SQUARE -> square(x, xo, y, yo, n);
            case SQRT -> sqrt(x, xo, y, yo, n);
            case RECIPROCAL -> reciprocal(x, xo, y, yo, n);
            case EXP -> SimdMath.exp(x, xo, y, yo, n);
            case LOG -> SimdMath.log(x, xo, y, yo, n);
            case TANH -> SimdMath.tanh(x, xo, y, yo, n);
            case ERF -> SimdMath.erf(x, xo, y, yo, n);
            case SIGMOID -> SimdMath.sigmoid(x, xo, y, yo, n);
            case RELU -> relu(x, xo, y, yo, n);
            case GELU -> SimdMath.gelu(x, xo, y, yo, n);
            case GELU_TANH -> SimdMath.geluTanh(x, xo, y, yo, n);
            case SOFTPLUS -> SimdMath.softplus(x, xo, y, yo, n);
        }
    }

    private static void apply(Binary f, float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
        switch (f) {
            case PLUS -> plus(a, ao, as, b, bo, bs, y, yo, n);
            case MINUS -> minus(a, ao, as, b, bo, bs, y, yo, n);
            case TIMES -> times(a, ao, as, b, bo, bs, y, yo, n);
            case DIVIDE -> divide(a, ao, as, b, bo, bs, y, yo, n);
            case MAXIMUM -> maximum(a, ao, as, b, bo, bs, y, yo, n);
            case MINIMUM -> minimum(a, ao, as, b, bo, bs, y, yo, n);
            case GREATER -> greater(a, ao, as, b, bo, bs, y, yo, n);
            case EQUAL -> equal(a, ao, as, b, bo, bs, y, yo, n);
            case TANH_GRADIENT -> tanhGradient(a, ao, as, b, bo, bs, y, yo, n);
            case SIGMOID_GRADIENT -> sigmoidGradient(a, ao, as, b, bo, bs, y, yo, n);
            case RELU_GRADIENT -> reluGradient(a, ao, as, b, bo, bs, y, yo, n);
            case GELU_GRADIENT -> SimdMath.geluGradient(a, ao, as, b, bo, bs, y, yo, n);
            case GELU_TANH_GRADIENT -> SimdMath.geluTanhGradient(a, ao, as, b, bo, bs, y, yo, n);
        }
    }

    private static void negate(float[] x, int xo, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES) {
            fromArray(S, x, xo + i).neg().intoArray(y, yo + i);
        }
    }

    private static void abs(float[] x, int xo, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES) {
            fromArray(S, x, xo + i).abs().intoArray(y, yo + i);
        }
    }

    private static void square(float[] x, int xo, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector v = fromArray(S, x, xo + i);
            v.mul(v).intoArray(y, yo + i);
        }
    }

    private static void sqrt(float[] x, int xo, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES) {
            fromArray(S, x, xo + i).sqrt().intoArray(y, yo + i);
        }
    }

    private static void reciprocal(float[] x, int xo, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES) {
            broadcast(S, 1f).div(fromArray(S, x, xo + i)).intoArray(y, yo + i);
        }
    }

    private static void relu(float[] x, int xo, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector v = fromArray(S, x, xo + i);
            v.blend(0f, v.compare(LE, 0f)).intoArray(y, yo + i);
        }
    }

    private static void plus(float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES, ao += as, bo += bs) {
            fromArray(S, a, ao).add(fromArray(S, b, bo)).intoArray(y, yo + i);
        }
    }

    private static void minus(float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES, ao += as, bo += bs) {
            fromArray(S, a, ao).sub(fromArray(S, b, bo)).intoArray(y, yo + i);
        }
    }

    private static void times(float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES, ao += as, bo += bs) {
            fromArray(S, a, ao).mul(fromArray(S, b, bo)).intoArray(y, yo + i);
        }
    }

    private static void divide(float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES, ao += as, bo += bs) {
            fromArray(S, a, ao).div(fromArray(S, b, bo)).intoArray(y, yo + i);
        }
    }

    private static void maximum(float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES, ao += as, bo += bs) {
            fromArray(S, a, ao).max(fromArray(S, b, bo)).intoArray(y, yo + i);
        }
    }

    private static void minimum(float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES, ao += as, bo += bs) {
            fromArray(S, a, ao).min(fromArray(S, b, bo)).intoArray(y, yo + i);
        }
    }

    private static void greater(float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES, ao += as, bo += bs) {
            broadcast(S, 0f).blend(1f, fromArray(S, a, ao).compare(GT, fromArray(S, b, bo))).intoArray(y, yo + i);
        }
    }

    private static void equal(float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES, ao += as, bo += bs) {
            broadcast(S, 0f).blend(1f, fromArray(S, a, ao).compare(EQ, fromArray(S, b, bo))).intoArray(y, yo + i);
        }
    }

    private static void tanhGradient(float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES, ao += as, bo += bs) {
            FloatVector v = fromArray(S, a, ao);
            fromArray(S, b, bo).mul(v.neg().fma(v, broadcast(S, 1f))).intoArray(y, yo + i);
        }
    }

    private static void sigmoidGradient(float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES, ao += as, bo += bs) {
            FloatVector v = fromArray(S, a, ao);
            fromArray(S, b, bo).mul(v.neg().fma(v, v)).intoArray(y, yo + i);
        }
    }

    private static void reluGradient(float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += LANES, ao += as, bo += bs) {
            broadcast(S, 0f).blend(fromArray(S, b, bo), fromArray(S, a, ao).compare(GT, 0f)).intoArray(y, yo + i);
        }
    }
}
