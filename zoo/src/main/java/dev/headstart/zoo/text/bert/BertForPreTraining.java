package dev.headstart.zoo.text.bert;

import dev.headstart.autograd.Variable;
import dev.headstart.nn.Linear;
import dev.headstart.nn.Parts;
import dev.headstart.nn.Scope;
import dev.headstart.nn.loss.Losses;
import dev.headstart.nn.model.TokenBatch;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;

/// BERT with both its heads of pre-training: hidden tokens, and whether one sentence follows the other.
///
/// Names as transformers' `BertForPreTraining`: `bert.…`, `cls.predictions.…`, `cls.seq_relationship.{weight,bias}`.
public final class BertForPreTraining implements BertNetwork<BertForPreTraining> {
    private final Bert bert;
    private final BertMaskedHead head;
    private final Linear next;
    private final Scope scope;

    /// What it answers.
    ///
    /// @param tokens logits, `[batch, time, vocabulary]`
    /// @param next logits of 0, the second sentence follows the first, and 1, it does not, `[batch, 2]`
    public record Answers(Variable tokens, Variable next) {}

    /// A model with random weights.
    ///
    /// @throws IllegalArgumentException when the configuration is RoBERTa's, which is not trained so
    public BertForPreTraining(BertConfig config, RandomStream random) {
        this(config, Scope.of(random));
    }

    /// A model whose weights are those of a scope.
    ///
    /// @throws IllegalArgumentException when the configuration is RoBERTa's, which is not trained so
    public BertForPreTraining(BertConfig config, Scope scope) {
        if (config.family() != BertConfig.Family.BERT) {
            throw new IllegalArgumentException("bert: " + config.family() + " has no next-sentence head: use BertForMaskedLM");
        }
        this.bert = Bert.below(config, true, scope);
        this.head = new BertMaskedHead(bert, scope);
        this.next = Bert.dense(config, 2, scope.child("cls.seq_relationship", random -> random.child("next")));
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

    /// All logits.
    public Answers forward(TokenBatch batch) {
        Variable x = bert.forward(batch);
        return new Answers(head.forward(x), next.forward(bert.pooled(x)));
    }

    /// The sum of both losses.
    ///
    /// @param labels the tokens that should be there, `[batch, time]`; -100 where nothing is to be guessed
    /// @param unrelated `[batch]`: 0 where the second sentence follows the first, 1 where not
    public Variable loss(TokenBatch batch, Indices labels, Indices unrelated) {
        Variable x = bert.forward(batch);
        return head.loss(x, labels).plus(Losses.crossEntropy(next.forward(bert.pooled(x)), unrelated));
    }

    @Override
    public String task() {
        return "ForPreTraining";
    }

    @Override
    public BertForPreTraining build(BertConfig other, RandomStream random) {
        return new BertForPreTraining(other, random);
    }

    @Override
    public Parts parts() {
        return scope.parts();
    }
}
