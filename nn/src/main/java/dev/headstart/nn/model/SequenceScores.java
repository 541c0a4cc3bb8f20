package dev.headstart.nn.model;

import dev.headstart.autograd.Variable;

/// A network that scores the classes of a sequence of tokens, from one vector of it.
public interface SequenceScores extends SequenceFeatures {
    /// What the head makes of [#features]: `[batch, width] → [batch, classes]`.
    Variable classify(Variable features);

    /// Logits: `[batch, time] → [batch, classes]`.
    default Variable forward(TokenBatch batch) {
        return classify(features(batch));
    }
}
