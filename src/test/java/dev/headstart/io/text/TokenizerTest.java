package dev.headstart.io.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.json.Json;
import dev.headstart.io.text.token.ByteAlphabet;
import dev.headstart.tensor.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tokenizers against what Hugging Face's library answers with the same small vocabularies.
class TokenizerTest {
    /// Where code points are assigned, by 4096.
    private static final int[] BLOCKS = IntStream.concat(IntStream.range(0, 0x33), IntStream.of(0xE0, 0xF0, 0x10F)).map(b -> b << 12)
            .toArray();

    private static Map<String, Tokenizer> own() throws IOException {
        return Map.of("uncased", Expected.uncased(), "cased", Expected.cased(), "bytes", Expected.bytes());
    }

    @Test
    void ids_offsets_words_and_decoded_text_are_those_of_the_reference() throws IOException {
        Json.Obj all = Expected.read("cases.json");
        int seen = 0;
        for (Map.Entry<String, Tokenizer> entry : own().entrySet()) {
            for (Json.Obj expected : Expected.objects(all, entry.getKey())) {
                Expected.same(entry.getValue(), expected);
                seen++;
            }
        }
        assertTrue(seen >= 600, "only " + seen);
    }

    @Test
    void every_code_point_is_taken_for_what_the_reference_takes_it_for() throws IOException {
        Json.Obj all = Expected.read("sweep.json");
        for (Map.Entry<String, Tokenizer> entry : own().entrySet()) {
            Tokenizer tokenizer = entry.getValue();
            assertEquals(Expected.strings(all, entry.getKey()), digests(c -> {
                Encoding encoding = tokenizer.encode("a" + c + "b").inCodePoints("a" + c + "b");
                List<String> items = new ArrayList<>();
                for (int i = 0; i < encoding.length(); i++) {
                    items.add(encoding.id(i) + ":" + encoding.start(i) + ":" + encoding.end(i));
                }
                return String.join(" ", items);
            }), entry.getKey());
        }
    }

    @Test
    void every_code_point_is_normalised_as_the_reference_does_it() throws IOException {
        Json.Obj all = Expected.read("sweep.json");
        for (boolean strip : new boolean[] {true, false}) {
            for (boolean lower : new boolean[] {true, false}) {
                BertNormalizer normalizer = new BertNormalizer(true, true, strip, lower);
                assertEquals(Expected.strings(all, "normal-" + strip + "-" + lower), digests(c -> normalizer.normalize("A" + c + "B")),
                        strip + " " + lower);
            }
        }
    }

    private static List<String> digests(Function<String, String> answer) {
        List<String> digests = new ArrayList<>();
        for (int begin : BLOCKS) {
            MessageDigest digest = Expected.sha256();
            for (int c = begin; c < begin + 0x1000; c++) {
                if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
                    Expected.update(digest, answer.apply(Character.toString(c)) + "\n");
                }
            }
            digests.add(Expected.hex(digest).substring(0, 16));
        }
        return digests;
    }

    @Test
    void truncation_and_padding_are_those_of_the_reference() throws IOException {
        Json.Obj all = Expected.read("options.json");
        int windows = 0;
        int refused = 0;
        for (String name : List.of("uncased", "bytes")) {
            Tokenizer tokenizer = Objects.requireNonNull(own().get(name));
            for (Json.Obj expected : Expected.objects(all.object(name), "cases")) {
                Json.Obj answer = expected.object("answer");
                Tokenizer with = tokenizer.with(options(expected, answer.find("overflow") != null));
                if (answer.find("refused") != null) {
                    assertThrows(IllegalArgumentException.class, () -> encode(with, expected), expected.compact());
                    refused++;
                    continue;
                }
                Encoding encoding = encode(with, expected);
                Expected.same(answer, encoding, texts(expected), expected.compact());
                windows += encoding.overflow().size();
            }
            Json.Obj batch = all.object(name).object("batch");
            String padding = name.equals("uncased") ? "[PAD]" : BytePairEncoding.END_OF_TEXT;
            List<Encoding> encodings = tokenizer.with(Options.DEFAULT.pad(Padding.toLongest().multipleOf(4).with(padding)))
                    .encode(Expected.strings(batch, "texts")).encodings();
            for (int i = 0; i < encodings.size(); i++) {
                String text = Expected.strings(batch, "texts").get(i);
                Expected.same(Expected.objects(batch, "answers").get(i), encodings.get(i), new String[] {text}, name + " " + i);
            }
        }
        assertTrue(windows > 50 && refused > 10, windows + " windows, " + refused + " refused");
    }

    private static List<String> windows(Tokenizer tokenizer, int most, int stride, Truncation.Strategy strategy, Side side,
            String... texts) {
        Tokenizer with = tokenizer.with(Options.DEFAULT.truncate(Truncation.windows(most, stride).with(strategy).on(side)));
        Encoding encoding = texts.length == 1 ? with.encode(texts[0]) : with.encode(texts[0], texts[1]);
        List<String> all = new ArrayList<>(List.of(String.join(" ", encoding.tokens())));
        encoding.overflow().forEach(window -> all.add(String.join(" ", window.tokens())));
        return all.stream().map(window -> window.replace("[CLS]", "<").replace("[SEP]", ">")).toList();
    }

    /// Answers of tokenizers 0.22.2, with letters for tokens.
    @Test
    void a_text_without_room_follows_as_a_whole_and_windows_of_two_texts_meet() throws IOException {
        Tokenizer tokenizer = Expected.uncased();
        Truncation.Strategy longest = Truncation.Strategy.LONGEST_FIRST;
        String first = "a b c d e";
        String second = "f g h i";
        for (Side side : Side.values()) {
            assertEquals(List.of("< >", "< a b c d e >"), windows(tokenizer, 2, 0, longest, side, first));
            assertEquals(List.of("< >", "< a b c d e >"), windows(tokenizer, 2, 0, Truncation.Strategy.ONLY_FIRST, side, first));
            for (Truncation.Strategy strategy : Truncation.Strategy.values()) {
                assertEquals(List.of("< > >", "< a b c d e > >", "< a b c d e > f g h i >", "< > f g h i >"),
                        windows(tokenizer, 3, 0, strategy, side, first, second));
            }
        }
        assertEquals(List.of("< a > >", "< b > >", "< b > f g h i >", "< c > >", "< c > f g h i >", "< d > >", "< d > f g h i >", "< e > >",
                "< e > f g h i >", "< a > f g h i >"), windows(tokenizer, 4, 0, longest, Side.RIGHT, first, second));
        assertEquals(List.of("< a b > f g >", "< c d > f g >", "< c d > h i >", "< e > f g >", "< e > h i >", "< a b > h i >"),
                windows(tokenizer, 7, 0, longest, Side.RIGHT, first, second));
        assertEquals(List.of("< >"), windows(tokenizer, 2, 0, longest, Side.RIGHT, ""));
    }

    @Test
    void windows_that_would_not_move_on_are_refused() throws IOException {
        Tokenizer wide = Expected.bytes().with(Options.DEFAULT.truncate(Truncation.windows(4, 4)));
        assertThrows(IllegalArgumentException.class, () -> wide.encode("", "the quick brown fox"));
    }

    private static String[] texts(Json.Obj expected) throws IOException {
        return expected.get("second") instanceof Json.Str(String second)
                ? new String[] {expected.string("text"), second}
                : new String[] {expected.string("text")};
    }

    private static Encoding encode(Tokenizer tokenizer, Json.Obj expected) throws IOException {
        String[] texts = texts(expected);
        return texts.length == 2 ? tokenizer.encode(texts[0], texts[1]) : tokenizer.encode(texts[0]);
    }

    private static Options options(Json.Obj expected, boolean windows) throws IOException {
        Options options = expected.bool("special") ? Options.DEFAULT : Options.DEFAULT.withoutSpecialTokens();
        if (expected.get("truncation") instanceof Json.Obj t) {
            Truncation.Strategy strategy = Truncation.Strategy.valueOf(t.string("strategy").toUpperCase(Locale.ROOT));
            int stride = t.find("stride") == null ? 0 : (int) t.integer("stride");
            options = options.truncate(new Truncation((int) t.integer("max_length"), strategy, side(t), stride, windows));
        }
        if (expected.get("padding") instanceof Json.Obj p) {
            Padding padding = p.find("length") == null ? Padding.toLongest() : Padding.to((int) p.integer("length"));
            int multiple = p.find("pad_to_multiple_of") == null ? 1 : (int) p.integer("pad_to_multiple_of");
            int type = p.find("pad_type_id") == null ? 0 : (int) p.integer("pad_type_id");
            options = options.pad(new Padding(padding.to(), padding.length(), multiple, side(p), p.string("pad_token"), type));
        }
        return options;
    }

    private static Side side(Json.Obj from) throws IOException {
        return from.find("direction") != null && from.string("direction").equals("left") ? Side.LEFT : Side.RIGHT;
    }

    @Test
    void a_tokenizer_json_of_either_kind_answers_as_the_reference_that_wrote_it() throws IOException {
        Json.Obj all = Expected.read("json.json");
        assertEquals(7, all.members().size());
        for (String name : all.members().keySet()) {
            Tokenizer tokenizer = Tokenizer.open(Expected.file("json/" + name + ".json"));
            for (Json.Obj expected : Expected.objects(all.object(name), "cases")) {
                Expected.same(tokenizer, expected);
            }
            Expected.same(all.object(name).object("pair"), tokenizer.encode("the fox", "learns quickly"),
                    new String[] {"the fox", "learns quickly"}, name);
        }
    }

    @Test
    void a_tokenizer_json_brings_its_truncation_and_padding() throws IOException {
        Tokenizer tokenizer = Tokenizer.open(Expected.file("json/stored-options.json"));
        assertEquals(new Truncation(12, Truncation.Strategy.ONLY_FIRST, Side.RIGHT, 2, false), tokenizer.options().truncation());
        assertEquals(new Padding(Padding.To.LENGTH, 16, 1, Side.LEFT, "[PAD]", 0), tokenizer.options().padding());
        Encoding encoding = tokenizer.encode("The quick brown fox doesn't jump over lazy dogs any more, and never will.");
        assertEquals(16, encoding.length());
        assertTrue(encoding.isPadding(3) && !encoding.isPadding(4));
    }

    @Test
    void a_folder_is_opened_by_what_lies_in_it(@TempDir Path folder) throws IOException {
        Path bert = Files.createDirectory(folder.resolve("bert"));
        Files.copy(Expected.file("cased.txt"), bert.resolve("vocab.txt"));
        Files.writeString(bert.resolve("tokenizer_config.json"), "{\"do_lower_case\": false, \"model_max_length\": 512}");
        assertEquals(Expected.cased().encode("Über Ångström"), Tokenizer.open(bert).encode("Über Ångström"));
        Path gpt2 = Files.createDirectory(folder.resolve("gpt2"));
        Files.copy(Expected.file("bytes.json"), gpt2.resolve("vocab.json"));
        Files.copy(Expected.file("bytes.merges.txt"), gpt2.resolve("merges.txt"));
        assertEquals(Expected.bytes().encode("Über Ångström"), Tokenizer.open(gpt2).encode("Über Ångström"));
        Files.copy(Expected.file("json/bytes-trimmed.json"), gpt2.resolve("tokenizer.json"));
        assertNotEquals(Expected.bytes().encode("Über"), Tokenizer.open(gpt2).encode("Über"));
    }

    @Test
    void offsets_are_java_indices_and_lead_back_to_the_text() throws IOException {
        String text = "👍🏽 The fox";
        Encoding encoding = Expected.bytes().encode(text);
        int fox = encoding.tokenAt(0, text.indexOf("fox") + 2);
        assertEquals(" fox", text.substring(encoding.start(encoding.tokenAt(0, text.indexOf(" fox"))), encoding.end(fox)));
        assertEquals(text.length(), encoding.end(encoding.length() - 1));
        assertEquals(text.codePointCount(0, text.length()), encoding.inCodePoints(text).end(encoding.length() - 1));
        assertEquals(-1, encoding.tokenAt(1, 0));
    }

    @Test
    void half_a_surrogate_pair_is_a_replacement_character() throws IOException {
        for (String half : List.of("\uD83D", "\uDE00", "\uDE00\uD83D", "a\uD83D")) {
            String replaced = half.replace('\uD83D', '\uFFFD').replace('\uDE00', '\uFFFD');
            for (Tokenizer tokenizer : own().values()) {
                assertArrayEquals(tokenizer.encode("x " + replaced + " y").ids(), tokenizer.encode("x " + half + " y").ids());
            }
        }
        assertEquals("x\uFFFDy", Expected.bytes().decode(Expected.bytes().encode("x\uD83Dy").ids(), true));
    }

    @Test
    void bytes_that_are_no_text_decode_to_replacement_characters_as_in_python() throws IOException {
        Tokenizer tokenizer = Expected.bytes();
        assertEquals("a\uFFFDb", decoded(tokenizer, 'a', 0x80, 'b'));
        assertEquals("\uFFFD\uFFFD", decoded(tokenizer, 0xC0, 0x80));
        assertEquals("\uFFFD\uFFFD\uFFFD", decoded(tokenizer, 0xED, 0xA0, 0x80));
        assertEquals("\uFFFDa", decoded(tokenizer, 0xE4, 0xB8, 'a'));
        assertEquals("\uFFFD", decoded(tokenizer, 0xF0, 0x9F, 0x98));
        assertEquals("\uFFFD\uFFFD\uFFFD\uFFFD", decoded(tokenizer, 0xF4, 0x90, 0x80, 0x80));
        assertEquals("\uFFFD\uFFFD\uFFFD", decoded(tokenizer, 0xE0, 0x9F, 0xBF));
        assertEquals("\uFFFD中", decoded(tokenizer, 0xF0, 0xE4, 0xB8, 0xAD));
    }

    private static String decoded(Tokenizer tokenizer, int... bytes) {
        int[] ids = new int[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            ids[i] = tokenizer.id(String.valueOf(ByteAlphabet.character(bytes[i]))).orElseThrow();
        }
        return tokenizer.decode(ids, false);
    }

    @Test
    void ids_of_no_token_decode_to_nothing() throws IOException {
        int the = Expected.uncased().id("the").orElseThrow();
        assertEquals("the the", Expected.uncased().decode(new int[] {the, 9_999_999, -1, the}, false));
    }

    @Test
    void words_given_one_by_one_keep_their_numbers() throws IOException {
        Encoding encoding = Expected.uncased().encodeWords(List.of("Learning", "isn't", "", "magic"));
        List<String> words = List.of("Learning", "isn't", "", "magic");
        StringBuilder said = new StringBuilder();
        for (int i = 1; i < encoding.length() - 1; i++) {
            said.append(words.get(encoding.word(i)), encoding.start(i), encoding.end(i));
        }
        assertEquals("Learningisn'tmagic", said.toString());
        assertEquals(-1, encoding.word(0));
        assertEquals(3, encoding.word(encoding.length() - 2));
    }

    @Test
    void a_batch_is_a_table_when_padded() throws IOException {
        List<String> texts = List.of("the fox", "a network learns slowly", "");
        Tokenizer tokenizer = Expected.uncased();
        Batch batch = tokenizer.with(Options.DEFAULT.padToLongest()).encode(texts);
        int longest = tokenizer.encode(texts.get(1)).length();
        assertEquals(Shape.of(3, longest), batch.ids().shape());
        assertEquals(tokenizer.paddingId(), OptionalInt.of(batch.ids().at(batch.ids().size() - 1)));
        assertEquals(0, batch.attentionMask().at(batch.ids().size() - 1));
        assertEquals(Shape.of(3, longest), batch.typeIds().shape());
        assertThrows(IllegalArgumentException.class, () -> tokenizer.encode(texts).ids());
        Batch pairs = tokenizer.with(Options.DEFAULT.padToLongest()).encode(texts, texts);
        assertEquals(1, pairs.typeIds().at(tokenizer.encode("the fox").length()));
    }

    @Test
    void padding_needs_a_token() throws IOException {
        Tokenizer tokenizer = Expected.bytes().with(Options.DEFAULT.padToLongest());
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> tokenizer.encode("a"));
        assertEquals("padding: this tokenizer has no token for it: name one (Padding.with)", refused.getMessage());
    }

    @Test
    void a_megabyte_without_a_space_is_encoded() throws IOException {
        for (String word : List.of("learning".repeat(1 << 17), "\u0301".repeat(1 << 20), "中".repeat(1 << 18), "'".repeat(1 << 20),
                " ".repeat(1 << 20), "[MASK".repeat(1 << 16), "<|endoftext|".repeat(1 << 15))) {
            for (Tokenizer tokenizer : List.of(Expected.uncased(), Expected.bytes())) {
                Encoding encoding = tokenizer.encode(word);
                assertTrue(encoding.length() > 0);
                if (encoding.sequence(0) == 0) {
                    assertEquals(word, tokenizer.decode(encoding.ids(), false));
                }
            }
        }
    }

    @Test
    void many_threads_use_one_tokenizer() throws Exception {
        Map<String, Tokenizer> tokenizers = own();
        Json.Obj all = Expected.read("cases.json");
        List<Callable<Integer>> tasks = new ArrayList<>();
        for (int task = 0; task < 16; task++) {
            for (Map.Entry<String, Tokenizer> entry : tokenizers.entrySet()) {
                tasks.add(() -> {
                    for (Json.Obj expected : Expected.objects(all, entry.getKey())) {
                        assertArrayEquals(Expected.integers(expected, "ids"), entry.getValue().encode(expected.string("text")).ids());
                    }
                    return 1;
                });
            }
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (Future<Integer> done : threads.invokeAll(tasks)) {
                assertEquals(1, done.get());
            }
        }
    }

    @Test
    void special_tokens_are_known_by_name_and_id() throws IOException {
        Tokenizer tokenizer = Expected.uncased();
        int mask = tokenizer.id("[MASK]").orElseThrow();
        assertTrue(tokenizer.isSpecial(mask));
        assertFalse(tokenizer.isSpecial(tokenizer.id("the").orElseThrow()));
        assertEquals("[MASK]", tokenizer.token(mask).orElseThrow());
        assertEquals(OptionalInt.empty(), tokenizer.id("no such token"));
        assertEquals(Files.readAllLines(Expected.file("uncased.txt"), StandardCharsets.UTF_8).size(), tokenizer.vocabularySize());
    }
}
