package dev.headstart.zoo.text.bert;

import dev.headstart.autograd.Variable;
import dev.headstart.nn.Dropout;
import dev.headstart.nn.Embedding;
import dev.headstart.nn.Initialiser;
import dev.headstart.nn.Part;
import dev.headstart.nn.Parts;
import dev.headstart.nn.Scope;
import dev.headstart.nn.model.TokenBatch;
import dev.headstart.nn.norm.LayerNorm;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.ShapeException;
import dev.headstart.tensor.Tensor;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What BERT's first block reads: `norm(word[id] + type[segment] + position[place])`, with dropout.
///
/// Names: `word_embeddings.weight [vocabulary, width]`, `position_embeddings.weight [positions, width]`,
/// `token_type_embeddings.weight [types, width]`, `LayerNorm.{weight,bias}`.
final class BertEmbeddings implements Part {
    private final BertConfig config;
    private final Embedding words;
    private final Embedding positions;
    private final @Nullable Embedding types; // DistilBERT has none
    private final LayerNorm norm;
    private final Dropout dropout;
    private final Scope scope;

    BertEmbeddings(BertConfig config, Scope scope) {
        Initialiser normal = Initialiser.normal(config.deviation());
        this.config = config;
        this.words = new Embedding(config.vocabulary(), config.width(), normal, scope.child("word_embeddings"));
        this.positions = new Embedding(config.positions(), config.width(), normal, scope.child("position_embeddings"));
        this.types = config.family() == BertConfig.Family.DISTILBERT
                ? null
                : new Embedding(config.types(), config.width(), normal, scope.child("token_type_embeddings"));
        this.norm = new LayerNorm(config.width(), config.eps(), scope.child("LayerNorm"));
        this.dropout = new Dropout(config.dropouts().vectors());
        this.scope = scope.ownedBy(this);
    }

    Embedding words() {
        return words;
    }

    /// `[batch, time] → [batch, time, width]`
    Variable forward(TokenBatch batch) {
        if (batch.time() > config.maxLength()) {
            throw new ShapeException("bert: ids" + batch.ids().shape() + ": " + batch.time() + " positions are more than the model's "
                    + config.maxLength());
        }
        Indices segments = batch.types() == null ? Indices.of(batch.ids().shape(), new int[batch.ids().size()]) : batch.types();
        Variable tokens = looked(words, batch.ids());
        Variable x = types == null ? tokens : tokens.plus(types.forward(segments));
        Variable places = switch (config.family()) {
            case BERT, DISTILBERT -> positions.forward(Indices.of(IntStream.range(0, batch.time()).toArray())); // [time, width]
            case ROBERTA -> looked(positions, behindPadding(batch.ids())); // [batch, time, width]
        };
        return dropout.forward(norm.forward(x.plus(places)));
    }

    /// Vectors by id, of which those of the padding id are not learnt: a table with torch's `padding_idx`.
    private Variable looked(Embedding table, Indices ids) {
        Variable x = table.forward(ids);
        float[] tokens = new float[ids.size()];
        boolean padded = false;
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = ids.at(i) == config.padding() ? 0 : 1;
            padded |= tokens[i] == 0;
        }
        if (!padded || !x.requiresGradient()) {
            return x;
        }
        Tensor learnt = Tensor.wrap(Shape.of(ids.shape().dim(0), ids.shape().dim(1), 1), tokens);
        return x.where(learnt, 0).plus(x.detach().where(Tensor.ones(Shape.SCALAR).minus(learnt), 0));
    }

    /// Tokens are counted from `padding + 1`, padding is at `padding`.
    private Indices behindPadding(Indices ids) {
        int time = ids.shape().dim(1);
        int[] places = new int[ids.size()];
        int tokens = 0;
        for (int i = 0; i < places.length; i++) {
            tokens = i % time == 0 ? 0 : tokens;
            places[i] = ids.at(i) == config.padding() ? config.padding() : config.padding() + ++tokens;
        }
        return Indices.of(ids.shape(), places);
    }

    @Override
    public Parts parts() {
        return scope.parts();
    }
}
