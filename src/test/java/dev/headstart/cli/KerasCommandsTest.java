package dev.headstart.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.Weights;
import dev.headstart.io.json.Json;
import dev.headstart.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Models that Keras wrote on the command line.
class KerasCommandsTest {
    private static final Path MODELS = Path.of(System.getProperty("headstart.root"), "src/test/resources/keras");

    @TempDir
    private Path folder;

    private record Outcome(int code, String out, String err) {}

    private static Outcome headstart(Object... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true),
                Stream.concat(Arrays.stream(args).map(String::valueOf), Stream.of("--threads", "2")).toArray(String[]::new));
        return new Outcome(code, out.toString(), err.toString());
    }

    private static Tensor golden(String name) throws IOException {
        return Weights.open(MODELS.resolve("golden.safetensors")).tensor(name);
    }

    /// The two inputs as pictures, each in a folder of its class.
    private List<Path> pictures() throws IOException {
        Tensor x = golden("binary.x");
        List<Path> files = new ArrayList<>();
        for (int n = 0; n < 2; n++) {
            BufferedImage picture = new BufferedImage(6, 6, BufferedImage.TYPE_INT_RGB);
            for (int i = 0; i < 36; i++) {
                int rgb = 0;
                for (int c = 0; c < 3; c++) {
                    rgb = rgb << 8 | (int) x.get(n, i / 6, i % 6, c);
                }
                picture.setRGB(i % 6, i / 6, rgb);
            }
            Path file = Files.createDirectories(folder.resolve("pictures/class" + n)).resolve(n + ".png");
            assertTrue(ImageIO.write(picture, "png", file.toFile()));
            files.add(file);
        }
        return files;
    }

    private static void assertProbabilities(Outcome outcome) throws IOException {
        assertEquals(0, outcome.code, outcome.err);
        String[] lines = outcome.out.strip().split("\\R");
        for (int n = 0; n < 2; n++) {
            double positive = golden("binary.y").get(n, 0);
            Json.Obj line = (Json.Obj) Json.parse(lines[n]);
            assertEquals(positive >= 0.5 ? "1" : "0", line.string("label"));
            assertEquals(Math.max(positive, 1 - positive), line.number("probability"), 2e-6);
        }
        assertTrue(outcome.err.contains("pixels from 0 to 255, since its first layer rescales them"), outcome.err);
        assertTrue(outcome.err.contains("skipped 10 tensors of training (optimizer/vars/0, …)"), outcome.err);
    }

    @Test
    void predict_takes_a_file_of_keras_as_it_is() throws IOException {
        List<Path> files = pictures();
        assertProbabilities(headstart("predict", "--model", MODELS.resolve("binary.keras"), "--json", files.get(0), files.get(1)));
    }

    @Test
    void predict_takes_the_configuration_of_a_file_that_has_none() throws IOException {
        List<Path> files = pictures();
        Path weights = MODELS.resolve("binary.weights.h5");
        Outcome without = headstart("predict", "--model", weights, files.get(0));
        assertTrue(without.err.contains("a Keras model needs --config with its JSON"), without.err);
        assertProbabilities(headstart("predict", "--model", weights, "--config", MODELS.resolve("binary.json"), "--json", files.get(0),
                files.get(1)));
    }

    @Test
    void evaluate_gives_the_loss_of_keras() throws IOException {
        pictures();
        Outcome outcome = headstart("evaluate", "--from", MODELS.resolve("binary.keras"), "--data", folder.resolve("pictures"), "--json");
        assertEquals(0, outcome.code, outcome.err);
        double first = golden("binary.y").get(0, 0);
        double second = golden("binary.y").get(1, 0);
        assertEquals(-(Math.log(1 - first) + Math.log(second)) / 2, ((Json.Obj) Json.parse(outcome.out)).number("loss"), 2e-6);
    }
}
