package dev.headstart.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs side by side, from what they left in their folders.
class ReportCommandTest {
    @TempDir
    private Path folder;

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

    private static void fails(String sentence, Path run) {
        Outcome outcome = headstart("report", run);
        assertEquals(1, outcome.code, outcome.out);
        assertEquals("headstart: " + run + sentence, outcome.err.strip());
    }

    /// The cells of the first line that begins so.
    private static List<String> line(String text, String start) {
        return text.lines().filter(line -> line.startsWith(start)).findFirst().map(line -> List.of(line.split(" {2,}", -1)))
                .orElse(List.of());
    }

    @Test
    void two_runs_are_laid_side_by_side_with_what_differs() throws IOException {
        Path text = Files.writeString(folder.resolve("text.txt"), "balomi\nkrusto\nbalo\nstogne\nmilo\ngnekru\n".repeat(4));
        for (String rate : List.of("0.01", "0.001")) {
            succeeding("pretrain", "--text", text, "--width", 8, "--blocks", 1, "--heads", 2, "--length", 16, "--batch", 8, "--steps", 20,
                    "--rate", rate, "--out", folder.resolve("rate-" + rate));
        }
        Path html = folder.resolve("both.html");
        Path fast = folder.resolve("rate-0.01");
        Path slow = folder.resolve("rate-0.001");
        String out = succeeding("report", fast, slow, "--out", html).out;
        List<String> row = line(out, fast + " ");
        assertEquals(List.of("pretrain", "20"), row.subList(1, 3));
        List<String> log = Files.readAllLines(fast.resolve("metrics.jsonl"));
        assertTrue(log.getLast().contains("\"loss\":" + row.get(3).substring(0, 3)), row + " of " + log.getLast());
        assertEquals(List.of("rate", "0.01", "0.001"), line(out, "rate"));
        assertTrue(line(out, "width").isEmpty() && line(out, "seed").isEmpty(), "what is the same is left out: " + out);
        String page = Files.readString(html);
        assertEquals(3, page.split("<svg", -1).length - 1, "loss, accuracy and rate");
        assertTrue(page.contains("series: " + fast + ", " + slow), "both in one chart");
        assertTrue(page.contains("SHA-256 of text 1"), "all settings can be unfolded");

        assertTrue(succeeding("report", fast, "--out", html).out.contains("width"), "of one run, all settings");
    }

    @Test
    void layers_and_runs_still_going_are_read() throws IOException {
        Path net = folder.resolve("net");
        for (int layer = 0; layer < 2; layer++) {
            Path log = Files.createDirectories(net.resolve("layer-" + layer)).resolve("metrics.jsonl");
            Files.writeString(log, "{\"phase\":\"pretrain layer %d\",\"step\":7,\"loss\":%d.5,\"explained\":0.25,\"rate\":0.1}\n{\"pha"
                    .formatted(layer, layer + 2));
        }
        String out = succeeding("report", net, "--out", folder.resolve("net.html")).out;
        assertTrue(out.matches("(?s).*pretrain, layer 0 +7 +2\\.500 +explained +25\\.0 % +7\\n.*pretrain, layer 1 +7 +3\\.500.*"), out);
        Path young = Files.createDirectories(folder.resolve("young"));
        Files.writeString(young.resolve("metrics.jsonl"), "");
        assertTrue(succeeding("report", young, "--out", folder.resolve("young.html")).out.contains("(no figures yet)"));
    }

    @Test
    void the_demo_is_read() throws IOException {
        Path demo = Files.createDirectories(folder.resolve("demo"));
        Files.writeString(demo.resolve("metrics.jsonl"), "{\"phase\":\"pre-train masked-lm\",\"step\":50,\"loss\":3.0}\n");
        Files.writeString(demo.resolve("report.json"), """
                {"headline": "It helps.", "arms": [], "settings": {"seed": 1},
                 "learningCurves": [{"pretraining": "none", "steps": [10, 20], "accuracy": [[0.1, 0.2], [0.5, 0.7]]}]}""");
        Outcome outcome = succeeding("report", demo, "--out", folder.resolve("demo.html"));
        assertTrue(outcome.out.matches("(?s).*fine-tune, from none +20 +- +accuracy +60\\.0 ± 14\\.1 % +20\\n.*"), outcome.out);
        assertTrue(outcome.out.contains("pre-train, masked-lm"), outcome.out);
        assertTrue(Files.readString(folder.resolve("demo.html")).contains("It helps."));
    }

    @Test
    void anything_else_is_refused_in_a_sentence() throws IOException {
        fails(": this is no folder of a run: there is neither metrics.jsonl in it nor the report.json of compare or demo", folder);
        fails(": there is no such folder", folder.resolve("nowhere"));
        fails(": this is a file, the folder of a run is needed", Files.writeString(folder.resolve("file"), ""));
        Path broken = Files.createDirectory(folder.resolve("broken"));
        Files.writeString(broken.resolve("metrics.jsonl"), "{\"step\":1}\nnonsense\n");
        Outcome outcome = headstart("report", broken);
        assertTrue(outcome.code == 1 && outcome.err.contains("metrics.jsonl, line 2: "), outcome.err);
        Files.writeString(broken.resolve("metrics.jsonl"), "{\"step\":1,\"loss\":1e300}\n", StandardOpenOption.TRUNCATE_EXISTING);
        Files.writeString(broken.resolve("report.json"), "{\"runs\": [{\"start\": \"random\"}]}");
        outcome = headstart("report", broken, "--out", folder.resolve("broken.html"));
        assertTrue(outcome.code == 1 && outcome.err.contains("report.json: json: \"learning\" is missing"), outcome.err);
        Files.delete(broken.resolve("report.json"));
        assertEquals(0, headstart("report", broken, "--out", folder.resolve("broken.html")).code, "a run that diverged can be shown");
        assertFalse(Files.readString(folder.resolve("broken.html")).isEmpty());
    }
}
