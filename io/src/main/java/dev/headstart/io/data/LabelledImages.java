package dev.headstart.io.data;

import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.Workers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;

/// Numbered images, each of a class. They may be in memory ([Images]) or read when asked for; any number of threads may ask.
public interface LabelledImages {
    /// Number of examples.
    int size();

    /// The class of an example, below the number of [#classNames].
    int label(int example);

    /// The names of the classes.
    List<String> classNames();

    /// What a user should know of how the images were found, in sentences: what was left out, what was assumed. Usually none.
    default List<String> notes() {
        return List.of();
    }

    /// One image as it is.
    ///
    /// @throws IOException when it cannot be read: the file is named
    Image image(int example) throws IOException;

    /// Labels of some examples.
    default int[] labels(int[] examples) {
        return Arrays.stream(examples).map(this::label).toArray();
    }

    /// Some examples as a network sees them, `[examples, height, width, channels]`, read by the current workers.
    ///
    /// @throws IOException when one cannot be read: the file is named
    default Tensor batch(int[] examples, Preprocessing preprocessing) throws IOException {
        Image[] images = new Image[examples.length];
        try {
            Workers.current().forEach(examples.length, i -> {
                try {
                    images[i] = preprocessing.framed(image(examples[i]));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return preprocessing.ofFramed(Arrays.asList(images));
    }
}
