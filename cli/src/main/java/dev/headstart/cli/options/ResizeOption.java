package dev.headstart.cli.options;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The option that says in which size a network sees images.
public final class ResizeOption {
    @Option(names = "--resize", paramLabel = "N",
            description = "Shorter side to resize images to, before a square of it is cut out (default: as the weights expect).")
    private @Nullable Integer resize;

    /// Refuses what makes no sense.
    public void check(Checks checks) {
        checks.atLeast(8, "--resize", resize == null ? 8 : resize);
    }

    /// As given; null for what the weights expect.
    public @Nullable Integer given() {
        return resize;
    }
}
