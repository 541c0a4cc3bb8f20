package dev.headstart.cli.terminal;

import java.io.PrintWriter;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// What a user should know of what was found: what was left out, what was guessed. Each is a line on the error stream of the command, where
/// no sentence is said twice.
public final class Notes {
    private static final ScopedValue<Command> SCOPE = ScopedValue.newInstance();

    private Notes() {}

    private record Command(PrintWriter stream, Set<String> said) {}

    /// Calls a command whose notes go to a stream.
    public static <T> T to(PrintWriter stream, Supplier<T> command) {
        return ScopedValue.where(SCOPE, new Command(stream, ConcurrentHashMap.newKeySet())).call(command::get);
    }

    /// Says sentences, one a line, without control characters, which names in files may have; outside a command on the process's error stream.
    public static void say(List<String> sentences) {
        Command command = SCOPE.isBound()
                ? SCOPE.get()
                : new Command(new PrintWriter(System.err, true, System.err.charset()), ConcurrentHashMap.newKeySet());
        sentences.stream().map(sentence -> sentence.replaceAll("[\\p{Cc}\\p{Zl}\\p{Zp}]", "?")).filter(command.said::add)
                .forEach(sentence -> command.stream.println("note: " + sentence));
    }
}
