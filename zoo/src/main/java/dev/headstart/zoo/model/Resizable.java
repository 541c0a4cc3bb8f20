package dev.headstart.zoo.model;

import dev.headstart.tensor.RandomStream;

/// A language model whose tables can be made longer or shorter. Models do not change their shapes: what is given back is a new model with
/// the old one's numbers, and a list of what became of each tensor. The old one stays as it was.
///
/// @param <M> the model itself
public interface Resizable<M extends Published> extends Published {
    /// Number of tokens.
    int vocabulary();

    /// Rows of the position table.
    int positions();

    /// Such a model with tables of other lengths, and with random weights.
    M resized(int vocabulary, int positions, RandomStream random);

    /// This model for another number of tokens: tokens from the end on are dropped, or new ones get vectors from N(0, 0.02²), or whatever
    /// deviation the configuration has; tied heads and their biases follow (a new token's bias is zero).
    default Surgery<M> resizeTokenEmbeddings(int tokens, RandomStream random) {
        return Surgery.resize(this, resized(tokens, positions(), random));
    }

    /// This model with another number of rows in its position table: rows from the end on are dropped, or new ones are drawn as above.
    default Surgery<M> resizePositionEmbeddings(int rows, RandomStream random) {
        return Surgery.resize(this, resized(vocabulary(), rows, random));
    }
}
