package dev.headstart.bench;

import dev.headstart.tensor.AttentionPattern;
import dev.headstart.tensor.Attentions;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.Workers;
import dev.headstart.tensor.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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

/// Attention of 2 texts to themselves, 12 heads of 64 numbers as in BERT and GPT-2, in a workspace as in training.
///
/// The counter `gflop` is 10⁹ floating-point operations a second: those of the two products of forward and of four in backward, for the
/// keys that a query may see. What backward computes again does not count.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 5, jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "-Xmx2g"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 10, time = 1)
public class AttentionBenchmark {
    private static final int BATCH = 2;
    private static final int HEADS = 12;
    private static final int HEAD_DIM = 64;

    /// What is computed.
    public enum Pass {
        /// the result
        FORWARD(2),
        /// the result, then the gradients of queries, keys and values
        FORWARD_BACKWARD(6);

        private final int products;

        Pass(int products) {
            this.products = products;
        }
    }

    /// Tokens of a text: a sentence (one strip of queries), a paragraph, the most that BERT reads.
    @Param({"64", "128", "512"})
    public int time;

    /// Whether no token sees a later one.
    @Param({"false", "true"})
    public boolean causal;

    /// What is computed.
    @Param
    @SuppressWarnings("NullAway.Init") // set by JMH
    public Pass pass;

    /// Threads, the caller's included.
    @Param("1")
    public int threads;

    private final Workspace workspace = new Workspace();
    private final Tensor[] operands = new Tensor[4];
    private Workers workers = Workers.sequential();
    private AttentionPattern pattern = AttentionPattern.FULL;

    /// Makes the operands, and compares the bits of all results with those of the scalar kernels, one after the other.
    @Setup
    public void setUp() {
        workers = Workers.of(threads);
        pattern = causal ? AttentionPattern.CAUSAL : AttentionPattern.FULL;
        RandomStream random = RandomStream.of(1);
        Shape shape = Shape.of(BATCH, time, HEADS, HEAD_DIM);
        for (int i = 0; i < operands.length; i++) {
            operands[i] = random.child(i).normal(shape, 0, 1);
        }
        ScalarAttention expected = new ScalarAttention(BATCH, time, HEADS, HEAD_DIM, causal, operands[0].toArray(), operands[1].toArray(),
                operands[2].toArray());
        List<float[]> all = new ArrayList<>(List.of(expected.forward()));
        if (pass == Pass.FORWARD_BACKWARD) {
            all.addAll(expected.backward(operands[3].toArray()));
        }
        List<float[]> actual = workers.call(() -> workspace.call(() -> run().stream().map(Tensor::toArray).toList()));
        for (int i = 0; i < all.size(); i++) {
            SameBits.check(pass + " " + time + (causal ? " causal" : "") + " result " + i, all.get(i), actual.get(i));
        }
    }

    private List<Tensor> run() {
        Tensor y = operands[0].attention(operands[1], operands[2], pattern);
        if (pass == Pass.FORWARD) {
            return List.of(y);
        }
        @Nullable
        Tensor[] gradients = Attentions.gradients(operands[0], operands[1], operands[2], pattern, operands[3], true, true, true);
        return List.of(y, Objects.requireNonNull(gradients[0]), Objects.requireNonNull(gradients[1]), Objects.requireNonNull(gradients[2]));
    }

    /// One attention.
    @Benchmark
    public List<Tensor> attention(Flop flop) {
        double seen = causal ? time * (time + 1.0) / 2 : (double) time * time;
        flop.gflop += 2e-9 * pass.products * BATCH * HEADS * HEAD_DIM * seen;
        return workers.call(() -> workspace.call(this::run));
    }
}
