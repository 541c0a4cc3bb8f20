package dev.headstart.bench;

import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Workers;
import dev.headstart.tensor.kernel.Conv;
import dev.headstart.tensor.kernel.ConvShape;
import dev.headstart.tensor.kernel.InitialRows;
import dev.headstart.tensor.kernel.Slice;
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

/// Convolutions, forward and both gradients. The counter `gflop` is 10⁹ floating-point operations a second, those on padding included.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 5, jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "-Xmx2g"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 10, time = 1)
public class ConvBenchmark {
    /// Sizes, and why they are here: images, side, channels, outputs, kernel, stride, groups.
    public enum Images {
        /// the first stage of ResNet-18: many positions, few channels
        STAGE_1(16, 56, 64, 64, 3, 1, 1),
        /// its last: few positions, many channels
        STAGE_4(16, 7, 512, 512, 3, 1, 1),
        /// between stages: gradients of x have no tap for some positions
        STRIDED(16, 56, 64, 128, 3, 2, 1),
        /// the first layer of most: three channels, a large kernel
        STEM(4, 224, 3, 64, 7, 2, 1),
        /// a matrix product, and nearly as fast as one
        POINTWISE(16, 56, 64, 256, 1, 1, 1),
        /// MobileNet-V2: one channel to a group, as fast as memory
        DEPTHWISE(16, 56, 144, 144, 3, 1, 144),
        /// few groups, as ResNeXt's: narrow products
        GROUPED(16, 28, 256, 256, 3, 1, 32),
        /// inference on one image: little to share among threads
        ONE_IMAGE(1, 56, 64, 64, 3, 1, 1);

        private final int batch;
        private final int side;
        private final int channels;
        private final int outChannels;
        private final int kernel;
        private final int stride;
        private final int groups;

        Images(int batch, int side, int channels, int outChannels, int kernel, int stride, int groups) {
            this.batch = batch;
            this.side = side;
            this.channels = channels;
            this.outChannels = outChannels;
            this.kernel = kernel;
            this.stride = stride;
            this.groups = groups;
        }

        private ConvShape shape() {
            int padding = kernel / 2;
            int outSide = (side + 2 * padding - kernel) / stride + 1;
            return new ConvShape(batch, side, side, channels, outSide, outSide, outChannels, kernel, kernel, stride, stride, 1, 1,
                    padding, padding, groups);
        }
    }

    /// What is computed.
    public enum Pass {
        /// y
        FORWARD {
            @Override
            float[] result(ConvShape s) {
                return new float[s.positions() * s.outChannels()];
            }

            @Override
            void run(Conv conv, ConvBenchmark b) {
                conv.forward(b.workers, b.images.shape(), new Slice(b.x, 0), new Slice(b.w, 0), new Slice(b.result, 0), InitialRows.ZERO);
            }
        },
        /// dX
        INPUT_GRADIENT {
            @Override
            float[] result(ConvShape s) {
                return new float[s.batch() * s.height() * s.width() * s.channels()];
            }

            @Override
            void run(Conv conv, ConvBenchmark b) {
                conv.inputGradient(b.workers, b.images.shape(), new Slice(b.dY, 0), new Slice(b.w, 0), new Slice(b.result, 0));
            }
        },
        /// dW
        WEIGHT_GRADIENT {
            @Override
            float[] result(ConvShape s) {
                return new float[s.outChannels() * s.steps()];
            }

            @Override
            void run(Conv conv, ConvBenchmark b) {
                conv.weightGradient(b.workers, b.images.shape(), new Slice(b.x, 0), new Slice(b.dY, 0), new Slice(b.result, 0));
            }
        };

        /// Zeros, to be added to.
        abstract float[] result(ConvShape s);

        abstract void run(Conv conv, ConvBenchmark b);
    }

    /// Sizes.
    @Param
    @SuppressWarnings("NullAway.Init") // set by JMH
    public Images images;

    /// What is computed.
    @Param
    @SuppressWarnings("NullAway.Init") // set by JMH
    public Pass pass;

    /// Threads, the caller's included.
    @Param("1")
    public int threads;

    private final Conv kernel = KernelChoice.ACTIVE.conv();
    private Workers workers = Workers.sequential();
    private float[] x = {};
    private float[] w = {};
    private float[] dY = {};
    private float[] result = {};

    /// Makes the operands, and compares the answer's bits with the scalar twin's.
    @Setup
    public void setUp() {
        workers = Workers.of(threads);
        RandomStream random = RandomStream.of(1);
        ConvShape s = images.shape();
        x = random.child("x").normal(Shape.of(s.batch() * s.height() * s.width() * s.channels()), 0, 1).toArray();
        w = random.child("w").normal(Shape.of(s.outChannels() * s.steps()), 0, 1).toArray();
        dY = random.child("dY").normal(Shape.of(s.positions() * s.outChannels()), 0, 1).toArray();
        result = pass.result(s);
        pass.run(ScalarKernels.create().conv(), this);
        float[] expected = result;
        result = pass.result(s);
        pass.run(kernel, this);
        SameBits.check(pass + " " + images, expected, result);
    }

    /// One convolution, or one gradient.
    @Benchmark
    public float[] convolution(Flop flop) {
        pass.run(kernel, this);
        ConvShape s = images.shape();
        flop.gflop += 2e-9 * s.positions() * s.outChannels() * s.steps();
        return result;
    }
}
