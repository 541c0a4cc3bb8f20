package dev.headstart.nn;

import dev.headstart.autograd.Variable;
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

    /// @param width a multiple of heads
    /// @param dropout probability with which an attention weight is dropped in training
    public MultiHeadAttention(int width, int heads, float dropout, RandomStream random) {
        if (heads < 1 || width % heads != 0) {
            throw new IllegalArgumentException(
                    "attention: width " + width + ", heads " + heads + ": the width must be a multiple of the heads");
        }
        this.query = new Linear(width, width, random.child("query"));
        this.key = new Linear(width, width, random.child("key"));
        this.value = new Linear(width, width, random.child("value"));
        this.output = new Linear(width, width, random.child("output"));
        this.dropout = new Dropout(dropout);
        this.heads = heads;
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
        int width = x.shape().dim(-1);
        float scale = (float) (1 / Math.sqrt((double) width / heads));
        Variable q = split(query.forward(x).times(scale)); // [batch, heads, time, headDim]
        Variable k = split(key.forward(memory)); // [batch, heads, other time, headDim]
        Variable v = split(value.forward(memory)); // [batch, heads, other time, headDim]
        Variable scores = q.matmul(k.transpose(-2, -1)); // [batch, heads, time, other time]
        Variable masked = mask == null ? scores : scores.plus(Variable.of(mask));
        Variable joined = dropout.forward(masked.softmax()).matmul(v).permute(0, 2, 1, 3); // [batch, time, heads, headDim]
        return output.forward(joined.reshape(x.shape().dim(0), x.shape().dim(1), width));
    }

    /// `[batch, time, width] → [batch, heads, time, headDim]`
    private Variable split(Variable x) {
        return x.reshape(x.shape().dim(0), x.shape().dim(1), heads, -1).permute(0, 2, 1, 3);
    }

    @Override
    public Parts parts() {
        return Parts.none().with("query", query).with("key", key).with("value", value).with("output", output);
    }
}
