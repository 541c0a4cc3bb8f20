package dev.headstart.tensor.machine;

import dev.headstart.tensor.kernel.choice.KernelChoice;

/// Which kernels this JVM computes with.
///
/// @param name `"simd"` or `"scalar"`
/// @param vectorBits width of the vectors used, in bits; 0 for scalar kernels
/// @param reason why these and not the others, for people
public record Backend(String name, int vectorBits, String reason) {
    /// The kernels in use. They are chosen once, when the engine is first touched.
    public static Backend active() {
        return new Backend(KernelChoice.ACTIVE.name(), KernelChoice.ACTIVE.vectorBits(), KernelChoice.reason());
    }
}
