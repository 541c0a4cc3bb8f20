package dev.headstart.nn.model;

/// A network that scores what a position itself should hold, from the tokens on both sides of it: a masked language model.
public interface MaskedTokenScores extends TokenScores {
    /// Id of the token that fills up the shorter sequences of a batch.
    int padding();
}
