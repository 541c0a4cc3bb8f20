package dev.headstart.zoo.text.gpt2;

import dev.headstart.autograd.Variable;
import dev.headstart.nn.Dropout;
import dev.headstart.nn.Initialiser;
import dev.headstart.nn.Linear;
import dev.headstart.nn.Part;
import dev.headstart.nn.Parts;
import dev.headstart.nn.Scope;
import dev.headstart.nn.norm.LayerNorm;
import dev.headstart.tensor.AttentionPattern;
import dev.headstart.tensor.Tensor;
import dev.headstart.zoo.text.KeyValueCache;
import dev.headstart.zoo.text.SelfAttention;

/// A block of GPT-2, with normalisation first: `x += attention(norm(x)); x += feedForward(norm(x))`, with dropout on each addend.
///
/// Names: `ln_1`, `attn.{c_attn,c_proj}`, `ln_2`, `mlp.{c_fc,c_proj}`; `c_attn` gives queries, keys and values at once. The two `c_proj`
/// start from N(0, (deviation / √(2 · layers))²), the other weights from N(0, deviation²).
final class Gpt2Block implements Part {
    private final Gpt2Config config;
    private final LayerNorm norm1;
    private final Linear attention;
    private final Linear attended;
    private final LayerNorm norm2;
    private final Linear up;
    private final Linear down;
    private final Dropout attentionDropout;
    private final Dropout dropout;
    private final Scope scope;

    Gpt2Block(Gpt2Config config, Scope scope) {
        int width = config.width();
        Initialiser normal = Initialiser.normal(config.deviation());
        Initialiser residual = Initialiser.normal((float) (config.deviation() / Math.sqrt(2.0 * config.layers())));
        this.config = config;
        this.norm1 = new LayerNorm(width, config.eps(), scope.child("ln_1"));
        this.attention = new Linear(width, 3 * width, normal, scope.child("attn.c_attn", random -> random.child("c_attn")));
        this.attended = new Linear(width, width, residual, scope.child("attn.c_proj"));
        this.norm2 = new LayerNorm(width, config.eps(), scope.child("ln_2"));
        this.up = new Linear(width, config.hidden(), normal, scope.child("mlp.c_fc", random -> random.child("c_fc")));
        this.down = new Linear(config.hidden(), width, residual, scope.child("mlp.c_proj"));
        this.attentionDropout = new Dropout(config.dropouts().attention());
        this.dropout = new Dropout(config.dropouts().residual());
        this.scope = scope.ownedBy(this);
    }

    /// `[batch, time, width] → [batch, time, width]`
    Variable forward(Variable x, AttentionPattern pattern) {
        Variable qkv = attention.forward(norm1.forward(x)); // [batch, time, 3 · width]
        return add(x, SelfAttention.apply(qkv, config.heads(), attentionDropout.of(pattern)));
    }

    /// The same for tokens that come after those of a cache, which gets their keys and values: `[batch, new, width] → [batch, new, width]`.
    ///
    /// @param pattern for `[batch, heads, new, seen]`
    Variable forward(Variable x, KeyValueCache.Block cache, int seen, AttentionPattern pattern) {
        Tensor qkv = attention.forward(norm1.forward(x)).value();
        int heads = config.heads();
        cache.put(SelfAttention.part(qkv, heads, 1), SelfAttention.part(qkv, heads, 2));
        Tensor y = SelfAttention.part(qkv, heads, 0).attention(cache.keys(seen), cache.values(seen), pattern);
        return add(x, Variable.of(y.reshape(x.shape())));
    }

    private Variable add(Variable x, Variable joined) {
        Variable y = x.plus(dropout.forward(attended.forward(joined)));
        Variable fed = down.forward(config.activation().forward(up.forward(norm2.forward(y))));
        return y.plus(dropout.forward(fed));
    }

    @Override
    public Parts parts() {
        return scope.parts();
    }
}
