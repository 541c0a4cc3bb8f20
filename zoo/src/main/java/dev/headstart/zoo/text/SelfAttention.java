package dev.headstart.zoo.text;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.AttentionPattern;
import dev.headstart.tensor.Attentions;
import dev.headstart.tensor.Tensor;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// [dev.headstart.autograd.op.Attention] of queries, keys and values that one product gave, side by side: nothing is cut out of it, and its
/// gradient is put together once.
///
/// | | |
/// |---|---|
/// | shapes | `qkv [batch, time, 3 · heads · headDim] → [batch, time, heads · headDim]` |
/// | backward | those of attention, side by side |
/// | errors | those of attention |
/// | source | GPT-2's `c_attn` |
///
/// @param qkv queries, keys, values
/// @param heads how many
/// @param pattern mask and dropout
public record SelfAttention(Tensor qkv, int heads, AttentionPattern pattern) implements Op.Unary {
    public static Variable apply(Variable qkv, int heads, AttentionPattern pattern) {
        Tensor x = qkv.value();
        Tensor y = part(x, heads, 0).attention(part(x, heads, 1), part(x, heads, 2), pattern); // [batch, time, heads, headDim]
        return Variable.of(y.reshape(x.dim(0), x.dim(1), x.dim(2) / 3), new SelfAttention(x, heads, pattern), qkv);
    }

    /// Queries (0), keys (1) or values (2), `[batch, time, heads, headDim]`. A view.
    public static Tensor part(Tensor qkv, int heads, int which) {
        Tensor split = qkv.reshape(qkv.dim(0), qkv.dim(1), 3 * heads, qkv.dim(2) / (3 * heads));
        return split.slice(2, which * heads, (which + 1) * heads);
    }

    @Override
    public Tensor dX(Tensor dY) {
        Tensor q = part(qkv, heads, 0);
        @Nullable
        Tensor[] parts = Attentions.gradients(q, part(qkv, heads, 1), part(qkv, heads, 2), pattern, dY.reshape(q.shape()), true, true,
                true);
        Tensor joined = Tensor.concat(2, Objects.requireNonNull(parts[0]), Objects.requireNonNull(parts[1]),
                Objects.requireNonNull(parts[2]));
        return joined.reshape(qkv.shape());
    }
}
