package dev.headstart.cli;

import dev.headstart.cli.terminal.Progress;
import java.io.Console;

/// Where a person may be watching.
final class Terminal {
    private Terminal() {}

    /// Progress on the error stream: one line that is rewritten on a terminal, else plain lines.
    static Progress progress() {
        return isThere()
                ? Progress.onTerminal(System.err, Progress.columns(System.getenv("COLUMNS")), System::nanoTime)
                : Progress.inLines(System.err, 10, System::nanoTime);
    }

    @SuppressWarnings("SystemConsoleNull") // since JDK 25 the console is again null where nobody watches
    private static boolean isThere() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }
}
