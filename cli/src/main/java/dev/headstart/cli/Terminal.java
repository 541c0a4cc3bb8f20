package dev.headstart.cli;

import dev.headstart.train.Progress;
import java.util.Objects;

/// Where a person may be watching.
final class Terminal {
    private Terminal() {}

    /// Progress on the error stream: one line that is rewritten on a terminal, else plain lines.
    static Progress progress() {
        return Objects.requireNonNull(System.console()).isTerminal()
                ? Progress.onTerminal(System.err, Progress.columns(System.getenv("COLUMNS")), System::nanoTime)
                : Progress.inLines(System.err, 10, System::nanoTime);
    }
}
