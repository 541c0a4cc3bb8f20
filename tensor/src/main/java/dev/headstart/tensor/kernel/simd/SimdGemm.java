package dev.headstart.tensor.kernel.simd;

import dev.headstart.tensor.Workers;
import dev.headstart.tensor.kernel.Gemm;

final class SimdGemm implements Gemm {
    @Override
    public void multiply(Workers workers, int batch, int m, int n, int k,
            float[] a, int[] aOffsets, int aRowStride, int aColumnStride,
            float[] b, int[] bOffsets, int bRowStride, int bColumnStride,
            float[] c, int[] cOffsets, int cRowStride) {
        throw new UnsupportedOperationException();
    }
}
