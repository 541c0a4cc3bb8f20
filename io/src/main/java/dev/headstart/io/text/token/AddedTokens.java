package dev.headstart.io.text.token;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds added tokens in a text: the leftmost one, of those the longest; then the next one behind it.
public final class AddedTokens {
    private static final int ASCII = 128;

    private final List<AddedToken> tokens;
    private final Trie trie = new Trie();
    private final boolean[] first = new boolean[ASCII + 1]; // of ASCII, and whether of others, characters that a token begins with

    /// Looks for each token by a pattern: its content, or what that becomes when normalised.
    public AddedTokens(List<AddedToken> tokens, List<String> patterns) {
        this.tokens = List.copyOf(tokens);
        for (int i = 0; i < patterns.size(); i++) {
            trie.put(patterns.get(i), i);
            first[Math.min(ASCII, patterns.get(i).codePointAt(0))] = true;
        }
    }

    /// A text to look in: code points at indices, which need not be neighbours.
    public interface Text {
        /// The code point at an index.
        int at(int index);

        /// The index of the code point that follows.
        int next(int index);

        /// The index of the code point before.
        int previous(int index);

        /// The index behind the last code point.
        int end();
    }

    /// Part of a text: an added token, or what lies between two.
    public record Span(int from, int to, @Nullable AddedToken token) {}

    public boolean isEmpty() {
        return tokens.isEmpty();
    }

    /// Cuts a text; the parts follow each other without gap, none is empty.
    public List<Span> split(Text text, int from) {
        List<Span> spans = new ArrayList<>();
        int done = from;
        for (int i = from; i < text.end();) {
            long match = first[Math.min(ASCII, text.at(i))] ? longest(text, i) : -1;
            if (match < 0) {
                i = text.next(i);
                continue;
            }
            AddedToken token = tokens.get((int) match);
            int to = (int) (match >> 32);
            if (!token.singleWord() || isAlone(text, from, i, to)) {
                int begin = token.stripLeft() ? spacesBefore(text, done, i) : Math.max(done, i);
                int end = token.stripRight() ? spacesBehind(text, to) : to;
                if (done < begin) {
                    spans.add(new Span(done, begin, null));
                }
                spans.add(new Span(begin, end, token));
                done = end;
            }
            i = to;
        }
        if (done < text.end()) {
            spans.add(new Span(done, text.end(), null));
        }
        return spans;
    }

    /// The longest token that begins here: the index behind it in the upper half, its number in the lower; or -1.
    private long longest(Text text, int from) {
        long found = -1;
        int node = Trie.ROOT;
        for (int i = from; i < text.end();) {
            node = trie.next(node, text.at(i));
            if (node == Trie.NOWHERE) {
                return found;
            }
            i = text.next(i);
            if (trie.value(node) >= 0) {
                found = ((long) i << 32) | trie.value(node);
            }
        }
        return found;
    }

    private static boolean isAlone(Text text, int begin, int from, int to) {
        return (from == begin || !isWord(text.at(text.previous(from)))) && (to == text.end() || !isWord(text.at(to)));
    }

    /// `\w`: alphabetic, marks, decimal digits, connectors and joiners (UTS 18).
    private static boolean isWord(int c) {
        return Character.isAlphabetic(c) || c == 0x200C || c == 0x200D || switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK, Character.DECIMAL_DIGIT_NUMBER,
                    Character.CONNECTOR_PUNCTUATION -> true;
            default -> false;
        };
    }

    private static int spacesBefore(Text text, int done, int from) {
        int begin = from;
        while (begin > done && Characters.isSpace(text.at(text.previous(begin)))) {
            begin = text.previous(begin);
        }
        return Math.max(done, begin);
    }

    private static int spacesBehind(Text text, int to) {
        int end = to;
        while (end < text.end() && Characters.isSpace(text.at(end))) {
            end = text.next(end);
        }
        return end;
    }
}
