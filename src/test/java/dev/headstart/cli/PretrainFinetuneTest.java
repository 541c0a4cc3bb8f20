package dev.headstart.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.Hashes;
import dev.headstart.io.Weights;
import dev.headstart.io.json.Json;
import dev.headstart.task.report.ModelCard;
import dev.headstart.tensor.RandomStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The way from text to labels, with two made-up languages: one of `ba`, `lo`, `mi`, another of `kru`, `sto`, `gne`.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PretrainFinetuneTest {
    private static final List<List<String>> SYLLABLES = List.of(List.of("ba", "lo", "mi"), List.of("kru", "sto", "gne"));
    private static final String[] SMALL = {"--width", "8", "--blocks", "2", "--heads", "2", "--length", "16", "--batch", "8", "--steps",
        "20"};

    private Path folder = Path.of("");
    private Path text = Path.of("");
    private Path csv = Path.of("");
    private Path model = Path.of("");

    private record Outcome(int code, String out, String err) {}

    private static Outcome headstart(Object... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true),
                Arrays.stream(args).map(String::valueOf).toArray(String[]::new));
        return new Outcome(code, out.toString(), err.toString());
    }

    private static Object[] args(Object[] first, Object... more) {
        return Stream.concat(Arrays.stream(first), Arrays.stream(more)).toArray();
    }

    private static String word(int language, long index) {
        RandomStream random = RandomStream.of(7).child(language).child(index);
        return SYLLABLES.get(language).get(random.below(3, 0)) + SYLLABLES.get(language).get(random.below(3, 1))
                + SYLLABLES.get(language).get(random.below(3, 2));
    }

    @BeforeAll
    void pretrain(@TempDir Path temporary) throws IOException {
        folder = temporary;
        List<String> lines = new ArrayList<>();
        List<String> rows = new ArrayList<>(List.of("language,word"));
        for (int i = 0; i < 60; i++) {
            lines.add(word(i % 2, i));
            rows.add((i % 2 == 0 ? "soft," : "hard,") + word(i % 2, i));
        }
        text = Files.write(folder.resolve("text.txt"), lines);
        csv = Files.write(folder.resolve("rows.csv"), rows);
        model = folder.resolve("model");
        Outcome outcome = headstart(pretraining(model));
        assertEquals(0, outcome.code, outcome.err);
    }

    private Object[] pretraining(Path out) {
        return args(new Object[] {"pretrain", "--text", text, "--out", out, "--checkpoint-every", 5}, (Object[]) SMALL);
    }

    private Object[] finetuning(Path out) {
        return new Object[] {"finetune", "--from", model, "--csv", csv, "--text-column", "word", "--label-column", "language", "--out", out,
            "--steps", 40,
            "--batch", 8, "--rate", "0.01"};
    }

    @Test
    void a_card_tells_where_the_weights_come_from() throws IOException {
        ModelCard card = Cards.verified(model, "encoder.safetensors");
        assertEquals(Hashes.sha256(text), card.dataHash());
        assertEquals("20", card.settings().get("steps"));
        assertEquals(Set.of("hidden characters guessed right"), card.metrics().keySet());
    }

    @Test
    void a_frozen_block_keeps_its_bytes_and_new_lines_get_their_labels() throws IOException {
        Path out = folder.resolve("classifier");
        Outcome tuned = headstart(args(finetuning(out), "--freeze", "encoder.block.[0-0].**"));
        assertEquals(0, tuned.code, tuned.err);
        assertTrue(tuned.out.contains("missing     head.weight"), tuned.out);
        assertTrue(tuned.out.contains("frozen"), tuned.out);
        Weights before = Weights.open(model.resolve("encoder.safetensors"));
        Weights after = Weights.open(out.resolve("classifier.safetensors"));
        List<String> frozen = before.names().stream().filter(name -> name.startsWith("encoder.block.0.")).toList();
        assertTrue(frozen.size() > 8, frozen.toString());
        for (String name : frozen) {
            assertArrayEquals(before.tensor(name).toArray(), after.tensor(name).toArray(), name);
        }
        assertTrue(
                before.names().stream().filter(name -> name.startsWith("encoder.block.1.")).anyMatch(name -> differ(before, after, name)));
        assertTrue(Files.readString(out.resolve("report.html")).contains("<svg"));

        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            lines.append(word(i % 2, 1000 + i)).append('\n');
        }
        List<String> answers = predict(lines.toString(), "--model", out).out.lines().toList();
        assertEquals(40, answers.size());
        int right = 0;
        for (int i = 0; i < 40; i++) {
            String[] fields = answers.get(i).split("\t", -1);
            assertEquals(word(i % 2, 1000 + i), fields[2]);
            right += fields[0].equals(i % 2 == 0 ? "soft" : "hard") ? 1 : 0;
        }
        assertTrue(right >= 32, right + " of 40 are right");

        Json.Obj json = (Json.Obj) Json.parse(predict("bamilo\n", "--model", out, "--json", "--top", 2).out.strip());
        assertEquals("bamilo", json.string("text"));
        assertEquals(2, json.array("top").size());
        Json.Obj first = (Json.Obj) json.array("top").get(0);
        Json.Obj second = (Json.Obj) json.array("top").get(1);
        assertEquals(json.string("label"), first.string("label"));
        assertEquals(Set.of("soft", "hard"), Set.of(first.string("label"), second.string("label")));
        assertTrue(first.number("probability") >= second.number("probability"));
        assertEquals(1, first.number("probability") + second.number("probability"), 1e-6);
        String[] fields = predict("bamilo\n", "--model", out, "--top", 2).out.strip().split("\t", -1);
        assertEquals(List.of(first.string("label"), second.string("label"), "bamilo"), List.of(fields[0], fields[2], fields[4]));
    }

    @Test
    void a_head_of_the_same_labels_learns_on_when_it_is_kept() throws IOException {
        Path first = folder.resolve("first labels");
        assertEquals(0, headstart(finetuning(first)).code);
        Path second = folder.resolve("second labels");
        Object[] again = {"finetune", "--from", first, "--csv", csv, "--text-column", "word", "--label-column", "language", "--steps", 1,
            "--rate", "1e-9", "--out", second};
        Outcome kept = headstart(args(again, "--keep-head", "--old-data", csv));
        assertEquals(0, kept.code, kept.err);
        float[] before = Weights.open(first.resolve("classifier.safetensors")).tensor("head.weight").toArray();
        assertArrayEquals(before, Weights.open(second.resolve("classifier.safetensors")).tensor("head.weight").toArray(), 1e-7f);
        assertTrue(kept.out.matches("(?s).*old task: (\\S+) % before, \\1 % after.*"), kept.out);
        Path other = Files.writeString(folder.resolve("renamed.csv"), Files.readString(csv).replace("soft,", "mild,"));
        again[4] = other;
        fails("--keep-head: the network's head is of [hard, soft], the texts are of [hard, mild]", args(again, "--keep-head", "--restart"));
    }

    @Test
    void a_frozen_encoder_is_computed_once_with_the_same_bytes() throws IOException {
        Path kept = folder.resolve("kept");
        Path anew = folder.resolve("anew");
        assertEquals(0, headstart(args(finetuning(kept), "--head-only", "--dropout", 0.3)).code);
        assertEquals(0, headstart(args(finetuning(anew), "--head-only", "--dropout", 0.3, "--no-cache")).code);
        assertArrayEquals(Files.readAllBytes(kept.resolve("classifier.safetensors")),
                Files.readAllBytes(anew.resolve("classifier.safetensors")));
        assertArrayEquals(Weights.open(model.resolve("encoder.safetensors")).tensor("encoder.embedding.token.weight").toArray(),
                Weights.open(kept.resolve("classifier.safetensors")).tensor("encoder.embedding.token.weight").toArray());
    }

    /// Runs `headstart predict` on this text.
    private static Outcome predict(String text, Object... args) {
        InputStream stdin = System.in;
        System.setIn(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        try {
            Outcome outcome = headstart(args(new Object[] {"predict"}, args));
            assertEquals(0, outcome.code, outcome.err);
            return outcome;
        } finally {
            System.setIn(stdin);
        }
    }

    private static boolean differ(Weights a, Weights b, String name) {
        try {
            return !Arrays.equals(a.tensor(name).toArray(), b.tensor(name).toArray());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /// A run that was stopped after step 15: its newest checkpoint, its model and the end of its metrics are gone.
    @Test
    void a_stopped_run_goes_on_with_the_same_bits() throws IOException {
        Path out = folder.resolve("stopped");
        assertEquals(0, headstart(pretraining(out)).code);
        byte[] metrics = Files.readAllBytes(out.resolve("metrics.jsonl"));
        Files.delete(out.resolve("checkpoints/step-000000000020.ckpt"));
        Files.delete(out.resolve("encoder.safetensors"));
        assertEquals(0, headstart(args(pretraining(out), "--threads", 2)).code);
        assertArrayEquals(Files.readAllBytes(model.resolve("encoder.safetensors")), Files.readAllBytes(out.resolve("encoder.safetensors")));
        assertArrayEquals(metrics, Files.readAllBytes(out.resolve("metrics.jsonl")));
        assertArrayEquals(Files.readAllBytes(model.resolve("metrics.jsonl")), metrics);
    }

    @Test
    void other_settings_do_not_go_on() {
        fails("rate was 0.002, is now 0.5", args(pretraining(model), "--rate", "0.5"));
    }

    private static void fails(String sentence, Object... args) {
        Outcome outcome = headstart(args);
        assertEquals(1, outcome.code, outcome.err);
        assertTrue(outcome.err.contains(sentence), outcome.err);
        assertEquals(1, outcome.err.lines().count(), outcome.err);
    }

    @Test
    void bad_input_is_told_in_one_sentence() throws IOException {
        Path out = folder.resolve("bad");
        fails("there is no column 'wrd'", args(finetuning(out), "--text-column", "wrd"));
        fails("the pattern 'encoder.blok.**' matches none", args(finetuning(out), "--freeze", "encoder.blok.**"));
        fails("nothing is left to train", args(finetuning(out), "--freeze", "**"));
        fails("nowhere: there is no such file", "finetune", "--from", folder.resolve("nowhere"), "--csv", csv, "--text-column", "1",
                "--label-column", "2",
                "--out", out);
        Path other = Files.writeString(folder.resolve("other.csv"), "language,word\nsoft,bamilo\nloud,baba\n");
        fails("other.csv, line 3: the label 'loud' is unknown: known are 'hard', 'soft'", args(finetuning(out), "--validation-csv", other));
        Path open = Files.writeString(folder.resolve("open.csv"), "language,word\nsoft,bamilo\nsoft,\"ba\n");
        fails("open.csv, line 3: the row that begins here opens a quote", args(finetuning(out), "--validation-csv", open));
        fails("there is no such file", "pretrain", "--text", folder.resolve("none.txt"), "--out", out);
        fails("fine-tune it first", "predict", "--model", model);
        assertTrue(Files.notExists(out), "nothing was begun");
    }

    @Test
    void a_truncated_weight_file_is_refused() throws IOException {
        Path broken = Files.createDirectory(folder.resolve("broken"));
        Files.copy(model.resolve("config.json"), broken.resolve("config.json"));
        byte[] bytes = Files.readAllBytes(model.resolve("encoder.safetensors"));
        Files.write(broken.resolve("encoder.safetensors"), Arrays.copyOf(bytes, bytes.length - 10));
        fails("encoder.safetensors", "finetune", "--from", broken, "--csv", csv, "--text-column", "word", "--label-column", "language",
                "--out",
                folder.resolve("from broken"));
    }

    @Test
    void a_loss_that_is_no_number_stops_with_step_and_layer() throws IOException {
        Path out = folder.resolve("diverged");
        Outcome outcome = headstart(args(pretraining(out), "--rate", "1e38"));
        assertEquals(1, outcome.code, outcome.err);
        assertTrue(outcome.err.matches("(?s)headstart: pretrain: .* at step \\d+.*encoder\\..*"), outcome.err);

        Path tuned = folder.resolve("diverged classifier");
        Object[] tooFast = finetuning(tuned);
        tooFast[tooFast.length - 1] = "1e38";
        outcome = headstart(tooFast);
        assertEquals(1, outcome.code, outcome.err);
        assertTrue(outcome.err.matches("(?s)headstart: fine-tune: .* at step \\d+.*encoder\\..*"), outcome.err);
        assertTrue(Files.notExists(tuned.resolve("classifier.safetensors")), "nothing bad is saved");
    }
}
