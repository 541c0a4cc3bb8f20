package dev.headstart.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.data.Image;
import dev.headstart.io.data.Images;
import dev.headstart.io.json.Json;
import dev.headstart.io.json.JsonException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// `headstart predict` with fine-tuned published networks; with a character network: [PretrainFinetuneTest].
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PredictCommandTest {
    private TuningExample example = TuningExample.NONE;
    private Path mood = Path.of("");
    private Path light = Path.of("");

    @BeforeAll
    void tune(@TempDir Path folder) throws IOException {
        example = TuningExample.in(folder);
        mood = folder.resolve("mood");
        light = folder.resolve("light");
        example.succeeding("finetune", example.texts(), "--steps", 3, "--rate", "0.001", "--max-length", 6, "--out", mood);
        example.succeeding("finetune", example.images(), "--steps", 3, "--rate", "0.0003", "--out", light);
    }

    private String predict(String lines, Object... args) {
        InputStream stdin = System.in;
        System.setIn(new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)));
        try {
            return example.succeeding("predict", List.of(args)).out();
        } finally {
            System.setIn(stdin);
        }
    }

    private double accuracy(Object... args) throws JsonException {
        return ((Json.Obj) Json.parse(example.succeeding("evaluate", "--json", List.of(args)).out())).number("accuracy");
    }

    /// With tokens cut as in fine-tuning, which evaluating looks up, too.
    @Test
    void a_bert_labels_lines_as_it_is_evaluated() throws IOException, JsonException {
        Path csv = example.folder().resolve("rows.csv");
        List<String[]> rows = Files.readAllLines(csv).stream().skip(1).map(row -> row.split(",", -1)).toList();
        List<String> answers = predict(String.join("\n", rows.stream().map(row -> row[1]).toList()) + "\n", "--model", mood).lines()
                .toList();
        assertEquals(rows.size(), answers.size());
        long right = IntStream.range(0, rows.size()).filter(i -> answers.get(i).startsWith(rows.get(i)[0] + "\t")).count();
        assertEquals(accuracy("--from", mood, "--data", csv, "--text-column", "text", "--label-column", "mood"),
                (double) right / rows.size());
        for (int i = 0; i < 3; i++) {
            assertEquals(answers.get(i), predict(rows.get(i)[1] + "\n", "--model", mood).strip(), "a line alone");
        }
        Json.Obj both = (Json.Obj) Json.parse(predict("good days\n", "--model", mood, "--json", "--top", 2).strip());
        assertEquals("good days", both.string("text"));
        Json.Obj first = (Json.Obj) both.array("top").get(0);
        Json.Obj second = (Json.Obj) both.array("top").get(1);
        assertEquals(Set.of("glad", "sad"), Set.of(first.string("label"), second.string("label")));
        assertEquals(1, first.number("probability") + second.number("probability"), 1e-6);
    }

    @Test
    void an_image_network_labels_images_as_it_is_evaluated() throws IOException, JsonException {
        Path data = example.folder().resolve("images.bin");
        List<String> answers = predict("", "--model", light, "--data", data).lines().toList();
        Images images = Images.open(data);
        assertEquals(images.size(), answers.size());
        long right = IntStream.range(0, images.size()).filter(i -> answers.get(i).startsWith(images.label(i) < 2 ? "dark\t" : "bright\t"))
                .count();
        assertEquals(accuracy("--from", light, "--data", data, "--group", "dark=airplane,automobile", "--group", "bright=bird,cat"),
                (double) right / images.size());
        assertTrue(answers.get(7).endsWith("\t7"), answers.get(7));
    }

    @Test
    void a_picture_gets_the_label_of_its_pixels() throws IOException {
        Path data = example.folder().resolve("images.bin");
        List<String> answers = predict("", "--model", light, "--data", data).lines().toList();
        Path[] files = new Path[3];
        for (int i = 0; i < files.length; i++) {
            files[i] = png(Images.open(data).image(i), example.folder().resolve("picture" + i + ".png"));
        }
        List<String> seen = predict("", "--model", light, files[0], files[1], files[2]).lines().toList();
        for (int i = 0; i < files.length; i++) {
            assertEquals(answers.get(i).replaceAll("\t\\d+$", ""), seen.get(i).replace("\t" + files[i], ""));
        }
    }

    private static Path png(Image image, Path file) throws IOException {
        BufferedImage picture = new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_INT_RGB);
        byte[] pixels = image.pixels();
        for (int p = 0; p < image.width() * image.height(); p++) {
            int rgb = ((pixels[3 * p] & 0xFF) << 16) | ((pixels[3 * p + 1] & 0xFF) << 8) | (pixels[3 * p + 2] & 0xFF);
            picture.setRGB(p % image.width(), p / image.width(), rgb);
        }
        ImageIO.write(picture, "png", file.toFile());
        return file;
    }

    @Test
    void wrong_uses_are_told() {
        Path data = example.folder().resolve("images.bin");
        example.refused(1, "labels images: give pictures or --data", "predict", "--model", light);
        example.refused(1, "labels lines of standard input", "predict", "--model", mood, "--data", data);
        example.refused(1, "fine-tune it first", "predict", "--model", example.folder().resolve("bert"));
        example.refused(2, "give --data or pictures, not both", "predict", "--model", light, "--data", data, data);
        example.refused(1, "none.png", "predict", "--model", light, example.folder().resolve("none.png"));
    }
}
