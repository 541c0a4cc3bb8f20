package dev.headstart.cli.terminal;

import java.io.PrintWriter;
import java.util.List;
import java.util.function.Supplier;

/// What a user should know of what was found: what was left out, what was guessed. Each is a line on the error stream of the command.
public final class Notes {
    private static final ScopedValue<PrintWriter> SCOPE = ScopedValue.newInstance();

    private Notes() {}

    /// Calls a command whose notes go to a stream.
    public static <T> T to(PrintWriter stream, Supplier<T> command) {
        return ScopedValue.where(SCOPE, stream).call(command::get);
    }

    /// Says sentences, one a line, without control characters, which names in files may have; outside a command on the process's error stream.
    public static void say(List<String> sentences) {
        PrintWriter stream = SCOPE.isBound() ? SCOPE.get() : new PrintWriter(System.err, true, System.err.charset());
        sentences.forEach(sentence -> stream.println("note: " + sentence.replaceAll("[\\p{Cc}\\p{Zl}\\p{Zp}]", "?")));
    }
}
