package dev.headstart.bench.measure;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Measures memory, each workload and each side in a process of its own: within one, garbage of one workload and pages that another has given
/// back would count for the next.
///
/// The allocator under a peer is left as the system has it: what the launcher tells it for the sake of speed makes it keep more.
public final class MemoryBench {
    private final ProcessCommand command;
    private final Consumer<String> failures;

    /// What starts a process that measures one side of one workload, and prints the [line][Memory#line()].
    @FunctionalInterface
    public interface ProcessCommand {
        /// A program and its arguments.
        ///
        /// @param workload its name
        /// @param peer whether the peer does the work
        List<String> of(String workload, boolean peer);
    }

    /// @param failures receives the reason why a process failed, one sentence
    public MemoryBench(ProcessCommand command, Consumer<String> failures) {
        this.command = command;
        this.failures = failures;
    }

    /// Starts a process for our side, and one for the peer's if it is wanted.
    public Footprint measure(String workload, boolean peers) throws IOException {
        return new Footprint(workload, run(workload, false), peers ? run(workload, true) : null);
    }

    private @Nullable Memory run(String workload, boolean peer) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command.of(workload, peer)).redirectErrorStream(true);
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
