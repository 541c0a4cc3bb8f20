package dev.headstart.nn.model;

import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Indices;

/// A network that scores, at each position of sequences, every token of its vocabulary: a language model, masked or causal.
public interface TokenScores {
    /// Label of a position that does not count.
    int IGNORED = -100;

    /// Number of tokens it scores.
    int vocabulary();

    /// The mean cross-entropy at the positions that have a label, a single number.
    ///
    /// @param labels the token wanted of each position, `[batch, time]`; [#IGNORED] where none is
    Variable tokenLoss(TokenBatch batch, Indices labels);
}
