package dev.headstart.cli.options;

import dev.headstart.cli.terminal.Notes;
import dev.headstart.task.model.Pretrained;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The option that says which part of a weight file is the network.
public final class PartOption {
    @Option(names = "--part", paramLabel = "NAME",
            description = {"The part of the weight file that is the network, as the names of its tensors begin:",
                "state_dict_ema, encoder_q (default: the part that makes a known network)."})
    private @Nullable String part;

    /// Opens a network, and says what is left off and left out of its file.
    ///
    /// @param config its configuration; null for the one beside it
    /// @throws IOException when it cannot be read, is none, or which part is meant is not known
    public Pretrained open(Path from, @Nullable Path config) throws IOException {
        Pretrained network = Pretrained.open(from, config, part);
        Notes.say(network.notes());
        return network;
    }

    /// As given; null for the part that fits.
    public @Nullable String given() {
        return part;
    }
}
