package dev.headstart.zoo.text.gpt2;

import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Variable;
import dev.headstart.nn.Dropout;
import dev.headstart.nn.Embedding;
import dev.headstart.nn.Initialiser;
import dev.headstart.nn.Parts;
import dev.headstart.nn.Scope;
import dev.headstart.nn.model.TokenBatch;
import dev.headstart.nn.norm.LayerNorm;
import dev.headstart.tensor.AttentionPattern;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.ShapeException;
import dev.headstart.tensor.Tensor;
import dev.headstart.zoo.text.KeyValueCache;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// GPT-2 without its head (Radford et al. 2019): a vector for each token, each of which has seen those before it. In a configuration with a
/// band, GPT-3 (Brown et al. 2020, arXiv 2005.14165).
///
/// Names as transformers' `GPT2Model`: `wte.weight [vocabulary, width]`, `wpe.weight [positions, width]`, `h.{i}.…`, `ln_f.{weight,bias}`.
/// Published matrices are `[in, out]`.
public final class Gpt2 implements Gpt2Network<Gpt2> {
    private final Gpt2Config config;
    private final Embedding words;
    private final Embedding positions;
    private final List<Gpt2Block> blocks = new ArrayList<>();
    private final LayerNorm norm;
    private final Dropout dropout;
    private final Scope scope;

    /// A model with random weights.
    public Gpt2(Gpt2Config config, RandomStream random) {
        this(config, Scope.of(random));
    }

    /// A model whose weights are those of a scope.
    public Gpt2(Gpt2Config config, Scope scope) {
        Initialiser normal = Initialiser.normal(config.deviation());
        this.config = config;
        this.words = new Embedding(config.vocabulary(), config.width(), normal, scope.child("wte"));
        this.positions = new Embedding(config.positions(), config.width(), normal, scope.child("wpe"));
        for (int i = 0; i < config.layers(); i++) {
            blocks.add(new Gpt2Block(config, scope.child("h." + i)));
        }
        this.norm = new LayerNorm(config.width(), config.eps(), scope.child("ln_f"));
        this.dropout = new Dropout(config.dropouts().embedding());
        this.scope = scope.ownedBy(this);
    }

    @Override
    public Gpt2Config config() {
        return config;
    }

    @Override
    public Gpt2 gpt2() {
        return this;
    }

    /// The table of token vectors.
    Parameter words() {
        return words.weight();
    }

    /// A vector for every token: `[batch, time] → [batch, time, width]`. Segments, where there are any, are vectors of the token table.
    public Variable forward(TokenBatch batch) {
        return forward(batch, state -> {});
    }

    /// [#forward] with every state on the way there.
    ///
    /// @param states gets what the first block reads, then what each block gives, in order, before the last normalisation (transformers'
    /// `hidden_states` have the last one after it)
    public Variable forward(TokenBatch batch, Consumer<Variable> states) {
        int time = batch.time();
        if (time > config.positions()) {
            throw new ShapeException("gpt2: ids" + batch.ids().shape() + ": " + time + " positions are more than the model's "
                    + config.positions());
        }
        Variable x = words.forward(batch.ids()).plus(positions.forward(Indices.of(IntStream.range(0, time).toArray())));
        if (batch.types() != null) {
            x = x.plus(words.forward(batch.types()));
        }
        AttentionPattern[] patterns = patterns(time, batch.mask());
        x = dropout.forward(x);
        states.accept(x);
        for (int i = 0; i < blocks.size(); i++) {
            x = blocks.get(i).forward(x, patterns[config.bandOf(i) > 0 ? 1 : 0]);
            states.accept(x);
        }
        return norm.forward(x);
    }

    /// What blocks without and with a band see.
    private AttentionPattern[] patterns(int time, @Nullable Tensor mask) {
        AttentionPattern dense = AttentionPattern.CAUSAL.masked(mask);
        if (config.band() == 0) {
            return new AttentionPattern[] {dense};
        }
        Tensor band = mask(new int[1], time, time, config.band());
        return new AttentionPattern[] {dense, AttentionPattern.CAUSAL.masked(mask == null ? band : mask.plus(band))};
    }

    /// 0 where a token may look, -∞ elsewhere, `[sequences, 1, new, seen]`.
    ///
    /// @param lengths tokens each sequence had before
    /// @param band how many tokens a token sees, itself included; 0 for all
    private static Tensor mask(int[] lengths, int fresh, int seen, int band) {
        float[] mask = new float[lengths.length * fresh * seen];
        for (int query = 0; query < lengths.length * fresh; query++) {
            int place = lengths[query / fresh] + query % fresh;
            for (int key = 0; key < seen; key++) {
                boolean hidden = key > place || (band > 0 && key <= place - band);
                mask[query * seen + key] = hidden ? Float.NEGATIVE_INFINITY : 0;
            }
        }
        return Tensor.wrap(Shape.of(lengths.length, 1, fresh, seen), mask);
    }

    /// Vectors of the next tokens of sequences whose earlier ones are in a cache, where they join them: `[batch, new] → [batch, new,
    /// width]`, with the bits [#forward] has for the whole. Nothing is recorded for gradients.
    ///
    /// @param counts how many of the new tokens of each sequence are tokens, and not padding behind them
    Tensor forward(Indices fresh, int[] counts, KeyValueCache cache) {
        int batch = cache.size();
        int time = fresh.shape().dim(1);
        check(fresh, counts, cache);
        int[] lengths = IntStream.range(0, batch).map(cache::length).toArray();
        int[] places = IntStream.range(0, batch * time)
                .map(i -> Math.min(config.positions() - 1, lengths[i / time] + i % time)).toArray(); // only padding is beyond
        int seen = Math.min(cache.capacity(), cache.longest() + time);
        AttentionPattern[] patterns = cache.longest() == 0 ? patterns(time, null) : patterns(lengths, time, seen);
        Variable result = Mode.inference(() -> {
            Variable x = words.forward(fresh).plus(positions.forward(Indices.of(fresh.shape(), places)));
            for (int i = 0; i < blocks.size(); i++) {
                x = blocks.get(i).forward(x, cache.block(i), seen, patterns[config.bandOf(i) > 0 ? 1 : 0]);
            }
            return norm.forward(x);
        });
        cache.grow(counts);
        return result.value();
    }

    private AttentionPattern[] patterns(int[] lengths, int time, int seen) {
        AttentionPattern dense = AttentionPattern.FULL.masked(mask(lengths, time, seen, 0));
        return config.band() == 0
                ? new AttentionPattern[] {dense}
                : new AttentionPattern[] {dense, AttentionPattern.FULL.masked(mask(lengths, time, seen, config.band()))};
    }

    private static void check(Indices fresh, int[] counts, KeyValueCache cache) {
        if (fresh.shape().rank() != 2 || fresh.shape().dim(0) != cache.size() || counts.length != cache.size()) {
            throw new ShapeException("gpt2: ids" + fresh.shape() + ", " + counts.length + " counts: the cache has " + cache.size()
                    + " sequences");
        }
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] < 0 || counts[i] > fresh.shape().dim(1) || cache.length(i) + counts[i] > cache.capacity()) {
                throw new ShapeException("gpt2: ids" + fresh.shape() + ": sequence " + i + " has " + cache.length(i) + " tokens, and "
                        + counts[i] + " come: the cache holds " + cache.capacity());
            }
        }
    }

    @Override
    public String architecture() {
        return "GPT2Model";
    }

    @Override
    public Gpt2 build(Gpt2Config other, RandomStream random) {
        return new Gpt2(other, random);
    }

    @Override
    public Parts parts() {
        return scope.parts();
    }
}
