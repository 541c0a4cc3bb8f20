package dev.headstart.bench;

import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Workers;
import dev.headstart.tensor.kernel.Gemm;
import dev.headstart.tensor.kernel.Matrices;
import dev.headstart.tensor.kernel.choice.KernelChoice;
import dev.headstart.tensor.kernel.scalar.ScalarKernels;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Matrix products, `C += A · B`. The counter `gflop` is 10⁹ floating-point operations a second.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 5, jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "-Xmx2g"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 10, time = 1)
public class GemmBenchmark {
    /// Sizes, and why they are here. The names are those of the native anchors, m x n x k.
    public enum Product {
        /// every overhead shows
        S64(64, 64, 64),
        /// fits a core's cache
        S256(256, 256, 256),
        /// does not
        S512(512, 512, 512),
        /// the usual yardstick
        S1024(1024, 1024, 1024),
        /// nothing fits
        S2048(2048, 2048, 2048),
        /// BERT's feed-forward layer, one text
        FEED_FORWARD_128(128, 3072, 768),
        /// the same, a batch
        FEED_FORWARD_1024(1024, 3072, 768),
        /// attention's projections: tall
        PROJECTION_4096(4096, 768, 768),
        /// one token: as fast as B can be read
        TOKEN_1(1, 3072, 768),
        /// a few tokens
        TOKEN_8(8, 3072, 768),
        /// GPT-2's vocabulary
        LOGITS_256(256, 50257, 768);

        private final int m;
        private final int n;
        private final int k;

        Product(int m, int n, int k) {
            this.m = m;
            this.n = n;
            this.k = k;
        }
    }

    /// How the operands lie in memory: `N` by rows, `T` by columns.
    public enum Layout {
        /// both by rows: a plain product
        NN(false, false),
        /// B by columns: a linear layer's forward pass
        NT(false, true),
        /// A by columns: the gradient of a weight
        TN(true, false);

        private final boolean aByColumns;
        private final boolean bByColumns;

        Layout(boolean aByColumns, boolean bByColumns) {
            this.aByColumns = aByColumns;
            this.bByColumns = bByColumns;
        }
    }

    /// Sizes.
    @Param
    @SuppressWarnings("NullAway.Init") // set by JMH
    public Product shape;

    /// Layout of the operands.
    @Param
    @SuppressWarnings("NullAway.Init") // set by JMH
    public Layout layout;

    /// Threads, the caller's included.
    @Param("1")
    public int threads;

    private final Gemm kernel = KernelChoice.ACTIVE.gemm();
    private Workers workers = Workers.sequential();
    private float[] a = {};
    private float[] b = {};
    private float[] c = {};

    /// Makes the operands, and compares the product's bits with the scalar twin's.
    @Setup
    public void setUp() {
        workers = Workers.of(threads);
        RandomStream random = RandomStream.of(1);
        a = random.child("a").normal(Shape.of(shape.m * shape.k), 0, 1).toArray();
        b = random.child("b").normal(Shape.of(shape.k * shape.n), 0, 1).toArray();
        c = new float[shape.m * shape.n];
        multiply(ScalarKernels.create().gemm());
        float[] expected = c;
        c = new float[shape.m * shape.n];
        multiply(kernel);
        SameBits.check(shape + " " + layout, expected, c);
    }

    private void multiply(Gemm gemm) {
        gemm.multiply(workers, shape.m, shape.n, shape.k,
                layout.aByColumns ? Matrices.of(a, 0, 1, shape.m) : Matrices.rows(a, shape.k),
                layout.bByColumns ? Matrices.of(b, 0, 1, shape.k) : Matrices.rows(b, shape.n),
                Matrices.rows(c, shape.n));
    }

    /// One product.
    @Benchmark
    public float[] product(Flop flop) {
        multiply(kernel);
        flop.gflop += 2e-9 * shape.m * shape.n * shape.k;
        return c;
    }
}
