package dev.headstart.zoo.text.bert;

import dev.headstart.autograd.Variable;
import dev.headstart.nn.Dropout;
import dev.headstart.nn.Linear;
import dev.headstart.nn.Parts;
import dev.headstart.nn.Scope;
import dev.headstart.nn.loss.Losses;
import dev.headstart.nn.model.TokenBatch;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// BERT that sorts sequences, or gives numbers for them.
///
/// Names as transformers' `BertForSequenceClassification`: `bert.…`, `classifier.{weight,bias}` on the pooler; RoBERTa's has no pooler, but
/// `classifier.dense` and `classifier.out_proj` on the first token's vector, DistilBERT's `pre_classifier`, ReLU and `classifier`.
public final class BertForSequenceClassification implements BertNetwork<BertForSequenceClassification> {
    private final Bert bert;
    private final @Nullable Linear dense; // RoBERTa's, in the pooler's place
    private final Linear classifier;
    private final Dropout dropout;
    private final Scope scope;

    /// A model with random weights and as many outputs as the configuration has labels.
    public BertForSequenceClassification(BertConfig config, RandomStream random) {
        this(config, Scope.of(random));
    }

    /// A model whose weights are those of a scope and as many outputs as the configuration has labels.
    public BertForSequenceClassification(BertConfig config, Scope scope) {
        boolean pooled = config.family() == BertConfig.Family.BERT;
        int labels = config.labels().size();
        this.bert = Bert.below(config, pooled, scope);
        this.dense = pooled
                ? null
                : Bert.dense(config, config.width(),
                        scope.child(distilled(config) ? "pre_classifier" : "classifier.dense", random -> random.child("dense")));
        this.classifier = Bert.dense(config, labels,
                scope.child(pooled || distilled(config) ? "classifier" : "classifier.out_proj", random -> random.child("classifier")));
        this.dropout = new Dropout(config.dropouts().classifier());
        this.scope = scope.ownedBy(this);
    }

    private static boolean distilled(BertConfig config) {
        return config.family() == BertConfig.Family.DISTILBERT;
    }

    @Override
    public BertConfig config() {
        return bert.config();
    }

    @Override
    public Bert bert() {
        return bert;
    }

    /// Logits, or the number itself where there is one label: `[batch, time] → [batch, labels]`.
    public Variable forward(TokenBatch batch) {
        return logits(bert.forward(batch));
    }

    /// Logits of what the encoder gave, of which the first token alone is looked at: `[batch, time, width] → [batch, labels]`.
    public Variable logits(Variable x) {
        return classifier.forward(dropout.forward(summary(x)));
    }

    /// `[batch, width]`
    private Variable summary(Variable x) {
        if (dense == null) {
            return bert.pooled(x);
        }
        return distilled(config()) ? dense.forward(Bert.first(x)).relu() : dense.forward(dropout.forward(Bert.first(x))).tanh();
    }

    /// The mean cross-entropy.
    ///
    /// @param labels `[batch]`; -100 does not count
    public Variable loss(TokenBatch batch, Indices labels) {
        return Losses.crossEntropy(forward(batch), labels);
    }

    /// The loss for targets that are no single label: the mean squared error where the outputs are numbers ([BertConfig#problem]), else the
    /// binary cross-entropy of each label by itself.
    ///
    /// @param targets `[batch, labels]`
    public Variable loss(TokenBatch batch, Tensor targets) {
        Variable y = forward(batch);
        return config().problem() == BertConfig.Problem.REGRESSION
                ? Losses.meanSquaredError(y, targets)
                : Losses.binaryCrossEntropy(y, targets);
    }

    @Override
    public String task() {
        return "ForSequenceClassification";
    }

    @Override
    public BertForSequenceClassification build(BertConfig other, RandomStream random) {
        return new BertForSequenceClassification(other, random);
    }

    @Override
    public Parts parts() {
        return scope.parts();
    }
}
