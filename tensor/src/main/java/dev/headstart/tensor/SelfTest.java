package dev.headstart.tensor;

import dev.headstart.tensor.kernel.Gemm;
import dev.headstart.tensor.kernel.Kernels;
import dev.headstart.tensor.kernel.Unary;
import dev.headstart.tensor.kernel.scalar.ScalarKernels;
import dev.headstart.tensor.kernel.simd.SimdKernels;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// SIMD against scalar kernels in this very JVM, on one thread: are the bits the same, and how fast is each?
///
/// The two are timed in turns, so that a busy machine slows both; figures are medians over the rounds.
public final class SelfTest {
    private static final int ROUNDS = 11;
    private static final long WARM_UP_NANOS = 200_000_000;
    private static final long SAMPLE_NANOS = 4_000_000;

    private final Kernels scalar = ScalarKernels.create();
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

    /// One thing to compute. Every run gives the same array, written anew.
    private record Job(String kernel, String unit, double amount, Work work) {}

    /// Runs the test, which takes two or three seconds.
    public static List<Result> run() {
        SelfTest test = new SelfTest(Kernels.refusal() == null ? SimdKernels.create() : null);
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
        int[] zero = {0};
        return new Job("product [" + n + ", " + n + "] · [" + n + ", " + n + "]", "GFLOP/s", 2.0 * n * n * n, k -> {
            Gemm gemm = k.gemm();
            Arrays.fill(c, 0f);
            gemm.multiply(Workers.sequential(), 1, n, n, n, a, zero, n, 1, b, zero, n, 1, c, zero, n);
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
        @Nullable
        Kernels other = simd;
        if (other == null) {
            return new Result(job.kernel, job.unit, job.amount / nanos(job, scalar, ROUNDS * scalarTimes), 0, true);
        }
        float[] expected = job.work.with(scalar).clone();
        int simdTimes = warmUp(job, other);
        boolean same = sameBits(expected, job.work.with(other));
        double[] scalarNanos = new double[ROUNDS];
        double[] simdNanos = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            scalarNanos[i] = nanos(job, scalar, scalarTimes);
            simdNanos[i] = nanos(job, other, simdTimes);
        }
        return new Result(job.kernel, job.unit, job.amount / median(scalarNanos), job.amount / median(simdNanos), same);
    }

    /// Gives the compiler time, and returns how often the job is to be run for one sample.
    private static int warmUp(Job job, Kernels kernels) {
        long start = System.nanoTime();
        long last;
        long now = start;
        do {
            last = now;
            job.work.with(kernels);
            now = System.nanoTime();
        } while (now - start < WARM_UP_NANOS);
        return (int) Math.max(1, SAMPLE_NANOS / Math.max(1, now - last));
    }

    /// Nanoseconds of one run.
    private static double nanos(Job job, Kernels kernels, int times) {
        long start = System.nanoTime();
        for (int i = 0; i < times; i++) {
            job.work.with(kernels);
        }
        return (double) (System.nanoTime() - start) / times;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
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
