package dev.headstart.bench.peers;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import dev.headstart.bench.measure.Peer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/// PyTorch's native library, running the TorchScript programs that `bench/peers/torch/make.py` writes.
///
/// A program does its work in a loop of its own, so neither Python nor the way from Java to native code takes part of the time. The
/// optimisations of TorchScript are off: operators run one by one as in an eager PyTorch, and none is done once for all rounds of the loop.
/// Images are channels last, which is the faster layout of PyTorch's convolutions.
public final class Torch implements Peer {
    /// A program, and how the names of its workloads look. Its sizes are the name's numbers, between or behind constants.
    private record Program(String file, Pattern name, String sizes) {
        Program(String file, String name, String sizes) {
            this(file, Pattern.compile(name), sizes);
        }

        /// The sizes of a workload: the name's groups put into the list.
        long[] sizes(Matcher name) {
            return Arrays.stream(name.replaceFirst(sizes).split("[ x-]")).mapToLong(Long::parseLong).toArray();
        }
    }

    private static final List<Program> PROGRAMS = List.of(
            new Program("matmul", "matmul (\\S+)", "$1"),
            new Program("conv", "conv fwd N(\\d+) C(\\d+) H(\\d+) K(\\d+) R(\\d+) s(\\d+)", "$1 $2 $3 $4 $5 $6 0 1"),
            new Program("conv", "conv fwd\\+bwd N(\\d+) C(\\d+) H(\\d+) K(\\d+) R(\\d+) s(\\d+)", "$1 $2 $3 $4 $5 $6 1 1"),
            new Program("gelu", "gelu (\\S+)", "$1"),
            new Program("softmax", "softmax (\\S+)", "$1"),
            new Program("layernorm", "layernorm (\\S+)", "$1"),
            new Program("attention", "attention fwd (\\S+)", "$1 0"),
            new Program("attention", "attention fwd\\+bwd (\\S+)", "$1 1"),
            new Program("mlp", "train mlp (\\S+) b(\\d+)", "$1 $2"),
            new Program("lenet", "train lenet b(\\d+)", "$1"),
            new Program("resnet50", "train resnet50 (\\d+)px b(\\d+)", "$1 $2 1 1"),
            new Program("resnet50", "infer resnet50 b(\\d+)", "224 $1 1 0"),
            new Program("vgg16", "train vgg16 (\\d+)px b(\\d+)", "$1 $2"),
            new Program("transformer", "train tiny-lm d(\\d+) L(\\d+) b(\\d+) T(\\d+) V(\\d+)", "$5 $4 $1 4 $2 1 0 $3 $4 1"),
            new Program("transformer", "train bert-base finetune b(\\d+) T(\\d+)", "30522 512 768 12 12 0 2 $1 $2 1"),
            new Program("transformer", "train bert-base mlm b(\\d+) T(\\d+)", "30522 512 768 12 12 0 0 $1 $2 1"),
            new Program("transformer", "train gpt2-124M b(\\d+) T(\\d+)", "50257 1024 768 12 12 1 0 $1 $2 1"),
            new Program("transformer", "infer bert-base b(\\d+) T(\\d+)", "30522 512 768 12 12 0 2 $1 $2 0"));

    private final Engine engine;

    /// Loads the native library.
    public Torch() {
        engine = Engine.getEngine("PyTorch");
        JniUtils.setNumInteropThreads(1);
        JniUtils.setGraphExecutorOptimize(false);
        JniUtils.setGradMode(true);
    }

    @Override
    public String name() {
        return "PyTorch " + engine.getVersion();
    }

    @Override
    public Optional<Runs> prepare(String workload, int threads) {
        for (Program program : PROGRAMS) {
            Matcher name = program.name.matcher(workload);
            if (name.matches()) {
                JniUtils.setNumThreads(threads);
                return Optional.of(new Loaded((PtNDManager) engine.newBaseManager(), program.file, program.sizes(name)));
            }
        }
        return Optional.empty();
    }

    /// A program with its tensors.
    private static final class Loaded implements Runs {
        private final PtNDManager manager;
        private final PtSymbolBlock block;
        private final long[] sizes;

        Loaded(PtNDManager manager, String file, long[] sizes) {
            this.manager = manager;
            this.sizes = sizes;
            try (InputStream in = Torch.class.getResourceAsStream(file + ".pt")) {
                if (in == null) {
                    throw new IllegalStateException(file + ".pt is not among the resources");
                }
                block = JniUtils.loadModule(manager, in, false, false);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            run(0);
        }

        @Override
        public void run(int times) {
            long[] numbers = LongStream.concat(LongStream.of(times), Arrays.stream(sizes)).toArray();
            try (NDList given = new NDList(manager.create(numbers)); NDList result = IValueUtils.forward(block, given, true)) {
                if (result.singletonOrThrow().isEmpty()) {
                    throw new IllegalStateException("PyTorch gave an empty tensor");
                }
            }
        }

        @Override
        public void close() {
            block.close();
            manager.close();
        }
    }
}
