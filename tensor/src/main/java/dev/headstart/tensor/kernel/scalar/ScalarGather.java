package dev.headstart.tensor.kernel.scalar;

import dev.headstart.tensor.kernel.Gather;

final class ScalarGather implements Gather {
    @Override
    public void gatherRows(float[] table, int to, int[] ids, int ido, int rows, int n, float[] y, int yo) {
        for (int r = 0; r < rows; r++) {
            System.arraycopy(table, to + ids[ido + r] * n, y, yo + r * n, n);
        }
    }

    @Override
    public void scatterAddRows(float[] x, int xo, int[] ids, int ido, int rows, int n, int from, int to, float[] table, int tableo) {
        for (int r = 0; r < rows; r++) {
            int id = ids[ido + r];
            for (int j = from; id >= 0 && j < to; j++) {
                table[tableo + id * n + j] += x[xo + r * n + j];
            }
        }
    }
}
