package dev.headstart.nn.model;

/// A network that scores what follows a position, from the tokens up to it and none after it: a causal language model. What fills up the
/// shorter sequences of a batch changes nothing before it, so any token may.
public interface NextTokenScores extends TokenScores {}
