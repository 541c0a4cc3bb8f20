package dev.headstart.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.cli.TuningExample.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// `headstart finetune` where all below the head is frozen: it is computed once, and the bits are those of computing it each time.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FrozenFinetuneTest {
    private TuningExample example = TuningExample.NONE;

    @BeforeAll
    void write(@TempDir Path folder) throws IOException {
        example = TuningExample.in(folder);
    }

    private Path out(String name) {
        return example.folder().resolve(name);
    }

    private void equalBytes(String one, String other, String... files) throws IOException {
        for (String file : files) {
            assertArrayEquals(Files.readAllBytes(out(one).resolve(file)), Files.readAllBytes(out(other).resolve(file)), file);
        }
    }

    @Test
    void images_give_the_same_bytes_with_and_without_the_cache() throws IOException {
        Outcome kept = example.succeeding("finetune", example.images(), "--head-only", "--steps", 6, "--out", out("kept"));
        assertTrue(kept.out().contains("computed once for each example"), kept.out());
        Outcome anew = example.succeeding("finetune", example.images(), "--head-only", "--no-cache", "--steps", 6, "--out", out("anew"));
        assertTrue(anew.out().contains("anew in each epoch."), anew.out());
        equalBytes("kept", "anew", "model.safetensors", "metrics.jsonl");
        example.succeeding("finetune", example.images(), "--freeze", "{conv1,bn1}.**", "--freeze", "layer[1-3].**", "--steps", 6, "--out",
                out("patterns"));
        equalWeights("kept", "patterns");
        assertFalse(Arrays.equals(TuningExample.tensor(out("kept"), "linear.weight"), new float[128]), "it has learnt");
    }

    private void equalWeights(String one, String other) {
        for (String name : List.of("conv1.weight", "bn1.running_mean", "layer3.0.bn2.running_var", "linear.weight", "linear.bias")) {
            assertArrayEquals(TuningExample.tensor(out(one), name), TuningExample.tensor(out(other), name), name);
        }
    }

    /// BERT's dropout of 0.1 is off below the head, and on in it.
    @Test
    void texts_give_the_same_bytes_with_and_without_the_cache_although_there_is_dropout() throws IOException {
        example.succeeding("finetune", example.texts(), "--head-only", "--steps", 12, "--out", out("texts kept"));
        example.succeeding("finetune", example.texts(), "--head-only", "--no-cache", "--steps", 12, "--out", out("texts anew"));
        equalBytes("texts kept", "texts anew", "model.safetensors", "metrics.jsonl");
        String query = "bert.encoder.layer.0.attention.self.query.weight";
        assertArrayEquals(TuningExample.tensor(example.folder().resolve("bert"), query), TuningExample.tensor(out("texts kept"), query));
    }

    @Test
    void a_folder_keeps_what_the_head_sees_for_later_runs() throws IOException {
        Path cache = out("features");
        example.succeeding("finetune", example.images(), "--head-only", "--cache", cache, "--steps", 4, "--out", out("first"));
        List<Path> files = files(cache);
        assertEquals(2, files.size(), "to train on, and held out");
        List<byte[]> bytes = List.of(Files.readAllBytes(files.get(0)), Files.readAllBytes(files.get(1)));
        for (Path file : files) { // what is taken from here is seen in the weights
            Files.write(file, blanked(Files.readAllBytes(file)));
        }
        example.succeeding("finetune", example.images(), "--head-only", "--cache", cache, "--steps", 4, "--out", out("second"));
        assertFalse(
                Arrays.equals(TuningExample.tensor(out("first"), "linear.weight"), TuningExample.tensor(out("second"), "linear.weight")));
        Files.write(files.get(0), bytes.get(0));
        Files.write(files.get(1), bytes.get(1));
        example.succeeding("finetune", example.images(), "--head-only", "--cache", cache, "--steps", 4, "--out", out("third"));
        equalBytes("first", "third", "model.safetensors");
        example.succeeding("finetune", example.images(), "--resize", 24, "--head-only", "--cache", cache, "--steps", 4, "--out",
                out("smaller"));
        assertEquals(4, files(cache).size(), "another preprocessing has files of its own");
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    /// The last third is zero.
    private static byte[] blanked(byte[] file) {
        Arrays.fill(file, file.length - file.length / 3, file.length, (byte) 0);
        return file;
    }

    @Test
    void what_is_not_frozen_cannot_be_kept() {
        example.refused(1, "--cache: parameters below the head are trained", "finetune", example.images(), "--top", 2, "--cache",
                out("no features"), "--out", out("no"));
        example.refused(2, "exclude each other", "finetune", example.images(), "--top", 2, "--head-only", "--out", out("no"));
        assertFalse(Files.exists(out("no")));
    }

    @Test
    void the_uppermost_levels_or_the_biases_learn_alone() {
        example.succeeding("finetune", example.images(), "--top", 2, "--steps", 3, "--rate", 0.01, "--out", out("top"));
        changed("top", true, "layer3.0.conv1.weight", "layer3.0.bn1.bias");
        changed("top", false, "layer2.0.conv1.weight", "layer2.0.bn2.running_mean");
        example.succeeding("finetune", example.images(), "--bias-only", "--steps", 3, "--rate", 0.01, "--out", out("biases"));
        changed("biases", true, "bn1.bias", "layer3.0.bn1.bias");
        changed("biases", false, "conv1.weight", "layer3.0.conv1.weight", "layer3.0.bn1.weight");
    }

    private void changed(String folder, boolean expected, String... names) {
        for (String name : names) {
            assertEquals(expected, !Arrays.equals(TuningExample.tensor(example.folder().resolve("resnet8.safetensors"), name),
                    TuningExample.tensor(out(folder), name)), name);
        }
    }
}
