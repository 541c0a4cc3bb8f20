package dev.headstart.tensor.kernel.scalar;

import dev.headstart.tensor.kernel.Gather;
import dev.headstart.tensor.kernel.Slice;

final class ScalarGather implements Gather {
    @Override
    public void gatherRows(Slice table, int[] ids, int ido, int rows, int n, Slice y) {
        for (int r = 0; r < rows; r++) {
            System.arraycopy(table.data(), table.offset() + ids[ido + r] * n, y.data(), y.offset() + r * n, n);
        }
    }

    @Override
    public void scatterAddRows(Slice x, int[] ids, int ido, int rows, int n, int from, int to, Slice table) {
        float[] given = x.data();
        float[] sums = table.data();
        for (int r = 0; r < rows; r++) {
            int id = ids[ido + r];
            int at = table.offset() + id * n;
            int xo = x.offset() + r * n;
            for (int j = from; id >= 0 && j < to; j++) {
                sums[at + j] += given[xo + j];
            }
        }
    }
}
