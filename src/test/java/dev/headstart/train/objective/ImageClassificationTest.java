package dev.headstart.train.objective;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.Shared;
import dev.headstart.autograd.Variable;
import dev.headstart.io.data.DataFileException;
import dev.headstart.io.data.Image;
import dev.headstart.io.data.Images;
import dev.headstart.io.data.LabelledImages;
import dev.headstart.io.data.Preprocessing;
import dev.headstart.nn.Linear;
import dev.headstart.nn.loss.CrossEntropy;
import dev.headstart.optim.Adam;
import dev.headstart.optim.ParamGroup;
import dev.headstart.optim.Schedule;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.Batches;
import dev.headstart.train.Trainer;
import dev.headstart.train.measure.ClassificationScore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ImageClassificationTest {
    private static final RandomStream RANDOM = RandomStream.of(11);

    /// Noise with one bright pixel, whose place is the class.
    private static Images images(int count) {
        int[] labels = IntStream.range(0, count).map(i -> RANDOM.below(6, i)).toArray();
        byte[] pixels = new byte[count * 6];
        for (int i = 0; i < count; i++) {
            for (int p = 0; p < 6; p++) {
                pixels[i * 6 + p] = (byte) (labels[i] == p ? 250 : RANDOM.child("noise").below(120, 6L * i + p));
            }
        }
        return new Images(pixels, count, 2, 3, 1, labels, List.of("a", "b", "c", "d", "e", "f"));
    }

    private static ImageClassification objective(UnaryOperator<Variable> network, LabelledImages images) {
        return new ImageClassification(network, images, Preprocessing.UNIT, CrossEntropy.PLAIN);
    }

    private static UnaryOperator<Variable> network(Linear head) {
        return x -> head.forward(x.reshape(x.shape().dim(0), 6));
    }

    @Test
    void classes_are_learnt_and_the_score_does_not_depend_on_the_batch() throws IOException {
        Linear head = new Linear(6, 6, RANDOM.child("head"));
        ImageClassification training = objective(network(head), images(300));
        Trainer.of(training, head.parameters(), Adam.adamW(List.of(ParamGroup.of(head.parameters()).rate(0.05)), Schedule.constant(), 1),
                Batches.of(300, 20, RANDOM), RANDOM).run(150);
        ClassificationScore score = training.score(7);
        assertTrue(score.accuracy() > 0.98, score.toString());
        assertEquals(score.loss(), training.score(300).loss());
        assertEquals(300, score.examples());
        assertEquals(300, IntStream.range(0, 6).map(c -> IntStream.of(score.confusion()[c]).sum()).sum());
        assertEquals(score.loss(), training.loss(IntStream.range(0, 300).toArray(), RANDOM).value().item(), 1e-5);
    }

    @Test
    void accuracy_top_five_loss_and_confusion_are_what_they_say() {
        ClassificationScore.Tally tally = new ClassificationScore.Tally(List.of("a", "b", "c", "d", "e", "f", "g"));
        tally.add(Tensor.of(Shape.of(2, 7), 9, 1, 2, 3, 4, 5, 6, 9, 1, 2, 3, 4, 5, 6), 0, 1); // first; last of seven
        tally.add(Tensor.of(Shape.of(1, 7), 9, 1, 2, 3, 4, 5, 6), 3); // fifth
        tally.add(Tensor.of(Shape.of(1, 7), 1, 1, 1, 1, 1, 1, 1), 0); // of equal ones the first
        tally.add(Tensor.of(Shape.of(1, 7), 1, 1, 1, 1, 1, 1, 1), 5); // of equal ones the sixth
        ClassificationScore score = tally.score();
        assertEquals(0.4, score.accuracy());
        assertEquals(0.6, score.topFive());
        double norm = Math.log(Math.exp(9) + Math.exp(1) + Math.exp(2) + Math.exp(3) + Math.exp(4) + Math.exp(5) + Math.exp(6));
        assertEquals((3 * norm - 9 - 1 - 3 + 2 * Math.log(7)) / 5, score.loss(), 1e-5);
        assertArrayEquals(new int[] {2, 0, 0, 0, 0, 0, 0}, score.confusion()[0]);
        assertArrayEquals(new int[] {1, 0, 0, 0, 0, 0, 0}, score.confusion()[1]);
        assertEquals(1, score.recall(0));
        assertEquals(0, score.recall(3));
    }

    @Test
    void what_is_not_finite_is_refused() {
        ClassificationScore.Tally tally = new ClassificationScore.Tally(List.of("a"));
        for (float bad : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
            assertThrows(IllegalArgumentException.class, () -> tally.add(Tensor.of(Shape.of(2, 2), 1, 2, bad, 0), 0, 1));
        }
        assertThrows(IllegalStateException.class, tally::score);
    }

    @Test
    void labels_beyond_the_network_and_empty_scores_are_refused() {
        ClassificationScore.Tally tally = new ClassificationScore.Tally(List.of("a"));
        assertThrows(IllegalStateException.class, tally::score);
        assertThrows(IllegalArgumentException.class, () -> tally.add(Tensor.zeros(Shape.of(1, 2)), 2));
        assertThrows(IllegalArgumentException.class, () -> tally.add(Tensor.zeros(Shape.of(2, 2)), 1));
    }

    @Test
    void an_image_that_cannot_be_read_is_named() {
        DataFileException damaged = new DataFileException(Path.of("x.png"), "it is damaged", null);
        LabelledImages broken = new LabelledImages() {
            @Override
            public int size() {
                return 2;
            }

            @Override
            public int label(int example) {
                return 0;
            }

            @Override
            public List<String> classNames() {
                return List.of("a");
            }

            @Override
            public Image image(int example) throws IOException {
                throw damaged;
            }
        };
        assertEquals(damaged, assertThrows(IOException.class, () -> objective(x -> x, broken).score(2)));
    }

    @Test
    @Tag("shared")
    void a_linear_layer_learns_mnist() throws IOException {
        Optional<Path> file = Shared.find("data/mnist/t10k-images-idx3-ubyte.gz");
        if (file.isEmpty()) {
            return;
        }
        Images all = Images.open(file.get());
        Linear head = new Linear(784, 10, RANDOM.child("digits"));
        UnaryOperator<Variable> network = x -> head.forward(x.reshape(x.shape().dim(0), 784));
        ImageClassification training = objective(network, all.select(IntStream.range(0, 4000).toArray()));
        Trainer.of(training, head.parameters(), Adam.adamW(List.of(ParamGroup.of(head.parameters()).rate(0.005)), Schedule.constant(), 1),
                Batches.of(4000, 50, RANDOM), RANDOM)
                .run(240);
        ClassificationScore score = objective(network, all.select(IntStream.range(4000, 5000).toArray())).score(100);
        assertTrue(score.accuracy() > 0.85, score.toString());
    }
}
