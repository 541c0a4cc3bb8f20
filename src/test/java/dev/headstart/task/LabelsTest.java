package dev.headstart.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.SafeTensors;
import dev.headstart.io.data.Images;
import dev.headstart.task.data.LabelledTexts;
import dev.headstart.task.data.Names;
import dev.headstart.task.goal.Preparation;
import dev.headstart.task.goal.Ranking;
import dev.headstart.task.model.Pretrained;
import dev.headstart.task.tuning.SettingException;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.zoo.text.bert.BertConfig;
import dev.headstart.zoo.text.bert.BertForSequenceClassification;
import dev.headstart.zoo.vision.CifarResNet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class LabelsTest {
    private static final List<String> WORDS = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "one", "two", "three", "four", "five");

    @TempDir
    private Path folder;

    /// A classifier whose labels are in this order.
    private Pretrained classifier(List<String> labels) throws IOException {
        Path model = Files.createDirectories(folder.resolve("from"));
        Files.write(model.resolve("vocab.txt"), WORDS);
        BertConfig config = BertConfig.of(WORDS.size(), 16, 1, 2, 32).withDropout(0).withLabels(labels);
        config.json().write(model.resolve("config.json"));
        BertForSequenceClassification network = new BertForSequenceClassification(config, RandomStream.of(4));
        for (String name : List.of("bert.encoder.layer.0.attention.self.value.weight", "bert.encoder.layer.0.attention.output.dense.weight",
                "bert.pooler.dense.weight", "classifier.weight")) { // answers far apart
            Tensor weight = network.parameters().get(name).value();
            weight.copyInPlace(weight.times(30));
        }
        SafeTensors.write(model.resolve("model.safetensors"), network.export());
        return Pretrained.open(model);
    }

    private static List<String> texts() {
        List<String> texts = new ArrayList<>();
        for (String a : WORDS.subList(5, 10)) {
            for (String b : WORDS.subList(5, 10)) {
                for (String c : WORDS.subList(5, 10)) {
                    texts.add(a + " " + b + " " + c);
                }
            }
        }
        return texts;
    }

    /// Texts with the labels that the network gives them.
    private static LabelledTexts own(Pretrained network) throws IOException {
        List<String> texts = texts();
        return LabelledTexts.of("own", texts, Predict.with(network).texts().all(texts).stream().map(Ranking::label).toList());
    }

    private static FineTune unchanged(Pretrained from, LabelledTexts texts) throws IOException {
        return FineTune.of(from, TextClassification.of(texts, texts)).steps(1).batch(8).rate(1e-9).headRate(1e-9);
    }

    @Test
    void a_head_of_the_same_labels_is_kept_in_whatever_order_it_has_them() throws IOException {
        Pretrained network = classifier(List.of("sad", "joy", "angry"));
        LabelledTexts texts = own(network);
        assertEquals(List.of("angry", "joy", "sad"), texts.names());
        FineTune.Result result = unchanged(network, texts).saveIn(folder.resolve("out")).run();
        assertEquals(1, result.findings().evaluation().accuracy());
        assertEquals(1, Evaluate.with(Pretrained.open(folder.resolve("out"))).of(texts).score().accuracy());
        assertTrue(Files.readString(folder.resolve("out/config.json")).replaceAll("\\s", "")
                .contains("\"0\":\"sad\",\"1\":\"joy\",\"2\":\"angry\""));
    }

    @Test
    void a_head_that_is_to_be_kept_may_know_more_labels() throws IOException {
        List<String> labels = IntStream.range(0, 12).mapToObj(String::valueOf).toList(); // as texts, 10 is before 2
        Pretrained network = classifier(labels);
        LabelledTexts texts = own(network);
        assertTrue(texts.names().size() > 2, texts.names().toString());
        FineTune.Result result = unchanged(network, texts).prepared(new Preparation(true, false, null)).run();
        assertEquals(1, result.findings().evaluation().accuracy());
    }

    @Test
    void a_head_that_does_not_know_a_label_cannot_be_kept() throws IOException {
        Pretrained network = classifier(List.of("sad", "joy"));
        LabelledTexts texts = LabelledTexts.of("others", List.of("one", "two", "one", "two"), List.of("sad", "hope", "sad", "hope"));
        SettingException e = assertThrows(SettingException.class,
                () -> unchanged(network, texts).prepared(new Preparation(true, false, null)).run());
        assertTrue(String.valueOf(e.getMessage()).contains("the head must know each of them"), e.getMessage());
    }

    @Test
    void images_to_measure_on_are_numbered_by_name() throws IOException {
        Path file = folder.resolve("resnet.safetensors");
        SafeTensors.write(file, CifarResNet.of(8, 4, RandomStream.of(1)).export());
        Images training = images(List.of("a", "b", "c"), 0, 1, 2, 0, 1, 2, 0, 1, 2);
        Images fewer = images(List.of("c", "a"), 0, 1, 0);
        FineTune run = FineTune.of(Pretrained.open(file), ImageClassification.of(training).measuredOn(fewer)).steps(1).batch(4).headOnly();
        assertArrayEquals(new int[] {2, 0, 2}, run.prepare().task().heldOut().labels());
        FineTune other = FineTune.of(Pretrained.open(file), ImageClassification.of(training).measuredOn(images(List.of("d", "a"), 0, 1)))
                .steps(1);
        IOException e = assertThrows(IOException.class, other::prepare);
        assertTrue(String.valueOf(e.getMessage()).contains("there is no class 'd' among the images to train on: theirs are a, b, c"),
                e.getMessage());
    }

    private static Images images(List<String> names, int... labels) {
        byte[] pixels = new byte[labels.length * 8 * 8 * 3];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i * 31 % 251);
        }
        return new Images(pixels, labels.length, 8, 8, 3, labels, names);
    }

    @Test
    void numbers_of_labels_are_taken_for_their_names_and_that_is_said() throws IOException {
        List<String> names = List.of("sad", "joy", "angry");
        Pretrained network = classifier(names);
        LabelledTexts own = own(network);
        LabelledTexts numbered = LabelledTexts.of("numbered", own.texts(),
                own.labels().stream().map(label -> "" + names.indexOf(label)).toList());
        Evaluate.Outcome outcome = Evaluate.with(network).of(numbered);
        assertEquals(1, outcome.score().accuracy());
        assertEquals(List.of("numbered: the labels are taken for the numbers, from 0, of 'sad', 'joy', 'angry'"),
                outcome.notes().stream().filter(note -> note.startsWith("numbered")).toList());
        assertEquals(List.of(), Evaluate.with(network).of(own).notes().stream().filter(note -> note.startsWith("own")).toList());
        for (String unknown : List.of("3", "-1", "1.0", "01234567890")) {
            LabelledTexts other = LabelledTexts.of("other", List.of("one", "two"), List.of("0", unknown));
            assertThrows(IOException.class, () -> Evaluate.with(network).of(other), unknown);
        }
        Pretrained stars = classifier(List.of("2", "1", "0"));
        assertEquals(1, Evaluate.with(stars).of(own(stars)).score().accuracy(), "names that are numbers are names");
    }

    /// The case of a tokenizer to which tokens were added.
    @Test
    void a_tokenizer_with_more_tokens_than_the_network_is_refused_before_anything_is_done() throws IOException {
        Pretrained network = classifier(List.of("sad", "joy"));
        List<String> more = new ArrayList<>(WORDS);
        more.addAll(List.of("[USER]", "covid19"));
        Files.write(network.from().resolve("vocab.txt"), more);
        LabelledTexts texts = LabelledTexts.of("texts", List.of("one", "two", "one", "two"), List.of("sad", "joy", "sad", "joy"));
        FineTune run = unchanged(network, texts).saveIn(folder.resolve("none"));
        for (Executable use : List.<Executable>of(() -> Predict.with(network), run::run, () -> Evaluate.with(network).of(texts))) {
            IOException e = assertThrows(IOException.class, use);
            assertTrue(String.valueOf(e.getMessage()).contains(
                    "the tokenizer has 12 tokens, the network 10: [USER], covid19 have no vector."), e.getMessage());
        }
        assertFalse(Files.exists(folder.resolve("none")));
    }

    @Test
    void a_hub_s_cache_is_opened_by_its_newest_snapshot_or_its_only_one() throws IOException {
        Path cache = folder.resolve("models--mine--bert");
        Path first = cache.resolve("snapshots/aaaa");
        Files.createDirectories(first.getParent());
        Files.move(classifier(List.of("sad", "joy")).from(), first);
        assertEquals(first, Pretrained.open(cache).from());
        Path second = cache.resolve("snapshots/bbbb");
        Files.move(classifier(List.of("sad", "joy")).from(), second);
        IOException e = assertThrows(IOException.class, () -> Pretrained.open(cache));
        assertTrue(String.valueOf(e.getMessage()).contains("there are 2 snapshots, and refs/main names none of them: give one, " + first),
                e.getMessage());
        Files.writeString(Files.createDirectories(cache.resolve("refs")).resolve("main"), "bbbb\n");
        assertEquals(second, Pretrained.open(cache).from());
    }

    @Test
    void numbers_that_hardly_repeat_are_no_labels() throws IOException {
        List<String> texts = IntStream.range(0, 100).mapToObj(i -> "one " + i).toList();
        for (String form : List.of("%d", "%d.5", "-%de3")) {
            LabelledTexts prices = LabelledTexts.of("prices", texts,
                    IntStream.range(0, 100).mapToObj(i -> form.formatted(i % 81)).toList());
            IOException e = assertThrows(IOException.class, () -> TextClassification.of(prices));
            assertTrue(String.valueOf(e.getMessage()).startsWith("prices: there are 81 different labels in 100 rows, all numbers"),
                    e.getMessage());
        }
        TextClassification.of(LabelledTexts.of("stars", texts, IntStream.range(0, 100).mapToObj(i -> String.valueOf(i % 5)).toList()));
        TextClassification.of(LabelledTexts.of("names", texts, IntStream.range(0, 100).mapToObj(i -> "n" + i % 81).toList()));
    }

    @Test
    void labels_that_look_alike_are_pointed_out() {
        assertEquals(List.of("data: the labels 'Caf\\u00e9', 'cafe\\u0301' look alike, and are taken for different ones",
                "data: the labels 'a b', 'a\\u00a0b', 'a_b' look alike, and are taken for different ones",
                "data: the labels 'x', 'x\\u200b' look alike, and are taken for different ones"),
                Names.alike("data", List.of("Caf\u00e9", "a b", "cafe\u0301", "a\u00a0b", "tea", "x", "a_b", "x\u200b", "y")));
        assertEquals(List.of(), Names.alike("data", List.of("1", "11", "a", "b", "+", "-", "\u00e4", "ae")));
    }
}
