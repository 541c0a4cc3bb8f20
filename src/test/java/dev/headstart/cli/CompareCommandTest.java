package dev.headstart.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.SafeTensors;
import dev.headstart.io.Weights;
import dev.headstart.io.json.Json;
import dev.headstart.io.json.JsonException;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.zoo.text.bert.BertConfig;
import dev.headstart.zoo.text.bert.BertForMaskedLM;
import dev.headstart.zoo.text.bert.BertForPreTraining;
import dev.headstart.zoo.vision.MnistCnn;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// `compare` of texts: rows that are glad or sad, and small encoders made here.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CompareCommandTest {
    private static final List<String> WORDS = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "good", "bad", "day", "night", "##s",
            "a");

    private Path folder = Path.of("");
    private Path bert = Path.of("");
    private Path rows = Path.of("");

    private record Outcome(int code, String out, String err) {}

    private static Outcome headstart(Object... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true),
                Stream.concat(Arrays.stream(args).map(String::valueOf), Stream.of("--threads", "2")).toArray(String[]::new));
        return new Outcome(code, out.toString(), err.toString());
    }

    @BeforeAll
    void write(@TempDir Path temporary) throws IOException {
        folder = temporary;
        bert = Files.createDirectories(folder.resolve("bert"));
        Files.write(bert.resolve("vocab.txt"), WORDS);
        BertConfig config = BertConfig.of(WORDS.size(), 16, 2, 2, 32).withDropout(0);
        config.json().write(bert.resolve("config.json"));
        SafeTensors.write(bert.resolve("model.safetensors"), new BertForMaskedLM(config, RandomStream.of(4)).export());
        List<String> lines = new ArrayList<>(List.of("mood,text"));
        for (int i = 0; i < 24; i++) {
            lines.add((i % 2 == 0 ? "glad," : "sad,") + (i % 3 == 0 ? "a " : "") + (i % 2 == 0 ? "good" : "bad")
                    + (i % 5 < 2 ? " days" : " night"));
        }
        rows = Files.write(folder.resolve("rows.csv"), lines);
    }

    private Object[] compare(Path from, Path out, int steps, Object... more) {
        return Stream.concat(Stream.of("compare", "--from", from, "--csv", rows, "--test-csv", rows, "--text-column", "text",
                "--label-column", "mood", "--labels", "2,4", "--seeds", 1, "--steps", steps, "--points", 2, "--batch", 4, "--out", out),
                Arrays.stream(more)).toArray();
    }

    private static Map<String, Double> accuracies(Path out) throws IOException, JsonException {
        Map<String, Double> found = new LinkedHashMap<>();
        for (Json run : ((Json.Obj) Json.read(out.resolve("report.json"))).array("runs")) {
            Json.Obj one = (Json.Obj) run;
            found.put(one.string("start") + ", " + one.string("learning") + ", " + one.integer("labelsPerClass"), one.number("accuracy"));
        }
        return found;
    }

    @Test
    void a_bert_is_compared_in_every_mode() throws IOException, JsonException {
        Path out = folder.resolve("moods");
        Outcome outcome = headstart(
                compare(bert, out, 40, "--modes", "full,partial,head,probe,gradual", "--rate", 0.01, "--head-rate", 0.05));
        assertEquals(0, outcome.code, outcome.err);
        assertTrue(outcome.out.contains("24 texts of 2 labels (glad, sad)"), outcome.out);
        Map<String, Double> found = accuracies(out);
        assertEquals(7 * 2, found.size());
        assertTrue(found.getOrDefault("pre-trained, everything, 4", 0.0) > 0.9, found.toString());
        assertTrue(Files.readString(out.resolve("report.html")).contains("pooler"), "the file has none: it is new");
    }

    @Test
    void the_head_of_the_file_is_not_carried_over() throws IOException {
        BertConfig config = BertConfig.read(bert.resolve("config.json"));
        Path other = Files.createDirectories(folder.resolve("with-head"));
        Files.copy(bert.resolve("vocab.txt"), other.resolve("vocab.txt"));
        config.json().write(other.resolve("config.json"));
        Map<String, Tensor> tensors = new LinkedHashMap<>(new BertForPreTraining(config, RandomStream.of(4)).export());
        SafeTensors.write(other.resolve("model.safetensors"), tensors);
        Path bare = folder.resolve("bare-out");
        assertEquals(0, headstart(compare(other, bare, 4, "--modes", "head")).code);
        tensors.put("classifier.weight", Tensor.full(dev.headstart.tensor.Shape.of(2, 16), 9));
        tensors.put("classifier.bias", Tensor.full(dev.headstart.tensor.Shape.of(2), 9));
        SafeTensors.write(other.resolve("model.safetensors"), tensors);
        assertTrue(Weights.open(other).names().contains("classifier.weight"));
        Path headed = folder.resolve("headed-out");
        assertEquals(0, headstart(compare(other, headed, 4, "--modes", "head")).code);
        assertEquals(curves(bare), curves(headed));
    }

    private static String curves(Path out) throws IOException {
        String report = Files.readString(out.resolve("report.json"));
        return report.substring(report.indexOf("\"runs\""));
    }

    @Test
    void a_character_encoder_that_pretrain_wrote_is_compared() throws IOException, JsonException {
        Path lines = folder.resolve("lines.txt");
        Files.write(lines, Stream.generate(() -> "a good day and a bad night").limit(20).toList());
        Path model = folder.resolve("characters");
        Outcome learnt = headstart("pretrain", "--text", lines, "--width", 8, "--blocks", 2, "--heads", 2, "--length", 16, "--batch", 8,
                "--steps", 4, "--out", model);
        assertEquals(0, learnt.code, learnt.err);
        Path out = folder.resolve("character-moods");
        Outcome outcome = headstart(compare(model, out, 4, "--modes", "head,gradual"));
        assertEquals(0, outcome.code, outcome.err);
        assertTrue(outcome.out.contains("character encoder from"), outcome.out);
        assertEquals(4 * 2, accuracies(out).size());
    }

    @Test
    void a_network_of_one_level_has_no_upper_part() throws IOException {
        Path weights = folder.resolve("cnn.safetensors");
        SafeTensors.write(weights, new MnistCnn(3, RandomStream.of(1)).export());
        List<String> images = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            images.add(i % 2 + ("," + 40 * i).repeat(28 * 28));
        }
        Path data = Files.write(folder.resolve("digits.csv"), images);
        Object[] command = {"compare", "--from", weights, "--data", data, "--test", data, "--labels", 1, "--seeds", 1, "--steps", 1,
            "--points",
            1, "--out", folder.resolve("digits")};
        Outcome usual = headstart(command);
        assertEquals(0, usual.code, usual.err);
        assertTrue(usual.out.contains("head only") && !usual.out.contains("upper part"), usual.out);
        Outcome asked = headstart(Stream.concat(Arrays.stream(command), Stream.of("--modes", "partial")).toArray());
        assertEquals(1, asked.code);
        assertTrue(asked.err.contains("--freeze: for partial it must say what stays"), asked.err);
        Outcome frozen = headstart(
                Stream.concat(Arrays.stream(command), Stream.of("--modes", "partial", "--freeze", "conv1.**")).toArray());
        assertEquals(0, frozen.code, frozen.err);
    }

    @Test
    void examples_to_measure_on_are_needed_once() {
        for (List<Object> test : List.<List<Object>>of(List.of(), List.of("--test", rows, "--test-csv", rows))) {
            List<Object> all = new ArrayList<>(List.of("compare", "--from", bert, "--data", rows, "--text-column", "text", "--label-column",
                    "mood", "--out", folder.resolve("no")));
            all.addAll(test);
            Outcome outcome = headstart(all.toArray());
            assertEquals(2, outcome.code);
            assertTrue(outcome.err.contains("examples to measure on are needed: --test"), outcome.err);
        }
    }
}
