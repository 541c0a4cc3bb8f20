package dev.headstart.io.text;

import dev.headstart.io.json.Fields;
import dev.headstart.io.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the files beside a plain vocabulary say of its tokenizer: `tokenizer_config.json`, and `config.json` of the model's family.
///
/// @param settings `tokenizer_config.json`; an empty object where there is none
/// @param model the `model_type` of `config.json`; empty where there is none
record TokenizerSettings(JsonNode settings, String model) {
    /// What is done with each field of `tokenizer_config.json` where there is no `tokenizer.json`.
    static final Fields FIELDS = Fields.of()
            .read("tokenizer_class", "do_lower_case", "strip_accents", "tokenize_chinese_chars", "add_prefix_space", "model_max_length")
            .irrelevant("says where it comes from, or how it is made", "name_or_path", "special_tokens_map_file", "tokenizer_file",
                    "vocab_file", "merges_file", "use_fast", "backend", "from_slow", "is_local", "local_files_only", "trust_remote_code",
                    "processor_class", "model_input_names", "tokenizer_type", "full_tokenizer_file", "init_inputs")
            .irrelevant("of a single call, which has options here", "max_length", "max_len", "stride", "truncation_strategy",
                    "padding_side",
                    "pad_to_multiple_of", "pad_to_max_length", "pad_token_type_id", "return_token_type_ids", "verbose")
            .irrelevant("of decoding to text or of offsets", "clean_up_tokenization_spaces", "errors", "trim_offsets",
                    "spaces_between_special_tokens", "split_special_tokens")
            .irrelevant("of conversations", "chat_template")
            .irrelevant("the flags of tokens that the vocabulary has; others are refused", "added_tokens_decoder")
            .only("truncation_side", Json.of("right"))
            .only("do_basic_tokenize", Json.of(true));

    private static final List<String> SPECIAL = List.of("unk_token", "sep_token", "pad_token", "cls_token", "mask_token", "bos_token",
            "eos_token");
    private static final String LOWER_CASE = "do_lower_case";

    static TokenizerSettings of(Path folder) throws IOException {
        Path file = folder.resolve("tokenizer_config.json");
        JsonNode settings = new JsonNode(file, "$", TokenizerFiles.exists(file) ? TokenizerFiles.json(file) : Json.object().build());
        Path config = folder.resolve("config.json");
        Json model = TokenizerFiles.exists(config) ? TokenizerFiles.json(config) : Json.Null.NULL;
        boolean named = model instanceof Json.Obj object && object.find("model_type") instanceof Json.Str;
        return new TokenizerSettings(settings, named ? ((Json.Obj) model).string("model_type") : "");
    }

    /// What `do_lower_case` says; null where it says nothing.
    @Nullable
    Boolean lowerCase() throws TokenizerFormatException {
        return settings.get(LOWER_CASE).isNull() ? null : settings.get(LOWER_CASE).bool();
    }

    /// The sentence about two files that differ.
    private static List<String> differing(Path json, Path home) throws IOException {
        @Nullable
        Boolean said = of(home).lowerCase();
        @Nullable
        Boolean own = said == null ? null : TokenizerJson.lowerCase(json);
        return own == null || own.equals(said)
                ? List.of()
                : List.of(json + " says that texts " + (own ? "are" : "are not")
                        + " lower-cased, do_lower_case in tokenizer_config.json that they "
                        + (own ? "are not: they are not" : "are: they are") + ", as in transformers");
    }

    /// The sentence about a case that is guessed.
    static List<String> guesses(Path path) throws IOException {
        Path home = TokenizerFiles.home(path);
        boolean folder = path.equals(home);
        Path json = folder ? path.resolve("tokenizer.json") : path;
        if (folder ? TokenizerFiles.exists(json) : !path.toString().endsWith(".txt")) {
            return home == null ? List.of() : differing(json, home);
        }
        Path vocabulary = folder ? path.resolve("vocab.txt") : path;
        if (!TokenizerFiles.exists(vocabulary) || (home != null && of(home).lowerCase() != null)) {
            return List.of();
        }
        boolean cased = WordPiece.hasUpperCase(vocabulary);
        return List.of(vocabulary + ": no file says whether texts are lower-cased; they are " + (cased
                ? "not, since the vocabulary has tokens in upper case"
                : "lower-cased, since the vocabulary has no tokens in upper case"));
    }

    /// WordPiece from its vocabulary.
    Tokenizer wordPiece(Path vocabulary) throws IOException {
        check(List.of("Bert", "DistilBert", "Electra", "MobileBert", "Basic"), "vocab.txt");
        boolean lowercase = settings.get(LOWER_CASE).isNull()
                ? !WordPiece.hasUpperCase(vocabulary)
                : settings.get(LOWER_CASE).bool();
        return checked(WordPiece.open(vocabulary, new BertNormalizer(true, settings.get("tokenize_chinese_chars").bool(true),
                settings.get("strip_accents").bool(lowercase), lowercase)),
                List.of(WordPiece.UNKNOWN, WordPiece.SEPARATOR, WordPiece.PADDING, WordPiece.BEGIN, WordPiece.MASK, "", ""));
    }

    /// Byte-level pairs from their vocabulary and rules.
    Tokenizer bytePairs(Path vocabulary, Path merges) throws IOException {
        check(List.of("GPT2", "Roberta"), "vocab.json and merges.txt");
        boolean prefixSpace = settings.get("add_prefix_space").bool(false);
        boolean roberta = isRoberta(vocabulary);
        return roberta
                ? checked(BytePairEncoding.roberta(vocabulary, merges, prefixSpace), List.of("<unk>", BytePairEncoding.END,
                        BytePairEncoding.ROBERTA_PADDING, BytePairEncoding.BEGIN, "<mask>", BytePairEncoding.BEGIN, BytePairEncoding.END))
                : checked(BytePairEncoding.open(vocabulary, merges, prefixSpace), List.of(BytePairEncoding.END_OF_TEXT, "",
                        BytePairEncoding.END_OF_TEXT, "", "", BytePairEncoding.END_OF_TEXT, BytePairEncoding.END_OF_TEXT));
    }

    private boolean isRoberta(Path vocabulary) throws IOException {
        String named = settings.get("tokenizer_class").string("");
        if (named.startsWith("Roberta") || named.startsWith("GPT2")) {
            return named.startsWith("Roberta");
        }
        if (model.equals("roberta") || model.equals("gpt2")) {
            return model.equals("roberta");
        }
        Json known = TokenizerFiles.json(vocabulary);
        if (known instanceof Json.Obj tokens && tokens.find(BytePairEncoding.BEGIN) != null && tokens.find(BytePairEncoding.END) != null) {
            throw new TokenizerFormatException(vocabulary, "has the tokens <s> and </s> of RoBERTa, and no file says whether they are put "
                    + "around texts: give \"tokenizer_class\" (RobertaTokenizer or GPT2Tokenizer) in tokenizer_config.json");
        }
        return false;
    }

    /// Refuses what is not known here.
    private void check(List<String> families, String files) throws TokenizerFormatException {
        String named = settings.get("tokenizer_class").string("");
        String family = named.replaceAll("Tokenizer(Fast)?$", "");
        if (!named.isEmpty() && !family.equals("PreTrained") && !families.contains(family)) {
            throw settings.get("tokenizer_class").refusal(Vocabulary.quoted(named) + " is not read from " + files
                    + ": save the tokenizer as tokenizer.json");
        }
        Json.Builder others = Json.object();
        settings.members().forEach((name, value) -> {
            if (!SPECIAL.contains(name)) {
                others.put(name, value);
            }
        });
        Optional<String> refusal = FIELDS.refusal(others.build());
        if (refusal.isPresent()) {
            throw settings.refusal(refusal.get());
        }
    }

    /// Refuses special tokens that are not the family's, and tokens that the vocabulary lacks.
    ///
    /// @param special the family's, in the order of their names; empty where it has none
    private Tokenizer checked(Tokenizer tokenizer, List<String> special) throws TokenizerFormatException {
        for (int i = 0; i < SPECIAL.size(); i++) {
            JsonNode node = settings.get(SPECIAL.get(i));
            String token = node.isNull() ? "" : node.value() instanceof Json.Obj ? node.get("content").string() : node.string();
            if (!token.isEmpty() && !special.get(i).isEmpty() && !token.equals(special.get(i))) {
                throw node.refusal(Vocabulary.quoted(token) + " is not read beside a plain vocabulary, only " + special.get(i)
                        + " is: save the tokenizer as tokenizer.json");
            }
        }
        JsonNode added = settings.get("added_tokens_decoder");
        for (String id : added.isNull() ? List.<String>of() : List.copyOf(added.members().keySet())) {
            String token = added.get(id).get("content").string();
            if (tokenizer.id(token).isEmpty()) {
                throw added.get(id).refusal(Vocabulary.quoted(token)
                        + " is not in the vocabulary, and is not read beside it: save the tokenizer as tokenizer.json");
            }
        }
        return tokenizer;
    }
}
