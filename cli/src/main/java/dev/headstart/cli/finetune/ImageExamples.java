package dev.headstart.cli.finetune;

import dev.headstart.autograd.Variable;
import dev.headstart.cli.data.ChosenImages;
import dev.headstart.io.Hashes;
import dev.headstart.io.data.Image;
import dev.headstart.io.data.Preprocessing;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.zoo.ImageClassifier;
import java.io.IOException;
import java.io.UncheckedIOException;

/// Images, read when they are needed.
///
/// @param network what sees them
/// @param images which
/// @param preprocessing what the network sees of one
record ImageExamples(ImageClassifier network, ChosenImages images, Preprocessing preprocessing) implements Examples {
    @Override
    public int[] labels() {
        return images.labels();
    }

    @Override
    public ImageExamples choose(int... places) {
        return new ImageExamples(network, images.choose(places), preprocessing);
    }

    @Override
    public Variable features(int[] examples, RandomStream random) {
        return network.features(Variable.of(inputs(examples)));
    }

    /// What the network sees, `[examples, height, width, channels]`.
    Tensor inputs(int... examples) {
        try {
            return images.batch(examples, preprocessing);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String reading() {
        return network.architecture() + ", " + preprocessing;
    }

    @Override
    public int[] lengths() {
        return new int[0];
    }

    @Override
    public String hash(int example) throws IOException {
        Image image = images.image(example);
        return image.height() + " " + image.width() + " " + image.channels() + " " + Hashes.sha256(image.pixels());
    }
}
