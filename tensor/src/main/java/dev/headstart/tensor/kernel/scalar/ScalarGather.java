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
        for (int r = 0; r < rows; r++) {
            int id = ids[ido + r];
            for (int j = from; id >= 0 && j < to; j++) {
                table.set(id * n + j, table.get(id * n + j) + x.get(r * n + j));
            }
        }
    }
}
