package dev.headstart.cli.options;

import dev.headstart.cli.data.FileKind;
import dev.headstart.task.model.Pretrained;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that say where what belongs to a network is, when it is not beside its weights.
public final class NetworkOptions {
    @Option(names = "--config", paramLabel = "FILE",
            description = "The network's configuration, Hugging Face's or Keras's JSON (default: config.json\nbeside the weights).")
    private @Nullable Path config;

    @Option(names = "--tokenizer", paramLabel = "PATH",
            description = {"Tokenizer for the texts: tokenizer.json, vocab.txt, or a folder (default: the", "folder of the weights)."})
    private @Nullable Path tokenizer;

    /// The network.
    ///
    /// @param from a weight file or a folder
    /// @throws IOException when it cannot be read, or is none
    public Pretrained open(Path from) throws IOException {
        FileKind.demandNetwork(from);
        Pretrained network = Pretrained.open(from, config);
        return tokenizer == null ? network : network.withTokenizer(tokenizer);
    }

    /// Whether a tokenizer was given.
    public boolean givesTokenizer() {
        return tokenizer != null;
    }
}
