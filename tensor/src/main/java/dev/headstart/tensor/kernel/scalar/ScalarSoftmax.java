package dev.headstart.tensor.kernel.scalar;

import dev.headstart.tensor.kernel.Softmax;

final class ScalarSoftmax implements Softmax {
    @Override
    public void softmax(float[] x, int xo, float[] y, int yo, int rows, int n) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void softmaxGradient(float[] y, int yo, float[] dY, int dYo, float[] dX, int dXo, int rows, int n) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void logSoftmax(float[] x, int xo, float[] y, int yo, int rows, int n) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void logSoftmaxGradient(float[] y, int yo, float[] dY, int dYo, float[] dX, int dXo, int rows, int n) {
        throw new UnsupportedOperationException();
    }
}
