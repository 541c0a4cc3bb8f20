package dev.headstart.nn.model;

import dev.headstart.autograd.Variable;

/// A network that makes one vector of each sequence of tokens.
public interface SequenceFeatures {
    /// Length of the vectors.
    int width();

    /// Id of the token that fills up the shorter sequences of a batch.
    int padding();

    /// The vectors: `[batch, time] → [batch, width]`.
    Variable features(TokenBatch batch);
}
