package dev.headstart.tensor.kernel.scalar;

import dev.headstart.tensor.kernel.Binary;
import dev.headstart.tensor.kernel.Elementwise;
import dev.headstart.tensor.kernel.Philox;
import dev.headstart.tensor.kernel.Unary;
import java.util.Arrays;

/// Element-wise functions as plain loops, one for each function.
///
/// The compiler turns a loop into vector instructions only when it can see that no store changes a later load, which means: one index for
/// all arrays. So the loops are written that way, and runs that lie otherwise (other offsets, strides) are first copied, by blocks that
/// stay in the nearest cache.
public final class ScalarElementwise implements Elementwise {
    private static final int BLOCK = 1024;

    @Override
    public void unary(Unary f, float[] x, int xo, int xs, float[] y, int yo, int n) {
        if (xs == 1 && xo == yo) {
            apply(f, x, y, yo, yo + n);
            return;
        }
        for (int i = 0; i < n; i += BLOCK) {
            int end = Math.min(n, i + BLOCK);
            copy(x, xo + i * xs, xs, y, yo + i, end - i);
            apply(f, y, y, yo + i, yo + end);
        }
    }

    @Override
    public void binary(Binary f, float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
        if (as == 1 && bs == 1 && ao == yo && bo == yo) {
            apply(f, a, b, y, yo, yo + n);
            return;
        }
        float[] p = new float[Math.min(n, BLOCK)];
        float[] q = new float[p.length];
        for (int i = 0; i < n; i += BLOCK) {
            int m = Math.min(n - i, BLOCK);
            copy(a, ao + i * as, as, p, 0, m);
            copy(b, bo + i * bs, bs, q, 0, m);
            apply(f, p, q, p, 0, m);
            copy(p, 0, 1, y, yo + i, m);
        }
    }

    @Override
    public void copy(float[] x, int xo, int xs, float[] y, int yo, int n) {
        if (xs == 1) {
            System.arraycopy(x, xo, y, yo, n);
        } else if (xs == 0 && n > 0) {
            Arrays.fill(y, yo, yo + n, x[xo]);
        } else {
            for (int i = 0; i < n; i++) {
                y[yo + i] = x[xo + i * xs];
            }
        }
    }

    @Override
    public void affine(float[] x, int xo, float scale, float shift, float[] y, int yo, int n) {
        for (int i = 0; i < n; i++) {
            y[yo + i] = Math.fma(x[xo + i], scale, shift);
        }
    }

    @Override
    public void axpy(float a, float[] x, int xo, float[] y, int yo, int n) {
        if (xo == yo) {
            axpy(a, x, y, yo, yo + n);
            return;
        }
        for (int i = 0; i < n; i++) {
            y[yo + i] = Math.fma(a, x[xo + i], y[yo + i]);
        }
    }

    private static void axpy(float a, float[] x, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = Math.fma(a, x[i], y[i]);
        }
    }

    @Override
    public void select(float[] condition, int co, float[] a, int ao, float otherwise, float[] y, int yo, int n) {
        for (int i = 0; i < n; i++) {
            y[yo + i] = condition[co + i] != 0f ? a[ao + i] : otherwise;
        }
    }

    @Override
    public void dropout(long key, long first, int threshold, float scale, float[] x, int xo, float[] y, int yo, int n) {
        int[] words = new int[4];
        for (int i = 0; i < n;) {
            int lane = (int) (first + i) & 3;
            Philox.block(key, (first + i) >>> 2, words);
            for (; lane < 4 && i < n; lane++, i++) {
                y[yo + i] = Integer.compareUnsigned(words[lane], threshold) >= 0 ? x[xo + i] * scale : 0f;
            }
        }
    }

    private static void apply(Unary f, float[] x, float[] y, int from, int to) {
        switch (f) {
            case NEGATE -> negate(x, y, from, to);
            case ABS -> abs(x, y, from, to);
            case SQUARE -> square(x, y, from, to);
            case SQRT -> sqrt(x, y, from, to);
            case RECIPROCAL -> reciprocal(x, y, from, to);
            case EXP -> exp(x, y, from, to);
            case LOG -> log(x, y, from, to);
            case TANH -> tanh(x, y, from, to);
            case ERF -> erf(x, y, from, to);
            case SIGMOID -> sigmoid(x, y, from, to);
            case RELU -> relu(x, y, from, to);
            case GELU -> gelu(x, y, from, to);
            case GELU_TANH -> geluTanh(x, y, from, to);
            case SOFTPLUS -> softplus(x, y, from, to);
        }
    }

    private static void apply(Binary f, float[] a, float[] b, float[] y, int from, int to) {
        switch (f) {
            case PLUS -> plus(a, b, y, from, to);
            case MINUS -> minus(a, b, y, from, to);
            case TIMES -> times(a, b, y, from, to);
            case DIVIDE -> divide(a, b, y, from, to);
            case MAXIMUM -> maximum(a, b, y, from, to);
            case MINIMUM -> minimum(a, b, y, from, to);
            case GREATER -> greater(a, b, y, from, to);
            case EQUAL -> equal(a, b, y, from, to);
            case TANH_GRADIENT -> tanhGradient(a, b, y, from, to);
            case SIGMOID_GRADIENT -> sigmoidGradient(a, b, y, from, to);
            case RELU_GRADIENT -> reluGradient(a, b, y, from, to);
            case GELU_GRADIENT -> geluGradient(a, b, y, from, to);
            case GELU_TANH_GRADIENT -> geluTanhGradient(a, b, y, from, to);
        }
    }

    private static void negate(float[] x, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = -x[i];
        }
    }

    private static void abs(float[] x, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = Math.abs(x[i]);
        }
    }

    private static void square(float[] x, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = x[i] * x[i];
        }
    }

    private static void sqrt(float[] x, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = (float) Math.sqrt(x[i]);
        }
    }

    private static void reciprocal(float[] x, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = 1f / x[i];
        }
    }

    private static void exp(float[] x, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = ScalarMath.exp(x[i]);
        }
    }

    private static void log(float[] x, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = ScalarMath.log(x[i]);
        }
    }

    private static void tanh(float[] x, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = ScalarMath.tanh(x[i]);
        }
    }

    private static void erf(float[] x, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = ScalarMath.erf(x[i]);
        }
    }

    private static void sigmoid(float[] x, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = ScalarMath.sigmoid(x[i]);
        }
    }

    private static void relu(float[] x, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = ScalarMath.relu(x[i]);
        }
    }

    private static void gelu(float[] x, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = ScalarMath.gelu(x[i]);
        }
    }

    private static void geluTanh(float[] x, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = ScalarMath.geluTanh(x[i]);
        }
    }

    private static void softplus(float[] x, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = ScalarMath.softplus(x[i]);
        }
    }

    private static void plus(float[] a, float[] b, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = a[i] + b[i];
        }
    }

    private static void minus(float[] a, float[] b, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = a[i] - b[i];
        }
    }

    private static void times(float[] a, float[] b, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = a[i] * b[i];
        }
    }

    private static void divide(float[] a, float[] b, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = a[i] / b[i];
        }
    }

    private static void maximum(float[] a, float[] b, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = Math.max(a[i], b[i]);
        }
    }

    private static void minimum(float[] a, float[] b, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = Math.min(a[i], b[i]);
        }
    }

    private static void greater(float[] a, float[] b, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = a[i] > b[i] ? 1f : 0f;
        }
    }

    private static void equal(float[] a, float[] b, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = a[i] == b[i] ? 1f : 0f;
        }
    }

    private static void tanhGradient(float[] a, float[] b, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = b[i] * Math.fma(-a[i], a[i], 1f);
        }
    }

    private static void sigmoidGradient(float[] a, float[] b, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = b[i] * Math.fma(-a[i], a[i], a[i]);
        }
    }

    private static void reluGradient(float[] a, float[] b, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = a[i] > 0f ? b[i] : 0f;
        }
    }

    private static void geluGradient(float[] a, float[] b, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = b[i] * ScalarMath.geluGradient(a[i]);
        }
    }

    private static void geluTanhGradient(float[] a, float[] b, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = b[i] * ScalarMath.geluTanhGradient(a[i]);
        }
    }
}
