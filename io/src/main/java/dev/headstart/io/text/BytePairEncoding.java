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
/// Tokens are written in an alphabet of 256 visible characters that stand for bytes, so that no text is unknown. A text is encoded as it
/// is; nothing is put around it. GPT-2 has no token for padding: name one with [Padding#with].
public final class BytePairEncoding {
    /// GPT-2's only special token.
    public static final String END_OF_TEXT = "<|endoftext|>";

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
        JsonNode root = new JsonNode(vocabulary, "$", TokenizerFiles.json(vocabulary));
        Vocabulary known = Vocabulary.of(vocabulary, ids(root));
        AddedToken end = AddedToken.special(END_OF_TEXT, known.special(vocabulary, END_OF_TEXT));
        ByteLevelAlgorithm.Rules rules = ByteLevelAlgorithm.Rules.GPT2;
        Algorithm algorithm = new ByteLevelAlgorithm(
                known, merges(merges, known), prefixSpace ? rules.withPrefixSpace() : rules);
        AddedVocabulary added = new AddedVocabulary(vocabulary, List.of(end), algorithm::normalize);
        return new Tokenizer(algorithm, added, Template.plain(false, false), Options.DEFAULT, null);
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
