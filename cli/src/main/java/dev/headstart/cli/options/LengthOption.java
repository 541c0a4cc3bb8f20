package dev.headstart.cli.options;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The option that says how much of a text a network reads.
public final class LengthOption {
    @Option(names = "--max-length", paramLabel = "N",
            description = "Tokens of a text that are read; the rest is cut (default: as the network was\nfine-tuned with, or 128).")
    private @Nullable Integer maxLength;

    /// Refuses what makes no sense.
    public void check(Checks checks) {
        checks.atLeast(2, "--max-length", maxLength == null ? 2 : maxLength);
    }

    /// As many as were given; null for the default.
    public @Nullable Integer given() {
        return maxLength;
    }

    /// As many as were given, or 128.
    int orDefault() {
        return maxLength == null ? 128 : maxLength;
    }
}
