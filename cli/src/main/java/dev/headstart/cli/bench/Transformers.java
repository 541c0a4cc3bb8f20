package dev.headstart.cli.bench;

import dev.headstart.autograd.Gradients;
import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Variable;
import dev.headstart.cli.bench.Workload.Bound;
import dev.headstart.nn.Activation;
import dev.headstart.nn.Embedding;
import dev.headstart.nn.FeedForward;
import dev.headstart.nn.Layer;
import dev.headstart.nn.LayerNorm;
import dev.headstart.nn.Linear;
import dev.headstart.nn.Losses;
import dev.headstart.nn.MultiHeadAttention;
import dev.headstart.nn.Part;
import dev.headstart.nn.Parts;
import dev.headstart.nn.TransformerBlock;
import dev.headstart.optim.Adam;
import dev.headstart.optim.Optimizer;
import dev.headstart.optim.ParamGroup;
import dev.headstart.optim.Schedule;
import dev.headstart.tensor.AttentionPattern;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/// Attention, and transformers as published: training steps with AdamW, and inference. Their arithmetic is that of the matrix products alone.
final class Transformers {
    static final Sizes BERT_BASE = new Sizes(Form.BERT, 30_522, 512, 768, 12, 12);
    static final Sizes GPT2 = new Sizes(Form.GPT2, 50_257, 1024, 768, 12, 12);

    private Transformers() {}

    /// How a transformer is built.
    enum Form {
        /// every token sees every other, normalisation last, GELU
        BERT,
        /// no token sees a later one, normalisation first, the tanh form of GELU
        GPT2
    }

    /// Sizes of a transformer.
    record Sizes(Form form, int vocabulary, int positions, int width, int blocks, int heads) {
        /// Multiplications and additions of a forward pass over one token: projections, feed-forward part, attention to all positions.
        double flopPerToken(int time) {
            return 2.0 * blocks * (12.0 * width * width + 2.0 * time * width);
        }

        /// The same for its logits.
        double flopPerLogits() {
            return 2.0 * width * vocabulary;
        }
    }

    /// Attention of a batch to itself, `[batch, time, heads, headDim]`.
    static Workload attention(int batch, int heads, int time, int headDim, RandomStream random) {
        return new Workload("attention fwd %dx%dx%dx%d".formatted(batch, heads, time, headDim), Bound.COMPUTE,
                4.0 * batch * heads * time * time * headDim, () -> {
                    Tensor q = random.child("q").normal(Shape.of(batch, time, heads, headDim), 0, 1);
                    return () -> q.attention(q, q, AttentionPattern.FULL);
                });
    }

    /// The same with the gradients of queries, keys and values; what backward computes again does not count.
    static Workload attentionTraining(int batch, int heads, int time, int headDim, RandomStream random) {
        return new Workload("attention fwd+bwd %dx%dx%dx%d".formatted(batch, heads, time, headDim), Bound.COMPUTE,
                12.0 * batch * heads * time * time * headDim, () -> {
                    Parameter q = Parameter.of(random.child("q").normal(Shape.of(batch, time, heads, headDim), 0, 1));
                    Tensor dY = Tensor.ones(q.shape());
                    return () -> {
                        Gradients gradients = q.attention(q, q, AttentionPattern.FULL).backward(dY);
                        return Objects.requireNonNull(gradients.get(q));
                    };
                });
    }

    /// A language model whose output layer is its token table, on the cross-entropy of every position.
    static Workload languageModel(String name, Sizes sizes, int batch, int time, RandomStream random) {
        double flop = 3 * batch * time * (sizes.flopPerToken(time) + sizes.flopPerLogits());
        return new Workload("train " + name, Bound.COMPUTE, flop, () -> {
            Transformer model = new Transformer(sizes, random.child("model"));
            Indices tokens = TrainingSteps.ids(random.child("tokens"), sizes.vocabulary, Shape.of(batch, time));
            Indices answers = TrainingSteps.ids(random.child("answers"), sizes.vocabulary, Shape.of(batch, time));
            return TrainingSteps.step(() -> Losses.crossEntropy(model.forward(tokens), model.token.weight(), null, answers), adamW(model),
                    random);
        });
    }

    /// A classifier of sequences by their first token.
    static Workload finetuning(String name, Sizes sizes, int batch, int time, RandomStream random) {
        return new Workload("train " + name, Bound.COMPUTE, 3 * batch * time * sizes.flopPerToken(time), () -> {
            Classifier model = new Classifier(sizes, random.child("model"));
            Indices tokens = TrainingSteps.ids(random.child("tokens"), sizes.vocabulary, Shape.of(batch, time));
            Indices labels = TrainingSteps.ids(random.child("labels"), Classifier.CLASSES, Shape.of(batch));
            return TrainingSteps.step(() -> Losses.crossEntropy(model.forward(tokens), labels), adamW(model), random);
        });
    }

    /// One answer of the classifier.
    static Workload inference(String name, Sizes sizes, int batch, int time, RandomStream random) {
        return new Workload("infer " + name, Bound.COMPUTE, batch * time * sizes.flopPerToken(time), () -> {
            Classifier model = new Classifier(sizes, random.child("model"));
            Indices tokens = TrainingSteps.ids(random.child("tokens"), sizes.vocabulary, Shape.of(batch, time));
            return () -> Mode.inference(() -> model.forward(tokens)).value();
        });
    }

    private static Optimizer adamW(Part model) {
        return Adam.adamW(List.of(ParamGroup.of(model.parameters()).rate(1e-4).decay(0.01)), Schedule.constant(),
                Double.POSITIVE_INFINITY);
    }

    /// Embeddings of tokens and positions, blocks, a last normalisation.
    private static final class Transformer implements Part {
        private final Sizes sizes;
        private final Embedding token;
        private final Embedding position;
        private final List<Layer> blocks = new ArrayList<>();
        private final LayerNorm norm;

        Transformer(Sizes sizes, RandomStream random) {
            this.sizes = sizes;
            token = new Embedding(sizes.vocabulary, sizes.width, random.child("token"));
            position = new Embedding(sizes.positions, sizes.width, random.child("position"));
            for (int i = 0; i < sizes.blocks; i++) {
                RandomStream own = random.child("block." + i);
                blocks.add(switch (sizes.form) {
                    case BERT -> new LastNormBlock(sizes.width, sizes.heads, own);
                    case GPT2 -> new TransformerBlock(sizes.width, sizes.heads, 4 * sizes.width, Activation.GELU_TANH, 0, own);
                });
            }
            norm = new LayerNorm(sizes.width);
        }

        /// `[batch, time] → [batch, time, width]`
        Variable forward(Indices tokens) {
            Indices positions = Indices.of(IntStream.range(0, tokens.shape().dim(1)).toArray());
            Variable x = token.forward(tokens).plus(position.forward(positions));
            for (Layer block : blocks) {
                x = block instanceof TransformerBlock causal ? causal.forwardCausal(x, null) : block.forward(x);
            }
            return norm.forward(x);
        }

        @Override
        public Parts parts() {
            return Parts.none().with("token", token).with("position", position).withAll("block", blocks).with("norm", norm);
        }
    }

    /// A block with normalisation after each part, as BERT's: `x = norm1(x + attention(x)); x = norm2(x + feedForward(x))`.
    private static final class LastNormBlock implements Layer {
        private final MultiHeadAttention attention;
        private final LayerNorm norm1;
        private final FeedForward feedForward;
        private final LayerNorm norm2;

        LastNormBlock(int width, int heads, RandomStream random) {
            attention = new MultiHeadAttention(width, heads, 0, random.child("attention"));
            norm1 = new LayerNorm(width);
            feedForward = new FeedForward(width, 4 * width, Activation.GELU, random.child("feedforward"));
            norm2 = new LayerNorm(width);
        }

        @Override
        public Variable forward(Variable x) {
            Variable attended = norm1.forward(x.plus(attention.forward(x)));
            return norm2.forward(attended.plus(feedForward.forward(attended)));
        }

        @Override
        public Parts parts() {
            return Parts.none().with("attention", attention).with("norm1", norm1).with("feedforward", feedForward).with("norm2", norm2);
        }
    }

    /// A transformer with a linear layer on its first token.
    private static final class Classifier implements Part {
        static final int CLASSES = 2;

        private final Transformer transformer;
        private final Linear head;

        Classifier(Sizes sizes, RandomStream random) {
            transformer = new Transformer(sizes, random.child("transformer"));
            head = new Linear(sizes.width, CLASSES, random.child("head"));
        }

        /// `[batch, time] → [batch, classes]`
        Variable forward(Indices tokens) {
            Variable first = transformer.forward(tokens).slice(1, 0, 1); // [batch, 1, width]
            return head.forward(first.reshape(tokens.shape().dim(0), transformer.sizes.width));
        }

        @Override
        public Parts parts() {
            return Parts.none().with("transformer", transformer).with("head", head);
        }
    }
}
