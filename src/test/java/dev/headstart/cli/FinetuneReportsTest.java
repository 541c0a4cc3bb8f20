package dev.headstart.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Variable;
import dev.headstart.cli.TuningExample.Outcome;
import dev.headstart.io.Hashes;
import dev.headstart.io.Weights;
import dev.headstart.io.data.Images;
import dev.headstart.io.json.Json;
import dev.headstart.io.json.JsonException;
import dev.headstart.task.report.ModelCard;
import dev.headstart.task.report.Numbers;
import dev.headstart.task.report.Version;
import dev.headstart.task.tuning.BertNetworks;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.measure.Calibration;
import dev.headstart.zoo.vision.CifarResNet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// What `headstart finetune` says about a network when it has learnt, against the network itself.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FinetuneReportsTest {
    private TuningExample example = TuningExample.NONE;
    private Path out = Path.of("");
    private Outcome outcome = new Outcome(0, "", "");

    @BeforeAll
    void tune(@TempDir Path folder) throws IOException {
        example = TuningExample.in(folder);
        out = folder.resolve("tuned");
        Path data = folder.resolve("images.bin");
        outcome = example.succeeding("finetune", "--from", folder.resolve("resnet8.safetensors"), "--data", data, "--validation-data", data,
                "--steps", 8, "--batch", 20, "--rate", 0.003, "--out", out, "--seed", 7);
    }

    private static CifarResNet network(Path folder) throws IOException {
        CifarResNet network = CifarResNet.of(8, 10, RandomStream.of(0));
        network.load(Weights.open(folder.resolve("model.safetensors")));
        return network;
    }

    @Test
    void calibration_is_that_of_the_saved_network() throws IOException {
        Images images = Images.open(example.folder().resolve("images.bin"));
        int[] all = IntStream.range(0, images.size()).toArray();
        CifarResNet network = network(out);
        Tensor logits = Mode.inference(() -> network.forward(Variable.of(batch(images, network, all))).value());
        String error = Numbers.percent(Calibration.of(logits, images.labels()).error());
        String temperature = Numbers.significant(Calibration.temperature(logits, images.labels()), 3);
        String sentence = "Calibration: its confidence is off by " + error + " on average (ECE); with logits divided by " + temperature;
        assertTrue(outcome.out().contains(sentence), outcome.out());
        assertTrue(Files.readString(out.resolve("report.html")).contains("with logits divided by " + temperature));
    }

    private static Tensor batch(Images images, CifarResNet network, int... all) {
        try {
            return images.batch(all, network.preprocessing());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /// It was measured on the examples it learnt from: there is no gap.
    @Test
    void the_gap_is_that_between_what_was_learnt_and_what_was_held_back() throws IOException {
        assertTrue(outcome.out().matches("(?s).*Overfitting: training (\\S+), validation \\1, gap 0\\.000.*"), outcome.out());
        assertTrue(outcome.out().contains("Warning: 40 of 40 held-out images are also among those to train on"), outcome.out());
    }

    /// At most 0.0005, two digits.
    @Test
    void the_usual_rate_of_a_bert_falls_with_the_square_of_its_width() {
        assertEquals(3e-5, BertNetworks.usualRate(768));
        assertEquals(1.7e-5, BertNetworks.usualRate(1024));
        assertEquals(6.8e-5, BertNetworks.usualRate(512));
        assertEquals(2.7e-4, BertNetworks.usualRate(256));
        assertEquals(5e-4, BertNetworks.usualRate(128));
    }

    @Test
    void the_card_tells_the_weights_the_data_and_the_settings() throws IOException, JsonException {
        String card = Weights.open(out.resolve("model.safetensors")).metadata().getOrDefault("headstart.card", "");
        Json.Obj root = (Json.Obj) Json.parse(card);
        assertEquals(ModelCard.hash(network(out).parameters()), root.string("weightsHash"));
        assertEquals(7, root.integer("seed"));
        assertEquals("resnet8.safetensors", root.string("source"));
        assertEquals("0.003", root.object("settings").string("rate"));
        assertEquals(Version.current(), root.string("version"));
        String readme = Files.readString(out.resolve("README.md"));
        assertTrue(readme.contains(root.string("weightsHash")) && readme.contains(root.string("dataHash")), readme);
        example.succeeding("finetune", example.texts(), "--head-only", "--steps", 2, "--out", example.folder().resolve("mood"));
        Json.Obj texts = (Json.Obj) Json.parse(Weights.open(example.folder().resolve("mood/model.safetensors")).metadata()
                .getOrDefault("headstart.card", ""));
        assertEquals(Hashes.sha256(example.folder().resolve("rows.csv")), texts.string("dataHash"));
        assertEquals("5.0E-4", texts.object("settings").string("rate"), "of width 16");
        assertEquals(List.of("accuracy", "calibration error", "temperature"), List.copyOf(texts.object("metrics").members().keySet()));
    }
}
