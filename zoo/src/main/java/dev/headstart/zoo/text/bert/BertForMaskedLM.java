package dev.headstart.zoo.text.bert;

import dev.headstart.autograd.Variable;
import dev.headstart.nn.Parts;
import dev.headstart.nn.Scope;
import dev.headstart.nn.model.MaskedTokenScores;
import dev.headstart.nn.model.TokenBatch;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;

/// BERT that guesses hidden tokens.
///
/// Names as transformers' `BertForMaskedLM`: `bert.…`, `cls.predictions.…`; under RoBERTa's configuration `roberta.…`, `lm_head.…`.
public final class BertForMaskedLM implements BertNetwork<BertForMaskedLM>, MaskedTokenScores {
    private final Bert bert;
    private final BertMaskedHead head;
    private final Scope scope;

    /// A model with random weights.
    public BertForMaskedLM(BertConfig config, RandomStream random) {
        this(config, Scope.of(random));
    }

    /// A model whose weights are those of a scope.
    public BertForMaskedLM(BertConfig config, Scope scope) {
        this.bert = Bert.below(config, false, scope);
        this.head = new BertMaskedHead(bert, scope);
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

    /// Logits of every position: `[batch, time] → [batch, time, vocabulary]`.
    public Variable forward(TokenBatch batch) {
        return head.forward(bert.forward(batch));
    }

    /// Logits of some positions only, for large vocabularies: `[batch, time] → [positions, vocabulary]`.
    ///
    /// @param positions numbers of positions in row-major order of `[batch, time]`
    public Variable forward(TokenBatch batch, Indices positions) {
        return head.forward(bert.forward(batch).reshape(-1, config().width()).gatherRows(positions));
    }

    /// The mean cross-entropy where there are labels.
    ///
    /// @param labels the tokens that should be there, `[batch, time]`; -100 where nothing is to be guessed
    public Variable loss(TokenBatch batch, Indices labels) {
        return head.loss(bert.forward(batch), labels);
    }

    @Override
    public int vocabulary() {
        return config().vocabulary();
    }

    @Override
    public int padding() {
        return config().padding();
    }

    @Override
    public Variable tokenLoss(TokenBatch batch, Indices labels) {
        return loss(batch, labels);
    }

    @Override
    public String task() {
        return "ForMaskedLM";
    }

    @Override
    public BertForMaskedLM build(BertConfig other, RandomStream random) {
        return new BertForMaskedLM(other, random);
    }

    @Override
    public Parts parts() {
        return scope.parts();
    }
}
