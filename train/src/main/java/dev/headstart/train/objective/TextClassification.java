package dev.headstart.train.objective;

import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Variable;
import dev.headstart.nn.loss.CrossEntropy;
import dev.headstart.nn.model.SequenceFeatures;
import dev.headstart.nn.model.SequenceScores;
import dev.headstart.nn.model.TokenBatch;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.Objective;
import dev.headstart.train.measure.LengthSorted;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Supervised learning of text labels, with the measures that go with it.
///
/// @param classifier the network; its padding fills up the shorter sequences of a batch
/// @param sequences tokens of each example
/// @param labels label of each example
/// @param loss the cross-entropy to use
@SuppressWarnings("ArrayRecordComponent") // never compared
public record TextClassification(SequenceScores classifier, List<int[]> sequences, int[] labels, CrossEntropy loss) implements Objective {
    private static final int EVALUATION_BATCH = 256;

    public TextClassification {
        if (sequences.size() != labels.length) {
            throw new IllegalArgumentException(
                    "text classification: " + sequences.size() + " sequences, " + labels.length + " labels: one label each is needed");
        }
    }

    @Override
    public Variable loss(int[] examples, RandomStream random) {
        TokenBatch batch = TokenBatch.of(Arrays.stream(examples).mapToObj(sequences::get).toList(), classifier.padding());
        int[] wanted = Arrays.stream(examples).map(i -> labels[i]).toArray();
        return loss.of(classifier.forward(batch), Indices.of(wanted));
    }

    /// How well the classifier does on examples it did not train on.
    ///
    /// @param accuracy share of right guesses
    /// @param loss mean cross-entropy, in nats
    public record Score(double accuracy, double loss) {}

    /// Accuracy and loss over all examples, without recording.
    public Score score() {
        Tensor logits = logits(classifier, sequences);
        Indices wanted = Indices.of(labels);
        Indices guesses = logits.argmax();
        int right = (int) IntStream.range(0, labels.length).filter(i -> guesses.at(i) == labels[i]).count();
        double loss = CrossEntropy.PLAIN.of(Variable.of(logits), wanted).value().item();
        return new Score((double) right / labels.length, loss);
    }

    /// Logits of each sequence, `[sequences, classes]`.
    public static Tensor logits(SequenceScores classifier, List<int[]> sequences) {
        return Mode.inference(() -> classifier.classify(Variable.of(features(classifier, sequences))).value());
    }

    /// Feature extraction: the network's vector of each sequence, `[sequences, width]`, without recording. Sequences of similar length
    /// are computed together; a row's bits do not depend on its company.
    public static Tensor features(SequenceFeatures network, List<int[]> sequences) {
        return LengthSorted.rows(sequences.size(), sequences.stream().mapToInt(ids -> ids.length).toArray(), network.width(),
                EVALUATION_BATCH, some -> network.features(TokenBatch.of(Arrays.stream(some).mapToObj(sequences::get).toList(),
                        network.padding())));
    }
}
