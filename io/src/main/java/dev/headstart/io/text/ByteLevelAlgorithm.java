package dev.headstart.io.text;

import dev.headstart.io.text.token.AddedToken;
import dev.headstart.io.text.token.AddedTokens;
import dev.headstart.io.text.token.ByteAlphabet;
import dev.headstart.io.text.token.ByteLevelPattern;
import dev.headstart.io.text.token.Characters;
import dev.headstart.io.text.token.Merges;
import dev.headstart.io.text.token.RawText;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Byte-pair encoding of bytes (Radford et al. 2019): a text is cut into words ([ByteLevelPattern]), a word's UTF-8 bytes are its first
/// symbols ([ByteAlphabet]), and neighbours are merged by rank ([PairMerger]). No text is unknown to a vocabulary that has all 256 bytes.
final class ByteLevelAlgorithm implements Algorithm {
    private static final int MISSING = -1;

    private final Vocabulary vocabulary;
    private final Merges merges;
    private final Rules rules;
    private final int[] byteIds = new int[256];
    private final int unknownId;
    private final WordMemory memory = new WordMemory();

    /// What differs between models of this kind.
    ///
    /// @param prefixSpace whether a space is put before a text that has none
    /// @param pattern whether a text is cut into words at all
    /// @param wholeWords whether a word that is a token is not merged
    /// @param unknown the token for bytes the vocabulary lacks; null: they vanish
    /// @param fuseUnknown whether neighbouring unknown bytes become one token
    /// @param joined whether decoding turns the alphabet back into bytes; otherwise tokens are joined with spaces
    record Rules(boolean prefixSpace, boolean pattern, boolean wholeWords, @Nullable String unknown, boolean fuseUnknown, boolean joined) {
        static final Rules GPT2 = new Rules(false, true, false, null, false, true);

        Rules withPrefixSpace() {
            return new Rules(true, pattern, wholeWords, unknown, fuseUnknown, joined);
        }
    }

    ByteLevelAlgorithm(Vocabulary vocabulary, Merges merges, Rules rules) {
        this.vocabulary = vocabulary;
        this.merges = merges;
        this.rules = rules;
        for (int b = 0; b < 256; b++) {
            byteIds[b] = vocabulary.id(String.valueOf(ByteAlphabet.character(b)));
        }
        unknownId = rules.unknown() == null ? MISSING : vocabulary.id(rules.unknown());
    }

    @Override
    public Vocabulary vocabulary() {
        return vocabulary;
    }

    @Override
    public String normalize(String content) {
        return content;
    }

    @Override
    public String decode(List<String> tokens) {
        return rules.joined() ? ByteAlphabet.decode(tokens) : String.join(" ", tokens);
    }

    @Override
    public void tokenize(char[] text, int from, int to, AddedTokens added, Tokens out) {
        RawText raw = new RawText(text, to);
        if (added.isEmpty()) {
            words(raw, from, to, out);
            return;
        }
        for (AddedTokens.Span span : added.split(raw, from)) {
            AddedToken token = span.token();
            if (token == null) {
                words(new RawText(text, span.to()), span.from(), span.to(), out);
            } else {
                out.add(token.id(), new String(text, span.from(), span.to() - span.from()), span.from(), span.to());
                out.word++;
            }
        }
    }

    private void words(RawText raw, int from, int to, Tokens out) {
        if (from == to) {
            return;
        }
        Piece piece = new Piece(raw, from, from, raw.text());
        int begin = from;
        int end = to;
        if (rules.prefixSpace() && raw.text()[from] != ' ') {
            char[] spaced = new char[to - from + 1];
            spaced[0] = ' ';
            System.arraycopy(raw.text(), from, spaced, 1, to - from);
            piece = new Piece(raw, from, 1, spaced);
            begin = 0;
            end = spaced.length;
        }
        PairMerger merger = new PairMerger(merges);
        while (begin < end) {
            int next = rules.pattern() ? ByteLevelPattern.end(piece.text, begin, end) : end;
            word(piece, begin, next, merger, out);
            out.word++;
            begin = next;
        }
    }

    /// A text to be cut, perhaps with a space put before it.
    ///
    /// @param raw the original text
    /// @param from where in the original the piece begins
    /// @param shift where in `text` the first original character is
    /// @param text the text
    private record Piece(RawText raw, int from, int shift, char[] text) {
        /// Where in the original a token begins; the space put before shares the place of the first character.
        int start(int at) {
            return Math.max(from, at - shift + from);
        }

        int end(int at) {
            return at == shift ? raw.next(from) : at - shift + from;
        }
    }

    private void word(Piece piece, int from, int to, PairMerger merger, Tokens out) {
        if (to - from > WordMemory.MAX_LENGTH) {
            merge(piece.text, from, to, merger);
            add(piece, from, to, merger.ids, merger.lengths, merger.size, out);
            return;
        }
        int hash = WordMemory.hash(piece.text, from, to);
        WordMemory.Entry entry = memory.find(piece.text, from, to, hash);
        if (entry == null) {
            merge(piece.text, from, to, merger);
            entry = new WordMemory.Entry(Arrays.copyOfRange(piece.text, from, to), Arrays.copyOf(merger.ids, merger.size),
                    Arrays.copyOf(merger.lengths, merger.size));
            memory.put(entry, hash);
        }
        add(piece, from, to, entry.ids, entry.lengths, entry.ids.length, out);
    }

    private void merge(char[] text, int from, int to, PairMerger merger) {
        merger.clear();
        if (rules.wholeWords()) {
            String word = ByteAlphabet.encode(new String(text, from, to - from));
            if (vocabulary.id(word) >= 0) {
                merger.add(vocabulary.id(word), 2 * word.length());
                return;
            }
        }
        for (int i = from; i < to;) {
            int c = Characters.at(text, i, to);
            i += c > Character.MAX_VALUE ? 2 : 1;
            if (c < 0x80) {
                symbol(c, merger);
            } else if (c < 0x800) {
                symbol(0xC0 | (c >> 6), merger);
                symbol(0x80 | (c & 0x3F), merger);
            } else if (c < 0x10000) {
                symbol(0xE0 | (c >> 12), merger);
                symbol(0x80 | ((c >> 6) & 0x3F), merger);
                symbol(0x80 | (c & 0x3F), merger);
            } else {
                symbol(0xF0 | (c >> 18), merger);
                symbol(0x80 | ((c >> 12) & 0x3F), merger);
                symbol(0x80 | ((c >> 6) & 0x3F), merger);
                symbol(0x80 | (c & 0x3F), merger);
            }
        }
        merger.merge();
    }

    private void symbol(int b, PairMerger merger) {
        int id = byteIds[b];
        int width = b > ' ' && b < 0x7F ? 1 : 2;
        if (id != MISSING) {
            merger.add(id, width);
        } else if (unknownId != MISSING) {
            merger.addUnknown(unknownId, width, rules.fuseUnknown());
        }
    }

    /// Adds the tokens of a word. A token that holds part of a character's bytes stands for the whole character.
    ///
    /// Lengths count the bytes that the alphabet's characters take in UTF-8, one for ASCII that shows and two for all others: where the
    /// vocabulary lacks a byte, published offsets shift by that much, and so do these.
    private void add(Piece piece, int from, int to, int[] ids, int[] lengths, int count, Tokens out) {
        int at = from;
        int used = 0; // of the character at `at`, what tokens before have
        for (int i = 0; i < count; i++) {
            int start = at;
            int end = at;
            for (int left = lengths[i]; left > 0 && at < to;) {
                int c = Characters.at(piece.text, at, to);
                int size = c < 0x80 ? c > ' ' && c < 0x7F ? 1 : 2 : c < 0x800 ? 4 : c < 0x10000 ? 6 : 8;
                int taken = Math.min(left, size - used);
                end = at + (c > Character.MAX_VALUE ? 2 : 1);
                left -= taken;
                used += taken;
                if (used == size) {
                    at = end;
                    used = 0;
                }
            }
            out.add(ids[i], Objects.requireNonNull(vocabulary.token(ids[i])), piece.start(start), piece.end(end));
        }
    }
}
