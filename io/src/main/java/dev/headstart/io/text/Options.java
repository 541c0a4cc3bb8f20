package dev.headstart.io.text;

/// How a [Tokenizer] makes encodings out of tokens.
///
/// ```java
/// Tokenizer bert = WordPiece.uncased(Path.of("vocab.txt")).with(Options.DEFAULT.truncate(128).padToLongest());
/// ```
///
/// @param addSpecialTokens whether the tokens around texts are added: `[CLS] … [SEP]`
/// @param truncation how texts that are too long are shortened
/// @param padding how the encodings of a batch are made equally long
public record Options(boolean addSpecialTokens, Truncation truncation, Padding padding) {
    /// Special tokens, no truncation, no padding.
    public static final Options DEFAULT = new Options(true, Truncation.NONE, Padding.NONE);

    /// The same without special tokens around texts. Special tokens written in a text are recognised all the same.
    public Options withoutSpecialTokens() {
        return new Options(false, truncation, padding);
    }

    /// The same, at most this many tokens long: [Truncation#to].
    public Options truncate(int maxLength) {
        return truncate(Truncation.to(maxLength));
    }

    /// The same with this truncation.
    public Options truncate(Truncation other) {
        return new Options(addSpecialTokens, other, padding);
    }

    /// The same, all of a batch as long as its longest.
    public Options padToLongest() {
        return pad(Padding.toLongest());
    }

    /// The same with this padding.
    public Options pad(Padding other) {
        return new Options(addSpecialTokens, truncation, other);
    }
}
