package dev.headstart.io.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Tokenizers of which a folder has a plain vocabulary: whose they are, and in which case texts are, is said by files beside it or guessed aloud.
class PlainVocabularyTest {
    private static final List<String> WORDS = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "the", "movie", "good");

    @TempDir
    private Path folder;

    private static void same(String name, Tokenizer tokenizer) throws IOException {
        Json.Obj expected = Expected.read("roberta.json").object(name);
        for (Json.Obj one : Expected.objects(expected, "cases")) {
            Expected.same(tokenizer, one);
        }
        Expected.same(expected.object("pair"), tokenizer.encode("the fox", " learns quickly"), new String[] {"the fox", " learns quickly"},
                name);
    }

    /// The vocabulary and the rules of a `tokenizer.json`, as two files.
    private void split(String name) throws IOException {
        Json.Obj model = Expected.read("roberta/" + name + ".json").object("model");
        model.object("vocab").write(folder.resolve("vocab.json"));
        List<String> lines = new ArrayList<>(List.of("#version: 0.2"));
        for (Json rule : model.array("merges")) {
            lines.add(((Json.Arr) rule).items().stream().map(token -> ((Json.Str) token).value()).reduce((a, b) -> a + " " + b)
                    .orElseThrow());
        }
        Files.write(folder.resolve("merges.txt"), lines);
    }

    private void settings(String json) throws IOException {
        Files.writeString(folder.resolve("tokenizer_config.json"), json);
    }

    private String refusal() {
        return String.valueOf(assertThrows(TokenizerFormatException.class, () -> Tokenizer.open(folder)).getMessage());
    }

    @Test
    void roberta_s_tokenizer_json_answers_as_the_reference_that_wrote_it() throws IOException {
        for (String name : List.of("plain", "prefix")) {
            same(name, Tokenizer.open(Expected.file("roberta/" + name + ".json")));
        }
    }

    @Test
    void roberta_s_two_files_answer_alike_where_a_file_says_whose_they_are() throws IOException {
        split("plain");
        String unsure = refusal();
        assertTrue(unsure.contains("vocab.json: has the tokens <s> and </s> of RoBERTa, and no file says whether"), unsure);
        Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"roberta\", \"vocab_size\": 40}");
        same("plain", Tokenizer.open(folder));
        settings("{\"add_prefix_space\": true}");
        same("prefix", Tokenizer.open(folder));
        Files.delete(folder.resolve("config.json"));
        settings("{\"tokenizer_class\": \"RobertaTokenizerFast\", \"add_prefix_space\": false, \"bos_token\": \"<s>\", \"mask_token\": "
                + "{\"__type\": \"AddedToken\", \"content\": \"<mask>\", \"lstrip\": true}, \"trim_offsets\": true}");
        same("plain", Tokenizer.open(folder));
    }

    @Test
    void gpt_2_s_two_files_need_nothing_beside_them_unless_they_could_be_roberta_s() throws IOException {
        Files.copy(Expected.file("bytes.json"), folder.resolve("vocab.json"));
        Files.copy(Expected.file("bytes.merges.txt"), folder.resolve("merges.txt"));
        int[] ids = Tokenizer.open(folder).encode("the fox").ids();
        assertArrayEquals(Expected.bytes().encode("the fox").ids(), ids);
        split("plain");
        settings("{\"tokenizer_class\": \"GPT2Tokenizer\"}");
        assertArrayEquals(ids, Tokenizer.open(folder).encode("the fox").ids());
        settings("{\"add_bos_token\": true}");
        assertTrue(refusal().contains("\"add_bos_token\" is true: this field is not known here"), refusal());
        settings("{\"tokenizer_class\": \"BartTokenizer\"}");
        assertTrue(refusal().contains("\"BartTokenizer\" is not read from vocab.json and merges.txt: save the tokenizer as tokenizer.json"),
                refusal());
    }

    private List<String> tokens(String... more) throws IOException {
        List<String> words = new ArrayList<>(WORDS);
        words.addAll(List.of(more));
        Files.write(folder.resolve("vocab.txt"), words);
        List<String> whole = Tokenizer.open(folder).encode("The Movie").tokens();
        assertEquals(whole, Tokenizer.open(folder.resolve("vocab.txt")).encode("The Movie").tokens(), "file and folder follow one rule");
        assertEquals(Tokenizer.guesses(folder), Tokenizer.guesses(folder.resolve("vocab.txt")));
        return whole.subList(1, whole.size() - 1);
    }

    /// The case of cased vocabularies without settings, and of lower-case ones with tokens such as `<S>`.
    @Test
    void the_case_is_guessed_from_the_vocabulary_and_the_guess_is_said() throws IOException {
        assertEquals(List.of("the", "movie"), tokens("<S>", "<T>", "[MASK]", "[unused1]", "straße"));
        assertTrue(Tokenizer.guesses(folder).getFirst().endsWith("they are lower-cased, since the vocabulary has no tokens in upper case"));
        assertEquals(List.of("The", "[UNK]"), tokens("The", "##M"));
        assertTrue(Tokenizer.guesses(folder).getFirst().endsWith("they are not, since the vocabulary has tokens in upper case"));
        assertEquals(List.of("[UNK]", "[UNK]"), tokens("Ünder"));
        assertEquals(List.of("[UNK]", "[UNK]"), tokens("[X"), "no bracket closes");
    }

    @Test
    void settings_come_before_a_guess() throws IOException {
        Files.write(folder.resolve("vocab.txt"), List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "the", "The"));
        for (Map.Entry<String, Integer> entry : Map.of("true", 4, "false", 5).entrySet()) {
            settings("{\"do_lower_case\": " + entry.getKey() + "}");
            assertArrayEquals(new int[] {2, entry.getValue(), 3}, Tokenizer.open(folder).encode("The").ids());
            assertEquals(List.of(), Tokenizer.guesses(folder));
        }
        settings("{\"model_max_length\": 512, \"do_lower_case\": null}");
        assertEquals(1, Tokenizer.guesses(folder).size());
    }

    @Test
    void do_lower_case_comes_before_the_normalizer_of_tokenizer_json_and_that_is_said() throws IOException {
        Files.copy(Expected.file("json/bert-added.json"), folder.resolve("tokenizer.json")); // lower-cases
        assertEquals(Tokenizer.open(folder).encode("the").tokens(), Tokenizer.open(folder).encode("THE").tokens());
        for (String lower : List.of("true", "false")) {
            settings("{\"do_lower_case\": " + lower + "}");
            boolean same = Tokenizer.open(folder).encode("the").tokens().equals(Tokenizer.open(folder).encode("THE").tokens());
            assertEquals(Boolean.parseBoolean(lower), same);
            assertEquals(same ? 0 : 1, Tokenizer.guesses(folder).size());
        }
        assertTrue(
                Tokenizer.guesses(folder).getFirst().endsWith("are lower-cased, do_lower_case in tokenizer_config.json that they are not: "
                        + "they are not, as in transformers"),
                Tokenizer.guesses(folder).toString());
        same("plain", Tokenizer.open(Expected.file("roberta/plain.json")));
    }

    @Test
    void a_file_given_by_its_name_follows_the_settings_beside_it_as_its_folder_does() throws IOException {
        Path vocabulary = Files.write(folder.resolve("vocab.txt"), List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "the", "The"));
        Path other = Files.copy(vocabulary, folder.resolve("other.txt"));
        settings("{\"do_lower_case\": true}"); // the vocabulary would be guessed to be cased
        assertArrayEquals(new int[] {2, 4, 3}, Tokenizer.open(vocabulary).encode("The").ids());
        assertEquals(List.of(), Tokenizer.guesses(vocabulary));
        assertArrayEquals(new int[] {2, 5, 3}, Tokenizer.open(other).encode("The").ids(), "these settings are another file's");
        assertEquals(1, Tokenizer.guesses(other).size());
        Path json = Files.copy(Expected.file("json/bert-added.json"), folder.resolve("tokenizer.json")); // lower-cases
        settings("{\"do_lower_case\": false}");
        assertEquals(Tokenizer.open(folder).encode("THE").tokens(), Tokenizer.open(json).encode("THE").tokens());
        assertEquals(Tokenizer.guesses(folder), Tokenizer.guesses(json));
        assertEquals(1, Tokenizer.guesses(json).size());
    }

    @Test
    void a_mask_may_be_missing_and_what_all_texts_need_may_not() throws IOException {
        Files.write(folder.resolve("vocab.txt"), WORDS);
        assertArrayEquals(new int[] {2, 4, 5, 3}, Tokenizer.open(folder).encode("the movie").ids());
        for (String needed : List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]")) {
            Files.write(folder.resolve("vocab.txt"), WORDS.stream().map(word -> word.equals(needed) ? "x" : word).toList());
            assertTrue(refusal().contains("the special token \"" + needed + "\" is missing"), refusal());
        }
    }

    @Test
    void bytes_that_are_no_utf_8_are_named_with_their_line() throws IOException {
        Files.write(folder.resolve("vocab.txt"), "[PAD]\n[UNK]\ncaf\u00e9\nx\n".getBytes(StandardCharsets.ISO_8859_1));
        assertTrue(refusal().endsWith("vocab.txt: line 3 is not UTF-8 text (byte 0xE9): save the file as UTF-8"), refusal());
        Files.write(folder.resolve("vocab.txt"), new byte[] {'a', '\n', 'b', (byte) 0xC3});
        assertTrue(refusal().contains("line 2 is not UTF-8 text (byte 0xC3)"), refusal());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"tokenizer_class": "BertJapaneseTokenizer"}                      | "BertJapaneseTokenizer" is not read from vocab.txt
            {"additional_special_tokens": ["[USER]"]}                         | "additional_special_tokens" is ["[USER]"]: this field is not known
            {"do_basic_tokenize": false}                                      | "do_basic_tokenize" is false: only true is known
            {"never_split": ["x"]}                                            | "never_split" is ["x"]: this field is not known
            {"truncation_side": "left"}                                       | "truncation_side" is "left": only "right" is known
            {"cls_token": "<s>"}                                              | "<s>" is not read beside a plain vocabulary, only [CLS] is
            {"added_tokens_decoder": {"9": {"content": "[NEW]"}}}             | "[NEW]" is not in the vocabulary
            """)
    void a_setting_that_is_not_understood_is_refused_by_name(String json, String message) throws IOException {
        Files.write(folder.resolve("vocab.txt"), WORDS);
        settings(json);
        assertTrue(refusal().startsWith(folder.resolve("tokenizer_config.json") + ": "), refusal());
        assertTrue(refusal().contains(message), refusal());
    }

    @Test
    void settings_as_transformers_writes_them_are_understood() throws IOException {
        Files.write(folder.resolve("vocab.txt"), WORDS);
        settings(
                """
                {"added_tokens_decoder": {"0": {"content": "[PAD]", "lstrip": false, "normalized": false, "special": true}},
                 "clean_up_tokenization_spaces": true, "cls_token": "[CLS]", "do_basic_tokenize": true, "do_lower_case": true,
                 "mask_token": "[MASK]", "model_max_length": 512, "never_split": null, "pad_token": "[PAD]", "sep_token": "[SEP]",
                 "strip_accents": null, "tokenize_chinese_chars": true, "tokenizer_class": "BertTokenizer", "unk_token": "[UNK]",
                 "max_length": 128, "stride": 0, "truncation_side": "right", "truncation_strategy": "longest_first", "backend": "tokenizers"}""");
        assertArrayEquals(new int[] {2, 4, 5, 3}, Tokenizer.open(folder).encode("The Movie").ids());
    }

    @Test
    void tokens_beyond_a_table_are_named() throws IOException {
        Tokenizer tokenizer = Tokenizer.open(Expected.file("roberta/plain.json"));
        int size = tokenizer.vocabularySize();
        assertEquals(List.of(), tokenizer.beyond(size));
        assertEquals(List.of("<unk>", "<mask>"), tokenizer.beyond(size - 2));
    }
}
