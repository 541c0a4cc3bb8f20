package dev.headstart.bench;

import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.kernel.Binary;
import dev.headstart.tensor.kernel.Kernels;
import dev.headstart.tensor.kernel.Norm;
import dev.headstart.tensor.kernel.Slice;
import dev.headstart.tensor.kernel.Unary;
import dev.headstart.tensor.kernel.choice.KernelChoice;
import dev.headstart.tensor.kernel.scalar.ScalarKernels;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Kernels that go over memory once, on one thread. The counter `gigabytes` is 10⁹ bytes a second, read and written.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 5, jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "-Xmx2g"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 10, time = 1)
public class RowsBenchmark {
    /// Sizes, and why they are here.
    public enum Rows {
        /// in the first-level cache: arithmetic alone
        CACHED(8, 256),
        /// attention's scores: short rows
        SCORES(12288, 128),
        /// BERT's width
        WIDTH(4096, 768),
        /// BERT's feed-forward part: more than a core's caches
        HIDDEN(4096, 3072);

        private final int rows;
        private final int n;

        Rows(int rows, int n) {
            this.rows = rows;
            this.n = n;
        }
    }

    /// What is computed.
    public enum Function {
        /// the addition of two arrays: memory alone
        PLUS(3) {
            @Override
            void run(Kernels kernels, RowsBenchmark s) {
                kernels.elementwise().binary(Binary.PLUS, s.x, 0, 1, s.z, 0, 1, s.y, 0, s.x.length);
            }
        },
        /// e^x
        EXP(2) {
            @Override
            void run(Kernels kernels, RowsBenchmark s) {
                kernels.elementwise().unary(Unary.EXP, s.x, 0, 1, s.y, 0, s.x.length);
            }
        },
        /// GELU by the error function
        GELU(2) {
            @Override
            void run(Kernels kernels, RowsBenchmark s) {
                kernels.elementwise().unary(Unary.GELU, s.x, 0, 1, s.y, 0, s.x.length);
            }
        },
        /// softmax of each row
        SOFTMAX(2) {
            @Override
            void run(Kernels kernels, RowsBenchmark s) {
                kernels.softmax().softmax(s.x, 0, s.y, 0, s.size.rows, s.size.n);
            }
        },
        /// layer normalisation of each row
        LAYER_NORM(2) {
            @Override
            void run(Kernels kernels, RowsBenchmark s) {
                Norm.Statistics statistics = new Norm.Statistics(new Slice(s.mean, 0), new Slice(s.rstd, 0));
                kernels.norm().layerNorm(new Slice(s.x, 0), new Slice(s.z, 0), new Slice(s.z, s.size.n), 1e-5f, new Slice(s.y, 0),
                        statistics,
                        s.size.rows, s.size.n);
            }
        };

        private final int arrays;

        Function(int arrays) {
            this.arrays = arrays;
        }

        abstract void run(Kernels kernels, RowsBenchmark s);
    }

    /// Bytes gone over, for JMH to divide by the time.
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Traffic {
        /// 10⁹ bytes.
        public double gigabytes;

        /// Nothing done yet.
        @Setup(Level.Iteration)
        public void clear() {
            gigabytes = 0;
        }
    }

    /// Sizes.
    @Param
    @SuppressWarnings("NullAway.Init") // set by JMH
    public Rows size;

    /// What is computed.
    @Param
    @SuppressWarnings("NullAway.Init") // set by JMH
    public Function function;

    private float[] x = {};
    private float[] z = {};
    private float[] y = {};
    private float[] mean = {};
    private float[] rstd = {};

    /// Makes the operands, and compares the answer's bits with the scalar twin's.
    @Setup
    public void setUp() {
        RandomStream random = RandomStream.of(1);
        Shape shape = Shape.of(size.rows * size.n);
        x = random.child("x").normal(shape, 0, 1).toArray();
        z = random.child("z").normal(shape, 0, 1).toArray();
        y = new float[x.length];
        mean = new float[size.rows];
        rstd = new float[size.rows];
        function.run(ScalarKernels.create(), this);
        float[] expected = y.clone();
        Arrays.fill(y, Float.NaN); // a kernel that writes nothing must not pass
        function.run(KernelChoice.ACTIVE, this);
        SameBits.check(function + " " + size, expected, y);
    }

    /// One pass.
    @Benchmark
    public float[] pass(Traffic traffic) {
        function.run(KernelChoice.ACTIVE, this);
        traffic.gigabytes += 1e-9 * function.arrays * Float.BYTES * x.length;
        return y;
    }
}
