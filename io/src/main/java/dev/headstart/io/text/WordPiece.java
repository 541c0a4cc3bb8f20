package dev.headstart.io.text;

import dev.headstart.io.text.token.AddedToken;
import dev.headstart.io.text.token.Characters;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// BERT's tokenizer, from its `vocab.txt`: one token a line, the line's number from 0 is its id. White space at the end of a line does not
/// count.
///
/// A text is normalised ([BertNormalizer]), cut at white space and around punctuation, and each word becomes the longest tokens it is made
/// of: `embeddings` is `em ##bed ##ding ##s`. Words of more than 100 characters, and words with a rest no token fits, are `[UNK]`.
/// One text is `[CLS] A [SEP]`, a pair `[CLS] A [SEP] B [SEP]` with type id 1 from B on.
public final class WordPiece {
    static final int MAX_CHARACTERS = 100;
    static final String UNKNOWN = "[UNK]";
    static final String BEGIN = "[CLS]";
    static final String SEPARATOR = "[SEP]";
    static final String PADDING = "[PAD]";
    static final String MASK = "[MASK]";

    private WordPiece() {}

    /// That of an uncased model: lower case, no accents.
    ///
    /// @throws TokenizerFormatException when the file is no vocabulary, or a special token is missing in it
    public static Tokenizer uncased(Path vocabulary) throws IOException {
        return open(vocabulary, BertNormalizer.uncased());
    }

    /// That of a cased model.
    ///
    /// @throws TokenizerFormatException when the file is no vocabulary, or a special token is missing in it
    public static Tokenizer cased(Path vocabulary) throws IOException {
        return open(vocabulary, BertNormalizer.cased());
    }

    /// That of a cased model where the vocabulary has tokens in upper case ([#hasUpperCase]), else that of an uncased one.
    ///
    /// @throws TokenizerFormatException when the file is no vocabulary, or a special token is missing in it
    public static Tokenizer guessed(Path vocabulary) throws IOException {
        return hasUpperCase(vocabulary) ? cased(vocabulary) : uncased(vocabulary);
    }

    /// Whether a vocabulary has tokens in upper case, which an uncased model has no use for. Tokens in brackets of any kind, such as `[CLS]`
    /// and `<S>`, do not count: they stand for no text.
    public static boolean hasUpperCase(Path vocabulary) throws IOException {
        return TokenizerFiles.lines(vocabulary).stream().map(WordPiece::trimmed)
                .anyMatch(token -> !isBracketed(token) && !token.equals(token.toLowerCase(Locale.ROOT)));
    }

    private static boolean isBracketed(String token) {
        return token.length() > 2 && ((token.startsWith("[") && token.endsWith("]")) || (token.startsWith("<") && token.endsWith(">")));
    }

    /// That of any model with BERT's special tokens, of which `[MASK]` may be missing.
    ///
    /// @throws TokenizerFormatException when the file is no vocabulary, or a special token is missing in it
    public static Tokenizer open(Path vocabulary, BertNormalizer normalizer) throws IOException {
        Vocabulary known = Vocabulary.of(vocabulary, ids(vocabulary));
        List<AddedToken> special = new ArrayList<>();
        for (String token : List.of(PADDING, UNKNOWN, BEGIN, SEPARATOR)) {
            special.add(AddedToken.special(token, known.special(vocabulary, token)));
        }
        if (known.id(MASK) >= 0) { // only pre-training needs it
            special.add(AddedToken.special(MASK, known.id(MASK)));
        }
        Algorithm algorithm = new WordPieceAlgorithm(
                known, normalizer, WordPieceAlgorithm.Continuation.BERT, UNKNOWN, known.id(UNKNOWN), MAX_CHARACTERS);
        Template template = Template.bert(BEGIN, known.id(BEGIN), SEPARATOR, known.id(SEPARATOR));
        AddedVocabulary added = new AddedVocabulary(vocabulary, special, algorithm::normalize);
        return new Tokenizer(algorithm, added, template, Options.DEFAULT, PADDING);
    }

    private static Map<String, Integer> ids(Path file) throws IOException {
        List<String> lines = TokenizerFiles.lines(file);
        Map<String, Integer> ids = HashMap.newHashMap(lines.size());
        for (int i = 0; i < lines.size(); i++) {
            ids.put(trimmed(lines.get(i)), i);
        }
        return ids;
    }

    private static String trimmed(String line) {
        int end = line.length();
        while (end > 0 && Characters.isSpace(line.charAt(end - 1))) {
            end--;
        }
        return line.substring(0, end);
    }
}
