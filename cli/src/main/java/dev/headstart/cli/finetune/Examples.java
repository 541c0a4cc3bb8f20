package dev.headstart.cli.finetune;

import dev.headstart.autograd.Variable;
import dev.headstart.tensor.RandomStream;
import java.io.IOException;

/// Examples with labels, as a network sees them below its head.
public interface Examples {
    /// The label of each, a number of the task's labels.
    int[] labels();

    /// Those at these places, in this order.
    Examples choose(int... places);

    /// What the head sees of some of them, `[examples, width]`.
    ///
    /// @param random for augmentation
    Variable features(int[] examples, RandomStream random);

    /// How long each is, where that varies; empty where all take the same time.
    int[] lengths();

    /// A hash of what one is, its label aside: equal for equal examples.
    ///
    /// @throws IOException when it cannot be read
    String hash(int example) throws IOException;

    /// How many.
    default int size() {
        return labels().length;
    }
}
