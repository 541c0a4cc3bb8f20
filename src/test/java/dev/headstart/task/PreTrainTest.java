package dev.headstart.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.Weights;
import dev.headstart.io.data.Images;
import dev.headstart.task.folder.DifferentRunException;
import dev.headstart.task.goal.Preparation;
import dev.headstart.task.model.Pretrained;
import dev.headstart.task.pretrain.Corpus;
import dev.headstart.task.pretrain.ImageDictionary;
import dev.headstart.task.pretrain.ImageObjective;
import dev.headstart.task.pretrain.ImagePretraining;
import dev.headstart.task.pretrain.MaskedCharacters;
import dev.headstart.task.pretrain.MaskedWords;
import dev.headstart.task.pretrain.WordVocabulary;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.Workers;
import dev.headstart.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Pre-training as a program calls it: with a listener, stopped, resumed, without a folder.
class PreTrainTest {
    private static final List<String> WORDS = List.of("rain", "snow", "wind", "ball", "goal", "team");
    private static final List<String> TOKENS = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "rain", "snow", "wind", "ball", "goal",
            "team");

    private static Corpus corpus() {
        List<String> texts = IntStream.range(0, 40)
                .mapToObj(i -> String.join(" ", WORDS.get(i % 6), WORDS.get((i + 1) % 6), WORDS.get(i / 6 % 6))).toList();
        return new Corpus(texts, new Corpus.Provenance("texts", "none"), Map.of());
    }

    private static PreTrain characters() {
        return PreTrain.of(MaskedCharacters.of(corpus()).sized(new MaskedCharacters.Sizes(16, 8, 1, 2, 50, 0.1))).steps(12).batch(4)
                .seed(3);
    }

    private static PreTrain beliefNet() {
        byte[] pixels = new byte[30 * 16];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) ((i / 16 % 2 == 0 ? i / 4 : i) % 2 * 200 + RandomStream.of(1).below(50, i));
        }
        Images images = new Images(pixels, 30, 4, 4, 1, new int[30], List.of("none"));
        return PreTrain
                .of(ImagePretraining.of(ImageObjective.DBN, images).with(ImagePretraining.Settings.of(ImageObjective.DBN).layers(6, 4)))
                .epochs(2).batch(10).rate(0.05);
    }

    /// Counts steps, asks to stop after one of them, and keeps what it hears of phases.
    private static final class Heard implements TrainingListener {
        final List<String> events = new ArrayList<>();
        int steps;

        @Override
        public void began(String phase, long done, long last) {
            events.add(phase + " from " + done + " to " + last);
        }

        @Override
        public void stepped(int examples, double loss) {
            steps++;
            assertTrue(examples > 0 && Double.isFinite(loss), examples + " examples, loss " + loss);
        }

        @Override
        public void ended() {
            events.add("ended");
        }
    }

    private static void assertSame(Path a, Path b, String... files) throws IOException {
        for (String file : files) {
            assertArrayEquals(Files.readAllBytes(a.resolve(file)), Files.readAllBytes(b.resolve(file)), file);
        }
    }

    @Test
    void a_stopped_run_is_resumed_with_the_bits_of_one_that_never_stopped(@TempDir Path folder) throws IOException {
        Path whole = folder.resolve("whole");
        Path stopped = folder.resolve("stopped");
        PreTrain.Result unbroken = characters().saveIn(whole).run();
        Heard first = new Heard();
        StoppedException stop = assertThrows(StoppedException.class,
                () -> characters().saveIn(stopped).listener(first).stopWhen(() -> first.steps == 5).run());
        assertEquals(List.of(5L, 12L), List.of(stop.step(), stop.steps()));
        assertEquals(stopped, stop.folder());
        assertFalse(Files.exists(stopped.resolve("encoder.safetensors")));
        Heard second = new Heard();
        PreTrain.Result resumed = Workers.of(2).call(() -> run(characters().saveIn(stopped).listener(second)));
        assertEquals(List.of("pretrain from 0 to 12", "ended"), first.events);
        assertEquals(List.of("pretrain from 5 to 12", "ended"), second.events);
        assertEquals(7, second.steps);
        assertEquals(unbroken.metrics(), resumed.metrics());
        assertEquals(unbroken.headline(), resumed.headline());
        assertSame(whole, stopped, "encoder.safetensors", "config.json", "metrics.jsonl", "README.md");
        assertThrows(DifferentRunException.class, () -> characters().saveIn(stopped).rate(0.5).run());
        characters().saveIn(stopped).rate(0.5).restart(true).run();
    }

    private static PreTrain.Result run(PreTrain preTrain) {
        try {
            return preTrain.run();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void layers_are_phases_and_a_run_is_resumed_in_the_one_where_it_stopped(@TempDir Path folder) throws IOException {
        Path whole = folder.resolve("whole");
        Path stopped = folder.resolve("stopped");
        PreTrain.Result result = beliefNet().saveIn(whole).run();
        assertEquals(2, result.training().size());
        assertEquals(Set.of("variance explained"), result.metrics().keySet());
        List<Path> opened = new ArrayList<>();
        Heard first = new Heard();
        PreTrain preTrain = beliefNet().saveIn(stopped).whenOpened(opened::add);
        assertThrows(StoppedException.class, () -> preTrain.listener(first).stopWhen(() -> first.steps == 8).run());
        assertEquals(List.of(stopped), opened);
        Heard second = new Heard();
        preTrain.listener(second).run();
        assertEquals(List.of("pretrain layer 0 from 6 to 6", "ended", "pretrain layer 1 from 2 to 6", "ended"), second.events);
        assertSame(whole, stopped, "model.safetensors", "layer-1/metrics.jsonl", "README.md");
    }

    @Test
    void without_a_folder_nothing_is_written_and_the_result_is_the_same(@TempDir Path folder) throws IOException {
        PreTrain.Result result = characters().run();
        assertEquals(characters().saveIn(folder).run().metrics(), result.metrics());
        assertTrue(result.headline().contains("after 12 steps"), result.headline());
        result.report().write(folder.resolve("again.html"));
        assertTrue(Files.readString(folder.resolve("again.html")).contains("are guessed right after 12 steps"));
    }

    @Test
    void epochs_are_steps_of_all_examples() throws IOException {
        assertEquals(characters().steps(20).run().metrics(), characters().epochs(2).run().metrics());
        assertEquals(beliefNet().steps(6).run().metrics(), beliefNet().run().metrics());
    }

    @Test
    void a_network_of_words_is_continued_from_where_it_was_saved(@TempDir Path folder) throws IOException {
        Path vocabulary = Files.write(folder.resolve("vocab.txt"), TOKENS);
        Path small = folder.resolve("small");
        MaskedWords goal = MaskedWords.of(corpus()).length(8);
        PreTrain.of(goal.scratch(WordVocabulary.open(vocabulary), new MaskedWords.Sizes(8, 1, 2, 0))).steps(3).batch(4).saveIn(small).run();
        Pretrained saved = Pretrained.open(small);
        PreTrain further = PreTrain.of(goal.continuing(saved)).steps(2).batch(4);
        assertTrue(String.valueOf(assertThrows(IOException.class, further.saveIn(small)::run).getMessage()).contains("choose another"));
        Path continued = folder.resolve("continued");
        further.rate(1e-30).saveIn(continued).run();
        Path control = folder.resolve("control");
        PreTrain.of(goal.continuing(saved, new Preparation(false, true, null))).steps(2).batch(4).rate(1e-30).saveIn(control).run();
        String query = "bert.encoder.layer.0.attention.self.query.weight";
        Tensor before = Weights.open(small).tensor(query);
        assertArrayEquals(before.toArray(), Weights.open(continued).tensor(query).toArray());
        assertEquals(before.shape(), Weights.open(control).shape(query));
        assertFalse(before.bitsEqual(Weights.open(control).tensor(query)));
    }

    @Test
    void a_dictionary_has_no_phases_but_a_folder(@TempDir Path folder) throws IOException {
        Images images = new Images(new byte[20 * 64], 20, 8, 8, 1, new int[20], List.of("none"));
        List<Path> opened = new ArrayList<>();
        PreTrain.Result result = PreTrain.of(new ImageDictionary(images, "blank", 3, 4, 50)).saveIn(folder.resolve("new"))
                .whenOpened(opened::add).run();
        assertEquals(List.of(), result.training());
        assertEquals(List.of(folder.resolve("new")), opened);
        assertTrue(Weights.open(folder.resolve("new")).names().contains("encoder.centroids"));
        IOException refused = assertThrows(IOException.class, PreTrain.of(new ImageDictionary(images, "blank", 3, 9, 50))::prepare);
        assertTrue(String.valueOf(refused.getMessage()).contains("the patches are 9 by 9 pixels, the images are [8, 8, 1]"),
                refused.getMessage());
    }

    @Test
    void numbers_that_train_nothing_are_refused() {
        for (Runnable wrong : List.<Runnable>of(() -> characters().steps(0), () -> characters().epochs(-1), () -> characters().batch(0),
                () -> characters().rate(Double.NaN), () -> characters().checkpointEvery(0), () -> MaskedWords.of(corpus()).length(2))) {
            assertThrows(IllegalArgumentException.class, wrong::run);
        }
    }
}
