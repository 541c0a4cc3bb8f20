package dev.headstart.io.text;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Words and the tokens they became, so that frequent words are merged once: at most [#PLACES] words of at most [#MAX_LENGTH] characters,
/// each in the one place its hash names, where a later word takes an earlier one's.
///
/// Threads use it at once without locks. A place is read and written whole, and an entry's fields are final: a thread sees none or a
/// complete one (JLS 17.5), and any complete one is right, because a word's tokens never change.
final class WordMemory {
    static final int MAX_LENGTH = 48;
    private static final int PLACES = 1 << 15;

    private final @Nullable Entry[] places = new @Nullable Entry[PLACES];

    /// A word and its tokens: ids, and lengths as [PairMerger] has them.
    static final class Entry {
        private final char[] word;
        final int[] ids;
        final int[] lengths;

        Entry(char[] word, int[] ids, int[] lengths) {
            this.word = word;
            this.ids = ids;
            this.lengths = lengths;
        }
    }

    static int hash(char[] text, int from, int to) {
        int hash = to - from;
        for (int i = from; i < to; i++) {
            hash = hash * 31 + text[i];
        }
        return (hash * 0x9E3779B9) >>> 17;
    }

    @Nullable
    Entry find(char[] text, int from, int to, int hash) {
        Entry entry = places[hash];
        return entry != null && Arrays.equals(entry.word, 0, entry.word.length, text, from, to) ? entry : null;
    }

    void put(Entry entry, int hash) {
        places[hash] = entry;
    }
}
