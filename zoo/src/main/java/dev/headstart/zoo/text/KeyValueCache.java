package dev.headstart.zoo.text;

import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// Keys and values of the tokens a transformer has read, so that each is computed once: what makes writing a text of n tokens cost n steps
/// instead of n²/2. Every sequence of a batch has its own length and begins at place 0: padding stands behind the tokens, is seen by
/// nobody, and is overwritten by what comes next, so a sequence gets the bits it would get alone.
///
/// Takes `2 · layers · batch · capacity · width` numbers. Changed by the model that fills it; to be used by one thread at a time.
public final class KeyValueCache {
    private final List<Block> blocks = new ArrayList<>();
    private final int[] lengths;
    private final int capacity;

    /// An empty cache for a batch of sequences.
    ///
    /// @param capacity most tokens of each, at most the model's positions
    public KeyValueCache(TransformerSizes sizes, int batch, int capacity) {
        if (batch < 1 || capacity < 1 || capacity > sizes.positions()) {
            throw new IllegalArgumentException("cache: batch " + batch + ", capacity " + capacity
                    + ": both must be at least 1, the capacity at most the model's " + sizes.positions() + " positions");
        }
        Shape shape = Shape.of(batch, capacity, sizes.heads(), sizes.headDim());
        for (int i = 0; i < sizes.layers(); i++) {
            blocks.add(new Block(Tensor.zeros(shape), Tensor.zeros(shape), this));
        }
        this.lengths = new int[batch];
        this.capacity = capacity;
    }

    /// Number of sequences.
    public int size() {
        return lengths.length;
    }

    /// Most tokens a sequence can have.
    public int capacity() {
        return capacity;
    }

    /// Number of tokens a sequence has.
    public int length(int sequence) {
        return lengths[sequence];
    }

    /// Number of tokens the longest sequence has.
    public int longest() {
        int longest = 0;
        for (int length : lengths) {
            longest = Math.max(longest, length);
        }
        return longest;
    }

    /// Counts tokens that every block has put.
    ///
    /// @param counts of each sequence
    public void grow(int[] counts) {
        for (int i = 0; i < counts.length; i++) {
            lengths[i] += counts[i];
        }
    }

    /// What one block of the model keeps.
    ///
    /// @param keys `[batch, capacity, heads, headDim]`
    /// @param values likewise
    public record Block(Tensor keys, Tensor values, KeyValueCache cache) {
        /// Keys and values of the next tokens, `[batch, new, heads, headDim]`, padding among them.
        public void put(Tensor newKeys, Tensor newValues) {
            for (int row = 0; row < cache.lengths.length; row++) {
                int from = cache.lengths[row];
                int to = Math.min(cache.capacity, from + newKeys.dim(1)); // only padding is beyond
                keys.slice(0, row, row + 1).slice(1, from, to).copyInPlace(newKeys.slice(0, row, row + 1).slice(1, 0, to - from));
                values.slice(0, row, row + 1).slice(1, from, to).copyInPlace(newValues.slice(0, row, row + 1).slice(1, 0, to - from));
            }
        }

        /// The keys of the first `seen` places.
        public Tensor keys(int seen) {
            return keys.slice(1, 0, seen);
        }

        /// The values of the first `seen` places.
        public Tensor values(int seen) {
            return values.slice(1, 0, seen);
        }
    }

    /// What block i of the model keeps.
    public Block block(int i) {
        return blocks.get(i);
    }
}
