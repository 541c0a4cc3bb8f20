package dev.headstart.bench.workload;

import dev.headstart.tensor.Tensor;
import java.util.function.Supplier;

/// Something to be timed.
///
/// @param name what it is, with its sizes
/// @param bound which ceiling it is held against
/// @param amount what one run cannot do without: floating-point operations, or bytes read and written
/// @param setUp makes the operands, which may be large; what it gives is what is timed
public record Workload(String name, Bound bound, double amount, Supplier<Work> setUp) {
    /// The first words of the name, without sizes: `conv fwd`.
    public String kind() {
        return name.replaceFirst(" \\S*\\d.*", "");
    }

    /// What limits a workload.
    public enum Bound {
        /// arithmetic
        COMPUTE("GFLOP/s"),
        /// memory
        MEMORY("GB/s");

        private final String unit;

        Bound(String unit) {
            this.unit = unit;
        }

        /// What speed is counted in, 10⁹ of it.
        public String unit() {
            return unit;
        }
    }

    /// One run: the result, or a training step's loss.
    @FunctionalInterface
    public interface Work {
        /// Does the work.
        Tensor run();
    }
}
