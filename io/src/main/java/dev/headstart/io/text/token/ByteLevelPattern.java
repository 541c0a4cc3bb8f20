package dev.headstart.io.text.token;

/// GPT-2's pattern for words, by hand:
/// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`
///
/// A word is an English ending, or letters, or digits, or other characters, each with the space before it; or white space, of which the
/// last character is left for the word that follows.
public final class ByteLevelPattern {
    private static final int CLASSES = Characters.LETTER | Characters.NUMBER | Characters.SPACE;

    private ByteLevelPattern() {}

    /// Where the word ends that begins here.
    public static int end(char[] text, int from, int to) {
        char c = text[from];
        if (c == '\'') {
            int ending = ending(text, from, to);
            if (ending > 0) {
                return from + ending;
            }
        }
        int begin = c == ' ' && from + 1 < to ? from + 1 : from;
        int kind = Characters.flags(Characters.at(text, begin, to)) & CLASSES;
        if (kind == Characters.SPACE) {
            int end = run(text, from, to, kind);
            return end == to || end == from + 1 ? end : end - 1; // white space is one UTF-16 unit each
        }
        return run(text, begin, to, kind);
    }

    private static int run(char[] text, int from, int to, int kind) {
        int i = from;
        while (i < to) {
            int c = Characters.at(text, i, to);
            if ((Characters.flags(c) & CLASSES) != kind) {
                break;
            }
            i += c > Character.MAX_VALUE ? 2 : 1;
        }
        return i;
    }

    private static int ending(char[] text, int from, int to) {
        char first = from + 1 < to ? text[from + 1] : 0;
        char second = from + 2 < to ? text[from + 2] : 0;
        return switch (first) {
            case 's', 't', 'm', 'd' -> 2;
            case 'r', 'v' -> second == 'e' ? 3 : 0;
            case 'l' -> second == 'l' ? 3 : 0;
            default -> 0;
        };
    }
}
