package dev.headstart.tensor.kernel.scalar;

import dev.headstart.tensor.kernel.Reduce;
import dev.headstart.tensor.kernel.Reduction;

final class ScalarReduce implements Reduce {
    @Override
    public void rows(Reduction f, float[] x, int xo, int rows, int n, int rowStride, float[] y, int yo) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void columns(Reduction f, float[] x, int xo, int n, int columns, int rowStride, float[] y, int yo) {
        throw new UnsupportedOperationException();
    }

    @Override
    public float dot(float[] a, int ao, float[] b, int bo, int n) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int argmax(float[] x, int xo, int n) {
        throw new UnsupportedOperationException();
    }
}
