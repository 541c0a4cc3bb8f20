package dev.headstart.cli.bench;

import dev.headstart.cli.bench.Workload.Bound;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// What the bench runs: the same work, under the same names, that native frameworks are timed with.
public final class Workloads {
    /// m, n, k of the products.
    private static final int[][] PRODUCTS = {
        {64, 64, 64}, // small enough that every overhead shows
        {256, 256, 256}, // fits a core's cache
        {512, 512, 512},
        {1024, 1024, 1024}, // the usual yardstick
        {2048, 2048, 2048}, // nothing fits
        {128, 3072, 768}, // BERT's feed-forward layer, one text
        {1024, 3072, 768}, // the same, a batch
        {4096, 768, 768}, // projections of attention: tall
        {1, 3072, 768}, // one token at a time: as fast as B can be read
        {8, 3072, 768}, // a few tokens
        {256, 50257, 768}, // GPT-2's vocabulary
    };

    private Workloads() {}

    /// All workloads, smallest kernels first, training steps last.
    public static List<Workload> all(long seed) {
        RandomStream random = RandomStream.of(seed).child("bench");
        List<Workload> all = new ArrayList<>();
        for (int[] p : PRODUCTS) {
            all.add(product(p[0], p[1], p[2], random));
        }
        all.add(elementwise("gelu", 4096, 3072, Tensor::gelu, random));
        all.add(elementwise("softmax", 12288, 128, Tensor::softmax, random));
        Tensor gamma = Tensor.ones(Shape.of(768));
        Tensor beta = Tensor.zeros(Shape.of(768));
        all.add(elementwise("layernorm", 4096, 768, x -> x.layerNorm(gamma, beta, 1e-5f).y(), random));
        all.add(Transformers.attention(8, 12, 512, 64, random));
        all.add(Transformers.attentionTraining(8, 12, 512, 64, random));
        all.add(TrainingSteps.mlp(32, random, 64, 32, 10));
        all.add(TrainingSteps.mlp(128, random, 784, 512, 256, 10));
        all.add(Transformers.languageModel("tiny-lm d128 L4 b32 T64 V256",
                new Transformers.Sizes(Transformers.Form.GPT2, 256, 64, 128, 4, 4),
                32, 64, random));
        all.add(Transformers.finetuning("bert-base finetune b8 T128", Transformers.BERT_BASE, 8, 128, random));
        all.add(Transformers.languageModel("bert-base mlm b4 T128", Transformers.BERT_BASE, 4, 128, random));
        all.add(Transformers.languageModel("gpt2-124M b4 T64", Transformers.GPT2, 4, 64, random));
        all.add(Transformers.inference("bert-base b1 T128", Transformers.BERT_BASE, 1, 128, random));
        return List.copyOf(all);
    }

    private static Workload product(int m, int n, int k, RandomStream random) {
        return new Workload("matmul %dx%dx%d".formatted(m, n, k), Bound.COMPUTE, 2.0 * m * n * k, () -> {
            Tensor a = random.child("a").normal(Shape.of(m, k), 0, 1);
            Tensor b = random.child("b").normal(Shape.of(k, n), 0, 1);
            return () -> a.matmul(b);
        });
    }

    /// Something that has to read each number and write one for it.
    private static Workload elementwise(String name, int rows, int n, UnaryOperator<Tensor> f, RandomStream random) {
        return new Workload("%s %dx%d".formatted(name, rows, n), Bound.MEMORY, 2.0 * Float.BYTES * rows * n, () -> {
            Tensor x = random.child("x").normal(Shape.of(rows, n), 0, 1);
            return () -> f.apply(x);
        });
    }
}
