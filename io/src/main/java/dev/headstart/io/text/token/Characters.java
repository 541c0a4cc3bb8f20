package dev.headstart.io.text.token;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/// What published tokenizers take each character for.
///
/// The tables come from a file of this package that was made by asking Hugging Face `tokenizers` about every code point
/// (`src/test/resources/tokenizers/characters.py`), not from the running Java: its Unicode version grows from JDK to JDK, and that library
/// has several at once (categories and decompositions of BERT's normaliser are those of Unicode 8 and 9, letters and numbers of GPT-2's
/// pattern those of 16, lower case that of 17).
///
/// Flags lie in pages of 256 code points; equal pages are kept once.
public final class Characters {
    /// `\p{L}`.
    static final int LETTER = 1;
    /// `\p{N}`.
    static final int NUMBER = 2;
    /// White space: U+0009 to U+000D, U+0085, and all of categories Zs, Zl and Zp.
    public static final int SPACE = 4;
    /// Removed when BERT cleans text: control and format characters, private use, U+FFFD.
    public static final int DROPPED = 8;
    /// Punctuation, which BERT makes words of their own: categories P, and all ASCII that is neither letter, digit, space nor control.
    public static final int PUNCTUATION = 16;
    /// Non-spacing marks: the accents that BERT strips.
    public static final int MARK = 32;
    /// Changed or moved by NFD.
    public static final int DECOMPOSED = 64;
    /// Has another lower case.
    public static final int UPPER = 128;

    private static final int PAGE = 256;
    private static final int HANGUL = 0xAC00;
    private static final int HANGUL_END = 0xD7A4;
    private static final int[] NONE = {};

    private static final Characters ALL = read();

    private final short[] pages = new short[(Character.MAX_CODE_POINT + 1) / PAGE];
    private final byte[] flags;
    private final Map<Integer, int[]> decomposed = new HashMap<>();
    private final Map<Integer, int[]> lower = new HashMap<>();
    private final Map<Integer, Integer> classes = new HashMap<>();

    private Characters(BufferedReader lines) throws IOException {
        byte[] all = new byte[Character.MAX_CODE_POINT + 1];
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] items = line.split(" ", -1);
            switch (items[0]) {
                case "letter" -> mark(all, items, LETTER);
                case "number" -> mark(all, items, NUMBER);
                case "space" -> mark(all, items, SPACE);
                case "dropped" -> mark(all, items, DROPPED);
                case "punctuation" -> mark(all, items, PUNCTUATION);
                case "mark" -> mark(all, items, MARK);
                case "class" -> readClass(all, items);
                case "lower" -> readLower(all, items);
                case "decomposed" -> readDecomposed(all, items);
                default -> {} // a comment, and ideographs, which are a few ranges in code
            }
        }
        for (int c = HANGUL; c < HANGUL_END; c++) {
            all[c] = (byte) (all[c] | DECOMPOSED);
        }
        flags = paged(all);
    }

    private static Characters read() {
        try (InputStream in = Objects.requireNonNull(Characters.class.getResourceAsStream("characters.txt"), "characters.txt");
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
            return new Characters(lines);
        } catch (IOException e) {
            throw new UncheckedIOException("a file of this package", e);
        }
    }

    private byte[] paged(byte[] all) {
        Map<String, Integer> known = new HashMap<>();
        byte[] kept = new byte[all.length];
        for (int page = 0; page < pages.length; page++) {
            String content = new String(all, page * PAGE, PAGE, StandardCharsets.ISO_8859_1);
            int place = known.computeIfAbsent(content, _ -> known.size());
            System.arraycopy(all, page * PAGE, kept, place * PAGE, PAGE);
            pages[page] = (short) place;
        }
        return Arrays.copyOf(kept, known.size() * PAGE);
    }

    private static int hex(String text) {
        return Integer.parseInt(text, 16);
    }

    private static int[] hexes(String text) {
        return Arrays.stream(text.split("\\.", -1)).mapToInt(Characters::hex).toArray();
    }

    private static void mark(byte[] all, String[] items, int flag) {
        for (int i = 1; i < items.length; i++) {
            int dash = items[i].indexOf('-');
            int first = hex(dash < 0 ? items[i] : items[i].substring(0, dash));
            int last = dash < 0 ? first : hex(items[i].substring(dash + 1));
            for (int c = first; c <= last; c++) {
                all[c] = (byte) (all[c] | flag);
            }
        }
    }

    private void readClass(byte[] all, String[] items) {
        int combining = Integer.parseInt(items[1]);
        for (int i = 2; i < items.length; i++) {
            int dash = items[i].indexOf('-');
            int first = hex(dash < 0 ? items[i] : items[i].substring(0, dash));
            int last = dash < 0 ? first : hex(items[i].substring(dash + 1));
            for (int c = first; c <= last; c++) {
                classes.put(c, combining);
                all[c] = (byte) (all[c] | DECOMPOSED);
            }
        }
    }

    /// Items are `C>L` or, for a run of code points a step apart whose lower case is equally far away, `FIRST-LAST/STEP>L`.
    private void readLower(byte[] all, String[] items) {
        for (int i = 1; i < items.length; i++) {
            int to = items[i].indexOf('>');
            int dash = items[i].indexOf('-');
            int[] low = hexes(items[i].substring(to + 1));
            int first = hex(items[i].substring(0, dash < 0 ? to : dash));
            int slash = items[i].indexOf('/');
            int last = dash < 0 ? first : hex(items[i].substring(dash + 1, slash));
            int step = dash < 0 ? 1 : items[i].charAt(slash + 1) - '0';
            for (int c = first; c <= last; c += step) {
                lower.put(c, dash < 0 ? low : new int[] {low[0] + c - first});
                all[c] = (byte) (all[c] | UPPER);
            }
        }
    }

    private void readDecomposed(byte[] all, String[] items) {
        for (int i = 1; i < items.length; i++) {
            int to = items[i].indexOf('>');
            int c = hex(items[i].substring(0, to));
            decomposed.put(c, hexes(items[i].substring(to + 1)));
            all[c] = (byte) (all[c] | DECOMPOSED);
        }
    }

    /// The flags of a code point.
    public static int flags(int codePoint) {
        return ALL.flags[(ALL.pages[codePoint >> 8] << 8) | (codePoint & 0xFF)];
    }

    /// Whether a code point is white space.
    public static boolean isSpace(int codePoint) {
        return (flags(codePoint) & SPACE) != 0;
    }

    /// The canonical decomposition, as far as it goes; empty when the character stays as it is.
    public static int[] decomposed(int codePoint) {
        if (codePoint >= HANGUL && codePoint < HANGUL_END) {
            int s = codePoint - HANGUL;
            int tail = s % 28;
            int lead = 0x1100 + s / 588;
            int vowel = 0x1161 + s % 588 / 28;
            return tail == 0 ? new int[] {lead, vowel} : new int[] {lead, vowel, 0x11A7 + tail};
        }
        return ALL.decomposed.getOrDefault(codePoint, NONE);
    }

    /// The canonical combining class; 0 for a character that starts a sequence.
    public static int combiningClass(int codePoint) {
        return (flags(codePoint) & DECOMPOSED) == 0 ? 0 : ALL.classes.getOrDefault(codePoint, 0);
    }

    /// The lower case of a character that has another one: one code point, or two of U+0130.
    public static int[] lower(int codePoint) {
        return ALL.lower.getOrDefault(codePoint, NONE);
    }

    /// Whether BERT takes a code point for a Chinese character. (The gap from 2B820 to 2B91F is an error all implementations share.)
    public static boolean isIdeograph(int c) {
        return c >= 0x3400 && (c <= 0x4DBF || (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x2A6DF)
                || (c >= 0x2A700 && c <= 0x2B81F) || (c >= 0x2B920 && c <= 0x2CEAF) || (c >= 0x2F800 && c <= 0x2FA1F));
    }

    /// The code point at an index; half a surrogate pair, which no UTF-8 text can hold, is U+FFFD.
    public static int at(char[] text, int index, int end) {
        char c = text[index];
        if (!Character.isSurrogate(c)) {
            return c;
        }
        boolean pair = Character.isHighSurrogate(c) && index + 1 < end && Character.isLowSurrogate(text[index + 1]);
        return pair ? Character.toCodePoint(c, text[index + 1]) : 0xFFFD;
    }
}
