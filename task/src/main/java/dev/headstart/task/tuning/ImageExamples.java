package dev.headstart.task.tuning;

import dev.headstart.autograd.Variable;
import dev.headstart.io.Hashes;
import dev.headstart.io.data.Augmentation;
import dev.headstart.io.data.Image;
import dev.headstart.io.data.LabelledImages;
import dev.headstart.io.data.Preprocessing;
import dev.headstart.task.data.ChosenImages;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.zoo.model.ImageClassifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/// Images, read when they are needed.
///
/// @param network what sees them
/// @param images which
/// @param preprocessing what the network sees of one
/// @param augmentation small changes of what it sees, other ones each time
/// @param mixed whether they are mixed with one another when they are learnt
record ImageExamples(ImageClassifier network, ChosenImages images, Preprocessing preprocessing, Augmentation augmentation,
        boolean mixed) implements Examples {
    /// Images as they are.
    static ImageExamples of(ImageClassifier network, ChosenImages images, Preprocessing preprocessing) {
        return new ImageExamples(network, images, preprocessing, Augmentation.NONE, false);
    }

    @Override
    public int[] labels() {
        return images.labels();
    }

    @Override
    public ImageExamples choose(int... places) {
        return new ImageExamples(network, images.choose(places), preprocessing, augmentation, mixed);
    }

    @Override
    public ImageExamples plain() {
        return of(network, images, preprocessing);
    }

    @Override
    public Variable features(int[] examples, RandomStream random) {
        return network.features(Variable.of(inputs(examples, random)));
    }

    /// What the network sees, `[examples, height, width, channels]`.
    Tensor inputs(int[] examples, RandomStream random) {
        try {
            return augmentation.equals(Augmentation.NONE)
                    ? images.batch(examples, preprocessing)
                    : new Changed(this, random.child("augmentation")).batch(examples,
                            preprocessing.resized(0, preprocessing.filter()).cropped(0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The images in their final size, each changed at random.
    private record Changed(ImageExamples examples, RandomStream random) implements LabelledImages {
        @Override
        public int size() {
            return examples.images.size();
        }

        @Override
        public int label(int example) {
            return examples.images.label(example);
        }

        @Override
        public List<String> classNames() {
            return examples.images.classNames();
        }

        @Override
        public Image image(int example) throws IOException {
            return examples.augmentation.of(examples.preprocessing.framed(examples.images.image(example)), random.child(example));
        }
    }

    @Override
    public String reading() {
        return network.architecture() + ", " + preprocessing;
    }

    @Override
    public String changing() {
        return mixed ? "--mixup mixes images" : augmentation.equals(Augmentation.NONE) ? "" : "--augment changes images";
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
