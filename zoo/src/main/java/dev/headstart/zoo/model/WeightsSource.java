package dev.headstart.zoo.model;

import dev.headstart.io.Weights;
import dev.headstart.nn.transfer.TransferSource;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Predicate;

/// The tensors of a weight file as a source of a transfer: shapes from its table of contents, each tensor read when it is asked for.
///
/// @param weights the file
/// @param names those of its tensors that count
public record WeightsSource(Weights weights, Set<String> names) implements TransferSource {
    public WeightsSource {
        names = Collections.unmodifiableSet(new LinkedHashSet<>(names));
    }

    /// All tensors of a file.
    public static WeightsSource of(Weights weights) {
        return new WeightsSource(weights, weights.names());
    }

    /// This source, as if these names were not in it.
    public WeightsSource without(Predicate<String> excluded) {
        Set<String> kept = new LinkedHashSet<>(names);
        kept.removeIf(excluded);
        return new WeightsSource(weights, kept);
    }

    @Override
    public Shape shape(String name) {
        return weights.shape(name);
    }

    @Override
    public Tensor read(String name) throws IOException {
        return weights.tensor(name);
    }
}
