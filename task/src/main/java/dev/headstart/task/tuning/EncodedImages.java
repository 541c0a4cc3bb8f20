package dev.headstart.task.tuning;

import dev.headstart.io.Hashes;
import dev.headstart.io.data.Augmentation;
import dev.headstart.io.data.Image;
import dev.headstart.io.data.LabelledImages;
import dev.headstart.io.data.Preprocessing;
import dev.headstart.task.data.ChosenImages;
import dev.headstart.task.data.ImageReader;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Images, read when they are needed: batches are `[examples, height, width, channels]`.
///
/// @param images which
/// @param preprocessing what the network takes of one
/// @param augmentation small random changes, others each time
/// @param mixing whether they are mixed with one another while training
public record EncodedImages(ChosenImages images, Preprocessing preprocessing, Augmentation augmentation, boolean mixing)
        implements
            Encoded<Tensor> {
    /// Images as they are.
    public static EncodedImages of(ChosenImages images, Preprocessing preprocessing) {
        return new EncodedImages(images, preprocessing, Augmentation.NONE, false);
    }

    @Override
    public int[] labels() {
        return images.labels();
    }

    @Override
    public EncodedImages choose(int... places) {
        return new EncodedImages(images.choose(places), preprocessing, augmentation, mixing);
    }

    @Override
    public EncodedImages plain() {
        return of(images, preprocessing);
    }

    @Override
    public Tensor batch(int[] examples, RandomStream random) {
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
    private record Changed(EncodedImages examples, RandomStream random) implements LabelledImages {
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
    public Optional<Setting> changing() {
        return mixing
                ? Optional.of(Setting.MIXUP)
                : augmentation.equals(Augmentation.NONE) ? Optional.empty() : Optional.of(Setting.AUGMENTATION);
    }

    @Override
    public Optional<Mixed<Tensor>> mixed() {
        return mixing ? Optional.of(new Mixed<>(this::batch, inputs -> inputs)) : Optional.empty();
    }

    @Override
    public EncodedImages others(Path from, ImageReader reader) throws IOException {
        ChosenImages all = ChosenImages.all(reader.open(from));
        return of(new ChosenImages(all.all(), all.examples(), new int[all.size()], images.classNames()), preprocessing);
    }

    @Override
    public String hash(int example) throws IOException {
        Image image = images.image(example);
        return image.height() + " " + image.width() + " " + image.channels() + " " + (image.depth() == 8 ? "" : "16 ")
                + Hashes.sha256(image.pixels());
    }
}
