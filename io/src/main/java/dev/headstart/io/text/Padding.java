package dev.headstart.io.text;

import org.jspecify.annotations.Nullable;

/// How encodings of a batch are made equally long. Tokens that are put in have attention mask 0.
///
/// @param to which length
/// @param length the length of [To#LENGTH]; 0 otherwise
/// @param multiple the length is rounded up to a multiple of this; 1: it is not
/// @param side where tokens are put in
/// @param token the token that is put in; null: the one the tokenizer calls its padding token
/// @param typeId the type id of what is put in
public record Padding(To to, int length, int multiple, Side side, @Nullable String token, int typeId) {
    /// The length all get.
    public enum To {
        /// Nothing is put in.
        NONE,
        /// The longest encoding of the batch.
        LONGEST,
        /// A given length; longer encodings stay as they are.
        LENGTH
    }

    static final Padding NONE = new Padding(To.NONE, 0, 1, Side.RIGHT, null, 0);

    public Padding {
        if (length < 0 || multiple < 1) {
            throw new IllegalArgumentException("padding: length " + length + ", multiple " + multiple + ": neither may be less than 0, 1");
        }
    }

    /// As long as the longest of the batch.
    public static Padding toLongest() {
        return new Padding(To.LONGEST, 0, 1, Side.RIGHT, null, 0);
    }

    /// This many tokens.
    public static Padding to(int length) {
        return new Padding(To.LENGTH, length, 1, Side.RIGHT, null, 0);
    }

    /// The same, rounded up to a multiple.
    public Padding multipleOf(int other) {
        return new Padding(to, length, other, side, token, typeId);
    }

    /// The same on another side.
    public Padding on(Side other) {
        return new Padding(to, length, multiple, other, token, typeId);
    }

    /// The same with another token: GPT-2, which has none for padding, is given `<|endoftext|>`.
    public Padding with(String other) {
        return new Padding(to, length, multiple, side, other, typeId);
    }

    /// The length encodings get of which the longest is this long.
    int target(int longest) {
        long wanted = to == To.LENGTH ? length : longest;
        return Math.toIntExact((wanted + multiple - 1) / multiple * multiple);
    }
}
