package dev.headstart.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// A run leaves a recipe that repeats it; one that was stopped goes on with the same bits.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResumeTest {
    private Path folder = Path.of("");
    private Path text = Path.of("");
    private Path csv = Path.of("");
    private Path pretrained = Path.of("");

    private record Outcome(int code, String err) {}

    private static Outcome run(StopRequest stop, Object... args) {
        StringWriter err = new StringWriter();
        int code = Main.run(new PrintWriter(new StringWriter()), new PrintWriter(err, true), stop,
                Arrays.stream(args).map(String::valueOf).toArray(String[]::new));
        return new Outcome(code, err.toString());
    }

    private static void done(Object... args) {
        Outcome outcome = run(StopRequest.when(() -> false), args);
        assertEquals(0, outcome.code, outcome.err);
    }

    /// Stops after so many looks, one a step.
    private static Outcome stopped(int steps, Object... args) {
        AtomicInteger looks = new AtomicInteger();
        Outcome outcome = run(StopRequest.when(() -> looks.incrementAndGet() == steps), args);
        assertEquals(130, outcome.code, outcome.err);
        return outcome;
    }

    @BeforeAll
    void pretrain(@TempDir Path temporary) throws IOException {
        folder = temporary;
        List<String> lines = new ArrayList<>();
        List<String> rows = new ArrayList<>(List.of("word,language"));
        for (int i = 0; i < 40; i++) {
            String word = (i % 2 == 0 ? "balomi" : "krustogne").substring(i % 5) + "aeiou".charAt(i % 5);
            lines.add(word);
            rows.add(word + "," + (i % 2 == 0 ? "soft" : "hard"));
        }
        text = Files.write(folder.resolve("text.txt"), lines);
        csv = Files.write(folder.resolve("rows.csv"), rows);
        pretrained = folder.resolve("pretrained");
        done(pretraining(pretrained));
    }

    private Object[] pretraining(Path out) {
        return new Object[] {"--seed", 3, "pretrain", "--text", text, "--out", out, "--width", 8, "--blocks", 1, "--heads", 2, "--length",
            16,
            "--batch", 8, "--steps", 20, "--rate", "0.01"};
    }

    private Object[] finetuning(Path out) {
        return new Object[] {"finetune", "--from", pretrained, "--csv", csv, "--text-column", "word", "--label-column", "language", "--out",
            out, "--steps", 30, "--batch", 8, "--gradual", 10, "--patience", 9};
    }

    private static void same(Path a, Path b, String... files) throws IOException {
        for (String file : files) {
            assertArrayEquals(Files.readAllBytes(a.resolve(file)), Files.readAllBytes(b.resolve(file)), file);
        }
    }

    @Test
    void the_recipe_in_the_folder_repeats_the_run() throws IOException {
        Path again = folder.resolve("pretrained again");
        done("--recipe", pretrained.resolve("recipe.json"), "--out", again);
        same(pretrained, again, "encoder.safetensors", "metrics.jsonl", "recipe.json");

        Path one = folder.resolve("one");
        Path two = folder.resolve("two");
        done(finetuning(one));
        done("finetune", "--recipe", one.resolve("recipe.json"), "--out", two);
        same(one, two, "classifier.safetensors", "metrics.jsonl", "recipe.json");
        Json.Obj recipe = (Json.Obj) Json.read(one.resolve("recipe.json"));
        assertEquals(Json.of("."), recipe.find("out"));
        assertEquals(Json.of(csv.toString()), recipe.find("csv"));
        assertEquals(Json.array(Json.of("word")), recipe.find("text-column"));
    }

    @Test
    void a_run_that_was_stopped_goes_on_bit_for_bit() throws IOException {
        Path whole = folder.resolve("whole");
        done(finetuning(whole));
        for (int step : new int[] {1, 10, 16}) {
            Path out = folder.resolve("stopped-" + step);
            Outcome outcome = stopped(step, finetuning(out));
            assertEquals("headstart: stopped after step " + step + " of 30; go on with: headstart finetune --resume " + out,
                    outcome.err.strip());
            assertFalse(Files.exists(out.resolve("classifier.safetensors")), "nothing half learnt is left as a model");
            done("finetune", "--resume", out, "--threads", 1);
            same(whole, out, "classifier.safetensors", "metrics.jsonl", "recipe.json");
            assertEquals(events(whole), events(out), "figures for TensorBoard, each once");
        }
        Path out = folder.resolve("stopped twice");
        stopped(7, pretraining(out));
        assertTrue(stopped(5, "--resume=" + out).err.contains("stopped after step 12 of 20; go on with: headstart pretrain --resume '"));
        done("--resume", out);
        same(pretrained, out, "encoder.safetensors", "metrics.jsonl", "recipe.json");
    }

    /// The size of the one event file: times are in it, so the bytes differ.
    private static long events(Path run) throws IOException {
        try (Stream<Path> files = Files.list(run.resolve("tensorboard"))) {
            List<Path> all = files.toList();
            assertEquals(1, all.size(), all.toString());
            return Files.size(all.getFirst());
        }
    }

    @Test
    void a_stack_of_layers_stopped_in_its_second_goes_on_bit_for_bit() throws IOException {
        StringBuilder rows = new StringBuilder(
                "label," + String.join(",", Stream.iterate(0, i -> i + 1).limit(16).map(i -> "p" + i).toList()));
        for (int i = 0; i < 30; i++) {
            rows.append('\n').append(i % 2);
            for (int p = 0; p < 16; p++) {
                rows.append(',').append(i * 37 % 11 * p * 5 % 256);
            }
        }
        Path data = Files.writeString(folder.resolve("images.csv"), rows.append('\n'));
        Path relative = Path.of("").toAbsolutePath().relativize(data);
        Object[] options = {"pretrain", "--objective", "dbn", "--data", relative, "--layers", "6,4", "--epochs", 3, "--batch", 10, "--out"};
        Path whole = folder.resolve("net");
        Path out = folder.resolve("stopped net");
        done(Stream.concat(Arrays.stream(options), Stream.of(whole)).toArray());
        assertTrue(stopped(10, Stream.concat(Arrays.stream(options), Stream.of(out)).toArray()).err.contains("stopped after step 2 of 9"));
        done("--resume", out);
        same(whole, out, "model.safetensors", "recipe.json");
    }

    @Test
    void what_cannot_go_on_is_told() throws IOException {
        Outcome other = run(StopRequest.when(() -> false), "--resume", pretrained, "--rate", "0.5");
        assertEquals(1, other.code);
        assertTrue(other.err.contains("rate was 0.01, is now 0.5"), other.err);
        assertEquals(2, run(StopRequest.when(() -> false), "finetune", "--resume", pretrained).code);
        assertEquals(2, run(StopRequest.when(() -> false), "--resume", pretrained, "--restart").code);
        Path demo = Files.createDirectory(folder.resolve("demo"));
        Files.writeString(demo.resolve("recipe.json"), "{\"command\": \"demo\"}");
        assertTrue(run(StopRequest.when(() -> false), "--resume", demo).err.contains("a run of demo leaves nothing to go on from"));
    }

    /// A process in the midst of more steps than it could ever take; SIGTERM goes the way of SIGINT, which a test's process may have been
    /// told to ignore.
    @Test
    void a_signal_saves_and_says_how_to_go_on() throws IOException, InterruptedException {
        Path out = folder.resolve("signalled");
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), Main.class.getName()));
        Arrays.stream(pretraining(out)).map(String::valueOf).forEach(command::add);
        command.set(command.lastIndexOf("20"), "1000000000");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> lines = new ArrayList<>();
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            String line = reader.readLine();
            while (line != null) {
                lines.add(line);
                if (line.startsWith("Ctrl-C stops after a step")) {
                    process.toHandle().destroy(); // the process's own would close what is read here
                }
                line = reader.readLine();
            }
        } finally {
            process.destroyForcibly();
        }
        assertEquals(143, process.waitFor(), lines.toString());
        String last = lines.getLast();
        assertTrue(last.matches("headstart: stopped after step \\d+ of 1000000000; go on with: headstart pretrain --resume .*"),
                lines.toString());
        int step = Integer.parseInt(last.replaceAll(".*after step (\\d+) of.*", "$1"));
        assertTrue(stopped(2, "--resume", out).err.contains("stopped after step " + (step + 2) + " of"));
    }
}
