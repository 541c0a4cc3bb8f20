package dev.headstart.tensor.kernel.scalar;

import dev.headstart.tensor.kernel.Binary;
import dev.headstart.tensor.kernel.Elementwise;
import dev.headstart.tensor.kernel.Unary;

final class ScalarElementwise implements Elementwise {
    @Override
    public void unary(Unary f, float[] x, int xo, int xs, float[] y, int yo, int n) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void binary(Binary f, float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void copy(float[] x, int xo, int xs, float[] y, int yo, int n) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void affine(float[] x, int xo, float scale, float shift, float[] y, int yo, int n) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void axpy(float a, float[] x, int xo, float[] y, int yo, int n) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void select(float[] condition, int co, float[] a, int ao, float otherwise, float[] y, int yo, int n) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void dropout(long key, long first, int threshold, float scale, float[] x, int xo, float[] y, int yo, int n) {
        throw new UnsupportedOperationException();
    }
}
