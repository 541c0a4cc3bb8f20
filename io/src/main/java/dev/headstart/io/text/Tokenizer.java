package dev.headstart.io.text;

import dev.headstart.io.json.Fields;
import dev.headstart.io.text.token.AddedToken;
import dev.headstart.io.text.token.AddedTokens;
import dev.headstart.io.text.token.RawText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Turns text into the token ids a published model was trained on, and ids into text.
///
/// ```java
/// Tokenizer bert = WordPiece.uncased(Path.of("vocab.txt"));
/// int[] ids = bert.encode("Hello, world!").ids();                          // [CLS] hello , world ! [SEP]
/// Batch batch = bert.with(Options.DEFAULT.truncate(128).padToLongest()).encode(texts);
/// String text = bert.decode(ids, true);                                    // hello, world!
/// ```
///
/// Ids, offsets, word numbers and decoded text are those of Hugging Face's fast tokenizers (`tokenizers` 0.22). Where these and the older
/// Python tokenizers differ (white space around special tokens, words of combining marks, the odd token of [Truncation]), the fast ones
/// count. Half a surrogate pair, which Python cannot pass on at all, is taken for U+FFFD: BERT drops it, GPT-2 gets its three bytes.
///
/// Immutable, and for any number of threads at once.
public final class Tokenizer {
    /// What is done with each field of a `tokenizer_config.json` that stands beside a plain vocabulary.
    public static final Fields SETTINGS = TokenizerSettings.FIELDS;

    private final Algorithm algorithm;
    private final AddedVocabulary added;
    private final Template template;
    private final Options options;
    private final @Nullable String paddingToken;

    Tokenizer(Algorithm algorithm, AddedVocabulary added, Template template, Options options, @Nullable String paddingToken) {
        this.algorithm = algorithm;
        this.added = added;
        this.template = template;
        this.options = options;
        this.paddingToken = paddingToken;
    }

    /// Opens a `tokenizer.json`, a `vocab.txt`, or the folder of a model: its `tokenizer.json` if there is one, otherwise `vocab.txt`
    /// (WordPiece) or `vocab.json` with `merges.txt` (byte-level pairs, GPT-2's or RoBERTa's).
    ///
    /// Lower case is as `tokenizer_config.json` says, which also holds for a file beside it that is named `tokenizer.json` or `vocab.txt`, else
    /// as the vocabulary is ([WordPiece#hasUpperCase]; [#guesses] tells). Whose byte-level
    /// pairs they are is said by `tokenizer_class` there or by `model_type` in `config.json`; a vocabulary that could be either's is refused.
    ///
    /// Of a `tokenizer.json` WordPiece with BERT's normaliser and byte-level BPE are read; whatever else it asks for is refused by name.
    ///
    /// @throws TokenizerFormatException when a file breaks its format's rules or asks for what is not done here
    public static Tokenizer open(Path path) throws IOException {
        return TokenizerFiles.open(path);
    }

    /// What [#open] guesses of a file or folder, since no file says it: sentences, none in most cases.
    public static List<String> guesses(Path path) throws IOException {
        return TokenizerSettings.guesses(path);
    }

    /// The same tokenizer with other options.
    public Tokenizer with(Options other) {
        return new Tokenizer(algorithm, added, template, other, paddingToken);
    }

    /// How encodings are made.
    public Options options() {
        return options;
    }

    /// The encoding of a text.
    ///
    /// @throws IllegalArgumentException when the options cannot be met: see [Truncation] and [Padding]
    public Encoding encode(String text) {
        return padded(List.of(encode(tokens(text), null))).getFirst();
    }

    /// The encoding of a pair of texts: a question and a passage, a sentence and the next.
    public Encoding encode(String text, String second) {
        return padded(List.of(encode(tokens(text), tokens(second)))).getFirst();
    }

    /// The encodings of texts, padded together.
    public Batch encode(List<String> texts) {
        return new Batch(padded(texts.stream().map(text -> encode(tokens(text), null)).toList()));
    }

    /// The encodings of pairs of texts, padded together.
    public Batch encode(List<String> texts, List<String> seconds) {
        if (texts.size() != seconds.size()) {
            throw new IllegalArgumentException(
                    "encode: " + texts.size() + " first texts, " + seconds.size() + " second ones: a pair has both");
        }
        List<Encoding> encodings = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            encodings.add(encode(tokens(texts.get(i)), tokens(seconds.get(i))));
        }
        return new Batch(padded(encodings));
    }

    /// The encoding of a text that is cut into words already, as for labels per word: [Encoding#word] is the index in the list, and offsets
    /// count within that word. Byte-level models see no space between the words unless they put one before each.
    public Encoding encodeWords(List<String> words) {
        Tokens tokens = new Tokens();
        for (int i = 0; i < words.size(); i++) {
            int before = tokens.size;
            find(words.get(i), tokens);
            Arrays.fill(tokens.words, before, tokens.size, i);
        }
        return padded(List.of(encode(tokens, null))).getFirst();
    }

    /// The text that ids stand for, by the rules of the kind: WordPiece joins continuations and takes away spaces before punctuation;
    /// byte-level tokens give their bytes, and what of these is not UTF-8 becomes U+FFFD. Ids the vocabulary does not know give nothing.
    ///
    /// @param skipSpecialTokens whether special tokens are left out
    public String decode(int[] ids, boolean skipSpecialTokens) {
        List<String> tokens = new ArrayList<>(ids.length);
        for (int id : ids) {
            String token = added.decoded(id);
            token = token == null ? algorithm.vocabulary().token(id) : token;
            if (token != null && !(skipSpecialTokens && added.isSpecial(token))) {
                tokens.add(token);
            }
        }
        return algorithm.decode(tokens);
    }

    /// Number of tokens, added ones included.
    public int vocabularySize() {
        return algorithm.vocabulary().size() + added.beyond(algorithm.vocabulary());
    }

    /// The id of a token as the vocabulary writes it, or nothing.
    public OptionalInt id(String token) {
        int id = added.id(token);
        id = id < 0 ? algorithm.vocabulary().id(token) : id;
        return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /// The token of an id as the vocabulary writes it, or nothing.
    public Optional<String> token(int id) {
        String token = added.content(id);
        return Optional.ofNullable(token == null ? algorithm.vocabulary().token(id) : token);
    }

    /// The tokens that a table of so many rows has no vector for: those whose ids are not below the number, in the order of their ids.
    public List<String> beyond(int rows) {
        SortedMap<Integer, String> tokens = algorithm.vocabulary().from(rows);
        tokens.putAll(added.from(rows));
        return List.copyOf(tokens.values());
    }

    /// Whether an id is that of a special token: `[MASK]`, `<|endoftext|>`.
    public boolean isSpecial(int id) {
        String token = added.content(id);
        return token != null && added.isSpecial(token);
    }

    /// The id padding has, or nothing for a vocabulary without a token for it.
    public OptionalInt paddingId() {
        return paddingToken == null ? OptionalInt.empty() : id(paddingToken);
    }

    private Tokens tokens(String text) {
        Tokens tokens = new Tokens();
        find(text, tokens);
        return tokens;
    }

    private void find(String text, Tokens out) {
        char[] characters = text.toCharArray();
        if (added.raw().isEmpty()) {
            algorithm.tokenize(characters, 0, characters.length, added.normalized(), out);
            return;
        }
        for (AddedTokens.Span span : added.raw().split(new RawText(characters, characters.length), 0)) {
            AddedToken token = span.token();
            if (token == null) {
                algorithm.tokenize(characters, span.from(), span.to(), added.normalized(), out);
            } else {
                out.add(token.id(), text.substring(span.from(), span.to()), span.from(), span.to());
                out.word++;
            }
        }
    }

    private Encoding encode(Tokens first, @Nullable Tokens second) {
        Truncation truncation = options.truncation();
        List<Template.Part> parts = template.parts(second != null);
        int special = options.addSpecialTokens() ? Template.added(parts) : 0;
        int room = truncation.maxLength() - special;
        if (room < 0) {
            throw new IllegalArgumentException(
                    "truncation: at most " + truncation.maxLength() + " tokens, " + special + " of them special");
        }
        int[] lengths = truncation.lengths(first.size, second == null ? -1 : second.size, room);
        List<int[]> firsts = windows(first.size, lengths[0]);
        List<int[]> seconds = second == null ? List.of(new int[2]) : windows(second.size, lengths[1]);
        List<Encoding> overflow = new ArrayList<>();
        for (int i = 1; i <= firsts.size(); i++) { // what the first has room for comes last
            int[] a = firsts.get(i % firsts.size());
            for (int j = i < firsts.size() ? 0 : 1; j < seconds.size(); j++) {
                overflow.add(join(parts, first, a, second, seconds.get(j), List.of()));
            }
        }
        return join(parts, first, firsts.getFirst(), second, seconds.getFirst(), overflow);
    }

    /// The tokens that stay, and behind them the windows of those that do not: first and last + 1 of each.
    private List<int[]> windows(int size, int length) {
        Truncation truncation = options.truncation();
        boolean left = truncation.side() == Side.LEFT;
        List<int[]> windows = new ArrayList<>();
        windows.add(left ? new int[] {size - length, size} : new int[] {0, length});
        if (length == size || !truncation.windows()) {
            return windows;
        }
        if (length == 0) { // no room: all of it follows
            windows.add(new int[] {0, size});
            return windows;
        }
        if (truncation.stride() >= length) {
            throw new IllegalArgumentException("truncation: stride " + truncation.stride() + " must be less than the " + length
                    + " tokens a window has room for");
        }
        int step = length - truncation.stride();
        if (left) {
            for (int end = size - step; windows.getLast()[0] > 0; end -= step) {
                windows.add(new int[] {Math.max(0, end - length), end});
            }
        } else {
            for (int begin = step; windows.getLast()[1] < size; begin += step) {
                windows.add(new int[] {begin, Math.min(size, begin + length)});
            }
        }
        return windows;
    }

    private Encoding join(
            List<Template.Part> parts, Tokens first, int[] a, @Nullable Tokens second, int[] b, List<Encoding> overflow) {
        int length = parts.stream().mapToInt(part -> switch (part) {
            case Template.Part.Special special -> options.addSpecialTokens() ? special.ids().size() : 0;
            case Template.Part.Sequence sequence -> sequence.index() == 0 ? a[1] - a[0] : b[1] - b[0];
        }).sum();
        Encoding.Builder builder = new Encoding.Builder(length, overflow);
        for (Template.Part part : parts) {
            switch (part) {
                case Template.Part.Special special -> addSpecial(special, builder);
                case Template.Part.Sequence sequence -> {
                    boolean isFirst = sequence.index() == 0;
                    addTokens(isFirst ? first : Objects.requireNonNull(second), isFirst ? a : b, sequence, builder);
                }
            }
        }
        return builder.build();
    }

    private void addSpecial(Template.Part.Special special, Encoding.Builder builder) {
        if (options.addSpecialTokens()) {
            for (int i = 0; i < special.ids().size(); i++) {
                builder.addSpecial(special.ids().get(i), special.tokens().get(i), special.typeId());
            }
        }
    }

    private void addTokens(Tokens tokens, int[] window, Template.Part.Sequence sequence, Encoding.Builder builder) {
        if (template.trim()) {
            builder.add(template.trimmed(tokens, window[0], window[1]), 0, window[1] - window[0], sequence.index(), sequence.typeId());
        } else {
            builder.add(tokens, window[0], window[1], sequence.index(), sequence.typeId());
        }
    }

    private List<Encoding> padded(List<Encoding> encodings) {
        Padding padding = options.padding();
        if (padding.to() == Padding.To.NONE || encodings.isEmpty()) {
            return encodings;
        }
        String token = padding.token() == null ? paddingToken : padding.token();
        if (token == null) {
            throw new IllegalArgumentException("padding: this tokenizer has no token for it: name one (Padding.with)");
        }
        int id = id(token).orElseThrow(() -> new IllegalArgumentException("padding: no token is " + Vocabulary.quoted(token)));
        int length = padding.target(encodings.stream().mapToInt(Encoding::length).max().orElse(0));
        Function<Encoding, Encoding> pad = encoding -> encoding.padded(length, id, token, padding);
        return encodings.stream().map(pad).toList();
    }

    @Override
    public String toString() {
        return "Tokenizer[" + vocabularySize() + " tokens]";
    }
}
