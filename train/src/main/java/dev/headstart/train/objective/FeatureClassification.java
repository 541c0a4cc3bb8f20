package dev.headstart.train.objective;

import dev.headstart.autograd.Mode;
import dev.headstart.autograd.Variable;
import dev.headstart.nn.Layer;
import dev.headstart.nn.loss.CrossEntropy;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.Objective;
import java.util.Arrays;
import java.util.stream.IntStream;

/// Supervised learning from rows of numbers: a probe, when the rows are features that were extracted once from a frozen encoder and the head is
/// linear; a whole network, when they are the data themselves.
///
/// Because a row's bits do not depend on its batch, a probe learns the same bits as training the head above the frozen encoder itself.
///
/// @param head the head, or the network
/// @param features `[examples, width]`
/// @param labels label of each example
@SuppressWarnings("ArrayRecordComponent") // never compared
public record FeatureClassification(Layer head, Tensor features, int[] labels) implements Objective {
    @Override
    public Variable loss(int[] examples, RandomStream random) {
        Variable x = Variable.of(features.gatherRows(Indices.of(examples)));
        return CrossEntropy.PLAIN.of(head.forward(x), Indices.of(Arrays.stream(examples).map(i -> labels[i]).toArray()));
    }

    /// Share of rows for which a head's guess is right.
    public static double accuracy(Layer head, Tensor features, int[] labels) {
        Indices guesses = Mode.inference(() -> head.forward(Variable.of(features)).value()).argmax();
        return (double) IntStream.range(0, labels.length).filter(i -> guesses.at(i) == labels[i]).count() / labels.length;
    }
}
