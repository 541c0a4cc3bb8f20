package dev.headstart.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.cli.data.ImageData;
import dev.headstart.io.Weights;
import dev.headstart.task.data.ChosenImages;
import dev.headstart.task.report.ModelCard;
import dev.headstart.tensor.RandomStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The way from images without labels to a classifier, on images of horizontal and of vertical stripes.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ImagePretrainingTest {
    private static final int COUNT = 120;
    private static final int SIDE = 8;

    private Path folder = Path.of("");
    private Path images = Path.of("");

    private record Outcome(int code, String out, String err) {}

    private static Outcome headstart(Object... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true),
                Arrays.stream(args).map(String::valueOf).toArray(String[]::new));
        return new Outcome(code, out.toString(), err.toString());
    }

    @BeforeAll
    void draw(@TempDir Path temporary) throws IOException {
        folder = temporary;
        ByteBuffer pixels = ByteBuffer.allocate(16 + COUNT * SIDE * SIDE).putInt(0x803).putInt(COUNT).putInt(SIDE).putInt(SIDE);
        ByteBuffer labels = ByteBuffer.allocate(8 + COUNT).putInt(0x801).putInt(COUNT);
        for (int i = 0; i < COUNT; i++) {
            int phase = RandomStream.of(11).below(4, i);
            for (int p = 0; p < SIDE * SIDE; p++) {
                int along = i % 2 == 0 ? p / SIDE : p % SIDE;
                pixels.put((byte) ((along + phase) / 2 % 2 * 180 + RandomStream.of(12).child(i).below(60, p)));
            }
            labels.put((byte) (i % 2));
        }
        images = Files.write(folder.resolve("train-images-idx3-ubyte"), pixels.array());
        Files.write(folder.resolve("train-labels-idx1-ubyte"), labels.array());
    }

    private Object[] pretraining(String objective, Path out, Object... more) {
        return Stream.concat(Stream.of("pretrain", "--objective", objective, "--data", images, "--out", out, "--batch", 10, "--epochs", 20),
                Arrays.stream(more)).toArray();
    }

    private static List<byte[]> pictures(Path report) throws IOException {
        Matcher matcher = Pattern.compile("src=\"data:image/png;base64,([^\"]+)\"").matcher(Files.readString(report));
        return matcher.results().map(r -> Base64.getDecoder().decode(r.group(1))).toList();
    }

    /// Each objective ends in the same way: weights, pictures, and a classifier of which the layers that were frozen keep their numbers.
    @ParameterizedTest
    @CsvSource({"rbm, --layers=12, 3, rbm.0.weight, encoder.0.weight", "dbn, '--layers=12,10', 3, rbm.1.hidden_bias, encoder.2.bias",
        "autoencoder, '--layers=16,8', 2, encoder.2.weight, encoder.2.weight",
        "denoising, '--layers=12,10', 2, encoder.0.weight, encoder.0.weight", "vae, --layers=16, 3, encoder.0.bias, encoder.0.bias",
        "kmeans, --patch=4, 1, encoder.centroids, encoder.centroids"})
    void every_objective_ends_in_transfer_freeze_finetune(String objective, String option, int pictures, String pretrained, String tuned)
            throws IOException {
        Path out = folder.resolve(objective);
        Object[] more = objective.equals("kmeans")
                ? new Object[] {option, "--clusters", 6, "--patches", 300}
                : new Object[] {option, "--rate", List.of("rbm", "dbn").contains(objective) ? "0.05" : "0.01"};
        Outcome trained = headstart(pretraining(objective, out, more));
        assertEquals(0, trained.code, trained.err);
        ModelCard card = Cards.verified(out, "model.safetensors");
        assertEquals(ChosenImages.all(ImageData.open(images, null)).sha256(), card.dataHash());
        assertEquals(objective.equals("kmeans") ? Set.of() : Set.of("variance explained"), card.metrics().keySet());
        List<byte[]> shown = pictures(out.resolve("report.html"));
        assertEquals(pictures, shown.size());
        for (byte[] png : shown) {
            assertTrue(ImageIO.read(new ByteArrayInputStream(png)).getWidth() > SIDE);
        }
        Path classifier = folder.resolve(objective + " classifier");
        Outcome result = headstart("finetune", "--from", out.resolve("model.safetensors"), "--data", images, "--out", classifier, "--steps",
                60,
                "--rate", "0.01", "--validation", "0.3", "--freeze", "encoder.**");
        assertEquals(0, result.code, result.err);
        assertTrue(result.out.contains("frozen"), result.out);
        assertArrayEquals(Weights.open(out.resolve("model.safetensors")).tensor(pretrained).toArray(),
                Weights.open(classifier.resolve("model.safetensors")).tensor(tuned).toArray());
        assertEquals(2, Weights.open(classifier.resolve("model.safetensors")).tensor("head.bias").size());
        assertEquals(0, headstart("evaluate", "--from", classifier, "--data", images).code);
    }

    @Test
    void a_stopped_run_goes_on_with_the_same_bits() throws IOException {
        Path whole = folder.resolve("whole");
        Path stopped = folder.resolve("stopped");
        Object[] more = {"--layers", "9,7", "--persistent", "--rounds", 2};
        assertEquals(0, headstart(pretraining("dbn", whole, more)).code);
        assertEquals(0, headstart(pretraining("dbn", stopped, more)).code);
        try (Stream<Path> files = Files.list(stopped.resolve("layer-1/checkpoints"))) {
            Path newest = files.filter(f -> f.toString().endsWith(".ckpt")).max(Path::compareTo).orElseThrow();
            Files.delete(newest);
        }
        Files.delete(stopped.resolve("model.safetensors"));
        Outcome again = headstart(pretraining("dbn", stopped, Stream.concat(Arrays.stream(more), Stream.of("--threads", 2)).toArray()));
        assertEquals(0, again.code, again.err);
        assertArrayEquals(Files.readAllBytes(whole.resolve("model.safetensors")), Files.readAllBytes(stopped.resolve("model.safetensors")));
        assertArrayEquals(Files.readAllBytes(whole.resolve("layer-1/metrics.jsonl")),
                Files.readAllBytes(stopped.resolve("layer-1/metrics.jsonl")));
        Outcome other = headstart(pretraining("dbn", stopped, "--layers", "9,7"));
        assertEquals(1, other.code);
        assertTrue(other.err.contains("contrastive divergence was 2 rounds, persistent, is now 1 rounds, from the data"), other.err);
    }

    /// The path is the same: only the hash tells.
    @Test
    void other_images_under_the_same_name_are_not_gone_on_with() throws IOException {
        Path place = Files.createDirectories(folder.resolve("place"));
        Path labels = Files.copy(images.resolveSibling("train-labels-idx1-ubyte"), place.resolve("train-labels-idx1-ubyte"));
        byte[] pixels = Files.readAllBytes(images);
        Path data = Files.write(place.resolve("train-images-idx3-ubyte"), pixels);
        Object[] run = {"pretrain", "--objective", "rbm", "--data", data, "--out", folder.resolve("changed"), "--batch", 10, "--epochs", 2,
            "--layers", 5};
        assertEquals(0, headstart(run).code);
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        Files.copy(labels, elsewhere.resolve(labels.getFileName()));
        Object[] moved = run.clone();
        moved[4] = Files.copy(data, elsewhere.resolve(data.getFileName()));
        assertEquals(0, headstart(moved).code);
        pixels[20]++;
        Files.write(data, pixels);
        Outcome outcome = headstart(run);
        assertEquals(1, outcome.code, outcome.out);
        assertTrue(outcome.err.contains("SHA-256 of the images was "), outcome.err);
    }

    @Test
    void wrong_uses_are_told() {
        misunderstood("what is to be learnt? Give --text for texts", "pretrain", "--out", folder.resolve("x"));
        misunderstood("--objective rbm is of images: give --data instead of --text", "pretrain", "--objective", "rbm", "--text", images,
                "--out",
                folder.resolve("x"));
        misunderstood("needs --data", "pretrain", "--objective", "vae", "--out", folder.resolve("x"));
        misunderstood("--noise-level is 1.5", pretraining("denoising", folder.resolve("x"), "--noise-level", "1.5"));
        Outcome large = headstart(pretraining("kmeans", folder.resolve("y"), "--patch", 9));
        assertEquals(1, large.code);
        assertTrue(large.err.contains("the patches are 9 by 9 pixels, the images are [8, 8, 1]"), large.err);
    }

    private static void misunderstood(String sentence, Object... args) {
        Outcome outcome = headstart(args);
        assertEquals(2, outcome.code, outcome.err);
        assertTrue(outcome.err.contains(sentence), outcome.err);
    }

    @Test
    void a_net_without_a_head_is_not_evaluated() {
        Path out = folder.resolve("headless");
        assertEquals(0, headstart(pretraining("rbm", out, "--layers", 5)).code);
        Outcome outcome = headstart("evaluate", "--from", out, "--data", images);
        assertEquals(1, outcome.code);
        assertTrue(outcome.err.contains("has no head"), outcome.err);
    }
}
