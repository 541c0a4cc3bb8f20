package dev.headstart.task.tuning;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// A pre-trained network for texts, with its vocabulary.
public interface TextNetworks extends HeadedNetworks<List<int[]>> {
    /// Token ids of a text.
    int[] ids(String text);

    /// The token that stands for what the vocabulary lacks, where there is one.
    OptionalInt unknown();

    /// What the network depends on, by name: hashes of files, sizes. They must be the same when a run is resumed.
    ///
    /// @throws IOException when a file cannot be read
    Map<String, Object> facts(Initialization initialization) throws IOException;

    @Override
    default String noun() {
        return "texts";
    }
}
