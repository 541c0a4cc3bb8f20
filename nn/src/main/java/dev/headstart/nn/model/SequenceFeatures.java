package dev.headstart.nn.model;

import dev.headstart.autograd.Variable;

/// A network that makes one vector of each sequence of tokens.
public interface SequenceFeatures {
    /// Length of the vectors.
    int width();

    /// The vectors: `[batch, time] → [batch, width]`.
    Variable features(TokenBatch batch);
}
