package dev.headstart.io.text.token;

/// Part of a text as it was given, as code points at UTF-16 indices.
public record RawText(char[] text, int end) implements AddedTokens.Text {
    @Override
    public int at(int index) {
        return Characters.at(text, index, end);
    }

    @Override
    public int next(int index) {
        return index + (isPair(index) ? 2 : 1);
    }

    @Override
    public int previous(int index) {
        return index >= 2 && isPair(index - 2) ? index - 2 : index - 1;
    }

    /// Whether a surrogate pair begins here.
    boolean isPair(int index) {
        return Character.isHighSurrogate(text[index]) && index + 1 < end && Character.isLowSurrogate(text[index + 1]);
    }
}
