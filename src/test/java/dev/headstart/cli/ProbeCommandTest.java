package dev.headstart.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.SafeTensors;
import dev.headstart.io.json.Json;
import dev.headstart.io.json.JsonException;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.measure.Scores;
import dev.headstart.zoo.text.bert.BertConfig;
import dev.headstart.zoo.text.bert.BertForMaskedLM;
import dev.headstart.zoo.vision.CifarResNet;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// `probe` and `rank`. Images of class 0 are dark, of class 1 bright; texts are glad or sad.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProbeCommandTest {
    private static final List<String> WORDS = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "good", "bad", "day");

    private Path folder = Path.of("");
    private Path weights = Path.of("");
    private Path blind = Path.of("");
    private Path dark = Path.of("");
    private Path noise = Path.of("");
    private Path bert = Path.of("");
    private Path rows = Path.of("");

    private record Outcome(int code, String out, String err) {}

    private static Outcome headstart(Object... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true),
                Stream.concat(Stream.of(args).map(String::valueOf), Stream.of("--threads", "2")).toArray(String[]::new));
        return new Outcome(code, out.toString(), err.toString());
    }

    private static Json.Obj json(Object... args) throws JsonException {
        Outcome outcome = headstart(args);
        assertEquals(0, outcome.code, outcome.err);
        return (Json.Obj) Json.parse(outcome.out);
    }

    @BeforeAll
    void write(@TempDir Path temporary) throws IOException {
        folder = temporary;
        CifarResNet network = CifarResNet.of(8, 3, RandomStream.of(3));
        weights = folder.resolve("seeing.safetensors");
        SafeTensors.write(weights, network.export());
        network.parameters().get("conv1.weight").value().copyInPlace(Tensor.zeros(network.parameters().get("conv1.weight").shape()));
        blind = folder.resolve("blind.safetensors");
        SafeTensors.write(blind, network.export());
        dark = images("dark.csv", 32, i -> i % 2, i -> i % 2 * 120 + 20);
        noise = images("noise.csv", 32, i -> 0, i -> 255);
        bert = Files.createDirectories(folder.resolve("bert"));
        Files.write(bert.resolve("vocab.txt"), WORDS);
        BertConfig config = BertConfig.of(WORDS.size(), 16, 2, 2, 32);
        config.json().write(bert.resolve("config.json"));
        SafeTensors.write(bert.resolve("model.safetensors"), new BertForMaskedLM(config, RandomStream.of(4)).export());
        List<String> lines = new ArrayList<>(List.of("mood,text"));
        IntStream.range(0, 40).forEach(i -> lines.add((i % 2 == 0 ? "glad,good" : "sad,bad") + (i % 3 == 0 ? " day" : " unheard")));
        rows = Files.write(folder.resolve("rows.csv"), lines);
    }

    private Path images(String name, int count, java.util.function.IntUnaryOperator label, java.util.function.IntUnaryOperator brightness)
            throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder line = new StringBuilder().append(label.applyAsInt(i));
            for (int j = 0; j < 8 * 8 * 3; j++) {
                line.append(',').append(Math.min(255, brightness.applyAsInt(i) + RandomStream.of(i).below(30, j)));
            }
            lines.add(line.toString());
        }
        return Files.write(folder.resolve(name), lines);
    }

    private static int counted(Json.Obj found) throws JsonException {
        int sum = 0;
        for (Json row : found.array("confusion")) {
            for (Json count : ((Json.Arr) row).items()) {
                sum += (int) ((Json.Int) count).value();
            }
        }
        return sum;
    }

    @Test
    void probe_tells_classes_apart_that_features_tell_apart() throws JsonException {
        Json.Obj found = json("probe", "--from", weights, "--data", dark, "--json");
        assertEquals(1.0, found.number("linearProbe"));
        assertEquals(1.0, found.number("neighbours"));
        assertEquals(8, found.integer("heldBack"));
        assertEquals(8, counted(found), "the confusion matrix counts what was held out");
        Json.Obj unseen = json("probe", "--from", blind, "--data", dark, "--json");
        assertEquals(0.5, unseen.number("linearProbe"), "all images look the same");
    }

    @Test
    void probe_says_how_far_the_source_is() throws JsonException {
        Json.Obj own = json("probe", "--from", weights, "--data", dark, "--source-data", dark, "--json").object("gap");
        Json.Obj other = json("probe", "--from", weights, "--data", dark, "--source-data", noise, "--json").object("gap");
        assertTrue(own.number("frechet") < other.number("frechet"));
        Outcome told = headstart("probe", "--from", weights, "--data", dark, "--source-data", noise);
        assertTrue(told.out.contains("A linear classifier tells source from target"), told.out);
        assertFalse(headstart("probe", "--from", weights, "--data", dark).out.contains("Fréchet"));
    }

    @Test
    void probe_reads_texts_and_says_what_the_vocabulary_lacks() throws IOException, JsonException {
        Path lines = Files.write(folder.resolve("lines.txt"), Stream.generate(() -> "good day").limit(8).toList());
        Json.Obj found = json("probe", "--from", bert, "--csv", rows, "--text-column", "text", "--label-column", "mood", "--source-data",
                lines, "--json");
        assertEquals(1.0, found.number("linearProbe"), "the words differ");
        assertTrue(found.object("gap").number("unknownRate") > 0.1, "unheard is not in the vocabulary");
        Outcome told = headstart("probe", "--from", bert, "--csv", rows, "--text-column", "text", "--label-column", "mood",
                "--validation-csv", rows, "--source-data", lines);
        assertTrue(told.out.contains("The tokenizer does not know"), told.out);
        assertTrue(told.out.contains("40 to measure on"), told.out);
    }

    @Test
    void rank_reads_texts() throws JsonException {
        Json.Obj found = json("rank", "--csv", rows, "--text-column", "text", "--label-column", "mood", "--json", bert);
        Json.Obj one = (Json.Obj) found.array("networks").get(0);
        assertEquals(Json.Null.NULL, one.get("leep"), "no head of its own for these texts");
        assertEquals(1.0, one.number("probe"));
    }

    @Test
    void rank_says_how_far_its_order_is_that_of_fine_tuning() throws IOException, JsonException {
        Path good = tuned("good.json", 0.9);
        Path bad = tuned("bad.json", 0.5);
        Json.Obj agree = json("rank", "--data", dark, "--results", bad, "--results", good, "--json", blind, weights);
        assertEquals(1.0, agree.object("kendallWithTuned").number("probe"));
        Json.Obj differ = json("rank", "--data", dark, "--results", good, "--results", bad, "--json", blind, weights);
        assertEquals(-1.0, differ.object("kendallWithTuned").number("probe"));
        Json.Obj first = (Json.Obj) agree.array("networks").get(0);
        assertEquals(weights.toString(), first.string("weights"));
        assertEquals(0.9, first.number("tuned"), 1e-12);
        assertEquals(2, headstart("rank", "--data", dark, "--results", good, blind, weights).code, "one report for each");
    }

    /// A report whose runs with most labels have this mean accuracy, among others that do not count.
    private Path tuned(String name, double accuracy) throws IOException {
        String run = "{\"start\":\"%s\",\"learning\":\"%s\",\"labelsPerClass\":%d,\"accuracy\":%s}";
        return Files.writeString(folder.resolve(name), "{\"runs\":[" + String.join(",",
                run.formatted("pre-trained", "everything", 50, accuracy - 0.1),
                run.formatted("pre-trained", "everything", 50, accuracy + 0.1),
                run.formatted("pre-trained", "everything", 10, 0.1), run.formatted("pre-trained", "head only", 50, 0.2),
                run.formatted("random", "everything", 50, 0.3)) + "]}");
    }

    @Test
    void a_neighbour_of_the_same_direction_decides() {
        Tensor known = Tensor.wrap(Shape.of(3, 2), new float[] {1, 0, 0, 1, -1, 0});
        Tensor asked = Tensor.wrap(Shape.of(2, 2), new float[] {0, 9, -5, 1});
        assertArrayEquals(new int[] {1, 2}, Scores.neighbourGuesses(known, new int[] {0, 1, 2}, asked, 1));
    }
}
