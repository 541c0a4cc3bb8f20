package dev.headstart.cli.bench;

import dev.headstart.cli.bench.Measurement.Round;
import dev.headstart.cli.bench.Workload.Work;
import dev.headstart.tensor.Ceilings;
import dev.headstart.tensor.Workers;
import java.util.ArrayList;
import java.util.List;

/// Times workloads beside their ceiling: probe, work, probe, work, …
///
/// Figures of different moments of one machine differ by a fifth and more, so each run is divided by the ceiling of its own round
/// (duet benchmarking: Bulej et al. 2020, arXiv 2001.05811). A workload is run until it no longer becomes faster before it counts.
public final class Bench {
    private static final int LEAST_RUNS = 5;
    private static final int MOST_ROUNDS = 2000;
    private static final double WARM_UP = 2;
    private static final double MOST_WARM_UP = 15;
    private static final double SAMPLE = 0.004;

    private final Workers workers;
    private final Ceilings ceilings;
    private final double seconds;

    /// @param workers what computes, and what the ceilings are of
    /// @param seconds how long each workload is measured, after its warm-up
    public Bench(Workers workers, double seconds) {
        this.workers = workers;
        this.ceilings = Ceilings.of(workers);
        this.seconds = seconds;
    }

    /// Warms a workload up and measures it.
    public Measurement measure(Workload workload) {
        return workers.call(() -> {
            Work work = workload.setUp().get();
            int runs = warmUp(work);
            List<Round> rounds = new ArrayList<>();
            long start = System.nanoTime();
            while (rounds.size() < LEAST_RUNS || (since(start) < seconds && rounds.size() < MOST_ROUNDS)) {
                double ceiling = switch (workload.bound()) {
                    case COMPUTE -> ceilings.flops();
                    case MEMORY -> ceilings.bytesPerSecond();
                };
                rounds.add(new Round(ceiling, time(work, runs)));
            }
            return new Measurement(workload, rounds);
        });
    }

    /// Runs until there has been no gain for a while, so until it is compiled; returns how many runs make a sample.
    private static int warmUp(Work work) {
        long start = System.nanoTime();
        long improved = start;
        double fastest = Double.POSITIVE_INFINITY;
        int runsSince = 0;
        while ((since(improved) < WARM_UP || runsSince < LEAST_RUNS) && since(start) < MOST_WARM_UP) {
            double time = time(work, 1);
            runsSince++;
            if (time < 0.97 * fastest) {
                fastest = time;
                improved = System.nanoTime();
                runsSince = 0;
            }
        }
        return (int) Math.max(1, Math.ceil(SAMPLE / fastest));
    }

    /// Seconds of one run, the mean of several in a row.
    private static double time(Work work, int runs) {
        long start = System.nanoTime();
        for (int i = 0; i < runs; i++) {
            work.run();
        }
        return Math.max(1e-9, since(start)) / runs;
    }

    private static double since(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
