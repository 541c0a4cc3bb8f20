package dev.headstart.tensor.kernel.choice;

import dev.headstart.tensor.kernel.Kernels;
import dev.headstart.tensor.kernel.scalar.ScalarKernels;
import dev.headstart.tensor.kernel.simd.SimdKernels;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/// Which kernels compute: SIMD where the vector module is there, else scalar, or those that a system property names.
public final class KernelChoice {
    /// System property that chooses the kernels: `auto` (the default), `simd` or `scalar`. Read once, when the engine is first used.
    public static final String PROPERTY = "headstart.kernels";

    private static final Choice CHOICE = choose(System.getProperty(PROPERTY, "auto"));

    /// The kernels in use. A constant, so that calls through it are folded by the compiler.
    public static final Kernels ACTIVE = CHOICE.kernels();

    private KernelChoice() {}

    private record Choice(Kernels kernels, String reason) {}

    /// Why these kernels are active, as a sentence for people.
    public static String reason() {
        return CHOICE.reason();
    }

    /// The scalar kernels, whichever are active.
    public static Kernels scalar() {
        return ScalarKernels.create();
    }

    /// The SIMD kernels, whichever are active; null where they cannot be used.
    public static @Nullable Kernels simd() {
        return refusal() == null ? SimdKernels.create() : null;
    }

    private static Choice choose(String wanted) {
        return switch (wanted) {
            case "scalar" -> new Choice(ScalarKernels.create(), "scalar kernels were asked for");
            case "simd" -> {
                String refusal = refusal();
                if (refusal != null) {
                    throw new IllegalStateException("kernels: simd was asked for: " + refusal);
                }
                yield new Choice(SimdKernels.create(), "SIMD kernels were asked for");
            }
            case "auto" -> {
                String refusal = refusal();
                if (refusal == null) {
                    yield new Choice(SimdKernels.create(), "the vector module is there");
                }
                System.getLogger("dev.headstart").log(Level.INFO, "scalar kernels: {0}", refusal);
                yield new Choice(ScalarKernels.create(), refusal);
            }
            default -> throw new IllegalStateException("kernels: " + PROPERTY + " is '" + wanted + "': it may be auto, simd or scalar");
        };
    }

    /// Why SIMD kernels cannot be used here, or null when they can.
    private static @Nullable String refusal() {
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            return "the module jdk.incubator.vector is not there: start Java with --add-modules jdk.incubator.vector to be faster";
        }
        try {
            return SimdKernels.refusal();
        } catch (LinkageError e) {
            return "the vector module does not link: " + e;
        }
    }
}
