package dev.headstart.nn.transfer;

import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/// Where weights come from: their names and shapes are known before any of them is read.
public interface TransferSource {
    /// A way to read a tensor by its name.
    @FunctionalInterface
    interface Reading {
        Tensor read(String name) throws IOException;
    }

    /// The source these ways of asking make: `TransferSource.of(weights.names(), weights::shape, weights::tensor)` of a weight file.
    ///
    /// @param names of all tensors, in order
    static TransferSource of(Set<String> names, Function<String, Shape> shapes, Reading reading) {
        Set<String> own = Collections.unmodifiableSet(new LinkedHashSet<>(names));
        return new TransferSource() {
            @Override
            public Set<String> names() {
                return own;
            }

            @Override
            public Shape shape(String name) {
                return shapes.apply(name);
            }

            @Override
            public Tensor read(String name) throws IOException {
                return reading.read(name);
            }
        };
    }

    /// This source, as if these names were not in it.
    default TransferSource without(Predicate<String> excluded) {
        Set<String> kept = new LinkedHashSet<>(names());
        kept.removeIf(excluded);
        return of(kept, this::shape, this::read);
    }

    /// The names, in the source's order.
    Set<String> names();

    /// The shape of one of them.
    Shape shape(String name);

    /// Reads one of them. The tensor is new: whoever asked may keep it and change it.
    Tensor read(String name) throws IOException;
}
