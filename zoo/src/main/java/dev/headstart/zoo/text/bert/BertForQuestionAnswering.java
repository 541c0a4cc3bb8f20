package dev.headstart.zoo.text.bert;

import dev.headstart.autograd.Variable;
import dev.headstart.nn.Linear;
import dev.headstart.nn.Parts;
import dev.headstart.nn.Scope;
import dev.headstart.nn.loss.Losses;
import dev.headstart.nn.model.TokenBatch;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import java.util.stream.IntStream;

/// BERT that finds where in a text the answer begins and ends.
///
/// Names as transformers' `BertForQuestionAnswering`: `bert.…`, `qa_outputs.{weight,bias}`.
public final class BertForQuestionAnswering implements BertNetwork<BertForQuestionAnswering> {
    private final Bert bert;
    private final Linear outputs;
    private final Scope scope;

    /// What it answers.
    ///
    /// @param starts logits of the answer's first token, `[batch, time]`
    /// @param ends logits of its last, `[batch, time]`
    public record Answers(Variable starts, Variable ends) {}

    /// A model with random weights.
    public BertForQuestionAnswering(BertConfig config, RandomStream random) {
        this(config, Scope.of(random));
    }

    /// A model whose weights are those of a scope.
    public BertForQuestionAnswering(BertConfig config, Scope scope) {
        this.bert = Bert.below(config, false, scope);
        this.outputs = Bert.dense(config, 2, scope.child("qa_outputs", random -> random.child("outputs")));
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

    /// Both kinds of logits.
    public Answers forward(TokenBatch batch) {
        Variable y = outputs.forward(bert.forward(batch)); // [batch, time, 2]
        return new Answers(column(y, 0), column(y, 1));
    }

    private static Variable column(Variable y, int which) {
        return y.slice(2, which, which + 1).reshape(y.shape().dim(0), y.shape().dim(1));
    }

    /// The mean of both cross-entropies.
    ///
    /// @param starts place of each answer's first token, `[batch]`; one outside the sequence does not count
    /// @param ends place of its last
    public Variable loss(TokenBatch batch, Indices starts, Indices ends) {
        Answers answers = forward(batch);
        Variable first = Losses.crossEntropy(answers.starts, within(starts, batch.time()));
        return first.plus(Losses.crossEntropy(answers.ends, within(ends, batch.time()))).times(0.5f);
    }

    private static Indices within(Indices places, int time) {
        return Indices.of(places.shape(), IntStream.of(places.toArray()).map(i -> i < time ? i : -100).toArray());
    }

    @Override
    public String task() {
        return "ForQuestionAnswering";
    }

    @Override
    public BertForQuestionAnswering build(BertConfig other, RandomStream random) {
        return new BertForQuestionAnswering(other, random);
    }

    @Override
    public Parts parts() {
        return scope.parts();
    }
}
