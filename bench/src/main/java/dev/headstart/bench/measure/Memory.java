package dev.headstart.bench.measure;

import dev.headstart.bench.workload.Workload;
import dev.headstart.bench.workload.Workload.Work;
import dev.headstart.tensor.Workers;
import dev.headstart.tensor.Workspace;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// What a workload needs of memory, in bytes, found in a process that does nothing else. NaN where it is not known.
///
/// @param live how much more of the heap is in use, garbage not counted, after three runs than before the model was made; a peer's memory
///     is not on the heap
/// @param start what the process had in memory before the model was made
/// @param peak the most it ever had in memory, until after three runs
public record Memory(double live, double start, double peak) {
    private static final int RUNS = 3;
    private static final String MARK = "memory";
    private static final Path STATUS = Path.of("/proc/self/status");

    /// By how much the process grew.
    public double grown() {
        return peak - start;
    }

    /// Bytes of the heap in use, garbage not counted.
    static long liveHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /// Makes a workload and runs it three times, in this process.
    public static Memory of(Workload workload, Workers workers) throws IOException {
        long before = liveHeap();
        double start = status("VmRSS");
        Workspace workspace = new Workspace();
        Work work = workload.setUp().get();
        workers.run(() -> {
            for (int i = 0; i < RUNS; i++) {
                workspace.run(work::run);
            }
        });
        try {
            double peak = status("VmHWM"); // the collection that follows may need memory of its own
            return new Memory(Math.max(0, liveHeap() - before), start, peak);
        } finally {
            Reference.reachabilityFence(work);
            Reference.reachabilityFence(workspace);
        }
    }

    /// The same for a peer; nothing if it does not know the workload.
    public static Optional<Memory> of(Peer peer, String workload, int threads) throws IOException {
        liveHeap();
        double start = status("VmRSS");
        Optional<Peer.Runs> prepared = peer.prepare(workload, threads);
        if (prepared.isEmpty()) {
            return Optional.empty();
        }
        try (Peer.Runs runs = prepared.get()) {
            runs.run(RUNS);
            return Optional.of(new Memory(Double.NaN, start, status("VmHWM")));
        }
    }

    /// A figure that Linux keeps about this process, in bytes.
    private static double status(String name) throws IOException {
        if (!Files.exists(STATUS)) {
            return Double.NaN;
        }
        return Files.readAllLines(STATUS).stream().filter(line -> line.startsWith(name + ":"))
                .mapToDouble(line -> 1024.0 * Long.parseLong(line.replaceAll("\\D", ""))).findFirst().orElse(Double.NaN);
    }

    /// One line, from which [#parse] makes it again.
    public String line() {
        return MARK + " " + live + " " + start + " " + peak;
    }

    /// What a process has written as [#line] among other things.
    static Optional<Memory> parse(String output) {
        return output.lines().filter(line -> line.startsWith(MARK + " ")).map(line -> line.split(" "))
                .map(part -> new Memory(Double.parseDouble(part[1]), Double.parseDouble(part[2]), Double.parseDouble(part[3]))).findFirst();
    }
}
