package dev.headstart.bench.workload;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.headstart.bench.workload.Workload.Work;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.Workers;
import dev.headstart.tensor.Workspace;
import dev.headstart.zoo.text.bert.BertConfig;
import dev.headstart.zoo.text.gpt2.Gpt2Config;
import dev.headstart.zoo.vision.ResNet;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A training step in its workspace uses memory again: what it allocates, on all threads, is small change beside its operands.
///
/// Scalar kernels make their rows anew; this is in the run with the vector module only.
///
/// Until they are compiled, SIMD kernels make an object of each vector. So steps go on until one allocates little, or for so long that
/// everything is compiled. It matters that other tests ran before in the same process: what they leave in the compiler's profiles must not
/// cost vectors their registers.
class StepAllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final RandomStream RANDOM = RandomStream.of(1);
    private static final long MOST_BYTES = 1 << 20;
    private static final int FEWEST_STEPS = 5;
    private static final int MOST_STEPS = 2000;
    private static final int SAMPLED_STEPS = 50;

    /// Bytes that the most frugal of some steps allocates.
    private static long bytesOf(Work work) {
        Workspace workspace = new Workspace();
        return Workers.of(2).call(() -> {
            long least = Long.MAX_VALUE;
            for (int i = 0; i < FEWEST_STEPS || (least > MOST_BYTES && i < MOST_STEPS); i++) {
                long before = THREADS.getTotalThreadAllocatedBytes();
                workspace.run(work::run);
                least = Math.min(least, THREADS.getTotalThreadAllocatedBytes() - before);
            }
            return least;
        });
    }

    private static void assertFrugal(Workload workload) {
        Work work = workload.setUp().get();
        long bytes = bytesOf(work);
        assertTrue(bytes <= MOST_BYTES, () -> workload.name() + ": a step allocates " + bytes + " bytes; in " + SAMPLED_STEPS
                + " steps more, by samples:" + Allocations.most(() -> repeat(work)));
    }

    private static void repeat(Work work) {
        Workspace workspace = new Workspace();
        Workers.of(2).run(() -> {
            for (int i = 0; i < SAMPLED_STEPS; i++) {
                workspace.run(work::run);
            }
        });
    }

    @Test
    void places_that_allocate_are_told() {
        Shape shape = Shape.of(1 << 16);
        String places = Allocations.most(() -> repeat(() -> Tensor.zeros(shape)));
        assertTrue(places.contains("[F at "), places);
    }

    @Test
    void what_is_allocated_on_any_thread_is_counted() {
        Shape shape = Shape.of(1 << 16);
        Tensor[] made = new Tensor[4];
        long bytes = bytesOf(() -> {
            Workers.current().forEach(made.length, task -> made[task] = Tensor.zeros(shape));
            return made[0];
        });
        assertTrue(bytes >= made.length * (long) Float.BYTES * shape.size() && bytes < 2 * MOST_BYTES, bytes + " bytes");
    }

    @Test
    void a_perceptron_with_momentum_uses_its_memory_again() {
        assertFrugal(TrainingSteps.mlp(128, RANDOM, 784, 512, 256, 10));
    }

    @Test
    void a_classifier_of_sequences_uses_its_memory_again() {
        assertFrugal(Transformers.finetuning("bidirectional", BertConfig.of(500, 64, 2, 2, 256).withPositions(64), 3, 50, RANDOM));
    }

    @Test
    void a_causal_language_model_with_adamw_uses_its_memory_again() {
        assertFrugal(Transformers.gpt2("causal", Gpt2Config.of(256, 64, 128, 2, 4), 32, 64, RANDOM));
    }

    @Test
    void a_residual_net_uses_its_memory_again() {
        ResNet.Config net = new ResNet.Config(ResNet.Block.BOTTLENECK, 16, List.of(1, 1, 1, 1), 10);
        assertFrugal(TrainingSteps.images("residual", 1, Shape.of(2, 64, 64, 3), 10, stream -> new ResNet(net, stream), RANDOM));
    }

    @Test
    void a_convolutional_net_with_max_pooling_uses_its_memory_again() {
        assertFrugal(TrainingSteps.images("lenet", ImageModels.lenetFlop(), Shape.of(64, 28, 28, 1), 10, ImageModels::lenet, RANDOM));
    }
}
