package dev.headstart.io.text;

import dev.headstart.io.json.Json;
import dev.headstart.io.text.token.AddedToken;
import dev.headstart.io.text.token.Merges;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads Hugging Face's `tokenizer.json` of two kinds:
///
/// | | WordPiece | byte-level BPE |
/// |---|---|---|
/// | normalizer | `BertNormalizer` or null | null |
/// | pre_tokenizer | `BertPreTokenizer` | `ByteLevel` |
/// | model | `WordPiece` | `BPE` without dropout, prefix, suffix and byte fallback |
/// | post_processor | `BertProcessing`, `TemplateProcessing` or null | `ByteLevel`, `RobertaProcessing`, `TemplateProcessing` or null |
/// | decoder | `WordPiece` or null | `ByteLevel` or null |
///
/// Truncation and padding become the tokenizer's [Options]. All else is refused with its JSON path, names this reader does not know too: a
/// tokenizer that is only nearly the published one is worse than none.
final class TokenizerJson {
    /// More tokens than any model takes: a file cannot make every text fill the memory.
    private static final int MAX_PADDED = 1 << 20;

    private final Path file;
    private final JsonNode root;

    private final @Nullable Boolean lowerCase;

    private TokenizerJson(Path file, JsonNode root, @Nullable Boolean lowerCase) {
        this.file = file;
        this.root = root;
        this.lowerCase = lowerCase;
    }

    static Tokenizer read(Path file) throws IOException {
        return read(file, null);
    }

    /// @param lowerCase what `do_lower_case` beside it says, which comes before the normalizer's own; null where it says nothing
    static Tokenizer read(Path file, @Nullable Boolean lowerCase) throws IOException {
        return new TokenizerJson(file, new JsonNode(file, "$", TokenizerFiles.json(file)), lowerCase).tokenizer();
    }

    /// Whether the normalizer makes texts lower case; null where it does not say.
    static @Nullable Boolean lowerCase(Path file) throws IOException {
        JsonNode normalizer = new JsonNode(file, "$", TokenizerFiles.json(file)).get("normalizer");
        if (normalizer.isNull() || !(normalizer.get("lowercase").value() instanceof Json.Bool(boolean lower))) {
            return null;
        }
        return lower;
    }

    private Tokenizer tokenizer() throws TokenizerFormatException {
        root.only("version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer", "post_processor", "decoder", "model");
        if (!root.get("version").string("1.0").equals("1.0")) {
            throw root.get("version").refusal("only version 1.0 is read");
        }
        JsonNode model = root.get("model");
        Algorithm algorithm = switch (modelType(model)) {
            case "WordPiece" -> wordPiece(model);
            case "BPE" -> byteLevel(model);
            case String other -> throw model.refusal(Vocabulary.quoted(other) + " is not read: WordPiece and byte-level BPE are");
        };
        AddedVocabulary added = new AddedVocabulary(file, addedTokens(algorithm.vocabulary()), algorithm::normalize);
        Options options = new Options(true, truncation(root.get("truncation")), padding(root.get("padding"), algorithm, added));
        Template template = TemplateJson.read(root.get("post_processor"), id -> {
            String token = added.content(id);
            return token == null ? algorithm.vocabulary().token(id) : token;
        });
        return new Tokenizer(algorithm, added, template, options, paddingToken(algorithm, added));
    }

    /// Files of before 2020 do not name the type.
    private static String modelType(JsonNode model) throws TokenizerFormatException {
        if (!model.get("type").isNull()) {
            return model.type();
        }
        return model.members().containsKey("merges") ? "BPE" : model.members().containsKey("max_input_chars_per_word") ? "WordPiece" : "";
    }

    private Algorithm wordPiece(JsonNode model) throws TokenizerFormatException {
        model.only("type", "unk_token", "continuing_subword_prefix", "max_input_chars_per_word", "vocab");
        JsonNode words = root.get("pre_tokenizer");
        demand(words, "BertPreTokenizer");
        words.only("type");
        Vocabulary vocabulary = Vocabulary.of(file, BytePairEncoding.ids(model.get("vocab")));
        String unknown = model.get("unk_token").string();
        int unknownId = vocabulary.special(file, unknown);
        String prefix = model.get("continuing_subword_prefix").string();
        int max = model.get("max_input_chars_per_word").integer(Integer.MAX_VALUE);
        return new WordPieceAlgorithm(vocabulary, normalizer(root.get("normalizer")), continuation(prefix, root.get("decoder")), unknown,
                unknownId, max);
    }

    private BertNormalizer normalizer(JsonNode node) throws TokenizerFormatException {
        if (node.isNull()) {
            return BertNormalizer.none();
        }
        demand(node, "BertNormalizer");
        node.only("type", "clean_text", "handle_chinese_chars", "strip_accents", "lowercase");
        boolean own = node.get("lowercase").bool();
        boolean lowercase = lowerCase == null ? own : lowerCase;
        return new BertNormalizer(node.get("clean_text").bool(), node.get("handle_chinese_chars").bool(),
                node.get("strip_accents").bool(lowercase), lowercase);
    }

    private static WordPieceAlgorithm.Continuation continuation(String prefix, JsonNode decoder) throws TokenizerFormatException {
        if (decoder.isNull()) {
            return new WordPieceAlgorithm.Continuation(prefix, prefix, false, false);
        }
        demand(decoder, "WordPiece");
        decoder.only("type", "prefix", "cleanup");
        return new WordPieceAlgorithm.Continuation(prefix, decoder.get("prefix").string(), true, decoder.get("cleanup").bool());
    }

    private Algorithm byteLevel(JsonNode model) throws TokenizerFormatException {
        model.only("type", "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix", "fuse_unk", "byte_fallback",
                "ignore_merges", "vocab", "merges");
        if (!root.get("normalizer").isNull()) {
            throw root.get("normalizer").refusal("byte-level BPE is read without a normalizer only");
        }
        for (String name : List.of("continuing_subword_prefix", "end_of_word_suffix")) {
            if (!model.get(name).string("").isEmpty()) {
                throw model.get(name).refusal("is not read with byte-level BPE");
            }
        }
        JsonNode dropout = model.get("dropout");
        if (!dropout.isNull() && !dropout.value().equals(Json.of(0.0)) && !dropout.value().equals(Json.of(0))) {
            throw dropout.refusal("is not read: the same text would have other tokens each time");
        }
        if (model.get("byte_fallback").bool(false)) {
            throw model.get("byte_fallback").refusal("is not read with byte-level BPE");
        }
        Vocabulary vocabulary = Vocabulary.of(file, BytePairEncoding.ids(model.get("vocab")));
        return new ByteLevelAlgorithm(vocabulary, merges(model.get("merges"), vocabulary), rules(model, vocabulary));
    }

    private ByteLevelAlgorithm.Rules rules(JsonNode model, Vocabulary vocabulary) throws TokenizerFormatException {
        JsonNode words = root.get("pre_tokenizer");
        demand(words, "ByteLevel");
        words.only("type", "add_prefix_space", "trim_offsets", "use_regex");
        words.get("trim_offsets").bool(true);
        JsonNode decoder = root.get("decoder");
        if (!decoder.isNull()) {
            demand(decoder, "ByteLevel");
            decoder.only("type", "add_prefix_space", "trim_offsets", "use_regex");
        }
        String unknown = model.get("unk_token").isNull() ? null : model.get("unk_token").string();
        if (unknown != null && vocabulary.id(unknown) < 0) {
            throw model.get("unk_token").refusal("the special token " + Vocabulary.quoted(unknown) + " is missing in the vocabulary");
        }
        return new ByteLevelAlgorithm.Rules(words.get("add_prefix_space").bool(), words.get("use_regex").bool(true),
                model.get("ignore_merges").bool(false), unknown, model.get("fuse_unk").bool(false), !decoder.isNull());
    }

    /// Rules are `["a", "b"]` or, in older files, `"a b"`.
    private static Merges merges(JsonNode node, Vocabulary vocabulary) throws TokenizerFormatException {
        List<JsonNode> rules = node.items();
        Merges merges = new Merges(rules.size());
        for (int rank = 0; rank < rules.size(); rank++) {
            JsonNode rule = rules.get(rank);
            String[] pair;
            if (rule.value() instanceof Json.Str(String text)) {
                pair = text.split(" ", -1);
            } else {
                List<JsonNode> items = rule.items();
                pair = new String[items.size()];
                for (int i = 0; i < pair.length; i++) {
                    pair[i] = items.get(i).string();
                }
            }
            if (pair.length != 2) {
                throw rule.refusal("a rule is two tokens");
            }
            BytePairEncoding.put(merges, rank, pair[0], pair[1], vocabulary,
                    token -> rule.refusal("the vocabulary has no " + Vocabulary.quoted(token.text())));
        }
        return merges;
    }

    private List<AddedToken> addedTokens(Vocabulary vocabulary) throws TokenizerFormatException {
        List<AddedToken> tokens = new ArrayList<>();
        if (root.get("added_tokens").isNull()) {
            return tokens;
        }
        for (JsonNode node : root.get("added_tokens").items()) {
            node.only("id", "content", "single_word", "lstrip", "rstrip", "normalized", "special");
            AddedToken token = new AddedToken(node.get("content").string(), node.get("id").integer(Vocabulary.MAX_ID),
                    node.get("special").bool(), node.get("normalized").bool(), node.get("single_word").bool(), node.get("lstrip").bool(),
                    node.get("rstrip").bool());
            String other = vocabulary.token(token.id());
            int id = vocabulary.id(token.content());
            if ((id >= 0 && id != token.id()) || (other != null && !other.equals(token.content()))) {
                throw node.refusal("the vocabulary has another token of this id, or another id for this token");
            }
            tokens.add(token);
        }
        return tokens;
    }

    private static Truncation truncation(JsonNode node) throws TokenizerFormatException {
        if (node.isNull()) {
            return Truncation.NONE;
        }
        node.only("direction", "max_length", "strategy", "stride");
        Truncation.Strategy strategy = switch (node.get("strategy").string()) {
            case "LongestFirst" -> Truncation.Strategy.LONGEST_FIRST;
            case "OnlyFirst" -> Truncation.Strategy.ONLY_FIRST;
            case "OnlySecond" -> Truncation.Strategy.ONLY_SECOND;
            default -> throw node.get("strategy").refusal("should be LongestFirst, OnlyFirst or OnlySecond");
        };
        int stride = node.get("stride").integer(Integer.MAX_VALUE);
        return new Truncation(node.get("max_length").integer(Integer.MAX_VALUE), strategy, side(node.get("direction")), stride, false);
    }

    private static Side side(JsonNode node) throws TokenizerFormatException {
        return switch (node.string("Right")) {
            case "Left" -> Side.LEFT;
            case "Right" -> Side.RIGHT;
            default -> throw node.refusal("should be Left or Right");
        };
    }

    private static Padding padding(JsonNode node, Algorithm algorithm, AddedVocabulary added) throws TokenizerFormatException {
        if (node.isNull()) {
            return Padding.NONE;
        }
        node.only("strategy", "direction", "pad_to_multiple_of", "pad_id", "pad_type_id", "pad_token");
        JsonNode strategy = node.get("strategy");
        boolean longest = strategy.value() instanceof Json.Str;
        if (longest && !strategy.string().equals("BatchLongest")) {
            throw strategy.refusal("should be \"BatchLongest\" or {\"Fixed\": length}");
        }
        if (!longest) {
            strategy.only("Fixed");
        }
        int length = longest ? 0 : strategy.get("Fixed").integer(MAX_PADDED);
        JsonNode multiple = node.get("pad_to_multiple_of");
        String token = node.get("pad_token").string();
        int id = added.id(token) < 0 ? algorithm.vocabulary().id(token) : added.id(token);
        if (id < 0 || id != node.get("pad_id").integer(Vocabulary.MAX_ID)) {
            throw node.get("pad_token").refusal(Vocabulary.quoted(token) + " has not this id in the vocabulary");
        }
        return new Padding(longest ? Padding.To.LONGEST : Padding.To.LENGTH, length,
                multiple.isNull() ? 1 : Math.max(1, multiple.integer(MAX_PADDED)), side(node.get("direction")), token,
                node.get("pad_type_id").integer(Integer.MAX_VALUE));
    }

    private static @Nullable String paddingToken(Algorithm algorithm, AddedVocabulary added) {
        for (String token : List.of(WordPiece.PADDING, "<pad>")) {
            if (added.isSpecial(token) || (algorithm instanceof WordPieceAlgorithm && algorithm.vocabulary().id(token) >= 0)) {
                return token;
            }
        }
        return null;
    }

    /// Demands that an object is of a type.
    static void demand(JsonNode node, String type) throws TokenizerFormatException {
        if (node.isNull()) {
            throw node.refusal("is missing: " + type + " is read");
        }
        if (!node.type().equals(type)) {
            throw node.refusal(Vocabulary.quoted(node.type()) + " is not read here: " + type + " is");
        }
    }
}
