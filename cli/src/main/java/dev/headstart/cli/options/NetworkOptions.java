package dev.headstart.cli.options;

import dev.headstart.cli.data.FileKind;
import dev.headstart.cli.terminal.Notes;
import dev.headstart.task.folder.Tokenizers;
import dev.headstart.task.model.Pretrained;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The options that say where what belongs to a network is, when it is not beside its weights.
public final class NetworkOptions {
    @Option(names = "--config", paramLabel = "FILE",
            description = "The network's configuration, Hugging Face's or Keras's JSON (default: config.json\nbeside the weights).")
    private @Nullable Path config;

    @Option(names = "--tokenizer", paramLabel = "PATH",
            description = {"Tokenizer for the texts: tokenizer.json, vocab.txt, or a folder (default: the", "folder of the weights)."})
    private @Nullable Path tokenizer;

    @Mixin
    private final PartOption part = new PartOption();

    /// The network. What is left off and left out of its file is said.
    ///
    /// @param from a weight file or a folder
    /// @throws IOException when it cannot be read, or is none
    public Pretrained open(Path from) throws IOException {
        FileKind.demandNetwork(from);
        Pretrained network = part.open(from, config);
        Pretrained whole = tokenizer == null ? network : network.withTokenizer(tokenizer);
        Notes.say(Tokenizers.guesses(whole.tokenizerFiles()));
        return whole;
    }

    /// Whether a tokenizer was given.
    public boolean givesTokenizer() {
        return tokenizer != null;
    }
}
