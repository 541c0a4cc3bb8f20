package dev.headstart.io.text;

import dev.headstart.io.json.Json;
import dev.headstart.io.text.token.AddedToken;
import dev.headstart.io.text.token.Merges;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// GPT-2's tokenizer, from its `vocab.json` (an object of tokens and ids) and `merges.txt` (one rule a line: two tokens and a space
/// between; the first line has rank 0; lines that begin with `#version` do not count).
///
/// RoBERTa's has the same files, with `<s>` and `</s>` put around texts ([#roberta]).
///
/// Tokens are written in an alphabet of 256 visible characters that stand for bytes, so that no text is unknown. A text is encoded as it
/// is; nothing is put around it. GPT-2 has no token for padding: name one with [Padding#with].
public final class BytePairEncoding {
    /// GPT-2's only special token.
    public static final String END_OF_TEXT = "<|endoftext|>";

    static final String BEGIN = "<s>";
    static final String END = "</s>";
    static final String ROBERTA_PADDING = "<pad>";
    private static final String ROBERTA_UNKNOWN = "<unk>";
    private static final String ROBERTA_MASK = "<mask>";

    private BytePairEncoding() {}

    /// That of GPT-2 and its kin.
    ///
    /// @throws TokenizerFormatException when a file breaks its format's rules, or the special token is missing
    public static Tokenizer open(Path vocabulary, Path merges) throws IOException {
        return open(vocabulary, merges, false);
    }

    /// The same, if asked for with a space put before every text that begins without: the first word is then like all others.
    ///
    /// @throws TokenizerFormatException when a file breaks its format's rules, or the special token is missing
    public static Tokenizer open(Path vocabulary, Path merges, boolean prefixSpace) throws IOException {
        Vocabulary known = vocabulary(vocabulary);
        AddedToken end = AddedToken.special(END_OF_TEXT, known.special(vocabulary, END_OF_TEXT));
        Algorithm algorithm = algorithm(known, merges, prefixSpace);
        AddedVocabulary added = new AddedVocabulary(vocabulary, List.of(end), algorithm::normalize);
        return new Tokenizer(algorithm, added, Template.plain(false, false), Options.DEFAULT, null);
    }

    /// That of RoBERTa (Liu et al. 2019): `<s> A </s>`, and `<s> A </s> </s> B </s>` for a pair. A mask takes the white space before it along.
    ///
    /// @param prefixSpace whether a space is put before every text that begins without
    /// @throws TokenizerFormatException when a file breaks its format's rules, or one of `<s>`, `</s>`, `<pad>`, `<unk>` is missing
    public static Tokenizer roberta(Path vocabulary, Path merges, boolean prefixSpace) throws IOException {
        Vocabulary known = vocabulary(vocabulary);
        List<AddedToken> special = new ArrayList<>();
        for (String token : List.of(BEGIN, ROBERTA_PADDING, END, ROBERTA_UNKNOWN)) {
            special.add(AddedToken.special(token, known.special(vocabulary, token)));
        }
        if (known.id(ROBERTA_MASK) >= 0) { // only pre-training needs it
            special.add(new AddedToken(ROBERTA_MASK, known.id(ROBERTA_MASK), true, false, false, true, false));
        }
        Algorithm algorithm = algorithm(known, merges, prefixSpace);
        AddedVocabulary added = new AddedVocabulary(vocabulary, special, algorithm::normalize);
        Template template = Template.roberta(new Template.Part.Special(List.of(known.id(BEGIN)), List.of(BEGIN), 0),
                new Template.Part.Special(List.of(known.id(END)), List.of(END), 0), true, prefixSpace);
        return new Tokenizer(algorithm, added, template, Options.DEFAULT, ROBERTA_PADDING);
    }

    private static Vocabulary vocabulary(Path file) throws IOException {
        return Vocabulary.of(file, ids(new JsonNode(file, "$", TokenizerFiles.json(file))));
    }

    private static Algorithm algorithm(Vocabulary known, Path merges, boolean prefixSpace) throws IOException {
        ByteLevelAlgorithm.Rules rules = ByteLevelAlgorithm.Rules.GPT2;
        return new ByteLevelAlgorithm(known, merges(merges, known), prefixSpace ? rules.withPrefixSpace() : rules);
    }

    /// Tokens and ids of a JSON object.
    static Map<String, Integer> ids(JsonNode node) throws TokenizerFormatException {
        Map<String, Json> members = node.members();
        Map<String, Integer> ids = HashMap.newHashMap(members.size());
        for (Map.Entry<String, Json> member : members.entrySet()) {
            if (!(member.getValue() instanceof Json.Int(long id)) || id < 0 || id > Vocabulary.MAX_ID) {
                throw node.get(member.getKey()).refusal("an id is an integer from 0 to " + Vocabulary.MAX_ID);
            }
            ids.put(member.getKey(), (int) id);
        }
        return ids;
    }

    private static Merges merges(Path file, Vocabulary vocabulary) throws IOException {
        List<String> lines = TokenizerFiles.lines(file);
        List<String> rules = new ArrayList<>(lines.size());
        for (String line : lines) {
            if (!line.startsWith("#version")) {
                rules.add(line);
            }
        }
        Merges merges = new Merges(rules.size());
        for (int rank = 0; rank < rules.size(); rank++) {
            String rule = rules.get(rank);
            int space = rule.indexOf(' ');
            if (space < 0 || rule.indexOf(' ', space + 1) >= 0) {
                throw new TokenizerFormatException(file, "rule " + (rank + 1) + ": " + Vocabulary.quoted(rule)
                        + " is not two tokens with a space between");
            }
            put(merges, rank, rule.substring(0, space), rule.substring(space + 1), vocabulary, token -> new TokenizerFormatException(file,
                    "rule " + (token.rank() + 1) + ": the vocabulary has no " + Vocabulary.quoted(token.text())));
        }
        return merges;
    }

    /// A token of a rule that the vocabulary lacks.
    record Missing(int rank, String text) {}

    /// How a missing token is refused.
    interface Refusal {
        TokenizerFormatException of(Missing token);
    }

    /// Adds a rule, whose tokens have to be in the vocabulary: both, and what they become.
    static void put(Merges merges, int rank, String left, String right, Vocabulary vocabulary, Refusal refusal)
            throws TokenizerFormatException {
        String both = left + right;
        int a = vocabulary.id(left);
        int b = vocabulary.id(right);
        int result = vocabulary.id(both);
        if (a < 0 || b < 0 || result < 0) {
            throw refusal.of(new Missing(rank, a < 0 ? left : b < 0 ? right : both));
        }
        merges.put(rank, a, b, result);
    }
}
