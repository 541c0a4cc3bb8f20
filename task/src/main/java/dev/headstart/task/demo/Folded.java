package dev.headstart.task.demo;

import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// A text's words without what one writes now so, now otherwise: case, accents and other marks, and whatever is no letter.
///
/// @param words in order
record Folded(List<String> words) {
    private static final Pattern MARKS = Pattern.compile("\\p{M}+");
    /// Letters that modify others, such as the apostrophes ʻ and ʼ, are written in many ways.
    private static final Pattern NO_LETTERS = Pattern.compile("[\\P{L}\\p{Lm}]+");
    /// Two words can be forms of one when they begin with at least this number of equal letters.
    private static final int STEM = 3;
    /// What may then follow.
    private static final int SUFFIX = 3;

    static Folded of(String text) {
        String marked = Normalizer.normalize(text, Normalizer.Form.NFD);
        String plain = MARKS.matcher(marked).replaceAll("").toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
        return new Folded(NO_LETTERS.splitAsStream(plain).filter(word -> !word.isEmpty()).toList());
    }

    /// All letters in a row.
    String letters() {
        return String.join("", words);
    }

    /// Whether the other has as many words and each can be a form of this one's: both begin with the same three letters at least, and after
    /// what is equal either one ends or neither has more than three letters. So `januar`, `januari` and `jan` are forms of one, and
    /// some unrelated words are too.
    boolean formOf(Folded other) {
        if (words.size() != other.words.size()) {
            return false;
        }
        for (int i = 0; i < words.size(); i++) {
            if (!formOf(words.get(i), other.words.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean formOf(String a, String b) {
        if (a.equals(b)) {
            return true;
        }
        int shorter = Math.min(a.length(), b.length());
        int longer = Math.max(a.length(), b.length());
        int equal = 0;
        while (equal < shorter && a.charAt(equal) == b.charAt(equal)) {
            equal++;
        }
        return equal >= STEM && (equal == shorter || longer - equal <= SUFFIX);
    }
}
