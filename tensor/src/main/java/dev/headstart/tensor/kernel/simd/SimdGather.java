package dev.headstart.tensor.kernel.simd;

import static dev.headstart.tensor.kernel.simd.Lanes.SPECIES;
import static dev.headstart.tensor.kernel.simd.Lanes.WIDTH;
import static jdk.incubator.vector.FloatVector.fromArray;

import dev.headstart.tensor.kernel.Gather;
import dev.headstart.tensor.kernel.Slice;

final class SimdGather implements Gather {
    @Override
    public void gatherRows(Slice table, int[] ids, int ido, int rows, int n, Slice y) {
        for (int r = 0; r < rows; r++) {
            System.arraycopy(table.data(), table.offset() + ids[ido + r] * n, y.data(), y.offset() + r * n, n);
        }
    }

    @Override
    public void scatterAddRows(Slice x, int[] ids, int ido, int rows, int n, int from, int to, Slice table) {
        for (int r = 0; r < rows; r++) {
            if (ids[ido + r] >= 0) {
                add(x.data(), x.offset() + r * n + from, table.data(), table.offset() + ids[ido + r] * n + from, to - from);
            }
        }
    }

    private static void add(float[] x, int xo, float[] y, int yo, int n) {
        int i = 0;
        for (; i + WIDTH <= n; i += WIDTH) {
            fromArray(SPECIES, y, yo + i).add(fromArray(SPECIES, x, xo + i)).intoArray(y, yo + i);
        }
        for (; i < n; i++) {
            y[yo + i] += x[xo + i];
        }
    }
}
