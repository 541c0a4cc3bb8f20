package dev.headstart.tensor.kernel.scalar;

import dev.headstart.tensor.kernel.Gather;

final class ScalarGather implements Gather {
    @Override
    public void gatherRows(float[] table, int to, int[] ids, int ido, int rows, int n, float[] y, int yo) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void scatterAddRows(float[] x, int xo, int[] ids, int ido, int rows, int n, int from, int to, float[] table, int tableo) {
        throw new UnsupportedOperationException();
    }
}
