package dev.headstart.zoo.text;

import dev.headstart.tensor.Indices;
import dev.headstart.tensor.Tensor;

/// A network that says what follows a text, and keeps what it has read in a cache: what [Generation] needs of it.
public interface GenerativeNetwork {
    /// Most tokens of a text.
    int positions();

    /// An empty cache for some sequences.
    ///
    /// @param capacity most tokens of each, at most the model's positions
    KeyValueCache cache(int sequences, int capacity);

    /// Reads the next tokens of sequences whose earlier ones are in a cache, where they join them, and gives the logits of what follows the
    /// last token of each: `[sequences, new] → [sequences, vocabulary]`. The bits are those the network has for the whole sequence alone.
    ///
    /// @param counts how many of the new tokens of each sequence are tokens, and not padding behind them; what follows 0 tokens means
    /// nothing
    Tensor next(Indices tokens, int[] counts, KeyValueCache cache);
}
