package dev.headstart.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.Hashes;
import dev.headstart.io.Weights;
import dev.headstart.io.json.Json;
import dev.headstart.task.report.ModelCard;
import dev.headstart.tensor.RandomStream;
import dev.headstart.zoo.text.bert.BertConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// `headstart pretrain --tokenizer` on the command line, with texts of two subjects that have words of their own.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WordPretrainingTest {
    private static final List<
            List<String>> SUBJECTS = List.of(List.of("wind", "rain", "snow", "sun"), List.of("goal", "team", "ball", "win"));
    private static final String[] SMALL = {"--width", "8", "--blocks", "2", "--heads", "2", "--length", "12", "--batch", "8", "--steps",
        "10", "--checkpoint-every", "5"};

    private Path folder = Path.of("");
    private Path text = Path.of("");
    private Path table = Path.of("");
    private Path vocabulary = Path.of("");
    private Path model = Path.of("");

    private record Outcome(int code, String out, String err) {}

    private static Outcome headstart(Object... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true),
                Arrays.stream(args).map(String::valueOf).toArray(String[]::new));
        return new Outcome(code, out.toString(), err.toString());
    }

    private static Outcome succeeding(Object... args) {
        Outcome outcome = headstart(args);
        assertEquals(0, outcome.code, outcome.err);
        return outcome;
    }

    private static Object[] args(Object[] first, Object... more) {
        return Stream.concat(Arrays.stream(first), Arrays.stream(more)).toArray();
    }

    private static String sentence(int i) {
        RandomStream random = RandomStream.of(3).child(i);
        List<String> words = SUBJECTS.get(i % 2);
        return "the " + words.get(random.below(4, 0)) + " and the " + words.get(random.below(4, 1)) + " were "
                + words.get(random.below(4, 2));
    }

    @BeforeAll
    void pretrain(@TempDir Path temporary) throws IOException {
        folder = temporary;
        List<String> tokens = new ArrayList<>(
                List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "and", "were", "unused", "n", "##s"));
        SUBJECTS.forEach(tokens::addAll);
        vocabulary = Files.write(folder.resolve("vocab.txt"), tokens);
        List<String> lines = new ArrayList<>();
        List<String> rows = new ArrayList<>(List.of("subject,text"));
        for (int i = 0; i < 60; i++) {
            lines.add(sentence(i));
            rows.add((i % 2 == 0 ? "weather," : "sport,") + sentence(i));
        }
        text = Files.write(folder.resolve("text.txt"), lines);
        table = Files.write(folder.resolve("rows.csv"), rows);
        model = folder.resolve("model");
        String said = succeeding(pretraining(model)).err;
        assertTrue(said.contains("note: " + vocabulary + ": no file says whether texts are lower-cased; they are lower-cased"), said);
    }

    private Object[] pretraining(Path out) {
        return args(new Object[] {"pretrain", "--text", text, "--tokenizer", vocabulary, "--out", out}, (Object[]) SMALL);
    }

    /// What two folders hold under all names.
    private static void assertSame(Path a, Path b) throws IOException {
        assertArrayEquals(Files.readAllBytes(a.resolve("model.safetensors")), Files.readAllBytes(b.resolve("model.safetensors")));
    }

    @Test
    void the_folder_is_fine_tuned_and_its_encoder_is_carried_over() throws IOException {
        Path out = folder.resolve("classifier");
        Outcome tuned = succeeding("finetune", "--from", model, "--csv", table, "--text-column", "text", "--label-column", "subject",
                "--steps", 60, "--batch", 8, "--rate", "0.01", "--freeze", "bert.embeddings.**", "--freeze", "bert.encoder.layer.0.**",
                "--out",
                out);
        assertTrue(tuned.out.contains("missing     bert.pooler.dense.weight"), tuned.out);
        Weights before = Weights.open(model);
        Weights after = Weights.open(out);
        List<String> frozen = before.names().stream()
                .filter(name -> name.startsWith("bert.embeddings.") || name.startsWith("bert.encoder.layer.0.")).toList();
        assertTrue(frozen.size() > 15, frozen.toString());
        for (String name : frozen) {
            assertTrue(before.tensor(name).bitsEqual(after.tensor(name)), name);
        }
        String query = "bert.encoder.layer.1.attention.self.query.weight";
        assertFalse(before.tensor(query).bitsEqual(after.tensor(query)));
        assertEquals(before.shape(query), after.shape(query));
        succeeding("evaluate", "--from", out, "--data", table, "--text-column", "text", "--label-column", "subject");
    }

    /// The weights' hash is over what the file holds, the pooler of another model included.
    @Test
    void a_card_tells_where_the_weights_come_from() throws IOException {
        ModelCard card = Cards.verified(model, "model.safetensors");
        assertEquals(Hashes.sha256(text), card.dataHash());
        assertEquals("random", card.source());
        assertEquals("8", card.settings().get("width"));
        Path tuned = folder.resolve("tuned");
        succeeding("finetune", "--from", model, "--csv", table, "--text-column", "text", "--label-column", "subject", "--steps", 2, "--out",
                tuned);
        Path on = folder.resolve("on");
        succeeding("pretrain", "--from", tuned, "--text", text, "--csv", table, "--text-column", "text", "--steps", 2, "--length", 12,
                "--seed", 5, "--out", on);
        ModelCard next = Cards.verified(on, "model.safetensors");
        assertTrue(Weights.open(on).names().contains("bert.pooler.dense.weight"));
        assertEquals("tuned/model.safetensors", next.source());
        assertEquals(5, next.seed());
        assertTrue(next.data().startsWith("text.txt, rows.csv: "), next.data());
        assertTrue(succeeding("inspect", on).out.contains("tuned/model.safetensors"));
    }

    @Test
    void other_commands_open_the_folder_as_a_published_bert() throws IOException {
        Outcome seen = succeeding("inspect", model);
        assertTrue(seen.out.contains("BertForMaskedLM, 2 layers of 8, 19 tokens"), seen.out);
        Path features = folder.resolve("features.npy");
        succeeding("features", "--from", model, "--text", text, "--out", features);
        assertEquals(List.of(60, 8), Arrays.stream(Weights.open(features).shape("features").dims()).boxed().toList());
        assertTrue(Files.readString(model.resolve("report.html")).contains("<svg"));
    }

    /// A run that was stopped after step 5.
    @Test
    void a_stopped_run_goes_on_with_the_same_bits() throws IOException {
        for (Object[] further : List.of(new Object[] {"--dropout", "0.1"}, new Object[] {"--trim-vocabulary", "--whole-words"})) {
            Path whole = folder.resolve("whole " + further[0]);
            Path stopped = folder.resolve("stopped " + further[0]);
            succeeding(args(pretraining(whole), further));
            succeeding(args(pretraining(stopped), further));
            Files.delete(stopped.resolve("checkpoints/step-000000000010.ckpt"));
            Files.delete(stopped.resolve("model.safetensors"));
            succeeding(args(args(pretraining(stopped), further), "--threads", 2));
            assertSame(whole, stopped);
            assertArrayEquals(Files.readAllBytes(whole.resolve("metrics.jsonl")), Files.readAllBytes(stopped.resolve("metrics.jsonl")));
        }
        Outcome other = headstart(args(pretraining(model), "--whole-words"));
        assertTrue(other.err.contains("hidden was tokens, is now whole words"), other.err);
    }

    @Test
    void a_table_is_its_texts() throws IOException {
        Path out = folder.resolve("of a table");
        succeeding(args(new Object[] {"pretrain", "--csv", table, "--text-column", "text", "--tokenizer", vocabulary, "--out", out},
                (Object[]) SMALL));
        assertEquals(Cards.verified(model, "model.safetensors").weightsHash(), Cards.verified(out, "model.safetensors").weightsHash());
    }

    @Test
    void a_trimmed_model_knows_the_words_of_its_texts() throws IOException {
        Path out = folder.resolve("trimmed");
        succeeding(args(pretraining(out), "--trim-vocabulary"));
        List<String> tokens = Files.readAllLines(out.resolve("vocab.txt"));
        assertFalse(tokens.contains("unused"));
        assertTrue(tokens.containsAll(List.of("the", "rain", "ball", "n", "##s", "[MASK]")), tokens.toString());
        assertEquals(tokens.size(), BertConfig.read(out.resolve("config.json")).vocabulary());
        succeeding("features", "--from", out, "--text", text, "--out", folder.resolve("trimmed.npy"));
    }

    @Test
    void a_pretrained_folder_goes_on_with_other_texts() throws IOException {
        Path out = folder.resolve("continued");
        Object[] command = {"pretrain", "--from", model, "--csv", table, "--text-column", "2", "--no-header", "--steps", 4, "--batch", 8,
            "--rate", "0.01", "--out", out};
        Outcome outcome = succeeding(command);
        assertTrue(outcome.out.contains("from " + model.resolve("model.safetensors")), outcome.out);
        assertEquals(Weights.open(model).names(), Weights.open(out).names());
        String query = "bert.encoder.layer.1.attention.self.query.weight";
        assertFalse(Weights.open(model).tensor(query).bitsEqual(Weights.open(out).tensor(query)));
        assertEquals(-1, Files.mismatch(model.resolve("vocab.txt"), out.resolve("vocab.txt")));
    }

    @Test
    void evaluate_looks_at_as_many_tokens_as_fine_tuning_did() throws IOException {
        Path out = folder.resolve("short");
        succeeding("finetune", "--from", model, "--csv", table, "--text-column", "text", "--label-column", "subject", "--steps", 5,
                "--max-length", 4, "--out", out);
        Object[] evaluate = {"evaluate", "--from", out, "--data", table, "--text-column", "text", "--label-column", "subject", "--json"};
        double loss = json(evaluate).number("loss");
        assertEquals(json(args(evaluate, "--max-length", 4)).number("loss"), loss);
        assertNotEquals(json(args(evaluate, "--max-length", 12)).number("loss"), loss);
        assertEquals(loss, json(args(evaluate, "--batch", 7)).number("loss"), 1e-9);
    }

    /// Of rows that are sorted by label, few are of all labels.
    @Test
    void a_limit_takes_rows_from_all_over_the_table() throws IOException {
        Path sorted = folder.resolve("sorted.csv");
        List<String> rows = Files.readAllLines(table);
        Files.write(sorted, Stream.concat(rows.stream().limit(1), rows.stream().skip(1).sorted()).toList());
        Path out = folder.resolve("to be limited");
        succeeding("finetune", "--from", model, "--csv", table, "--text-column", "text", "--label-column", "subject", "--steps", 1, "--out",
                out);
        Outcome outcome = succeeding("evaluate", "--from", out, "--data", sorted, "--text-column", "text", "--label-column", "subject",
                "--limit", 10);
        assertEquals(2, outcome.out.lines().filter(line -> line.matches("(sport|weather) .* 5")).count(), outcome.out);
    }

    private static Json.Obj json(Object... args) throws IOException {
        return (Json.Obj) Json.parse(succeeding(args).out);
    }

    @Test
    void wrong_uses_are_told() {
        Path out = folder.resolve("no");
        misunderstood("--width, --blocks and --heads are those of --from", "--text", text, "--from", model, "--width", 8);
        misunderstood("--whole-words needs --tokenizer or --from", "--text", text, "--whole-words");
        misunderstood("--trim-vocabulary goes with --tokenizer", "--text", text, "--from", model, "--trim-vocabulary");
        misunderstood("--vocabulary is about characters", "--text", text, "--tokenizer", vocabulary, "--vocabulary", 50);
        misunderstood("--csv and --text-column go together", "--csv", table, "--tokenizer", vocabulary);
        Outcome itself = headstart("pretrain", "--text", text, "--from", model, "--out", model);
        assertEquals(1, itself.code);
        assertTrue(itself.err.contains("choose another, so that the pre-trained model stays"), itself.err);
        assertTrue(Files.notExists(out));
    }

    private void misunderstood(String sentence, Object... args) {
        Outcome outcome = headstart(args(new Object[] {"pretrain", "--out", folder.resolve("no")}, args));
        assertEquals(2, outcome.code, outcome.err);
        assertTrue(outcome.err.contains(sentence), outcome.err);
    }
}
