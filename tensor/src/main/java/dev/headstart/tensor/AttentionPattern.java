package dev.headstart.tensor;

import org.jspecify.annotations.Nullable;

/// What becomes of the weights of an attention: which keys a query may see, and which weights are dropped.
///
/// @param mask added to the scores, broadcast to `[batch, heads, time, other]`; null for none
/// @param causal whether no query sees a later key: as a mask of -∞, but work that it would undo is not done
/// @param dropout probability with which a weight is dropped, in [0, 1)
/// @param random decides which weights are dropped; null where none are
public record AttentionPattern(@Nullable Tensor mask, boolean causal, float dropout, @Nullable RandomStream random) {
    /// Every query sees every key.
    public static final AttentionPattern FULL = new AttentionPattern(null, false, 0, null);

    /// No query sees a later key.
    public static final AttentionPattern CAUSAL = new AttentionPattern(null, true, 0, null);

    public AttentionPattern {
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException("attention: dropout " + dropout + ": it must be in [0, 1)");
        }
        if (dropout > 0 && random == null) {
            throw new IllegalArgumentException("attention: dropout " + dropout + ": a random stream is needed to decide what is dropped");
        }
    }

    /// This with a mask.
    public AttentionPattern masked(@Nullable Tensor by) {
        return new AttentionPattern(by, causal, dropout, random);
    }

    /// This with dropout.
    public AttentionPattern dropping(float probability, RandomStream by) {
        return new AttentionPattern(mask, causal, probability, by);
    }
}
