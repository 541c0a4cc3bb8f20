package dev.headstart.tensor.machine;

import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Workers;
import dev.headstart.tensor.kernel.Gemm;
import dev.headstart.tensor.kernel.Kernels;
import dev.headstart.tensor.kernel.Matrices;
import dev.headstart.tensor.kernel.Unary;
import dev.headstart.tensor.kernel.choice.KernelChoice;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// SIMD against scalar kernels in this very JVM, on one thread: are the bits the same, and how fast is each?
///
/// The two are timed in short turns and the fastest turn of each counts: what else the machine does can only slow a turn down.
public final class SelfTest {
    private static final int ROUNDS = 41;
    private static final long WARM_UP_NANOS = 300_000_000;
    private static final long MOST_WARM_UP_NANOS = 3_000_000_000L;
    private static final long SAMPLE_NANOS = 1_500_000;

    private final Kernels scalar = KernelChoice.scalar();
    private final @Nullable Kernels simd;

    private SelfTest(@Nullable Kernels simd) {
        this.simd = simd;
    }

    /// What one kernel did.
    ///
    /// @param kernel what was computed, with sizes
    /// @param unit what the speeds count, each second, in units of 10⁹
    /// @param scalar speed of the scalar twin
    /// @param simd speed of the SIMD twin; 0 when there is none here
    /// @param sameBits whether both gave the same bits; true when there is no SIMD twin
    public record Result(String kernel, String unit, double scalar, double simd, boolean sameBits) {
        /// How many times as fast as scalar SIMD is; 0 when there is no SIMD twin.
        public double ratio() {
            return simd / scalar;
        }
    }

    private interface Work {
        float[] with(Kernels kernels);
    }

    /// One thing to compute. Every run gives the same array, written anew whatever was in it.
    private record Job(String kernel, String unit, double amount, Work work) {}

    /// Runs the test, which takes some seconds.
    public static List<Result> run() {
        SelfTest test = new SelfTest(KernelChoice.simd());
        return List.of(test.measure(exp(100_003)), test.measure(product(256)), test.measure(softmax(256, 1003)));
    }

    private static Job exp(int n) {
        float[] x = normal("exp", n, 20f);
        float[] y = new float[n];
        return new Job("exp of " + n + " numbers", "G elements/s", n, k -> {
            k.elementwise().unary(Unary.EXP, x, 0, 1, y, 0, n);
            return y;
        });
    }

    private static Job product(int n) {
        float[] a = normal("a", n * n, 1f);
        float[] b = normal("b", n * n, 1f);
        float[] c = new float[n * n];
        return new Job("product [" + n + ", " + n + "] · [" + n + ", " + n + "]", "GFLOP/s", 2.0 * n * n * n, k -> {
            Gemm gemm = k.gemm();
            Arrays.fill(c, 0f);
            gemm.multiply(Workers.sequential(), n, n, n, Matrices.rows(a, n), Matrices.rows(b, n), Matrices.rows(c, n));
            return c;
        });
    }

    private static Job softmax(int rows, int n) {
        float[] x = normal("softmax", rows * n, 4f);
        float[] y = new float[rows * n];
        return new Job("softmax of " + rows + " rows of " + n, "G elements/s", (double) rows * n, k -> {
            k.softmax().softmax(x, 0, y, 0, rows, n);
            return y;
        });
    }

    private static float[] normal(String name, int n, float deviation) {
        return RandomStream.of(1).child(name).normal(Shape.of(n), 0f, deviation).toArray();
    }

    private Result measure(Job job) {
        int scalarTimes = warmUp(job, scalar);
        double scalarNanos = Double.POSITIVE_INFINITY;
        @Nullable
        Kernels other = simd;
        if (other == null) {
            for (int i = 0; i < ROUNDS; i++) {
                scalarNanos = Math.min(scalarNanos, nanos(job, scalar, scalarTimes));
            }
            return new Result(job.kernel, job.unit, job.amount / scalarNanos, 0, true);
        }
        float[] expected = job.work.with(scalar).clone();
        int simdTimes = warmUp(job, other);
        Arrays.fill(job.work.with(other), Float.NaN); // a kernel that writes nothing must not pass
        boolean same = sameBits(expected, job.work.with(other));
        double simdNanos = Double.POSITIVE_INFINITY;
        for (int i = 0; i < ROUNDS; i++) {
            scalarNanos = Math.min(scalarNanos, nanos(job, scalar, scalarTimes));
            simdNanos = Math.min(simdNanos, nanos(job, other, simdTimes));
        }
        return new Result(job.kernel, job.unit, job.amount / scalarNanos, job.amount / simdNanos, same);
    }

    /// Runs a job until it has not become faster for a while, so until it is compiled; returns how often it is to be run for one sample.
    private static int warmUp(Job job, Kernels kernels) {
        long start = System.nanoTime();
        long now = start;
        long fastest = Long.MAX_VALUE;
        long improved = start;
        while (now - improved < WARM_UP_NANOS && now - start < MOST_WARM_UP_NANOS) {
            long last = now;
            job.work.with(kernels);
            now = System.nanoTime();
            if (now - last < 0.9 * fastest) {
                fastest = now - last;
                improved = now;
            }
        }
        return (int) Math.max(1, SAMPLE_NANOS / Math.max(1, fastest));
    }

    /// Nanoseconds of one run.
    private static double nanos(Job job, Kernels kernels, int times) {
        long start = System.nanoTime();
        for (int i = 0; i < times; i++) {
            job.work.with(kernels);
        }
        return (double) (System.nanoTime() - start) / times;
    }

    private static boolean sameBits(float[] a, float[] b) {
        for (int i = 0; i < a.length; i++) {
            if (Float.floatToRawIntBits(a[i]) != Float.floatToRawIntBits(b[i])) {
                return false;
            }
        }
        return true;
    }
}
