package dev.headstart.zoo.model;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Networks of one kind, which recognise the files that hold one of them. Each stands beside its network; [dev.headstart.zoo.Architectures] lists them.
@FunctionalInterface
public interface Family {
    /// The network of this family whose names and shapes these are, with its sizes; nothing when there is none. No tensor is read and no weight is drawn
    /// ([Architecture#fitting]).
    ///
    /// @param config what the `config.json` beside the weights says, for what shapes do not tell; null when there is none
    /// @throws IOException when the configuration is this family's, but no network here can be built from it
    Optional<Architecture> recognise(TensorShapes shapes, @Nullable Settings config) throws IOException;
}
