package dev.headstart.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.SafeTensors;
import dev.headstart.io.data.Images;
import dev.headstart.task.goal.Preparation;
import dev.headstart.task.goal.Ranking;
import dev.headstart.task.model.Pretrained;
import dev.headstart.tensor.RandomStream;
import dev.headstart.zoo.vision.CifarResNet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FineTuneTest {
    private static final int SIDE = 8;

    @TempDir
    private Path folder;

    /// Images of two classes, dark and bright.
    private static Images images() {
        int count = 20;
        byte[] pixels = new byte[count * SIDE * SIDE * 3];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = i % 2;
            Arrays.fill(pixels, i * SIDE * SIDE * 3, (i + 1) * SIDE * SIDE * 3, (byte) (i + 100 * labels[i]));
        }
        return new Images(pixels, count, SIDE, SIDE, 3, labels, List.of("dark", "bright"));
    }

    private Pretrained network() throws IOException {
        Path file = Files.createDirectories(folder.resolve("source")).resolve("model.safetensors");
        SafeTensors.write(file, CifarResNet.of(8, 4, RandomStream.of(1)).export());
        return Pretrained.open(file);
    }

    private static FineTune shortRun(Pretrained from) {
        return FineTune.of(from, ImageClassification.of(images())).steps(3).batch(4);
    }

    @Test
    void a_network_is_trained_once_and_a_prepared_run_says_so() throws IOException {
        FineTune.Prepared prepared = shortRun(network()).prepare();
        prepared.run();
        assertThrows(IllegalStateException.class, prepared::run);
    }

    @Test
    void a_verb_is_immutable_and_each_run_has_a_network_of_its_own() throws IOException {
        FineTune three = shortRun(network());
        FineTune one = three.steps(1);
        assertEquals(1, one.run().training().steps());
        assertEquals(3, three.run().training().steps());
        three.saveIn(folder.resolve("a")).run();
        three.saveIn(folder.resolve("b")).run();
        assertEquals(-1, Files.mismatch(folder.resolve("a/model.safetensors"), folder.resolve("b/model.safetensors")));
    }

    @Test
    void the_folder_of_the_source_and_a_file_are_no_folders_for_a_run() throws IOException {
        Pretrained from = network();
        byte[] before = Files.readAllBytes(from.from());
        assertThrows(IOException.class, () -> shortRun(from).saveIn(folder.resolve("source")).run());
        assertArrayEquals(before, Files.readAllBytes(from.from()));
        Path file = Files.writeString(folder.resolve("file"), "");
        IOException e = assertThrows(IOException.class, () -> shortRun(from).saveIn(file).run());
        assertTrue(String.valueOf(e.getMessage()).contains("a folder is needed"), e.getMessage());
    }

    @Test
    void settings_that_make_no_sense_are_refused_when_they_are_given() throws IOException {
        FineTune fineTune = shortRun(network());
        for (Runnable wrong : List.<Runnable>of(() -> fineTune.steps(0), () -> fineTune.epochs(-1), () -> fineTune.batch(0),
                () -> fineTune.batch(2, 3), () -> fineTune.rate(Double.NaN), () -> fineTune.headRate(-1), () -> fineTune.rateDecay(2),
                () -> fineTune.patience(0), () -> fineTune.average(1), () -> fineTune.mix(1.5), () -> fineTune.checkpointEvery(0))) {
            assertThrows(IllegalArgumentException.class, wrong::run);
        }
    }

    @Test
    void a_saved_network_is_opened_with_its_labels() throws IOException {
        Path saved = folder.resolve("saved");
        shortRun(network()).saveIn(saved).run();
        Pretrained opened = Pretrained.open(saved);
        assertEquals(Optional.of(List.of("dark", "bright")), opened.outline().classNames());
        assertEquals(Optional.of(List.of("dark", "bright")), opened.load().classNames());
        List<Ranking> rankings = Predict.with(saved).images().all(List.of(images().image(0), images().image(1)));
        assertEquals(2, rankings.size());
        rankings.forEach(ranking -> assertEquals(1, ranking.guesses().stream().mapToDouble(Ranking.Guess::probability).sum(), 1e-6));
        assertEquals(images().size(), Evaluate.with(opened).of(images(), "images", true).score().examples());
        assertTrue(FineTune.of(opened, ImageClassification.of(images())).prepared(new Preparation(true, false, null)).steps(1).run()
                .task().source().headToo());
    }
}
