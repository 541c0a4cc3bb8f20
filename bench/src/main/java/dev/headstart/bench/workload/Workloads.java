package dev.headstart.bench.workload;

import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Variable;
import dev.headstart.bench.workload.Workload.Bound;
import dev.headstart.nn.Layer;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.geometry.Conv2dGeometry;
import dev.headstart.zoo.text.bert.BertConfig;
import dev.headstart.zoo.text.gpt2.Gpt2Config;
import dev.headstart.zoo.vision.ResNet;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
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

    /// Images, channels, side, outputs, kernel, stride of the convolutions.
    private static final int[][] CONVOLUTIONS = {
        {16, 64, 56, 64, 3, 1}, // the stages of ResNet-18
        {16, 128, 28, 128, 3, 1},
        {16, 256, 14, 256, 3, 1},
        {16, 512, 7, 512, 3, 1},
        {16, 64, 56, 256, 1, 1}, // a matrix product
        {16, 3, 224, 64, 7, 2}, // the first of most: few channels
        {1, 64, 56, 64, 3, 1}, // one image
    };

    private Workloads() {}

    /// All workloads, smallest kernels first, training steps last.
    public static List<Workload> all(long seed) {
        RandomStream random = RandomStream.of(seed).child("bench");
        List<Workload> all = new ArrayList<>();
        for (int[] p : PRODUCTS) {
            all.add(product(p[0], p[1], p[2], random));
        }
        for (int[] c : CONVOLUTIONS) {
            all.add(convolution(c, false, random));
            all.add(convolution(c, true, random));
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
        all.add(Transformers.gpt2("tiny-lm d128 L4 b32 T64 V256", Gpt2Config.of(256, 64, 128, 4, 4), 32, 64, random));
        all.add(TrainingSteps.images("lenet", ImageModels.lenetFlop(), Shape.of(128, 28, 28, 1), 10, ImageModels::lenet, random));
        all.add(TrainingSteps.images("resnet50 224px", ImageModels.residualTrainingFlop(ImageModels.RESNET50, 224),
                Shape.of(4, 224, 224, 3),
                1000, stream -> new ResNet(ImageModels.RESNET50, stream), random));
        all.add(TrainingSteps.images("vgg16 224px", ImageModels.vgg16Flop(), Shape.of(2, 224, 224, 3), 1000, ImageModels::vgg16, random));
        all.add(inference("resnet50", ImageModels.residualFlop(ImageModels.RESNET50, 224), Shape.of(1, 224, 224, 3),
                stream -> new ResNet(ImageModels.RESNET50, stream), random));
        BertConfig bert = BertConfig.named("bert-base-uncased");
        all.add(Transformers.finetuning("bert-base finetune b8 T128", bert, 8, 128, random));
        all.add(Transformers.maskedLanguage("bert-base mlm b4 T128", bert, 4, 128, random));
        all.add(Transformers.gpt2("gpt2-124M b4 T64", Gpt2Config.named("gpt2"), 4, 64, random));
        all.add(Transformers.inference("bert-base b1 T128", bert, 1, 128, random));
        return List.copyOf(all);
    }

    private static Workload product(int m, int n, int k, RandomStream random) {
        return new Workload(String.format(Locale.ROOT, "matmul %dx%dx%d", m, n, k), Bound.COMPUTE, 2.0 * m * n * k, () -> {
            Tensor a = random.child("a").normal(Shape.of(m, k), 0, 1);
            Tensor b = random.child("b").normal(Shape.of(k, n), 0, 1);
            return () -> a.matmul(b);
        });
    }

    /// A convolution, and with `backward` both its gradients.
    private static Workload convolution(int[] sizes, boolean backward, RandomStream random) {
        int batch = sizes[0];
        int in = sizes[1];
        int side = sizes[2];
        int out = sizes[3];
        int kernel = sizes[4];
        Conv2dGeometry geometry = Conv2dGeometry.DEFAULT.stride(sizes[5]).padding(kernel / 2);
        int outSide = (side + 2 * (kernel / 2) - kernel) / sizes[5] + 1;
        String name = String.format(Locale.ROOT, "conv fwd%s N%d C%d H%d K%d R%d s%d", backward ? "+bwd" : "", batch, in, side, out, kernel,
                sizes[5]);
        return new Workload(name, Bound.COMPUTE, (backward ? 3 : 1) * batch * ImageModels.flop(in, out, outSide, kernel), () -> {
            Parameter x = Parameter.of(random.child("x").normal(Shape.of(batch, side, side, in), 0, 1));
            Parameter w = Parameter.of(random.child("w").normal(Shape.of(out, kernel, kernel, in), 0, 1));
            Tensor dY = random.child("dY").normal(Shape.of(batch, outSide, outSide, out), 0, 1);
            return () -> backward
                    ? Objects.requireNonNull(x.conv2d(w, null, geometry).backward(dY).get(w))
                    : x.value().conv2d(w.value(), null, geometry);
        });
    }

    /// A forward pass over random images.
    private static Workload inference(String name, double flopPerImage, Shape images, Function<RandomStream, Layer> model,
            RandomStream random) {
        return new Workload("infer " + name + " b" + images.dim(0), Bound.COMPUTE, flopPerImage * images.dim(0), () -> {
            Layer built = model.apply(random.child("model"));
            Variable x = Variable.of(random.child("x").normal(images, 0, 1));
            return () -> Mode.inference(() -> built.forward(x)).value();
        });
    }

    /// Something that has to read each number and write one for it.
    private static Workload elementwise(String name, int rows, int n, UnaryOperator<Tensor> f, RandomStream random) {
        return new Workload(String.format(Locale.ROOT, "%s %dx%d", name, rows, n), Bound.MEMORY, 2.0 * Float.BYTES * rows * n, () -> {
            Tensor x = random.child("x").normal(Shape.of(rows, n), 0, 1);
            return () -> f.apply(x);
        });
    }
}
