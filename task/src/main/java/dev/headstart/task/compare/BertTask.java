package dev.headstart.task.compare;

import dev.headstart.autograd.Parameters;
import dev.headstart.autograd.Variable;
import dev.headstart.io.Weights;
import dev.headstart.io.text.Options;
import dev.headstart.io.text.Tokenizer;
import dev.headstart.nn.model.TokenBatch;
import dev.headstart.task.tuning.LabelledTable;
import dev.headstart.task.tuning.PublishedTexts;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.measure.HeadStart;
import dev.headstart.zoo.text.bert.BertConfig;
import dev.headstart.zoo.text.bert.BertForSequenceClassification;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;

/// A task of texts, and a published BERT. A pooler that the file lacks, as after learning masked words only, belongs to the new head.
///
/// @param sizes its configuration, with the labels of the task
/// @param weights of any BERT: its head, if it has one, is left
/// @param rows token ids with labels
/// @param tokenizer cuts texts to the length that is looked at
/// @param random of all that is drawn
public record BertTask(BertConfig sizes, Weights weights, TextRows rows, Tokenizer tokenizer, RandomStream random)
        implements
            TextExamples {
    /// The texts as a BERT takes them.
    ///
    /// @param maxLength tokens of a text that are looked at
    public static BertTask of(BertConfig config, Weights weights, Tokenizer tokenizer, LabelledTable texts, int maxLength,
            RandomStream random) throws IOException {
        Tokenizer known = tokenizer.with(Options.DEFAULT.truncate(Math.min(maxLength, config.maxLength())));
        TextRows rows = TextRows.of(texts, random.child("held back"), text -> known.encode(text).ids());
        return new BertTask(config.withLabels(rows.labels()), weights, rows, known, random);
    }

    @Override
    public BertTask with(TextRows others) {
        return new BertTask(sizes, weights, others, tokenizer, random);
    }

    @Override
    public int[] encoded(String text) {
        return tokenizer.encode(text).ids();
    }

    @Override
    public OptionalInt unknown() {
        return Stream.of("[UNK]", "<unk>").map(tokenizer::id).filter(OptionalInt::isPresent).findFirst().orElse(OptionalInt.empty());
    }

    @Override
    public String transfer() throws IOException {
        BertForSequenceClassification model = new BertForSequenceClassification(sizes, random.child("weights"));
        return model.loadEncoder(weights) + "\n" + PublishedTexts.head(sizes, weights) + ": new for these labels";
    }

    @Override
    public Learner learner(Start start, int seed) throws IOException {
        BertForSequenceClassification model = new BertForSequenceClassification(sizes, random.child("weights").child(seed));
        if (start != Start.RANDOM) {
            load(model);
        }
        if (start == Start.SHUFFLED) {
            HeadStart.shuffled(model.parameters().without(PublishedTexts.head(sizes, weights)), random.child("shuffle").child(seed));
        }
        return new Network(model, PublishedTexts.head(sizes, weights), this);
    }

    /// Everything but a head the file may have.
    private void load(BertForSequenceClassification model) throws IOException {
        Map<String, Tensor> drawn = new LinkedHashMap<>();
        Parameters head = model.parameters().select(PublishedTexts.head(sizes, weights));
        head.byName().forEach((name, parameter) -> drawn.put(name, parameter.value().copy()));
        model.loadEncoder(weights);
        drawn.forEach((name, value) -> head.get(name).value().copyInPlace(value));
    }

    private record Network(BertForSequenceClassification model, String head, BertTask task) implements Learner {
        @Override
        public Parameters parameters() {
            return model.parameters();
        }

        /// The first token's vectors, `[examples, 1, width]`.
        @Override
        public Variable features(int... examples) {
            TokenBatch batch = TokenBatch.of(task.sequences(examples), model.config().padding());
            return model.bert().forward(batch).slice(1, 0, 1);
        }

        /// The mean of each text's tokens, padding left out.
        @Override
        public Variable rows(int... examples) {
            TokenBatch batch = TokenBatch.of(task.sequences(examples), model.config().padding());
            Variable x = model.bert().forward(batch); // [examples, time, width]
            Tensor kept = batch.kept();
            if (kept == null) {
                return x.mean(1);
            }
            Tensor share = kept.dividedBy(kept.sum(1).reshape(batch.size(), 1));
            return Variable.of(share.reshape(batch.size(), 1, batch.time())).matmul(x).reshape(batch.size(), model.config().width());
        }

        @Override
        public Variable logits(Variable features) {
            return model.logits(features);
        }
    }
}
