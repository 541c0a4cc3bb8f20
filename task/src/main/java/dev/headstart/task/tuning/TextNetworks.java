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

    /// What the network's own head tells apart, in the order of its outputs; empty where it has none.
    List<String> labels();

    /// Labels of examples in the order of the network's own head, where that is of these labels, or of more and is to be kept.
    ///
    /// @param names the labels of the examples
    /// @param kept whether the head is to be kept in any case
    default List<String> ordered(List<String> names, boolean kept) {
        List<String> own = labels();
        return own.containsAll(names) && (kept || own.size() == names.size()) ? own : names;
    }

    @Override
    default String noun() {
        return "texts";
    }
}
