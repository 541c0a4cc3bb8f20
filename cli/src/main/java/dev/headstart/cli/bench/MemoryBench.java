package dev.headstart.cli.bench;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Measures memory, each workload and each side in a process of its own: within one, garbage of one workload and pages that another has given
/// back would count for the next.
///
/// A process is this one's command with other arguments, so it has the same heap. The allocator under a peer is left as the system has it:
/// what the launcher tells it for the sake of speed makes it keep more.
public final class MemoryBench {
    private static final List<String> MAIN = List.of("dev.headstart.cli.Main", "dev.headstart.cli/dev.headstart.cli.Main");

    private final List<String> command;
    private final List<String> options;
    private final Consumer<String> failures;

    /// @param command runs the command line, see [#command]
    /// @param options of the command line, such as the number of threads
    /// @param failures is told in a sentence why a process has failed
    public MemoryBench(List<String> command, List<String> options, Consumer<String> failures) {
        this.command = List.copyOf(command);
        this.options = List.copyOf(options);
        this.failures = failures;
    }

    /// The command of this process up to its main class: Java, its options, where the classes are.
    ///
    /// @throws IOException when the system does not tell, or something else was started
    public static List<String> command() throws IOException {
        ProcessHandle.Info info = ProcessHandle.current().info();
        List<String> command = new ArrayList<>();
        info.command().ifPresent(command::add);
        info.arguments().ifPresent(arguments -> command.addAll(List.of(arguments)));
        return untilMain(command).orElseThrow(() -> new IOException(
                "bench --memory: how this process was started cannot be told: start it with ./headstart, on Linux or macOS"));
    }

    static Optional<List<String>> untilMain(List<String> command) {
        return MAIN.stream().map(command::indexOf).filter(at -> at >= 0).findFirst().map(at -> command.subList(0, at + 1));
    }

    /// What a command gives Java but for the places of classes.
    public static String options(List<String> command) {
        List<String> options = command.subList(1, command.size());
        return String.join(" ", options.stream().takeWhile(option -> !List.of("-p", "-cp").contains(option)).toList());
    }

    /// Starts a process for our side, and one for the peer's if it is wanted.
    public Footprint measure(String workload, boolean peers) throws IOException {
        return new Footprint(workload, run(workload, false), peers ? run(workload, true) : null);
    }

    private @Nullable Memory run(String workload, boolean peer) throws IOException {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of("bench", "--memory-of", workload));
        all.addAll(options);
        if (peer) {
            all.add("--peers");
        }
        ProcessBuilder builder = new ProcessBuilder(all).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("MALLOC_"));
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), Charset.defaultCharset());
        Optional<Memory> memory = ended(process) == 0 ? Memory.parse(output) : Optional.empty();
        if (memory.isEmpty()) {
            failures.accept(workload + (peer ? " by the peer: " : ": ") + output.lines().reduce("no word", (a, b) -> b));
        }
        return memory.orElse(null);
    }

    private static int ended(Process process) throws IOException {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("bench --memory: interrupted");
        }
    }
}
