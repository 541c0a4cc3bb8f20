package dev.headstart.bench.workload;

import dev.headstart.autograd.Gradients;
import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Parameter;
import dev.headstart.bench.workload.Workload.Bound;
import dev.headstart.nn.Part;
import dev.headstart.nn.model.TokenBatch;
import dev.headstart.optim.Adam;
import dev.headstart.optim.Optimizer;
import dev.headstart.optim.ParamGroup;
import dev.headstart.optim.Schedule;
import dev.headstart.tensor.AttentionPattern;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.zoo.text.bert.BertConfig;
import dev.headstart.zoo.text.bert.BertForMaskedLM;
import dev.headstart.zoo.text.bert.BertForSequenceClassification;
import dev.headstart.zoo.text.gpt2.Gpt2Config;
import dev.headstart.zoo.text.gpt2.Gpt2LanguageModel;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/// Attention, and transformers as published: training steps with AdamW, and inference. Their arithmetic is that of the matrix products alone.
final class Transformers {
    private Transformers() {}

    /// Multiplications and additions of a forward pass over one token: projections, feed-forward part four times as wide, attention to all
    /// positions.
    private static double flopPerToken(int width, int blocks, int time) {
        return 2.0 * blocks * (12.0 * width * width + 2.0 * time * width);
    }

    /// The same for its logits.
    private static double flopPerLogits(int width, int vocabulary) {
        return 2.0 * width * vocabulary;
    }

    /// Attention of a batch to itself, `[batch, time, heads, headDim]`.
    static Workload attention(int batch, int heads, int time, int headDim, RandomStream random) {
        return new Workload(String.format(Locale.ROOT, "attention fwd %dx%dx%dx%d", batch, heads, time, headDim), Bound.COMPUTE,
                4.0 * batch * heads * time * time * headDim, () -> {
                    Tensor q = random.child("q").normal(Shape.of(batch, time, heads, headDim), 0, 1);
                    return () -> q.attention(q, q, AttentionPattern.FULL);
                });
    }

    /// The same with the gradients of queries, keys and values; what backward computes again does not count.
    static Workload attentionTraining(int batch, int heads, int time, int headDim, RandomStream random) {
        return new Workload(String.format(Locale.ROOT, "attention fwd+bwd %dx%dx%dx%d", batch, heads, time, headDim), Bound.COMPUTE,
                12.0 * batch * heads * time * time * headDim, () -> {
                    Parameter q = Parameter.of(random.child("q").normal(Shape.of(batch, time, heads, headDim), 0, 1));
                    Tensor dY = Tensor.ones(q.shape());
                    return () -> {
                        Gradients gradients = q.attention(q, q, AttentionPattern.FULL).backward(dY);
                        return Objects.requireNonNull(gradients.get(q));
                    };
                });
    }

    /// GPT-2 on the cross-entropy of every position.
    static Workload gpt2(String name, Gpt2Config config, int batch, int time, RandomStream random) {
        double perToken = flopPerToken(config.width(), config.layers(), time) + flopPerLogits(config.width(), config.vocabulary());
        return new Workload("train " + name, Bound.COMPUTE, 3 * batch * time * perToken, () -> {
            Gpt2LanguageModel model = new Gpt2LanguageModel(config.withDropout(0), random.child("model"));
            TokenBatch tokens = tokens(config.vocabulary(), batch, time, random);
            Indices answers = TrainingSteps.ids(random.child("answers"), config.vocabulary(), Shape.of(batch, time));
            return TrainingSteps.step(() -> model.tokenLoss(tokens, answers), adamW(model), random);
        });
    }

    /// BERT that guesses the tokens of all positions. Its head's own layer does not count: 0.5 % of BERT-base's work.
    static Workload maskedLanguage(String name, BertConfig config, int batch, int time, RandomStream random) {
        double perToken = flopPerToken(config.width(), config.layers(), time) + flopPerLogits(config.width(), config.vocabulary());
        return new Workload("train " + name, Bound.COMPUTE, 3 * batch * time * perToken, () -> {
            BertForMaskedLM model = new BertForMaskedLM(config.withDropout(0), random.child("model"));
            TokenBatch tokens = tokens(config.vocabulary(), batch, time, random);
            Indices answers = TrainingSteps.ids(random.child("answers"), config.vocabulary(), Shape.of(batch, time));
            return TrainingSteps.step(() -> model.loss(tokens, answers), adamW(model), random);
        });
    }

    /// BERT that sorts sequences.
    static Workload finetuning(String name, BertConfig config, int batch, int time, RandomStream random) {
        double flop = 3 * batch * time * flopPerToken(config.width(), config.layers(), time);
        return new Workload("train " + name, Bound.COMPUTE, flop, () -> {
            BertForSequenceClassification model = new BertForSequenceClassification(config.withDropout(0), random.child("model"));
            TokenBatch tokens = tokens(config.vocabulary(), batch, time, random);
            Indices labels = TrainingSteps.ids(random.child("labels"), config.labels().size(), Shape.of(batch));
            return TrainingSteps.step(() -> model.loss(tokens, labels), adamW(model), random);
        });
    }

    /// One answer of it.
    static Workload inference(String name, BertConfig config, int batch, int time, RandomStream random) {
        double flop = batch * time * flopPerToken(config.width(), config.layers(), time);
        return new Workload("infer " + name, Bound.COMPUTE, flop, () -> {
            BertForSequenceClassification model = new BertForSequenceClassification(config, random.child("model"));
            TokenBatch tokens = tokens(config.vocabulary(), batch, time, random);
            return () -> Mode.inference(() -> model.forward(tokens)).value();
        });
    }

    private static TokenBatch tokens(int vocabulary, int batch, int time, RandomStream random) {
        return TokenBatch.of(TrainingSteps.ids(random.child("tokens"), vocabulary, Shape.of(batch, time)));
    }

    private static Optimizer adamW(Part model) {
        return Adam.adamW(List.of(ParamGroup.of(model.parameters()).rate(1e-4).decay(0.01)), Schedule.constant(),
                Double.POSITIVE_INFINITY);
    }
}
