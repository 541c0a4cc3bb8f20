package dev.headstart.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How this process was started, so that another can be started like it, with the same heap.
///
/// @param command up to its main class: Java, its options, where the classes are
record SameProgram(List<String> command) {
    private static final List<String> MAIN = List.of("dev.headstart.cli.Main", "dev.headstart.cli/dev.headstart.cli.Main");

    SameProgram {
        command = List.copyOf(command);
    }

    /// What started this process.
    ///
    /// @throws IOException when the system does not tell, or something else was started
    static SameProgram find() throws IOException {
        ProcessHandle.Info info = ProcessHandle.current().info();
        List<String> whole = new ArrayList<>();
        info.command().ifPresent(whole::add);
        info.arguments().ifPresent(arguments -> whole.addAll(List.of(arguments)));
        return in(whole).orElseThrow(() -> new IOException(
                "bench --memory: how this process was started is unknown: start it with ./headstart, on Linux or macOS"));
    }

    static Optional<SameProgram> in(List<String> whole) {
        return MAIN.stream().map(whole::indexOf).filter(at -> at >= 0).findFirst().map(at -> new SameProgram(whole.subList(0, at + 1)));
    }

    /// What Java was given but for the places of classes.
    String javaOptions() {
        return String.join(" ", command.stream().skip(1).takeWhile(option -> !List.of("-p", "-cp").contains(option)).toList());
    }

    /// The same with other arguments.
    List<String> with(List<String> arguments) {
        List<String> whole = new ArrayList<>(command);
        whole.addAll(arguments);
        return whole;
    }
}
