package dev.headstart.train.objective;

import dev.headstart.tensor.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/// Which tokens of a sequence are hidden, as BERT does it (google-research/bert, `create_pretraining_data.py`,
/// `create_masked_lm_predictions`).
///
/// Of a sequence of n tokens, special ones included, `min(most, max(1, round(rate · n)))` are chosen (half rounds to even), by going
/// through its tokens in random order and leaving out special ones. With whole words, a word's pieces are chosen together or not at all; a
/// word that has more pieces than are still wanted is passed over. A chosen token becomes the mask token (80 %), stays (10 %), or becomes
/// any token of the vocabulary (10 %).
///
/// @param rate share of tokens to choose; BERT's is 0.15
/// @param most tokens to choose at most; BERT's is 20 for sequences of 128
/// @param mask id of the mask token
/// @param vocabulary number of tokens
/// @param special ids that are never chosen: `[CLS]`, `[SEP]`, padding
/// @param continues whether a token goes on with the word before it (`##…`); always false for single tokens
public record TokenMasking(double rate, int most, int mask, int vocabulary, Set<Integer> special, IntPredicate continues) {
    public TokenMasking {
        special = Set.copyOf(special);
        if (!(rate > 0 && rate < 1) || most < 1 || mask < 0 || mask >= vocabulary) {
            throw new IllegalArgumentException("masking: rate " + rate + ", at most " + most + ", mask " + mask + " of " + vocabulary
                    + " tokens: a rate in (0, 1), at least 1, and a mask below the vocabulary are needed");
        }
    }

    /// Single tokens are chosen.
    public static TokenMasking of(double rate, int most, int mask, int vocabulary, Set<Integer> special) {
        return new TokenMasking(rate, most, mask, vocabulary, special, _ -> false);
    }

    /// The same by whole words.
    public TokenMasking wholeWords(IntPredicate continuesWord) {
        return new TokenMasking(rate, most, mask, vocabulary, special, continuesWord);
    }

    /// A sequence with hidden tokens.
    ///
    /// @param tokens the network's input
    /// @param positions the chosen ones, ascending
    /// @param originals what was there
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Masked(int[] tokens, int[] positions, int[] originals) {}

    /// How many tokens of a sequence of n are to be chosen.
    public int count(int n) {
        return Math.min(most, Math.max(1, (int) Math.rint(rate * n)));
    }

    /// Hides tokens of a sequence, which stays as it is.
    public Masked mask(int[] sequence, RandomStream random) {
        int[] chosen = chosen(sequence, random.child("order"));
        int[] tokens = sequence.clone();
        for (int at : chosen) {
            float fate = random.child("fate").uniform(at);
            if (fate < 0.8f) {
                tokens[at] = mask;
            } else if (fate >= 0.9f) {
                tokens[at] = random.child("token").below(vocabulary, at);
            }
        }
        return new Masked(tokens, chosen, Arrays.stream(chosen).map(at -> sequence[at]).toArray());
    }

    private int[] chosen(int[] sequence, RandomStream order) {
        List<int[]> words = words(sequence);
        int wanted = count(sequence.length);
        boolean[] chosen = new boolean[sequence.length];
        int left = wanted;
        for (int w : order.permutation(words.size())) {
            int[] word = words.get(w);
            if (word.length <= left) {
                for (int at : word) {
                    chosen[at] = true;
                }
                left -= word.length;
            }
        }
        int[] positions = new int[wanted - left];
        int next = 0;
        for (int at = 0; at < chosen.length; at++) {
            if (chosen[at]) {
                positions[next++] = at;
            }
        }
        return positions;
    }

    /// The positions of each word, or of each token.
    private List<int[]> words(int[] sequence) {
        List<int[]> words = new ArrayList<>();
        for (int at = 0; at < sequence.length; at++) {
            if (special.contains(sequence[at])) {
                continue;
            }
            if (!words.isEmpty() && continues.test(sequence[at])) {
                int[] word = words.removeLast();
                int[] longer = Arrays.copyOf(word, word.length + 1);
                longer[word.length] = at;
                words.add(longer);
            } else {
                words.add(new int[] {at});
            }
        }
        return words;
    }
}
