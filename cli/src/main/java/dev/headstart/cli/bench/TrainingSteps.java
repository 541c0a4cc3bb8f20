package dev.headstart.cli.bench;

import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Variable;
import dev.headstart.cli.bench.Workload.Bound;
import dev.headstart.cli.bench.Workload.Work;
import dev.headstart.nn.Activation;
import dev.headstart.nn.AttentionMask;
import dev.headstart.nn.Embedding;
import dev.headstart.nn.Layer;
import dev.headstart.nn.LayerNorm;
import dev.headstart.nn.Linear;
import dev.headstart.nn.Losses;
import dev.headstart.nn.Part;
import dev.headstart.nn.Parts;
import dev.headstart.nn.Sequential;
import dev.headstart.nn.TransformerBlock;
import dev.headstart.optim.Adam;
import dev.headstart.optim.Optimizer;
import dev.headstart.optim.ParamGroup;
import dev.headstart.optim.Schedule;
import dev.headstart.optim.Sgd;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Whole training steps: forward, loss, backward, optimiser. Their arithmetic is that of the matrix products alone.
final class TrainingSteps {
    private TrainingSteps() {}

    /// Linear layers with ReLU between them; SGD with momentum 0.9 on cross-entropy.
    static Workload mlp(int batch, RandomStream random, int... widths) {
        double flop = 0;
        for (int i = 1; i < widths.length; i++) { // forward, dW, and dX except for the data
            flop += (i == 1 ? 2 : 3) * 2.0 * batch * widths[i - 1] * widths[i];
        }
        String sizes = Arrays.stream(widths).mapToObj(String::valueOf).collect(Collectors.joining("-"));
        return new Workload("train mlp " + sizes + " b" + batch, Bound.COMPUTE, flop, () -> {
            List<Layer> layers = new ArrayList<>();
            for (int i = 1; i < widths.length; i++) {
                layers.add(new Linear(widths[i - 1], widths[i], random.child("layer." + i)));
                if (i < widths.length - 1) {
                    layers.add(Activation.RELU);
                }
            }
            Sequential model = new Sequential(layers.toArray(Layer[]::new));
            Variable x = Variable.of(random.child("x").normal(Shape.of(batch, widths[0]), 0, 1));
            Indices labels = ids(random.child("labels"), widths[widths.length - 1], Shape.of(batch));
            Optimizer sgd = Sgd.of(List.of(ParamGroup.of(model.parameters()).rate(0.01)), Schedule.constant(), Double.POSITIVE_INFINITY,
                    0.9, false);
            return step(() -> Losses.crossEntropy(model.forward(x), labels), sgd, random);
        });
    }

    /// Sizes of a language model.
    record Sizes(int vocabulary, int time, int width, int blocks, int heads) {
        /// Multiplications and additions of a forward pass over one token: projections, feed-forward part, attention to all positions, logits.
        double flopPerToken() {
            return 2.0 * blocks * (12.0 * width * width + 2.0 * time * width) + 2.0 * width * vocabulary;
        }
    }

    /// A causal transformer whose output layer is its token table; AdamW on the cross-entropy of every position.
    static Workload languageModel(Sizes sizes, int batch, RandomStream random) {
        String name = "train tiny-lm d%d L%d b%d T%d V%d".formatted(sizes.width, sizes.blocks, batch, sizes.time, sizes.vocabulary);
        return new Workload(name, Bound.COMPUTE, 3 * sizes.flopPerToken() * batch * sizes.time, () -> {
            LanguageModel model = new LanguageModel(sizes, random.child("model"));
            Indices tokens = ids(random.child("tokens"), sizes.vocabulary, Shape.of(batch, sizes.time));
            Indices next = ids(random.child("next"), sizes.vocabulary, Shape.of(batch * sizes.time));
            Optimizer adamW = Adam.adamW(List.of(ParamGroup.of(model.parameters()).rate(1e-4).decay(0.01)), Schedule.constant(),
                    Double.POSITIVE_INFINITY);
            return step(() -> Losses.crossEntropy(model.logits(tokens), next), adamW, random);
        });
    }

    /// Images of random pixels through a model; SGD with momentum 0.9 on cross-entropy.
    static Workload images(String name, double flopPerImage, Shape images, int classes, Function<RandomStream, Layer> model,
            RandomStream random) {
        int batch = images.dim(0);
        return new Workload("train " + name + " b" + batch, Bound.COMPUTE, flopPerImage * batch, () -> {
            Layer built = model.apply(random.child("model"));
            Variable x = Variable.of(random.child("x").normal(images, 0, 1));
            Indices labels = ids(random.child("labels"), classes, Shape.of(batch));
            Optimizer sgd = Sgd.of(List.of(ParamGroup.of(built.parameters()).rate(0.01)), Schedule.constant(), Double.POSITIVE_INFINITY,
                    0.9, false);
            return step(() -> Losses.crossEntropy(built.forward(x), labels), sgd, random);
        });
    }

    private static Work step(Supplier<Variable> loss, Optimizer optimizer, RandomStream random) {
        return () -> {
            Variable now = Mode.training(random, loss);
            optimizer.step(now.backward());
            return now.value();
        };
    }

    private static Indices ids(RandomStream random, int bound, Shape shape) {
        return Indices.of(shape, IntStream.range(0, shape.size()).map(i -> random.below(bound, i)).toArray());
    }

    /// GPT-2's shape in small: embeddings, blocks with normalisation first, a last normalisation.
    private static final class LanguageModel implements Part {
        private final Embedding token;
        private final Embedding position;
        private final List<TransformerBlock> blocks = new ArrayList<>();
        private final LayerNorm norm;
        private final Indices positions;
        private final Tensor mask;

        LanguageModel(Sizes sizes, RandomStream random) {
            token = new Embedding(sizes.vocabulary, sizes.width, random.child("token"));
            position = new Embedding(sizes.time, sizes.width, random.child("position"));
            for (int i = 0; i < sizes.blocks; i++) {
                blocks.add(new TransformerBlock(sizes.width, sizes.heads, 4 * sizes.width, Activation.GELU_TANH, 0,
                        random.child("block." + i)));
            }
            norm = new LayerNorm(sizes.width);
            positions = Indices.of(IntStream.range(0, sizes.time).toArray());
            mask = AttentionMask.causal(sizes.time);
        }

        /// `[batch, time] → [batch · time, vocabulary]`
        Variable logits(Indices tokens) {
            Variable x = token.forward(tokens).plus(position.forward(positions)); // [batch, time, width]
            for (TransformerBlock block : blocks) {
                x = block.forward(x, mask);
            }
            Variable rows = norm.forward(x).reshape(tokens.size(), -1);
            return rows.matmul(token.weight().transpose(0, 1));
        }

        @Override
        public Parts parts() {
            return Parts.none().with("token", token).with("position", position).withAll("block", blocks).with("norm", norm);
        }
    }
}
