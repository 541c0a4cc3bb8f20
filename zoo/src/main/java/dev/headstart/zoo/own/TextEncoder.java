package dev.headstart.zoo.own;

import dev.headstart.autograd.Variable;
import dev.headstart.io.text.CharVocabulary;
import dev.headstart.nn.Activation;
import dev.headstart.nn.Dropout;
import dev.headstart.nn.Embedding;
import dev.headstart.nn.Part;
import dev.headstart.nn.Parts;
import dev.headstart.nn.Scope;
import dev.headstart.nn.attention.AttentionMask;
import dev.headstart.nn.attention.TransformerBlock;
import dev.headstart.nn.model.SequenceFeatures;
import dev.headstart.nn.model.TokenBatch;
import dev.headstart.nn.norm.LayerNorm;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.ShapeException;
import dev.headstart.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// A bidirectional transformer over the tokens of a [CharVocabulary]: embeddings of tokens and positions, blocks with normalisation first, a last normalisation.
///
/// Names: `embedding.token.weight [vocabulary, width]`, `embedding.position.weight [maxLength, width]`, `block.{i}.…` as in
/// [TransformerBlock], `norm.…`.
public final class TextEncoder implements Part, SequenceFeatures {
    /// Sizes of an encoder.
    ///
    /// @param vocabulary number of tokens
    /// @param maxLength longest sequence
    /// @param width length of a token's vector, a multiple of heads
    /// @param blocks number of transformer blocks
    /// @param heads attention heads in each
    /// @param hidden width inside the feed-forward parts
    /// @param dropout probability, in training
    public record Config(int vocabulary, int maxLength, int width, int blocks, int heads, int hidden, float dropout) {}

    private final Config config;
    private final Embedding token;
    private final Embedding position;
    private final List<TransformerBlock> blocks = new ArrayList<>();
    private final LayerNorm norm;
    private final Dropout dropout;
    private final Scope scope;

    /// An encoder with random weights.
    public TextEncoder(Config config, RandomStream random) {
        this(config, Scope.of(random));
    }

    /// An encoder of this scope.
    public TextEncoder(Config config, Scope scope) {
        this.config = config;
        this.token = new Embedding(config.vocabulary, config.width, scope.child("embedding.token"));
        this.position = new Embedding(config.maxLength, config.width, scope.child("embedding.position"));
        for (int i = 0; i < config.blocks; i++) {
            blocks.add(new TransformerBlock(config.width, config.heads, config.hidden, Activation.GELU_TANH, config.dropout,
                    scope.child("block." + i)));
        }
        this.norm = new LayerNorm(config.width, scope.child("norm"));
        this.dropout = new Dropout(config.dropout);
        this.scope = scope.ownedBy(this);
    }

    /// The sizes.
    public Config config() {
        return config;
    }

    @Override
    public int width() {
        return config.width;
    }

    @Override
    public int padding() {
        return CharVocabulary.PADDING;
    }

    /// The table of token vectors.
    public Embedding token() {
        return token;
    }

    /// A vector for every position: `[batch, time] → [batch, time, width]`.
    public Variable forward(TokenBatch batch) {
        int time = batch.time();
        if (time > config.maxLength) {
            throw new ShapeException("text encoder: tokens" + batch.ids().shape() + ": " + time + " positions are more than the model's "
                    + config.maxLength);
        }
        Indices positions = Indices.of(IntStream.range(0, time).toArray());
        Variable x = dropout.forward(token.forward(batch.ids()).plus(position.forward(positions)));
        Tensor mask = AttentionMask.padding(batch.keptOrOnes());
        for (TransformerBlock block : blocks) {
            x = block.forward(x, mask);
        }
        return norm.forward(x);
    }

    /// One vector for every sequence, the mean over its tokens: `[batch, time] → [batch, width]`.
    @Override
    public Variable features(TokenBatch batch) {
        Variable x = forward(batch);
        Tensor kept = batch.keptOrOnes();
        Tensor share = kept.dividedBy(kept.sum(1).reshape(batch.size(), 1)); // [batch, time]
        Variable weights = Variable.of(share.reshape(batch.size(), 1, batch.time()));
        return weights.matmul(x).reshape(batch.size(), config.width);
    }

    @Override
    public Parts parts() {
        return scope.parts();
    }
}
