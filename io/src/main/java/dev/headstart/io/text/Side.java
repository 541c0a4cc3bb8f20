package dev.headstart.io.text;

/// The beginning or the end of a row of tokens.
public enum Side {
    /// The beginning.
    LEFT,
    /// The end.
    RIGHT
}
