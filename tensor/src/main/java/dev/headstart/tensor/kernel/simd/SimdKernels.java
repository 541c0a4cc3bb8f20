package dev.headstart.tensor.kernel.simd;

import dev.headstart.tensor.kernel.Kernels;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/// The SIMD implementation of every kernel family.
public final class SimdKernels {
    private SimdKernels() {}

    /// All families.
    public static Kernels create() {
        return new Kernels("simd", FloatVector.SPECIES_PREFERRED.vectorBitSize(), new SimdGemm(), new SimdElementwise(), new SimdReduce(),
                new SimdSoftmax(), new SimdNorm(), new SimdConv(), new SimdChannelNorm(), new SimdMaxPool(), new SimdResample(),
                new SimdGather(), new SimdUpdate(), new SimdFmaChains());
    }

    /// Why vectors would not be faster than plain loops on this JVM, or null when they are.
    public static @Nullable String refusal() {
        int floats = FloatVector.SPECIES_PREFERRED.length();
        if (floats < 4) {
            return "this processor offers vectors of less than 128 bits";
        }
        if (floats > 16) {
            return "this processor's vectors are of more than 512 bits, which no kernel is written for: -XX:MaxVectorSize=64 makes them 512";
        }
        return null;
    }
}
