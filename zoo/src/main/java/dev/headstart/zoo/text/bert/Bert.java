package dev.headstart.zoo.text.bert;

import dev.headstart.autograd.Variable;
import dev.headstart.nn.Initialiser;
import dev.headstart.nn.Linear;
import dev.headstart.nn.Parts;
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

    /// A model with random weights and a pooler.
    public Bert(BertConfig config, RandomStream random) {
        this(config, true, random);
    }

    /// A model with random weights.
    ///
    /// @param pooled whether it has a pooler, which heads for single tokens have no use for
    public Bert(BertConfig config, boolean pooled, RandomStream random) {
        this.config = config;
        this.embeddings = new BertEmbeddings(config, random.child("embeddings"));
        for (int i = 0; i < config.layers(); i++) {
            layers.add(new BertLayer(config, random.child("layer." + i)));
        }
        this.pooler = pooled ? dense(config, config.width(), random.child("pooler")) : null;
    }

    /// A linear layer of a head.
    static Linear dense(BertConfig config, int out, RandomStream random) {
        return new Linear(config.width(), out, Initialiser.normal(config.deviation()), random);
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
    Variable words() {
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
        Parts parts = Parts.none().with("embeddings", embeddings).with("encoder", () -> Parts.none().withAll("layer", layers));
        return pooler == null ? parts : parts.with("pooler", () -> Parts.none().with("dense", pooler));
    }
}
