package dev.headstart.io.text;

import dev.headstart.io.text.token.Characters;
import java.util.Arrays;

/// What BERT does to a text before it is cut into words.
///
/// @param cleanText control, format and private-use characters and U+FFFD are removed, every white space becomes a space
/// @param separateIdeographs spaces are put around Chinese characters, so that each is a word
/// @param stripAccents canonical decomposition (NFD), then non-spacing marks are removed
/// @param lowercase lower case, character by character and whatever the language
public record BertNormalizer(boolean cleanText, boolean separateIdeographs, boolean stripAccents, boolean lowercase) {
    private static final int ASCII = 128;
    private static final int FIRST = -1; // begins a decomposition
    private static final int LATER = -2;

    /// That of `bert-base-uncased` and all other uncased models.
    public static BertNormalizer uncased() {
        return new BertNormalizer(true, true, true, true);
    }

    /// That of `bert-base-cased` and all other cased models.
    public static BertNormalizer cased() {
        return new BertNormalizer(true, true, false, false);
    }

    static BertNormalizer none() {
        return new BertNormalizer(false, false, false, false);
    }

    /// The normalised form of a part of a text.
    Points normalize(char[] text, int from, int to) {
        Points points = new Points(to - from + ((to - from) >> 3));
        int seen = clean(text, from, to, points);
        if (stripAccents && (seen & (Characters.DECOMPOSED | Characters.MARK)) != 0) {
            points = strip(decompose(points));
        }
        if (lowercase && (seen & (Characters.UPPER | Characters.DECOMPOSED)) != 0) {
            points = lower(points);
        }
        return points;
    }

    /// The normalised form of a text.
    String normalize(String text) {
        return normalize(text.toCharArray(), 0, text.length()).toString();
    }

    /// Removes, replaces and separates; ASCII gets its lower case here. Returns the flags of all characters beyond ASCII.
    private int clean(char[] text, int from, int to, Points out) {
        int seen = 0;
        for (int i = from; i < to;) {
            int c = Characters.at(text, i, to);
            int source = i;
            i += c > Character.MAX_VALUE ? 2 : 1;
            int flags = Characters.flags(c);
            if (cleanText && (flags & (Characters.DROPPED | Characters.SPACE)) != 0) {
                if ((flags & Characters.DROPPED) == 0) {
                    out.add(' ', source);
                }
            } else if (c < ASCII) {
                out.add(lowercase && c >= 'A' && c <= 'Z' ? c + 32 : c, source);
            } else if (separateIdeographs && Characters.isIdeograph(c)) {
                out.add(' ', source);
                out.add(c, source);
                out.add(' ', source);
                seen |= flags;
            } else {
                out.add(c, source);
                seen |= flags;
            }
        }
        return seen;
    }

    /// NFD. Marks are put in canonical order, but where they came from is not: the first place goes to the first character that begins a
    /// decomposition, and so on, as Hugging Face's library has it.
    private static Points decompose(Points in) {
        Points out = new Points(in.size + (in.size >> 2));
        int start = 0; // where the sequence of marks that is being put in order begins
        int begun = 0; // how many characters of `in` have got their place
        for (int i = 0; i < in.size; i++) {
            int c = in.points[i];
            if ((Characters.flags(c) & Characters.DECOMPOSED) == 0) {
                begun = settle(in, out, start, begun);
                out.add(c, FIRST);
                start = out.size - 1;
                continue;
            }
            int[] parts = Characters.decomposed(c);
            for (int k = 0; k < Math.max(1, parts.length); k++) {
                int part = parts.length == 0 ? c : parts[k];
                int combining = Characters.combiningClass(part);
                if (combining == 0) {
                    begun = settle(in, out, start, begun);
                    start = out.size;
                }
                out.add(part, k == 0 ? FIRST : LATER);
            }
        }
        settle(in, out, start, begun);
        return out;
    }

    /// Puts the sequence that ends here in order and says where each of its characters came from.
    private static int settle(Points in, Points out, int start, int begun) {
        int from = out.size - start > 1 && Characters.combiningClass(out.points[start]) == 0 ? start + 1 : start;
        if (out.size - from > 1) {
            order(out, from);
        }
        int next = begun;
        for (int i = start; i < out.size; i++) {
            next += out.sources[i] == FIRST ? 1 : 0;
            out.sources[i] = in.sources[Math.max(0, next - 1)];
        }
        return next;
    }

    /// Sorts by combining class, equal ones in their order. Sorting numbers, so that a million marks in a row take a moment.
    private static void order(Points out, int from) {
        long[] keys = new long[out.size - from];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = ((long) Characters.combiningClass(out.points[from + i]) << 32) | i;
        }
        Arrays.sort(keys);
        int[] points = Arrays.copyOfRange(out.points, from, out.size);
        int[] sources = Arrays.copyOfRange(out.sources, from, out.size);
        for (int i = 0; i < keys.length; i++) {
            out.points[from + i] = points[(int) keys[i]];
            out.sources[from + i] = sources[(int) keys[i]];
        }
    }

    private static Points strip(Points points) {
        int kept = 0;
        for (int i = 0; i < points.size; i++) {
            if ((Characters.flags(points.points[i]) & Characters.MARK) == 0) {
                points.points[kept] = points.points[i];
                points.sources[kept++] = points.sources[i];
            }
        }
        points.size = kept;
        return points;
    }

    private static Points lower(Points in) {
        Points out = new Points(in.size);
        for (int i = 0; i < in.size; i++) {
            int c = in.points[i];
            if ((Characters.flags(c) & Characters.UPPER) == 0) {
                out.add(c, in.sources[i]);
            } else {
                for (int low : Characters.lower(c)) {
                    out.add(low, in.sources[i]);
                }
            }
        }
        return out;
    }
}
