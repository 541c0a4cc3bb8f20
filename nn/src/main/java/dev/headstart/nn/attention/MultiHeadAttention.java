package dev.headstart.nn.attention;

import dev.headstart.autograd.Variable;
import dev.headstart.nn.Dropout;
import dev.headstart.nn.Layer;
import dev.headstart.nn.Linear;
import dev.headstart.nn.Parts;
import dev.headstart.nn.Scope;
import dev.headstart.tensor.AttentionPattern;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// Multi-head scaled dot-product attention of a sequence to itself or to another (Vaswani et al. 2017, arXiv 1706.03762, section 3.2):
/// `softmax(Q Kᵀ / √headDim + mask) V` for each head, joined and projected.
///
/// Parameters: `query`, `key`, `value`, `output`, each a [Linear] of `[width, width]`.
public final class MultiHeadAttention implements Layer {
    private final Linear query;
    private final Linear key;
    private final Linear value;
    private final Linear output;
    private final Dropout dropout;
    private final int heads;
    private final Scope scope;

    /// @param width a multiple of heads
    /// @param dropout probability with which an attention weight is dropped in training
    public MultiHeadAttention(int width, int heads, float dropout, RandomStream random) {
        this(width, heads, dropout, Scope.of(random));
    }

    /// @param width a multiple of heads
    /// @param dropout probability with which an attention weight is dropped in training
    public MultiHeadAttention(int width, int heads, float dropout, Scope scope) {
        if (heads < 1 || width % heads != 0) {
            throw new IllegalArgumentException(
                    "attention: width " + width + ", heads " + heads + ": the width must be a multiple of the heads");
        }
        this.query = new Linear(width, width, scope.child("query"));
        this.key = new Linear(width, width, scope.child("key"));
        this.value = new Linear(width, width, scope.child("value"));
        this.output = new Linear(width, width, scope.child("output"));
        this.dropout = new Dropout(dropout);
        this.heads = heads;
        this.scope = scope.ownedBy(this);
    }

    /// Attention of x to itself, everywhere.
    @Override
    public Variable forward(Variable x) {
        return forward(x, x, null);
    }

    /// Attention of x to `memory`.
    ///
    /// @param x `[batch, time, width]`
    /// @param memory `[batch, other time, width]`
    /// @param mask added to the scores, broadcast to `[batch, heads, time, other time]`; null for none. See [AttentionMask]
    /// @return `[batch, time, width]`
    public Variable forward(Variable x, Variable memory, @Nullable Tensor mask) {
        return attend(x, memory, AttentionPattern.FULL.masked(mask));
    }

    /// Attention of x to itself without looking ahead: as with [AttentionMask#causal], but what that hides is not computed.
    ///
    /// @param mask as above
    public Variable forwardCausal(Variable x, @Nullable Tensor mask) {
        return attend(x, x, AttentionPattern.CAUSAL.masked(mask));
    }

    private Variable attend(Variable x, Variable memory, AttentionPattern pattern) {
        Variable q = split(query.forward(x)); // [batch, time, heads, headDim]
        Variable k = split(key.forward(memory)); // [batch, other time, heads, headDim]
        Variable v = split(value.forward(memory)); // [batch, other time, heads, headDim]
        return output.forward(q.attention(k, v, dropout.of(pattern)).reshape(x.shape().dims()));
    }

    /// `[batch, time, width] → [batch, time, heads, headDim]`
    private Variable split(Variable x) {
        return x.reshape(x.shape().dim(0), x.shape().dim(1), heads, x.shape().dim(2) / heads);
    }

    @Override
    public Parts parts() {
        return scope.parts();
    }
}
