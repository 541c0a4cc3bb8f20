package dev.headstart.zoo.text.gpt2;

import dev.headstart.autograd.Variable;
import dev.headstart.nn.Parts;
import dev.headstart.nn.Scope;
import dev.headstart.nn.loss.Losses;
import dev.headstart.nn.model.NextTokenScores;
import dev.headstart.nn.model.TokenBatch;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.ShapeException;
import dev.headstart.tensor.Tensor;
import dev.headstart.zoo.text.GenerativeNetwork;
import dev.headstart.zoo.text.KeyValueCache;
import dev.headstart.zoo.text.Labelled;
import java.util.Arrays;

/// GPT-2 that says what comes next; the table of token vectors is its last weight. [dev.headstart.zoo.text.Generation] writes texts with
/// it.
///
/// Names as transformers' `GPT2LMHeadModel`: `transformer.…` as in [Gpt2], tied `lm_head.weight`.
public final class Gpt2LanguageModel implements Gpt2Network<Gpt2LanguageModel>, GenerativeNetwork, NextTokenScores {
    private final Gpt2 gpt2;
    private final Scope scope;

    /// A model with random weights.
    public Gpt2LanguageModel(Gpt2Config config, RandomStream random) {
        this(config, Scope.of(random));
    }

    /// A model whose weights are those of a scope.
    public Gpt2LanguageModel(Gpt2Config config, Scope scope) {
        this.gpt2 = new Gpt2(config, scope.child("transformer"));
        scope.alias("lm_head.weight", gpt2.words());
        this.scope = scope.ownedBy(this);
    }

    @Override
    public Gpt2Config config() {
        return gpt2.config();
    }

    @Override
    public Gpt2 gpt2() {
        return gpt2;
    }

    /// Logits of what follows each token: `[batch, time] → [batch, time, vocabulary]`.
    public Variable forward(TokenBatch batch) {
        Variable x = gpt2.forward(batch);
        return logits(x.reshape(-1, config().width())).reshape(batch.size(), batch.time(), config().vocabulary());
    }

    /// `[rows, width] → [rows, vocabulary]`
    private Variable logits(Variable x) {
        return x.matmul(gpt2.words().transpose(0, 1));
    }

    /// The mean cross-entropy of every token but the first, said from those before it. Logits are never in memory as a whole.
    ///
    /// @param labels the tokens themselves, `[batch, time]`; -100 where one does not count
    public Variable loss(TokenBatch batch, Indices labels) {
        int time = batch.time();
        if (!labels.shape().equals(batch.ids().shape())) {
            throw new ShapeException("gpt2: ids" + batch.ids().shape() + ", labels" + labels.shape() + ": the shapes must be equal");
        }
        int[] next = new int[labels.size()];
        Arrays.setAll(next, i -> i % time == time - 1 ? -100 : labels.at(i + 1));
        return tokenLoss(batch, Indices.of(labels.shape(), next));
    }

    @Override
    public int vocabulary() {
        return config().vocabulary();
    }

    /// The mean cross-entropy of what follows each token.
    ///
    /// @param next the token that should follow each, `[batch, time]`; -100 where that does not count
    @Override
    public Variable tokenLoss(TokenBatch batch, Indices next) {
        Labelled labelled = Labelled.of("gpt2", gpt2.forward(batch), next);
        return Losses.crossEntropy(labelled.rows(), gpt2.words(), null, labelled.labels());
    }

    @Override
    public int positions() {
        return config().positions();
    }

    @Override
    public KeyValueCache cache(int sequences, int capacity) {
        return new KeyValueCache(config().sizes(), sequences, capacity);
    }

    @Override
    public Tensor next(Indices tokens, int[] counts, KeyValueCache cache) {
        int time = tokens.shape().dim(-1);
        Tensor x = gpt2.forward(tokens, counts, cache); // [sequences, new, width]
        int[] last = new int[counts.length];
        Arrays.setAll(last, i -> i * time + Math.max(0, counts[i] - 1));
        return logits(Variable.of(x.reshape(-1, config().width()).gatherRows(Indices.of(last)))).value();
    }

    @Override
    public String architecture() {
        return "GPT2LMHeadModel";
    }

    @Override
    public Gpt2LanguageModel build(Gpt2Config other, RandomStream random) {
        return new Gpt2LanguageModel(other, random);
    }

    @Override
    public Parts parts() {
        return scope.parts();
    }
}
