package dev.headstart.io.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Labelled images of one size, in memory.
///
/// @param pixels all bytes, `[count, height, width, channels]`; not copied and not to be changed
/// @param count number of images
/// @param height rows of each
/// @param width columns of each
/// @param channels 1 for grey, 3 for red, green and blue
/// @param labels the class of each
/// @param classNames the names of the classes
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Images(byte[] pixels, int count, int height, int width, int channels, int[] labels,
        List<String> classNames) implements LabelledImages {
    public Images {
        classNames = List.copyOf(classNames);
        int classes = classNames.size();
        if (count < 0 || height < 1 || width < 1 || channels < 1 || pixels.length % ((long) height * width * channels) != 0
                || pixels.length / ((long) height * width * channels) != count || labels.length != count) {
            throw new IllegalArgumentException("images: [" + count + ", " + height + ", " + width + ", " + channels + "], " + pixels.length
                    + " bytes, " + labels.length + " labels: one byte for each element and one label for each image are needed");
        }
        if (Arrays.stream(labels).anyMatch(label -> label < 0 || label >= classes)) {
            throw new IllegalArgumentException("images: a label is not below the number of classes, " + classes);
        }
    }

    /// Opens a file of images, whose format is recognised by its content, gzip read through: IDX (the labels are in the file beside it,
    /// see [Idx#images]), CIFAR-10 or CIFAR-100 (fine labels).
    ///
    /// @throws DataFileException when it is none of these, or breaks the rules of its format
    public static Images open(Path file) throws IOException {
        if (Idx.matches(file)) {
            return Idx.images(file);
        }
        long size = Content.size(file);
        for (Cifar kind : List.of(Cifar.TEN, Cifar.HUNDRED)) {
            if (size > 0 && size % kind.recordLength() == 0) {
                return kind.read(file);
            }
        }
        throw new DataFileException(file, 0, "neither IDX (it begins with 0, 0, a type) nor CIFAR (its " + size
                + " bytes are no multiple of " + Cifar.TEN.recordLength() + " or " + Cifar.HUNDRED.recordLength() + ")", null);
    }

    /// Opens a file of images whose labels are not looked at, as [#open] does; an IDX file needs no file of labels beside it.
    ///
    /// @throws DataFileException when its format is unknown, or it breaks its rules
    public static Images unlabelled(Path file) throws IOException {
        return Idx.matches(file) ? Idx.unlabelled(file) : open(file);
    }

    @Override
    public int size() {
        return count;
    }

    @Override
    public int label(int example) {
        return labels[example];
    }

    @Override
    public Image image(int example) {
        int size = height * width * channels;
        return new Image(Arrays.copyOfRange(pixels, example * size, (example + 1) * size), height, width, channels);
    }

    /// Some of these images, in this order.
    public Images select(int... examples) {
        int size = height * width * channels;
        byte[] chosen = new byte[Math.multiplyExact(size, examples.length)];
        for (int i = 0; i < examples.length; i++) {
            System.arraycopy(pixels, examples[i] * size, chosen, i * size, size);
        }
        return new Images(chosen, examples.length, height, width, channels, labels(examples), classNames);
    }

    /// The same images under other labels, for another task.
    ///
    /// @param newLabel the new class of each old one
    /// @param names of the new classes
    public Images relabelled(int[] newLabel, List<String> names) {
        return new Images(pixels, count, height, width, channels, Arrays.stream(labels).map(label -> newLabel[label]).toArray(), names);
    }

    /// The numbers below `count` as names, for classes that have no other.
    static List<String> numbered(int count) {
        return IntStream.range(0, count).mapToObj(String::valueOf).toList();
    }
}
