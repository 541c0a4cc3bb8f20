package dev.headstart.zoo.text;

/// The sizes that every transformer for text has.
///
/// @param vocabulary number of tokens
/// @param positions rows of the position table
/// @param width length of a token's vector, a multiple of heads
/// @param layers number of blocks
/// @param heads attention heads in each
/// @param hidden width inside the feed-forward parts
public record TransformerSizes(int vocabulary, int positions, int width, int layers, int heads, int hidden) {
    /// Whether every head sees an equal part of a vector.
    public boolean areWhole() {
        return heads >= 1 && width % heads == 0;
    }

    /// Length of the part of a vector that one head sees.
    public int headDim() {
        return width / heads;
    }

    /// The same with another number of tokens.
    public TransformerSizes withVocabulary(int other) {
        return new TransformerSizes(other, positions, width, layers, heads, hidden);
    }

    /// The same with another number of positions.
    public TransformerSizes withPositions(int other) {
        return new TransformerSizes(vocabulary, other, width, layers, heads, hidden);
    }
}
