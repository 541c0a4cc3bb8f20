package dev.headstart.task.report;

/// How wide text is in columns of fixed width, and text made to fit into them.
public final class TextWidth {
    private TextWidth() {}

    /// Columns of a terminal the text takes: none for combining marks, two for wide characters (Chinese, Japanese, Korean, emoji).
    public static int columns(String text) {
        return printable(text).codePoints().map(TextWidth::columns).sum();
    }

    /// The text, cut with an ellipsis when it takes more columns than these (at least 1).
    public static String cut(String text, int most) {
        String shown = printable(text);
        if (columns(shown) <= most) {
            return shown;
        }
        StringBuilder head = new StringBuilder();
        int free = most - 1;
        for (int c : shown.codePoints().toArray()) {
            free -= columns(c);
            if (free < 0) {
                break;
            }
            head.appendCodePoint(c);
        }
        return head.append('…').toString();
    }

    /// The text on one line, without what a terminal would obey: white space becomes a space, a control or direction character U+FFFD.
    ///
    /// Names of tensors come from files of strangers.
    public static String printable(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            boolean space = c == '\n' || c == '\r' || c == '\t' || c == 0x2028 || c == 0x2029;
            shown.appendCodePoint(space ? ' ' : obeyed(c) ? 0xFFFD : c);
        });
        return shown.toString();
    }

    private static boolean obeyed(int c) {
        boolean direction = c == 0x061C || c == 0x200E || c == 0x200F || between(c, 0x202A, 0x202E) || between(c, 0x2066, 0x2069);
        return Character.isISOControl(c) || direction || between(c, 0xD800, 0xDFFF);
    }

    private static int columns(int c) {
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
            default -> wide(c) ? 2 : 1;
        };
    }

    private static boolean wide(int c) {
        return c >= 0x1100 && (c <= 0x115F // Hangul initial consonants
                || between(c, 0x2E80, 0x303E) || between(c, 0x3041, 0x33FF) // radicals, kana, compatibility
                || between(c, 0x3400, 0x4DBF) || between(c, 0x4E00, 0x9FFF) // ideographs
                || between(c, 0xA000, 0xA4CF) || between(c, 0xAC00, 0xD7A3) // Yi, Hangul syllables
                || between(c, 0xF900, 0xFAFF) || between(c, 0xFE30, 0xFE6F) // compatibility forms
                || between(c, 0xFF00, 0xFF60) || between(c, 0xFFE0, 0xFFE6) // full-width forms
                || between(c, 0x1F300, 0x1FAFF) || between(c, 0x20000, 0x3FFFD)); // emoji, more ideographs
    }

    private static boolean between(int c, int first, int last) {
        return c >= first && c <= last;
    }
}
