package dev.headstart.cli;

import dev.headstart.io.Weights;
import dev.headstart.tensor.RandomStream;
import dev.headstart.zoo.Architecture;
import dev.headstart.zoo.Architectures;
import dev.headstart.zoo.Published;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A weight file together with the network it belongs to.
///
/// @param weights the file
/// @param architecture the network
record PublishedModel(Weights weights, Architecture architecture) {
    /// Opens a weight file and tells its network: by the configuration, if one is given, else by the names and shapes of its tensors.
    ///
    /// @throws IOException when the file cannot be read, or is of no network known here
    static PublishedModel open(Path from, @Nullable Path config) throws IOException {
        Weights weights = Weights.open(from);
        if (config != null) {
            throw new IOException(config + ": TODO");
        }
        return new PublishedModel(weights, Architectures.of(weights).orElseThrow(() -> new IOException(from
                + ": its tensors are those of no network known here (headstart inspect lists them); if it is a BERT, GPT-2 or Keras model, give --config")));
    }

    /// The network with the file's weights.
    Published load() throws IOException {
        Published network = architecture.build(RandomStream.of(0)); // nothing is drawn: all weights come from the file
        network.load(weights);
        return network;
    }
}
