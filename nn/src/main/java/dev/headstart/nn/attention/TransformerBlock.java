package dev.headstart.nn.attention;

import dev.headstart.autograd.Variable;
import dev.headstart.nn.Activation;
import dev.headstart.nn.Dropout;
import dev.headstart.nn.Layer;
import dev.headstart.nn.Parts;
import dev.headstart.nn.Scope;
import dev.headstart.nn.norm.LayerNorm;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// A transformer block with normalisation before each part (Xiong et al. 2020, arXiv 2002.04745):
/// `x += attention(norm1(x)); x += feedForward(norm2(x))`, with dropout on each addend.
///
/// Parameters: `norm1`, `attention`, `norm2`, `feedforward`.
public final class TransformerBlock implements Layer {
    private final LayerNorm norm1;
    private final MultiHeadAttention attention;
    private final LayerNorm norm2;
    private final FeedForward feedForward;
    private final Dropout dropout;
    private final Scope scope;

    /// @param width a multiple of heads
    /// @param hidden width inside the feed-forward part, commonly 4 · width
    /// @param dropout probability, for both addends
    public TransformerBlock(int width, int heads, int hidden, Activation activation, float dropout, RandomStream random) {
        this(width, heads, hidden, activation, dropout, Scope.of(random));
    }

    /// @param width a multiple of heads
    /// @param hidden width inside the feed-forward part, commonly 4 · width
    /// @param dropout probability, for both addends
    public TransformerBlock(int width, int heads, int hidden, Activation activation, float dropout, Scope scope) {
        this.norm1 = new LayerNorm(width, scope.child("norm1"));
        this.attention = new MultiHeadAttention(width, heads, dropout, scope.child("attention"));
        this.norm2 = new LayerNorm(width, scope.child("norm2"));
        this.feedForward = new FeedForward(width, hidden, activation, scope.child("feedforward"));
        this.dropout = new Dropout(dropout);
        this.scope = scope.ownedBy(this);
    }

    /// `[batch, time, width] → [batch, time, width]`, every position attending to every other.
    @Override
    public Variable forward(Variable x) {
        return forward(x, null);
    }

    /// `[batch, time, width] → [batch, time, width]`, with a mask as in [AttentionMask].
    public Variable forward(Variable x, @Nullable Tensor mask) {
        Variable normed = norm1.forward(x);
        return add(x, attention.forward(normed, normed, mask));
    }

    /// `[batch, time, width] → [batch, time, width]`, no position attending to a later one, with a mask besides.
    public Variable forwardCausal(Variable x, @Nullable Tensor mask) {
        return add(x, attention.forwardCausal(norm1.forward(x), mask));
    }

    private Variable add(Variable x, Variable attention) {
        Variable attended = x.plus(dropout.forward(attention));
        return attended.plus(dropout.forward(feedForward.forward(norm2.forward(attended))));
    }

    @Override
    public Parts parts() {
        return scope.parts();
    }
}
