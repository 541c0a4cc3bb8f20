package dev.headstart.task.tuning;

import dev.headstart.autograd.Variable;
import dev.headstart.io.Hashes;
import dev.headstart.tensor.RandomStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// Examples with labels, as a network sees them below its head.
public interface Examples {
    /// The label of each, a number of the task's labels.
    int[] labels();

    /// Those at these places, in this order.
    Examples choose(int... places);

    /// These as they are, to measure on: without augmentation.
    default Examples plain() {
        return this;
    }

    /// What the head sees of some of them, `[examples, width]`.
    ///
    /// @param random for augmentation
    Variable features(int[] examples, RandomStream random);

    /// How long each is, where that varies; empty where all take the same time.
    int[] lengths();

    /// What the head's view of them depends on besides weights and the examples: sizes, preprocessing.
    String reading();

    /// Why the head sees another thing of an example each time; empty when it does not.
    default String changing() {
        return "";
    }

    /// A hash of what one is, its label aside: equal for equal examples.
    ///
    /// @throws IOException when it cannot be read
    String hash(int example) throws IOException;

    /// A hash of all of them, in order.
    default String hash() throws IOException {
        Hashes.Running hash = Hashes.running();
        for (int i = 0; i < size(); i++) {
            hash.add(hash(i).getBytes(StandardCharsets.UTF_8));
        }
        return hash.hex();
    }

    /// How many.
    default int size() {
        return labels().length;
    }
}
