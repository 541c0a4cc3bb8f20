package dev.headstart.tensor.machine;

import dev.headstart.tensor.Workers;
import dev.headstart.tensor.kernel.FmaChains;
import dev.headstart.tensor.kernel.choice.KernelChoice;
import java.util.function.IntConsumer;

/// What this machine gives these workers at most, measured now: arithmetic, and memory.
///
/// Clocks change within milliseconds and machines are shared, so a ceiling is only good for what ran right beside it. A measurement takes a
/// few milliseconds. For one thread.
///
/// **Arithmetic** is chains of fused multiply-adds in registers, by the active kernels; each counts as two operations. Without the vector
/// module it is what plain loops reach, which is less than the processor can do.
/// **Memory** is a copy from one large array to another; each byte counts twice, read and written. The arrays are larger than a core's own
/// caches but not than every last-level cache, so the figure may be of that cache.
public final class Ceilings {
    private static final FmaChains KERNEL = KernelChoice.ACTIVE.fmaChains();
    private static final int CHAINS = 10 * FmaChains.WIDTH;
    private static final int COPIED = 1 << 25;
    private static final int TASKS_PER_THREAD = 4;
    private static final double TASK_SECONDS = 0.0005;
    private static final double WARM_UP_SECONDS = 0.6;
    private static final double MOST_WARM_UP_SECONDS = 6;

    private final Workers workers;
    private final int tasks;
    private final float[] x;
    private int times = 16;
    private float[] from = {};
    private float[] to = {};

    private Ceilings(Workers workers) {
        this.workers = workers;
        this.tasks = TASKS_PER_THREAD * workers.threads();
        this.x = new float[tasks * CHAINS];
        warmUp();
    }

    /// Gets ready to measure with these workers, which takes a second.
    public static Ceilings of(Workers workers) {
        return new Ceilings(workers);
    }

    /// Runs the chains until there has been no gain for a while, so until they are compiled.
    private void warmUp() {
        long start = System.nanoTime();
        long improved = start;
        double most = 0;
        while (since(improved) < WARM_UP_SECONDS && since(start) < MOST_WARM_UP_SECONDS) {
            double flops = flops();
            if (flops > 1.1 * most) {
                most = flops;
                improved = System.nanoTime();
            }
        }
    }

    /// Converges to 1, so that the numbers stay ordinary.
    private void chains(int task, int howOften) {
        KERNEL.run(0.5f, 0.5f, x, task * CHAINS, CHAINS, howOften);
    }

    /// Floating-point operations a second.
    public double flops() {
        double seconds = seconds(task -> chains(task, times));
        while (seconds < 0.5 * TASKS_PER_THREAD * TASK_SECONDS) { // too short to be true
            times = (int) Math.min(1 << 24, 2L * times);
            seconds = seconds(task -> chains(task, times));
        }
        return 2.0 * tasks * CHAINS * times / seconds;
    }

    /// Bytes a second, read and written. The first call makes two arrays of 128 MiB.
    public double bytesPerSecond() {
        if (from.length == 0) {
            from = new float[COPIED];
            to = new float[COPIED];
            copy();
        }
        return 2.0 * Float.BYTES * COPIED / copy();
    }

    private double copy() {
        int length = Math.ceilDiv(COPIED, tasks);
        return seconds(task -> {
            int at = task * length;
            System.arraycopy(from, at, to, at, Math.max(0, Math.min(length, COPIED - at)));
        });
    }

    private double seconds(IntConsumer task) {
        long start = System.nanoTime();
        workers.forEach(tasks, task);
        return Math.max(1e-9, since(start));
    }

    private static double since(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
