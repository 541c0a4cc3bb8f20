package dev.headstart.task.pretrain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.autograd.Mode;
import dev.headstart.io.SafeTensors;
import dev.headstart.io.Weights;
import dev.headstart.io.text.Tokenizer;
import dev.headstart.nn.loss.Losses;
import dev.headstart.optim.Adam;
import dev.headstart.optim.ParamGroup;
import dev.headstart.optim.Schedule;
import dev.headstart.task.folder.Tokenizers;
import dev.headstart.task.goal.Preparation;
import dev.headstart.task.model.Pretrained;
import dev.headstart.task.objective.BertPretraining;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.Trainer;
import dev.headstart.train.objective.MaskedBatch;
import dev.headstart.zoo.text.bert.BertConfig;
import dev.headstart.zoo.text.bert.BertForMaskedLM;
import dev.headstart.zoo.text.bert.BertForPreTraining;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Masked language modelling of words: what is learnt, from where, and under which ids.
class MaskedWordsTest {
    private static final RandomStream RANDOM = RandomStream.of(21);
    private static final List<String> WORDS = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "c", "d", "##a", "##b", "##c",
            "##d", "ab", "##ab", "abc", "cd", "##dab", "dd", "##bc");
    private static final Path TOKENIZERS = Path.of(System.getProperty("headstart.root", "."), "src/test/resources/tokenizers");

    private static Path vocabulary(Path folder) throws IOException {
        return Files.write(folder.resolve("vocab.txt"), WORDS);
    }

    private static Corpus corpus(List<String> texts) {
        return new Corpus(texts, new Corpus.Provenance("texts", ""), Map.of());
    }

    /// Each text says one word again and again.
    private static List<String> echoes(int count) {
        List<String> words = List.of("a", "b", "c", "d", "ab", "abc", "cd", "dd");
        return IntStream.range(0, count).mapToObj(i -> (words.get(i % words.size()) + " ").repeat(6 + i % 3)).toList();
    }

    private static MaskedWordSession random(List<String> texts, WordVocabulary vocabulary, int width) throws IOException {
        return MaskedWordSession.random(MaskedWords.of(corpus(texts)).length(12), vocabulary, new MaskedWords.Sizes(width, 1, 2, 0),
                RANDOM);
    }

    private static MaskedWordSession small(Path folder) throws IOException {
        return random(echoes(200), WordVocabulary.open(vocabulary(folder)), 16);
    }

    private static double accuracy(MaskedSession session) throws IOException {
        return session.measure().getOrDefault(MaskedSession.ACCURACY, Double.NaN);
    }

    /// The tokens that show the case may be the ones that are trimmed away.
    @Test
    void a_trimmed_vocabulary_keeps_the_case_of_the_whole_one(@TempDir Path folder) throws IOException {
        List<String> cased = new ArrayList<>(WORDS);
        cased.add("Abc");
        Path vocabulary = Files.write(folder.resolve("vocab.txt"), cased);
        Path saved = Files.createDirectory(folder.resolve("saved"));
        for (Path source : List.of(folder, vocabulary)) {
            WordVocabulary.open(source).trimmedTo(List.of("ab cd")).save(saved);
            assertEquals(List.of("[CLS]", "[UNK]", "[SEP]"), Tokenizers.open(saved).encode("AB").tokens(), "not lower-cased");
            assertEquals(List.of(), Tokenizers.guesses(saved));
        }
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"do_lower_case\": true, \"model_max_length\": 12}");
        for (Path source : List.of(folder, vocabulary)) {
            WordVocabulary.open(source).trimmedTo(List.of("ab cd")).save(saved);
            assertEquals(List.of("[CLS]", "ab", "[SEP]"), Tokenizers.open(saved).encode("AB").tokens(), "the settings say so");
            Tokenizers.save(source, saved);
            assertEquals(List.of("[CLS]", "abc", "[SEP]"), Tokenizers.open(saved).encode("Abc").tokens());
            assertEquals(12, Tokenizers.maxLength(saved).orElseThrow());
        }
    }

    @Test
    void masked_tokens_are_predicted(@TempDir Path folder) throws IOException {
        MaskedWordSession session = small(folder);
        assertTrue(accuracy(session) < 0.5);
        Trainer.of(session.objective(), session.parameters(),
                Adam.adamW(List.of(ParamGroup.of(session.parameters()).rate(0.01)), Schedule.constant(), 1),
                session.batches(16, RANDOM.child("batches")), RANDOM.child("steps")).run(120);
        assertTrue(accuracy(session) > 0.9, "share of right predictions: " + accuracy(session));
        assertEquals(accuracy(session), accuracy(session));
    }

    @Test
    void texts_of_unknown_words_only_are_left_out(@TempDir Path folder) throws IOException {
        List<String> texts = new ArrayList<>(echoes(40));
        texts.addAll(Collections.nCopies(40, "é"));
        MaskedWordSession session = random(texts, WordVocabulary.open(vocabulary(folder)), 16);
        int[] lengths = session.lengths();
        assertTrue(lengths.length < 40 && Arrays.stream(lengths).allMatch(length -> length > 3), Arrays.toString(lengths));
    }

    @Test
    void the_loss_is_the_cross_entropy_of_the_masked_positions_logits(@TempDir Path folder) throws IOException {
        MaskedWordSession session = small(folder);
        BertPretraining.Batch batch = session.objective().batch(new int[] {0, 3, 5}, RANDOM);
        MaskedBatch masked = batch.masked();
        BertForMaskedLM model = session.model();
        Mode.inference(() -> {
            Tensor all = model.forward(masked.tokens()).value().reshape(-1, WORDS.size());
            Tensor some = model.forward(masked.tokens(), masked.positions()).value();
            assertArrayEquals(all.gatherRows(masked.positions()).toArray(), some.toArray());
            assertEquals(Losses.crossEntropy(model.forward(masked.tokens(), masked.positions()), masked.originals()).value().item(),
                    BertPretraining.masked(model).loss().apply(batch).value().item(), 1e-6f);
            return some;
        });
    }

    /// Every tensor of the source but the next-sentence head, which masked language modelling has none of.
    @Test
    void before_the_first_step_a_continued_model_is_its_source(@TempDir Path folder) throws IOException {
        Path from = Files.createDirectory(folder.resolve("from"));
        vocabulary(from);
        BertConfig config = BertConfig.of(WORDS.size(), 8, 2, 2, 16).withPositions(20);
        config.json().write(from.resolve("config.json"));
        SafeTensors.write(from.resolve("model.safetensors"), new BertForPreTraining(config, RANDOM).export());
        MaskedSession session = MaskedWords.of(corpus(echoes(20))).session(Pretrained.open(from), Preparation.PLAIN, RandomStream.of(99));
        Path out = Files.createDirectory(folder.resolve("out"));
        session.save(out, Map.of());
        Weights source = Weights.open(from);
        Weights saved = Weights.open(out);
        List<String> names = new ArrayList<>(source.names());
        names.removeIf(name -> name.startsWith("cls.seq_relationship"));
        assertEquals(names.stream().sorted().toList(), saved.names().stream().sorted().toList());
        for (String name : names) {
            assertTrue(source.tensor(name).bitsEqual(saved.tensor(name)), name);
        }
        assertEquals(BertConfig.read(from.resolve("config.json")), BertConfig.read(out.resolve("config.json")));
        assertEquals(-1, Files.mismatch(from.resolve("vocab.txt"), out.resolve("vocab.txt")));
        assertTrue(Arrays.stream(((MaskedWordSession) session).lengths()).max().orElse(0) <= 20, "cut to the positions there are");
    }

    @Test
    void a_tokenizer_of_another_network_is_refused(@TempDir Path folder) throws IOException {
        BertConfig config = BertConfig.of(7, 8, 1, 2, 16);
        config.json().write(folder.resolve("config.json"));
        SafeTensors.write(folder.resolve("model.safetensors"), new BertForMaskedLM(config, RANDOM).export());
        vocabulary(folder);
        Pretrained network = Pretrained.open(folder);
        String message = String.valueOf(assertThrows(IOException.class,
                () -> MaskedWords.of(corpus(echoes(20))).session(network, Preparation.PLAIN, RANDOM)).getMessage());
        assertTrue(message.contains("the tokenizer has 20 tokens, the network 7: "), message);
    }

    @Provide
    Arbitrary<List<String>> texts() {
        return Arbitraries.strings().withChars("abcd e.").ofMaxLength(20).list().ofMinSize(1).ofMaxSize(4);
    }

    @Property(tries = 200)
    void a_trimmed_vocabulary_cuts_its_texts_into_the_same_tokens(@ForAll("texts") List<String> texts) throws IOException {
        Path folder = Files.createTempDirectory("trimmed");
        try {
            WordVocabulary whole = WordVocabulary.open(vocabulary(folder));
            WordVocabulary trimmed = whole.trimmedTo(texts);
            Tokenizer all = Tokenizers.open(folder);
            trimmed.save(folder);
            Tokenizer fewer = Tokenizers.open(folder);
            assertEquals(trimmed.size(), fewer.vocabularySize());
            for (String text : texts) {
                assertEquals(all.encode(text).tokens(), fewer.encode(text).tokens());
                assertArrayEquals(fewer.encode(text).ids(), trimmed.sequences(text, 64).getFirst());
            }
            assertEquals(all.encode("dcba").tokens().contains("[UNK]"), fewer.encode("dcba").tokens().contains("[UNK]"));
        } finally {
            for (String file : List.of("vocab.txt", "tokenizer_config.json")) {
                Files.deleteIfExists(folder.resolve(file));
            }
            Files.delete(folder);
        }
    }

    @Test
    void long_texts_are_cut_into_sequences_that_lose_nothing(@TempDir Path folder) throws IOException {
        WordVocabulary words = WordVocabulary.open(vocabulary(folder));
        List<int[]> sequences = words.sequences("a b c d ab abc dd", 5);
        assertEquals(List.of(List.of(2, 5, 6, 7, 3), List.of(2, 8, 13, 15, 3), List.of(2, 18, 3)),
                sequences.stream().map(s -> Arrays.stream(s).boxed().toList()).toList());
    }

    @Test
    void a_tokenizer_with_another_mask_makes_a_roberta(@TempDir Path folder) throws IOException {
        WordVocabulary bytes = WordVocabulary.open(TOKENIZERS.resolve("json/bytes-trimmed.json"));
        MaskedWordSession session = random(echoes(20), bytes, 8);
        assertEquals(BertConfig.Family.ROBERTA, session.model().config().family());
        assertEquals(12, session.model().config().maxLength());
        assertTrue(Double.isFinite(session.objective().loss(new int[] {0, 1}, RANDOM).value().item()));
        session.save(folder, Map.of());
        assertTrue(
                new BertForMaskedLM(BertConfig.read(folder.resolve("config.json")), RANDOM).load(Weights.open(folder)).missing().isEmpty());
        assertThrows(IOException.class, () -> bytes.trimmedTo(List.of("a")));
        String message = String.valueOf(
                assertThrows(IOException.class, () -> WordVocabulary.open(TOKENIZERS.resolve("json/bytes-whole.json"))).getMessage());
        assertTrue(message.contains("neither of the tokens [MASK] and <mask>"), message);
    }
}
