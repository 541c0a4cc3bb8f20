package dev.headstart.zoo.text.bert;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Variable;
import dev.headstart.nn.Initialiser;
import dev.headstart.nn.Linear;
import dev.headstart.nn.Parts;
import dev.headstart.nn.Scope;
import dev.headstart.nn.model.TokenBatch;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// BERT without a head (Devlin et al. 2018, arXiv 1810.04805): a vector for each token, each of which has seen all the others. Under
/// RoBERTa's configuration it is that.
///
/// Names as transformers' `BertModel`: `embeddings.{word,position,token_type}_embeddings.weight`, `embeddings.LayerNorm`,
/// `encoder.layer.{i}.…`, and `pooler.dense` where there is a pooler. Weights start from N(0, 0.02²), biases from zero.
public final class Bert implements BertNetwork<Bert> {
    private final BertConfig config;
    private final BertEmbeddings embeddings;
    private final List<BertLayer> layers = new ArrayList<>();
    private final @Nullable Linear pooler;
    private final Scope scope;

    /// A model with random weights and a pooler.
    public Bert(BertConfig config, RandomStream random) {
        this(config, true, random);
    }

    /// A model with random weights.
    ///
    /// @param pooled whether it has a pooler, which heads for single tokens have no use for
    public Bert(BertConfig config, boolean pooled, RandomStream random) {
        this(config, pooled, Scope.of(random));
    }

    /// A model whose weights are those of a scope.
    ///
    /// @param pooled whether it has a pooler, which heads for single tokens have no use for
    public Bert(BertConfig config, boolean pooled, Scope scope) {
        this.config = config;
        this.embeddings = new BertEmbeddings(config, scope.child("embeddings"));
        for (int i = 0; i < config.layers(); i++) {
            String stream = "layer." + i;
            layers.add(new BertLayer(config, scope.child(config.family().own("encoder.layer.") + i, random -> random.child(stream))));
        }
        this.pooler = pooled ? dense(config, config.width(), scope.child("pooler.dense", random -> random.child("pooler"))) : null;
        this.scope = scope.ownedBy(this);
    }

    /// What a model with a head has below it.
    static Bert below(BertConfig config, boolean pooled, Scope scope) {
        return new Bert(config, pooled, scope.child(config.family().prefix(), random -> random.child("bert")));
    }

    /// A linear layer of a head.
    static Linear dense(BertConfig config, int out, Scope scope) {
        return new Linear(config.width(), out, Initialiser.normal(config.deviation()), scope);
    }

    @Override
    public BertConfig config() {
        return config;
    }

    @Override
    public Bert bert() {
        return this;
    }

    /// The table of token vectors.
    Parameter words() {
        return embeddings.words().weight();
    }

    /// A vector for every token: `[batch, time] → [batch, time, width]`.
    public Variable forward(TokenBatch batch) {
        return forward(batch, state -> {});
    }

    /// [#forward] with every state on the way there.
    ///
    /// @param states gets what the first block reads, then what each block gives, in order: transformers' `hidden_states`
    public Variable forward(TokenBatch batch, Consumer<Variable> states) {
        Tensor mask = batch.mask();
        Variable x = embeddings.forward(batch);
        states.accept(x);
        for (BertLayer layer : layers) {
            x = layer.forward(x, mask);
            states.accept(x);
        }
        return x;
    }

    /// A vector for every sequence, from that of its first token: `tanh(dense(x[0]))`, `[batch, time, width] → [batch, width]`.
    ///
    /// @param x what [#forward] gave
    /// @throws IllegalStateException when there is no pooler
    public Variable pooled(Variable x) {
        if (pooler == null) {
            throw new IllegalStateException("bert: this model has no pooler");
        }
        return pooler.forward(first(x)).tanh();
    }

    /// The first token's vectors: `[batch, time, width] → [batch, width]`.
    static Variable first(Variable x) {
        return x.slice(1, 0, 1).reshape(x.shape().dim(0), x.shape().dim(2));
    }

    @Override
    public String task() {
        return "Model";
    }

    @Override
    public Bert build(BertConfig other, RandomStream random) {
        return new Bert(other, pooler != null, random);
    }

    @Override
    public Parts parts() {
        return scope.parts();
    }
}
