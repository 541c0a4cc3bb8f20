package dev.headstart.io.text;

import dev.headstart.io.text.token.AddedToken;
import dev.headstart.io.text.token.AddedTokens;
import dev.headstart.io.text.token.Characters;
import dev.headstart.io.text.token.RawText;
import dev.headstart.io.text.token.Trie;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// WordPiece (Schuster and Nakajima 2012; Wu et al. 2016), as BERT has it (Devlin et al. 2018): a text is normalised, cut at white space
/// and around punctuation, and every word becomes the longest token it begins with, then the longest continuation (`##…`) of what is left.
/// A word with a rest that no token fits is unknown as a whole, and so is one that is too long.
final class WordPieceAlgorithm implements Algorithm {
    private final Vocabulary vocabulary;
    private final BertNormalizer normalizer;
    private final Continuation continuation;
    private final String unknown;
    private final int unknownId;
    private final int maxCharacters;
    private final Trie beginnings = new Trie();
    private final Trie continuations = new Trie();

    /// How tokens that continue a word are marked, and how decoding treats them.
    ///
    /// @param prefix the mark in the vocabulary: `##`
    /// @param decoded the mark decoding removes
    /// @param joined whether tokens are put together at all; otherwise spaces are put between them
    /// @param cleanup whether spaces before punctuation are removed
    record Continuation(String prefix, String decoded, boolean joined, boolean cleanup) {
        static final Continuation BERT = new Continuation("##", "##", true, true);
    }

    WordPieceAlgorithm(
            Vocabulary vocabulary, BertNormalizer normalizer, Continuation continuation, String unknown, int unknownId, int maxCharacters) {
        this.vocabulary = vocabulary;
        this.normalizer = normalizer;
        this.continuation = continuation;
        this.unknown = unknown;
        this.unknownId = unknownId;
        this.maxCharacters = maxCharacters;
        for (Map.Entry<String, Integer> entry : vocabulary.ids().entrySet()) {
            String token = entry.getKey();
            beginnings.put(token, entry.getValue());
            if (token.startsWith(continuation.prefix())) {
                continuations.put(token.substring(continuation.prefix().length()), entry.getValue());
            }
        }
    }

    @Override
    public Vocabulary vocabulary() {
        return vocabulary;
    }

    @Override
    public String normalize(String content) {
        return normalizer.normalize(content);
    }

    @Override
    public void tokenize(char[] text, int from, int to, AddedTokens added, Tokens out) {
        Points points = normalizer.normalize(text, from, to);
        RawText raw = new RawText(text, to);
        if (added.isEmpty()) {
            words(points, 0, points.size, raw, out);
            return;
        }
        for (AddedTokens.Span span : added.split(points, 0)) {
            AddedToken token = span.token();
            if (token == null) {
                words(points, span.from(), span.to(), raw, out);
            } else {
                String content = new String(points.points, span.from(), span.to() - span.from());
                out.add(token.id(), content, points.sources[span.from()], raw.next(points.sources[span.to() - 1]));
                out.word++;
            }
        }
    }

    private void words(Points points, int from, int to, RawText raw, Tokens out) {
        int begin = from;
        for (int i = from; i < to; i++) {
            int flags = Characters.flags(points.points[i]);
            if ((flags & (Characters.SPACE | Characters.PUNCTUATION)) != 0) {
                word(points, begin, i, raw, out);
                if ((flags & Characters.SPACE) == 0) {
                    word(points, i, i + 1, raw, out);
                }
                begin = i + 1;
            }
        }
        word(points, begin, to, raw, out);
    }

    private void word(Points points, int from, int to, RawText raw, Tokens out) {
        if (from == to) {
            return;
        }
        int size = out.size;
        if (to - from > maxCharacters || !pieces(points, from, to, raw, out)) {
            out.size = size;
            out.add(unknownId, unknown, points.sources[from], raw.next(points.sources[to - 1]));
        }
        out.word++;
    }

    /// Whether all of the word fits tokens, which are added as far as they do.
    private boolean pieces(Points points, int from, int to, RawText raw, Tokens out) {
        for (int begin = from; begin < to;) {
            Trie trie = begin == from ? beginnings : continuations;
            int node = Trie.ROOT;
            int id = -1;
            int end = begin;
            for (int i = begin; i < to; i++) {
                node = trie.next(node, points.points[i]);
                if (node == Trie.NOWHERE) {
                    break;
                }
                if (trie.value(node) >= 0) {
                    id = trie.value(node);
                    end = i + 1;
                }
            }
            if (id < 0) {
                return false;
            }
            out.add(id, Objects.requireNonNull(vocabulary.token(id)), points.sources[begin], raw.next(points.sources[end - 1]));
            begin = end;
        }
        return true;
    }

    /// Tokens are joined with spaces, continuations without; then, token by token, the spaces English does not have go, as Hugging Face's
    /// decoder has it.
    @Override
    public String decode(List<String> tokens) {
        if (!continuation.joined()) {
            return String.join(" ", tokens);
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < tokens.size(); i++) {
            String token = tokens.get(i);
            if (i > 0) {
                boolean continues = token.startsWith(continuation.decoded());
                token = continues ? token.substring(continuation.decoded().length()) : " " + token;
            }
            text.append(continuation.cleanup() ? cleaned(token) : token);
        }
        return text.toString();
    }

    private static String cleaned(String token) {
        if (token.indexOf(' ') < 0) {
            return token;
        }
        return token.replace(" .", ".").replace(" ?", "?").replace(" !", "!").replace(" ,", ",").replace(" ' ", "'").replace(" n't", "n't")
                .replace(" 'm", "'m").replace(" do not", " don't").replace(" 's", "'s").replace(" 've", "'ve").replace(" 're", "'re");
    }
}
