package dev.headstart.task.tuning;

import dev.headstart.io.Hashes;
import dev.headstart.task.data.ImageReader;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.tuning.Mixup;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/// Examples with labels, as a network takes them.
///
/// @param <B> a batch as the network takes it
public interface Encoded<B> {
    /// The label of each, a number of the task's labels.
    int[] labels();

    /// Those at these places, in this order.
    Encoded<B> choose(int... places);

    /// These as they are, to measure on: without augmentation.
    default Encoded<B> plain() {
        return this;
    }

    /// Some of them as a batch.
    ///
    /// @param random for augmentation
    B batch(int[] examples, RandomStream random);

    /// How long each is, where that varies; empty where all take the same time.
    default int[] lengths() {
        return new int[0];
    }

    /// The setting by which an example differs each time it is in a batch; empty when none does.
    default Optional<Setting> changing() {
        return Optional.empty();
    }

    /// How examples are mixed with one another while training; empty when they are not.
    default Optional<Mixed<B>> mixed() {
        return Optional.empty();
    }

    /// Examples of another source, read in the same way. They have no labels, and are said to be of label 0.
    ///
    /// @param from images, or lines of text in UTF-8
    /// @param reader opens images
    /// @throws IOException when they cannot be read
    Encoded<B> others(Path from, ImageReader reader) throws IOException;

    /// Share of the tokens that the vocabulary lacks; 0 for images.
    default double unknownRate() {
        return 0;
    }

    /// A hash of an example without its label: equal for equal examples.
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

    /// How examples are mixed.
    ///
    /// @param inputs numbers of some examples
    /// @param batch makes a batch of mixed numbers
    record Mixed<B>(Mixup.Inputs inputs, Function<Tensor, B> batch) {}
}
