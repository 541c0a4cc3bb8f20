package dev.headstart.train.objective;

import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Variable;
import dev.headstart.io.data.LabelledImages;
import dev.headstart.io.data.Preprocessing;
import dev.headstart.nn.loss.CrossEntropy;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Workspace;
import dev.headstart.train.Objective;
import dev.headstart.train.measure.ClassificationScore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/// Supervised learning of the classes of images, with the measures that go with it. Images are read batch by batch.
///
/// @param network `[batch, height, width, channels] → [batch, classes]`: a layer's `forward`
/// @param images the examples
/// @param preprocessing what makes the network's input of them
/// @param loss the cross-entropy to use
public record ImageClassification(UnaryOperator<Variable> network, LabelledImages images, Preprocessing preprocessing,
        CrossEntropy loss) implements Objective {
    /// @throws UncheckedIOException when an image cannot be read: its file is named
    @Override
    public Variable loss(int[] examples, RandomStream random) {
        try {
            Variable x = Variable.of(images.batch(examples, preprocessing));
            return loss.of(network.apply(x), Indices.of(images.labels(examples)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// How well the network does on all images, without recording, in batches. The score does not depend on their size.
    ///
    /// @throws IOException when an image cannot be read: its file is named
    public ClassificationScore score(int batchSize) throws IOException {
        ClassificationScore.Tally tally = new ClassificationScore.Tally(images.classNames());
        Workspace workspace = new Workspace();
        try {
            for (int from = 0; from < images.size(); from += batchSize) {
                int[] examples = IntStream.range(from, Math.min(images.size(), from + batchSize)).toArray();
                workspace.call(() -> add(examples, tally));
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return tally.score();
    }

    private int add(int[] examples, ClassificationScore.Tally tally) {
        try {
            Variable x = Variable.of(images.batch(examples, preprocessing));
            tally.add(Mode.inference(() -> network.apply(x).value()), images.labels(examples));
            return examples.length;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
