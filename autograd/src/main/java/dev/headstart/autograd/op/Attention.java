package dev.headstart.autograd.op;

import dev.headstart.autograd.Op;
import dev.headstart.autograd.Variable;
import dev.headstart.tensor.AttentionPattern;
import dev.headstart.tensor.Attentions;
import dev.headstart.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// Scaled dot-product attention of each head: `softmax(q kᵀ / √headDim + mask) v`, with dropout of the weights.
///
/// | | |
/// |---|---|
/// | shapes | `q [batch, time, heads, headDim]`, k and v `[batch, other, heads, headDim]`, mask broadcast to `[batch, heads, time, other]` `→ [batch, time, heads, headDim]` |
/// | backward | with P the weights and g = dY vᵀ: dV = Pᵀ dY, dS = P · (g - Σ P g), dQ = dS k / √headDim, dK = dSᵀ q / √headDim; P is computed again, a strip of queries at a time |
/// | errors | not 4 axes; the shapes differ in more than the time of q; causal, and the times differ; the mask does not broadcast; dropout outside [0, 1) |
/// | source | Vaswani et al. 2017, arXiv 1706.03762; as `torch.nn.functional.scaled_dot_product_attention`, but that a query that sees no key gets zeros; recomputation: Dao et al. 2022, arXiv 2205.14135 |
///
/// What a causal attention hides is not computed: there a value that is not finite does no harm.
///
/// @param q the queries
/// @param k the keys
/// @param v the values; null where only their own gradient is wanted
/// @param pattern mask and dropout
public record Attention(Tensor q, Tensor k, @Nullable Tensor v, AttentionPattern pattern) implements Op.Joint {
    /// Applies the operator.
    public static Variable apply(Variable q, Variable k, Variable v, AttentionPattern pattern) {
        Tensor y = q.value().attention(k.value(), v.value(), pattern);
        return Variable.of(y, new Attention(q.value(), k.value(), v.keptFor(q, k), pattern), q, k, v);
    }

    @Override
    public @Nullable Tensor[] gradients(boolean[] wanted, Tensor dY) {
        return Attentions.gradients(q, k, v, pattern, dY, wanted);
    }

    @Override
    public int inputs() {
        return 3;
    }
}
