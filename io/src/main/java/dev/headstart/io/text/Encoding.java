package dev.headstart.io.text;

import java.util.Arrays;
import java.util.List;

/// A text, or a pair of texts, as tokens: what a model takes in, and where in the text each token came from.
///
/// All arrays have one item per token; those returned are copies. Offsets are Java's: UTF-16 indices into the text that was encoded, so
/// that `text.substring(start(i), end(i))` is what token `i` stands for. [#inCodePoints] counts in code points, as Python does. The tokens
/// a tokenizer adds itself stand for nothing: offsets 0, 0, word -1, sequence -1.
public final class Encoding {
    private static final byte SPECIAL = 1;
    private static final byte PADDING = 2;

    private final int[] ids;
    private final int[] typeIds;
    private final int[] starts;
    private final int[] ends;
    private final int[] words;
    private final byte[] sequences;
    private final byte[] kinds;
    private final String[] tokens;
    private final List<Encoding> overflow;

    private Encoding(int length, List<Encoding> overflow) {
        ids = new int[length];
        typeIds = new int[length];
        starts = new int[length];
        ends = new int[length];
        words = new int[length];
        sequences = new byte[length];
        kinds = new byte[length];
        tokens = new String[length];
        this.overflow = List.copyOf(overflow);
    }

    private Encoding(Encoding same, int[] starts, int[] ends, List<Encoding> overflow) {
        ids = same.ids;
        typeIds = same.typeIds;
        this.starts = starts;
        this.ends = ends;
        words = same.words;
        sequences = same.sequences;
        kinds = same.kinds;
        tokens = same.tokens;
        this.overflow = List.copyOf(overflow);
    }

    /// Puts an encoding together from front to back. Its length is known beforehand.
    static final class Builder {
        private final Encoding made;
        private int at;

        Builder(int length, List<Encoding> overflow) {
            made = new Encoding(length, overflow);
        }

        /// Adds some of a text's tokens.
        void add(Tokens from, int begin, int end, int sequence, int typeId) {
            int length = end - begin;
            System.arraycopy(from.ids, begin, made.ids, at, length);
            System.arraycopy(from.starts, begin, made.starts, at, length);
            System.arraycopy(from.ends, begin, made.ends, at, length);
            System.arraycopy(from.words, begin, made.words, at, length);
            System.arraycopy(from.texts, begin, made.tokens, at, length);
            Arrays.fill(made.typeIds, at, at + length, typeId);
            Arrays.fill(made.sequences, at, at + length, (byte) sequence);
            at += length;
        }

        /// Adds a token that stands for no text.
        void addSpecial(int id, String token, int typeId) {
            addAdded(id, token, typeId, SPECIAL);
        }

        void addPadding(int count, int id, String token, int typeId) {
            for (int i = 0; i < count; i++) {
                addAdded(id, token, typeId, PADDING);
            }
        }

        private void addAdded(int id, String token, int typeId, byte kind) {
            made.ids[at] = id;
            made.tokens[at] = token;
            made.typeIds[at] = typeId;
            made.words[at] = -1;
            made.sequences[at] = -1;
            made.kinds[at++] = kind;
        }

        private void addAll(Encoding from) {
            int length = from.length();
            System.arraycopy(from.ids, 0, made.ids, at, length);
            System.arraycopy(from.starts, 0, made.starts, at, length);
            System.arraycopy(from.ends, 0, made.ends, at, length);
            System.arraycopy(from.words, 0, made.words, at, length);
            System.arraycopy(from.tokens, 0, made.tokens, at, length);
            System.arraycopy(from.typeIds, 0, made.typeIds, at, length);
            System.arraycopy(from.sequences, 0, made.sequences, at, length);
            System.arraycopy(from.kinds, 0, made.kinds, at, length);
            at += length;
        }

        Encoding build() {
            if (at != made.length()) {
                throw new IllegalStateException("encoding: " + at + " tokens of " + made.length());
            }
            return made;
        }
    }

    /// The same with padding up to a length; itself when it is as long already.
    Encoding padded(int length, int id, String token, Padding padding) {
        List<Encoding> rest = overflow.stream().map(window -> window.padded(length, id, token, padding)).toList();
        if (length() >= length) {
            return new Encoding(this, starts, ends, rest);
        }
        Builder builder = new Builder(length, rest);
        if (padding.side() == Side.LEFT) {
            builder.addPadding(length - length(), id, token, padding.typeId());
        }
        builder.addAll(this);
        if (padding.side() == Side.RIGHT) {
            builder.addPadding(length - length(), id, token, padding.typeId());
        }
        return builder.build();
    }

    /// The same with offsets counted in code points of the texts, which have to be those that were encoded.
    ///
    /// @param texts the text, or the two texts of a pair
    public Encoding inCodePoints(String... texts) {
        int[][] counts = Arrays.stream(texts).map(Encoding::codePointsBefore).toArray(int[][]::new);
        return inCodePoints(counts);
    }

    private Encoding inCodePoints(int[][] counts) {
        int[] newStarts = starts.clone();
        int[] newEnds = ends.clone();
        for (int i = 0; i < ids.length; i++) {
            if (sequences[i] >= 0) {
                newStarts[i] = counts[sequences[i]][starts[i]];
                newEnds[i] = counts[sequences[i]][ends[i]];
            }
        }
        return new Encoding(this, newStarts, newEnds, overflow.stream().map(window -> window.inCodePoints(counts)).toList());
    }

    private static int[] codePointsBefore(String text) {
        int[] counts = new int[text.length() + 1];
        for (int i = 0; i < text.length(); i++) {
            boolean second = i > 0 && Character.isSurrogatePair(text.charAt(i - 1), text.charAt(i));
            counts[i + 1] = counts[i] + (second ? 0 : 1);
        }
        return counts;
    }

    /// Number of tokens.
    public int length() {
        return ids.length;
    }

    /// The tokens' ids.
    public int[] ids() {
        return ids.clone();
    }

    /// The id of a token.
    public int id(int token) {
        return ids[token];
    }

    /// The tokens as the vocabulary writes them: `##ing`, `Ġthe`.
    public List<String> tokens() {
        return List.of(tokens);
    }

    /// Token type ids: which text of a pair a token belongs to, as the model was taught it.
    public int[] typeIds() {
        return typeIds.clone();
    }

    /// The type id of a token.
    public int typeId(int token) {
        return typeIds[token];
    }

    /// 1 for every token to be attended to, 0 for padding.
    public int[] attentionMask() {
        int[] mask = new int[kinds.length];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = kinds[i] == PADDING ? 0 : 1;
        }
        return mask;
    }

    /// Whether a token was put in only to reach a length.
    public boolean isPadding(int token) {
        return kinds[token] == PADDING;
    }

    /// 1 for every token the tokenizer added, padding included; 0 for what stands in the text, be it a special token.
    public int[] specialTokensMask() {
        int[] mask = new int[kinds.length];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = kinds[i] == 0 ? 0 : 1;
        }
        return mask;
    }

    /// Whether the tokenizer added a token: special or padding.
    public boolean isSpecial(int token) {
        return kinds[token] != 0;
    }

    /// Where in its text a token begins, as a UTF-16 index.
    public int start(int token) {
        return starts[token];
    }

    /// Where in its text a token ends, as a UTF-16 index; the first one behind it.
    public int end(int token) {
        return ends[token];
    }

    /// All [#start].
    public int[] starts() {
        return starts.clone();
    }

    /// All [#end].
    public int[] ends() {
        return ends.clone();
    }

    /// The number of the word of its text each token is part of; -1 for tokens the tokenizer added. Words are what the text was cut into
    /// before tokens were looked up (or the words given to `encodeWords`).
    public int[] words() {
        return words.clone();
    }

    /// The word a token is part of, or -1.
    public int word(int token) {
        return words[token];
    }

    /// Which text a token came from: 0, 1, or -1 for tokens the tokenizer added.
    public int sequence(int token) {
        return sequences[token];
    }

    /// The token that stands for a character.
    ///
    /// @param sequence the text: 0 or 1
    /// @param index a UTF-16 index in it
    /// @return the first token that holds the character; -1 when there is none (white space, or cut off)
    public int tokenAt(int sequence, int index) {
        for (int i = 0; i < ids.length; i++) {
            if (sequences[i] == sequence && starts[i] <= index && index < ends[i]) {
                return i;
            }
        }
        return -1;
    }

    /// The windows that follow this one when a text was cut and [Truncation#windows] asked for; empty otherwise.
    public List<Encoding> overflow() {
        return overflow;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Encoding that && Arrays.equals(ids, that.ids) && Arrays.equals(typeIds, that.typeIds)
                && Arrays.equals(starts, that.starts) && Arrays.equals(ends, that.ends) && Arrays.equals(words, that.words)
                && Arrays.equals(sequences, that.sequences) && Arrays.equals(kinds, that.kinds) && Arrays.equals(tokens, that.tokens)
                && overflow.equals(that.overflow);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(ids) + Arrays.hashCode(starts);
    }

    @Override
    public String toString() {
        List<String> first = Arrays.asList(tokens).subList(0, Math.min(32, tokens.length));
        return "Encoding[" + ids.length + "]: " + String.join(" ", first) + (tokens.length > 32 ? " …" : "");
    }
}
