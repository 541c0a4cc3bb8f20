package dev.headstart.io.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.json.Json;
import dev.headstart.io.json.JsonException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/// Files that are no tokenizers, or not ones that are read here.
class TokenizerRefusalTest {
    private static final String BAD = "{}[]\",:019truefalsn \u0080";

    @TempDir
    private Path folder = Path.of("");

    private String refusal(Executable opened) {
        String message = Objects.requireNonNull(assertThrows(TokenizerFormatException.class, opened).getMessage());
        return message.replace(folder.toString(), "").replace("\\", "/");
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    @Test
    void the_missing_special_token_is_named() throws IOException {
        for (String missing : List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]")) {
            Path file = file("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n".replace(missing, "b"));
            assertEquals("/vocab.txt: the special token \"" + missing + "\" is missing among the 6 tokens",
                    refusal(() -> WordPiece.uncased(file)));
        }
        Path vocabulary = file("vocab.json", "{\"a\": 0}");
        Path merges = file("merges.txt", "#version: 0.2\n");
        assertEquals("/vocab.json: the special token \"<|endoftext|>\" is missing among the 1 tokens",
                refusal(() -> BytePairEncoding.open(vocabulary, merges)));
    }

    @Test
    void a_vocabulary_is_text_or_an_object_of_ids() throws IOException {
        Path binary = Files.write(folder.resolve("vocab.txt"), new byte[] {'a', '\n', (byte) 0xFF, '\n'});
        assertEquals("/vocab.txt: line 2 is not UTF-8 text (byte 0xFF): save the file as UTF-8", refusal(() -> WordPiece.cased(binary)));
        Path merges = file("merges.txt", "");
        Map<String, String> broken = new LinkedHashMap<>();
        broken.put("[]", "/vocab.json: $: should be an object");
        broken.put("{\"a\": \"x\"}", "/vocab.json: $.a: an id is an integer from 0 to 9999999");
        broken.put("{\"a\": -1}", "/vocab.json: $.a: an id is an integer from 0 to 9999999");
        broken.put("{\"a\": 1.5}", "/vocab.json: $.a: an id is an integer from 0 to 9999999");
        broken.put("{\"a\": 2147483647}", "/vocab.json: $.a: an id is an integer from 0 to 9999999");
        broken.put("{\"a\": 1, \"b\": 1}", "/vocab.json: tokens \"a\" and \"b\" share the id 1");
        for (Map.Entry<String, String> entry : broken.entrySet()) {
            Path vocabulary = file("vocab.json", entry.getKey());
            String message = refusal(() -> BytePairEncoding.open(vocabulary, merges));
            assertTrue(message.equals(entry.getValue()) || message.equals(entry.getValue().replace("\"a\" and \"b\"", "\"b\" and \"a\"")),
                    message);
        }
        Path cut = file("vocab.json", "{\"a\": 1,");
        assertThrows(JsonException.class, () -> BytePairEncoding.open(cut, merges));
    }

    @Test
    void a_rule_is_two_tokens_of_the_vocabulary() throws IOException {
        Path vocabulary = file("vocab.json", "{\"a\": 0, \"b\": 1, \"ab\": 2, \"<|endoftext|>\": 3}");
        Map<String, String> broken = new LinkedHashMap<>();
        broken.put("#version: 0.2\na b\nab\n", "rule 2: \"ab\" is not two tokens with a space between");
        broken.put("a b c\n", "rule 1: \"a b c\" is not two tokens with a space between");
        broken.put("a b\n\na b\n", "rule 2: \"\" is not two tokens with a space between");
        broken.put("a c\n", "rule 1: the vocabulary has no \"c\"");
        broken.put("b a\n", "rule 1: the vocabulary has no \"ba\"");
        broken.put("x".repeat(100) + " a\n", "rule 1: the vocabulary has no \"" + "x".repeat(40) + "…\"");
        for (Map.Entry<String, String> entry : broken.entrySet()) {
            Path merges = file("merges.txt", entry.getKey());
            assertEquals("/merges.txt: " + entry.getValue(), refusal(() -> BytePairEncoding.open(vocabulary, merges)));
        }
        Path merges = file("merges.txt", "#version: 0.2\r\na b\r\n");
        assertEquals(List.of("ab", "a"), BytePairEncoding.open(vocabulary, merges).encode("aba").tokens());
    }

    @Test
    void what_a_tokenizer_json_asks_for_beyond_the_two_kinds_is_refused_by_name() throws IOException {
        refuses("bert-added", "\"version\":\"1.0\"", "\"version\":\"2.0\"", "$.version: only version 1.0 is read");
        refuses("bert-added", "\"version\":\"1.0\"", "\"version\":\"1.0\",\"extra\":1", "$.extra: is not among what is read here: version, "
                + "truncation, padding, added_tokens, normalizer, pre_tokenizer, post_processor, decoder, model");
        refuses("bert-added", "BertNormalizer", "NFKC", "$.normalizer: \"NFKC\" is not read here: BertNormalizer is");
        refuses("bert-added", "BertPreTokenizer", "Whitespace", "$.pre_tokenizer: \"Whitespace\" is not read here: BertPreTokenizer is");
        refuses("bert-added", "\"clean_text\":true", "\"clean_text\":1", "$.normalizer.clean_text: should be true or false");
        refuses("bert-added", "\"type\":\"WordPiece\",\"unk_token\"", "\"type\":\"Unigram\",\"unk_token\"",
                "$.model: \"Unigram\" is not read: WordPiece and byte-level BPE are");
        refuses("bert-added", "\"unk_token\":\"[UNK]\"", "\"unk_token\":\"<unk>\"",
                "the special token \"<unk>\" is missing among the 500 tokens");
        refuses("bert-added", "TemplateProcessing", "Sequence", "$.post_processor: \"Sequence\" is not read: "
                + "ByteLevel, BertProcessing, RobertaProcessing and TemplateProcessing are");
        refuses("bert-added", "{\"id\":\"[CLS]\",\"ids\":[2]", "{\"id\":\"[CLS]\",\"ids\":[3]",
                "$.post_processor.special_tokens.[CLS].ids[0]: id 3 is not that of \"[CLS]\"");
        refuses("bert-added", "{\"Sequence\":{\"id\":\"A\",\"type_id\":2}}", "{\"Sequence\":{\"id\":\"B\",\"type_id\":2}}",
                "$.post_processor.single[1].Sequence: each text stands in its template once");
        refuses("bert-added", "{\"id\":0,\"content\":\"[PAD]\"", "{\"id\":9,\"content\":\"[PAD]\"",
                "$.added_tokens[0]: the vocabulary has another token of this id, or another id for this token");
        refuses("bytes-trimmed", "\"dropout\":null", "\"dropout\":0.1",
                "$.model.dropout: is not read: the same text would have other tokens each time");
        refuses("bytes-trimmed", "\"byte_fallback\":false", "\"byte_fallback\":true",
                "$.model.byte_fallback: is not read with byte-level BPE");
        refuses("bytes-trimmed", "\"end_of_word_suffix\":null", "\"end_of_word_suffix\":\"</w>\"",
                "$.model.end_of_word_suffix: is not read with byte-level BPE");
        refuses("bytes-trimmed", "\"normalizer\":null", "\"normalizer\":{\"type\":\"NFC\"}",
                "$.normalizer: byte-level BPE is read without a normalizer only");
        refuses("bytes-trimmed", "\"pre_tokenizer\":{\"type\":\"ByteLevel\"", "\"pre_tokenizer\":{\"type\":\"Metaspace\"",
                "$.pre_tokenizer: \"Metaspace\" is not read here: ByteLevel is");
    }

    private void refuses(String name, String part, String replacement, String problem) throws IOException {
        String good = Files.readString(Expected.file("json/" + name + ".json"));
        assertTrue(good.contains(part), name + " has no " + part);
        Path file = file("tokenizer.json", good.replaceFirst(Pattern.quote(part),
                Matcher.quoteReplacement(replacement)));
        assertEquals("/tokenizer.json: " + problem, refusal(() -> Tokenizer.open(file)));
    }

    @Test
    void rules_of_a_tokenizer_json_may_be_strings() throws IOException {
        Json.Obj root = (Json.Obj) Json.read(Expected.file("json/bytes-trimmed.json"));
        Json.Obj model = root.object("model");
        List<String> rules = model.array("merges").stream().map(rule -> switch (rule) {
            case Json.Arr(List<Json> items) -> ((Json.Str) items.get(0)).value() + " " + ((Json.Str) items.get(1)).value();
            default -> throw new AssertionError(rule);
        }).toList();
        Map<String, Json> changed = new LinkedHashMap<>(model.members());
        changed.put("merges", Json.strings(rules));
        Map<String, Json> whole = new LinkedHashMap<>(root.members());
        whole.put("model", new Json.Obj(changed));
        Path file = file("tokenizer.json", new Json.Obj(whole).compact());
        assertEquals(Tokenizer.open(Expected.file("json/bytes-trimmed.json")).encode("the learners learned"),
                Tokenizer.open(file).encode("the learners learned"));
    }

    @Test
    void a_folder_without_a_tokenizer_says_what_would_be_one() throws IOException {
        assertEquals(": holds no tokenizer: neither tokenizer.json, nor vocab.txt, nor vocab.json and merges.txt",
                refusal(() -> Tokenizer.open(folder)));
        file("added_tokens.json", "{}");
        assertTrue(refusal(() -> Tokenizer.open(folder)).startsWith("/added_tokens.json: is not read beside a plain vocabulary"));
        Path json = folder.resolve("nothing.json");
        Path text = folder.resolve("nothing.txt");
        assertEquals(json + ": there is no such file",
                assertThrows(NoSuchFileException.class, () -> Tokenizer.open(json)).getMessage());
        assertEquals(text + ": there is no such file",
                assertThrows(NoSuchFileException.class, () -> WordPiece.open(text, new BertNormalizer(true, true, true, true)))
                        .getMessage());
    }

    /// Damaged files open or are refused with an exception for files; nothing else happens.
    @Test
    void damaged_files_are_refused_or_read() throws IOException {
        Random random = new Random(5);
        int refused = 0;
        for (String name : List.of("bert-added", "bytes-trimmed", "bytes-whole")) {
            byte[] good = Files.readAllBytes(Expected.file("json/" + name + ".json"));
            for (int i = 0; i < 700; i++) {
                byte[] bad = good.clone();
                for (int k = random.nextInt(3); k >= 0; k--) {
                    int place = random.nextInt(random.nextBoolean() ? 1500 : bad.length);
                    bad[place] = (byte) BAD.charAt(random.nextInt(BAD.length()));
                }
                int length = random.nextInt(4) == 0 ? random.nextInt(bad.length) : bad.length;
                Path file = Files.write(folder.resolve("tokenizer.json"), Arrays.copyOf(bad, length));
                try {
                    Tokenizer tokenizer = Tokenizer.open(file).with(Options.DEFAULT);
                    tokenizer.decode(tokenizer.encode("the learners", "learned 中").ids(), true);
                } catch (TokenizerFormatException | JsonException e) {
                    refused++;
                }
            }
        }
        assertTrue(refused > 1000, "only " + refused);
    }

    @Test
    void options_that_cannot_be_met_are_refused() throws IOException {
        Tokenizer tokenizer = Expected.uncased();
        assertEquals("truncation: at most 1 tokens, 2 of them special", Objects.requireNonNull(assertThrows(IllegalArgumentException.class,
                () -> tokenizer.with(Options.DEFAULT.truncate(1)).encode("a")).getMessage()));
        assertThrows(IllegalArgumentException.class, () -> Truncation.to(-1));
        assertThrows(IllegalArgumentException.class, () -> Padding.to(-1));
        assertThrows(IllegalArgumentException.class, () -> Padding.toLongest().multipleOf(0));
        assertThrows(IllegalArgumentException.class, () -> tokenizer.encode(List.of("a"), List.of()));
        assertThrows(IllegalArgumentException.class,
                () -> tokenizer.with(Options.DEFAULT.pad(Padding.toLongest().with("no such"))).encode("a"));
        assertEquals(2, tokenizer.with(Options.DEFAULT.truncate(2)).encode("a b c").length());
    }

    @Test
    void an_empty_or_duplicate_line_of_a_vocabulary_counts() throws IOException {
        Path file = file("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n\na \u00a0\r\nb\na\nc");
        Tokenizer tokenizer = WordPiece.uncased(file);
        assertEquals(8, tokenizer.id("a").orElseThrow());
        assertEquals(9, tokenizer.id("c").orElseThrow());
        assertEquals("b", new String(tokenizer.token(7).orElseThrow().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
    }
}
