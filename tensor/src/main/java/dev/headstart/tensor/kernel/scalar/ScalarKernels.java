package dev.headstart.tensor.kernel.scalar;

import dev.headstart.tensor.kernel.Kernels;

/// The scalar implementation of every kernel family.
public final class ScalarKernels {
    private ScalarKernels() {}

    /// All families.
    public static Kernels create() {
        return new Kernels("scalar", 0, new ScalarGemm(), new ScalarElementwise(), new ScalarReduce(), new ScalarSoftmax(),
                new ScalarNorm(), new ScalarConv(), new ScalarChannelNorm(), new ScalarMaxPool(), new ScalarResample(), new ScalarGather(),
                new ScalarUpdate(), new ScalarFmaChains());
    }
}
