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

/// BERT that labels every token: names of persons, parts of speech.
///
/// Names as transformers' `BertForTokenClassification`: `bert.…`, `classifier.{weight,bias}`.
public final class BertForTokenClassification implements BertNetwork<BertForTokenClassification> {
    private final Bert bert;
    private final Linear classifier;
    private final Dropout dropout;
    private final Scope scope;

    /// A model with random weights and as many outputs as the configuration has labels.
    public BertForTokenClassification(BertConfig config, RandomStream random) {
        this(config, Scope.of(random));
    }

    /// A model whose weights are those of a scope and as many outputs as the configuration has labels.
    public BertForTokenClassification(BertConfig config, Scope scope) {
        this.bert = Bert.below(config, false, scope);
        this.classifier = Bert.dense(config, config.labels().size(), scope.child("classifier"));
        this.dropout = new Dropout(config.dropouts().classifier());
        this.scope = scope.ownedBy(this);
    }

    @Override
    public BertConfig config() {
        return bert.config();
    }

    @Override
    public Bert bert() {
        return bert;
    }

    /// Logits: `[batch, time] → [batch, time, labels]`.
    public Variable forward(TokenBatch batch) {
        return classifier.forward(dropout.forward(bert.forward(batch)));
    }

    /// The mean cross-entropy of the tokens that count.
    ///
    /// @param labels `[batch, time]`; -100 where a token does not count
    public Variable loss(TokenBatch batch, Indices labels) {
        return Losses.crossEntropy(forward(batch), labels);
    }

    @Override
    public String task() {
        return "ForTokenClassification";
    }

    @Override
    public BertForTokenClassification build(BertConfig other, RandomStream random) {
        return new BertForTokenClassification(other, random);
    }

    @Override
    public Parts parts() {
        return scope.parts();
    }
}
