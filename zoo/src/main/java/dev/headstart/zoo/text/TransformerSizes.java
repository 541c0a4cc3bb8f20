package dev.headstart.zoo.text;

import java.util.Locale;

/// The sizes that every transformer for text has.
///
/// @param vocabulary number of tokens
/// @param positions rows of the position table
/// @param width length of a token's vector, a multiple of heads
/// @param layers number of blocks
/// @param heads attention heads in each
/// @param hidden width inside the feed-forward parts
public record TransformerSizes(int vocabulary, int positions, int width, int layers, int heads, int hidden) {
    /// The widest vectors there are: wider tensors are of something else, or of a file that means harm.
    public static final int WIDEST = 1 << 18;

    private static final int HEAD = 64; // the width of a head in nearly all published models

    /// How many heads vectors of a width are likely to have, which shapes do not tell.
    public static int likelyHeads(int width) {
        return width % HEAD == 0 ? width / HEAD : 1;
    }

    /// In words: `12 layers of 768, 30,522 tokens, 12 heads`.
    ///
    /// @param guessed whether the number of heads is [#likelyHeads]
    public String words(boolean guessed) {
        String text = String.format(Locale.ROOT, "%d layers of %d, %,d tokens, %d heads", layers, width, vocabulary, heads);
        return guessed ? text + " (a guess: shapes do not tell heads, config.json does)" : text;
    }

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
