package dev.headstart.bench.measure;

import dev.headstart.bench.measure.Measurement.Round;
import dev.headstart.bench.workload.Workload;
import dev.headstart.bench.workload.Workload.Work;
import dev.headstart.tensor.Workers;
import dev.headstart.tensor.Workspace;
import dev.headstart.tensor.machine.Ceilings;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// Times workloads beside their ceiling, and beside a peer if there is one: probe, work, peer, peer, probe, work, …
///
/// Figures of different moments of one machine differ by a fifth and more, so each run is divided by the ceiling of its own round
/// (duet benchmarking: Bulej et al. 2020, arXiv 2001.05811). A workload is run until it no longer becomes faster before it counts.
public final class Bench {
    private static final int LEAST_RUNS = 5;
    private static final int MOST_ROUNDS = 2000;
    private static final double WARM_UP = 2;
    private static final double MOST_WARM_UP = 15;
    private static final double SAMPLE = 0.004;

    /// Time in which the threads of the engine that was just measured go to sleep.
    private static final long QUIET_NANOS = 8_000_000;

    private final Workers workers;
    private final Ceilings ceilings;
    private final double seconds;
    private final @Nullable Peer peer;

    /// @param workers what computes, and what the ceilings are of
    /// @param seconds how long each workload is measured, after its warm-up; less than a second shortens the warm-up as much
    /// @param peer what takes turns with us, or null
    public Bench(Workers workers, double seconds, @Nullable Peer peer) {
        this.workers = workers;
        this.ceilings = Ceilings.of(workers);
        this.seconds = seconds;
        this.peer = peer;
    }

    /// Warms a workload up and measures it.
    public Measurement measure(Workload workload) {
        return workers.call(() -> {
            ceiling(workload); // whose arrays are not the workload's
            long liveBefore = Memory.liveHeap();
            Work work = workload.setUp().get();
            Workspace workspace = new Workspace();
            Side ours = warm(times -> {
                for (int i = 0; i < times; i++) {
                    workspace.run(work::run);
                }
            });
            if (peer == null) {
                return measure(workload, ours, null, liveBefore);
            }
            Optional<Peer.Runs> prepared = peer.prepare(workload.name(), workers.threads());
            if (prepared.isEmpty()) {
                return measure(workload, ours, null, liveBefore);
            }
            try (Peer.Runs theirs = prepared.get()) {
                return measure(workload, ours, warm(theirs::run), liveBefore);
            }
        });
    }

    /// @param liveBefore bytes of the heap that were in use before the workload was made
    private Measurement measure(Workload workload, Side ours, @Nullable Side theirs, long liveBefore) {
        List<Round> rounds = new ArrayList<>();
        long start = System.nanoTime();
        while (rounds.size() < LEAST_RUNS || (since(start) < seconds && rounds.size() < MOST_ROUNDS)) {
            boolean theyBegin = rounds.size() % 2 == 1;
            double before = theyBegin ? turn(theirs) : Double.NaN;
            double ceiling = ceiling(workload);
            double time = theirs == null ? ours.time() : turn(ours);
            rounds.add(new Round(ceiling, time, theyBegin ? before : turn(theirs)));
        }
        try {
            return new Measurement(workload, rounds, Math.max(0, Memory.liveHeap() - liveBefore));
        } finally {
            Reference.reachabilityFence(ours); // and with it the model and the workspace
        }
    }

    private Side warm(IntConsumer runs) {
        return Side.of(runs, WARM_UP * Math.min(1, seconds));
    }

    private double ceiling(Workload workload) {
        return switch (workload.bound()) {
            case COMPUTE -> ceilings.flops();
            case MEMORY -> ceilings.bytesPerSecond();
        };
    }

    /// One side's turn: it wakes its threads and fetches its operands before it is timed. NaN if there is no such side.
    private static double turn(@Nullable Side side) {
        if (side == null) {
            return Double.NaN;
        }
        for (long start = System.nanoTime(); since(start) < QUIET_NANOS / 1e9;) {
            LockSupport.parkNanos(QUIET_NANOS);
        }
        side.runs.accept(1);
        return side.time();
    }

    /// Work that is warm.
    ///
    /// @param runs does the work a number of times
    /// @param sample how many times make a sample
    private record Side(IntConsumer runs, int sample) {
        /// Runs until the time has not improved for this many seconds: until it is compiled.
        static Side of(IntConsumer runs, double patience) {
            long start = System.nanoTime();
            long improved = start;
            double fastest = Double.POSITIVE_INFINITY;
            int runsSince = 0;
            while ((since(improved) < patience || runsSince < LEAST_RUNS) && since(start) < MOST_WARM_UP) {
                double time = Bench.time(runs, 1);
                runsSince++;
                if (time < 0.97 * fastest) {
                    fastest = time;
                    improved = System.nanoTime();
                    runsSince = 0;
                }
            }
            return new Side(runs, (int) Math.max(1, Math.ceil(SAMPLE / fastest)));
        }

        double time() {
            return Bench.time(runs, sample);
        }
    }

    /// Seconds of one run, the mean of several in a row.
    private static double time(IntConsumer runs, int times) {
        long start = System.nanoTime();
        runs.accept(times);
        return Math.max(1e-9, since(start)) / times;
    }

    private static double since(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
