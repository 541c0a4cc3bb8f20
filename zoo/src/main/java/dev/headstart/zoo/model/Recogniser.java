package dev.headstart.zoo.model;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/// Recognises the weight files that hold a network of one kind. Each stands beside its network; [dev.headstart.zoo.Architectures] lists
/// them.
@FunctionalInterface
public interface Recogniser {
    /// The network whose names and shapes these are, with its sizes; nothing when there is none. No tensor is read and no weight is drawn
    /// ([Architecture#fitting]).
    Optional<Architecture> recognise(TensorShapes shapes);

    /// What `model_type` is in the `config.json` of such networks; nothing when they have none.
    default Set<String> modelTypes() {
        return Set.of();
    }

    /// The network whose names and shapes these are, with what its `config.json` says and shapes do not.
    ///
    /// @param config of one of the [#modelTypes]
    /// @throws IOException when no network here can be built from the configuration
    default Optional<Architecture> recognise(TensorShapes shapes, Settings config) throws IOException {
        return recognise(shapes);
    }
}
