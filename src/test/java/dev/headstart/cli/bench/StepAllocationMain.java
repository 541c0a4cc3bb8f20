package dev.headstart.cli.bench;

import com.sun.management.ThreadMXBean;
import dev.headstart.cli.bench.Workload.Work;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.Workers;
import dev.headstart.tensor.Workspace;
import java.lang.management.ManagementFactory;

/// Tells how many bytes a step allocates, in a process that has done nothing else: [StepAllocationTest] starts it.
///
/// Until they are compiled, SIMD kernels make an object of each vector. So steps go on until one allocates little, or for so long that
/// everything is compiled.
final class StepAllocationMain {
    static final long MOST_BYTES = 1 << 20;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final RandomStream RANDOM = RandomStream.of(1);
    private static final int FEWEST_STEPS = 5;
    private static final int MOST_STEPS = 400;
    private static final int SAMPLED_STEPS = 50;

    private StepAllocationMain() {}

    /// Prints the bytes of the most frugal step; if they are too many, also what is allocated where.
    public static void main(String... names) {
        Work work = work(names[0]);
        Workspace workspace = new Workspace();
        Workers.of(2).run(() -> {
            long least = Long.MAX_VALUE;
            for (int i = 0; i < FEWEST_STEPS || (least > MOST_BYTES && i < MOST_STEPS); i++) {
                long before = THREADS.getTotalThreadAllocatedBytes();
                workspace.run(work::run);
                least = Math.min(least, THREADS.getTotalThreadAllocatedBytes() - before);
            }
            System.out.println(StepAllocationTest.MARK + least);
            if (least > MOST_BYTES) {
                System.out.println(SAMPLED_STEPS + " steps more, by samples:" + Allocations.most(() -> {
                    for (int i = 0; i < SAMPLED_STEPS; i++) {
                        workspace.run(work::run);
                    }
                }));
            }
        });
    }

    private static Work work(String name) {
        return switch (name) {
            case "wasteful" -> {
                Shape shape = Shape.of(1 << 16);
                yield () -> {
                    Workers.current().forEach(5, task -> Tensor.zeros(shape));
                    return Tensor.scalar(0);
                };
            }
            case "perceptron" -> TrainingSteps.mlp(128, RANDOM, 784, 512, 256, 10).setUp().get();
            case "classifier" -> {
                Transformers.Sizes sizes = new Transformers.Sizes(Transformers.Form.BERT, 500, 64, 64, 2, 2);
                yield Transformers.finetuning("bidirectional", sizes, 3, 50, RANDOM).setUp().get();
            }
            case "causal" -> {
                Transformers.Sizes sizes = new Transformers.Sizes(Transformers.Form.GPT2, 256, 64, 128, 4, 4);
                yield Transformers.languageModel("tiny-lm", sizes, 32, 64, RANDOM).setUp().get();
            }
            case "lenet" -> TrainingSteps.images("lenet", 1, Shape.of(64, 28, 28, 1), 10, ImageModels::lenet, RANDOM).setUp().get();
            default -> throw new IllegalArgumentException(name);
        };
    }
}
