package dev.headstart.nn.model;

import dev.headstart.autograd.Variable;
import dev.headstart.tensor.Indices;

/// A network that scores, at each position of sequences, every token of its vocabulary. Which tokens a score may depend on differs:
/// [MaskedTokenScores] and [NextTokenScores] say it, and an objective asks for the one it needs.
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
