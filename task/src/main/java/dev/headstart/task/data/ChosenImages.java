package dev.headstart.task.data;

import dev.headstart.io.Hashes;
import dev.headstart.io.data.Image;
import dev.headstart.io.data.LabelledImages;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// Some examples of a set of images, perhaps under the labels of another task. The images stay where they are.
///
/// @param all the set
/// @param examples which of its examples, in order
/// @param labels of these, numbers of `classNames`
/// @param classNames of the task
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ChosenImages(LabelledImages all, int[] examples, int[] labels, List<String> classNames) implements LabelledImages {
    /// All images under their own labels.
    public static ChosenImages all(LabelledImages images) {
        int[] examples = IntStream.range(0, images.size()).toArray();
        return new ChosenImages(images, examples, images.labels(examples), images.classNames());
    }

    /// So many of these at most, evenly spread over them: data may be sorted by class.
    public ChosenImages spread(int most) {
        return choose(spread(examples.length, most));
    }

    /// At most `most` numbers below `size`, evenly spread.
    public static int[] spread(int size, int most) {
        int count = Math.min(most, size);
        return IntStream.range(0, count).map(i -> (int) ((long) i * size / count)).toArray();
    }

    /// These under the numbers that a network gives to classes of these names.
    ///
    /// @throws IOException when the network does not know a class: it is named
    public ChosenImages under(List<String> known) throws IOException {
        return under(known, "the network does not know the class '%s': its classes are ");
    }

    /// These under the numbers of the classes of other images, by name.
    ///
    /// @throws IOException when a class is not among them: it is named
    public ChosenImages numberedAs(ChosenImages others) throws IOException {
        return under(others.classNames, "there is no class '%s' among the images to train on: theirs are ");
    }

    private ChosenImages under(List<String> known, String lacking) throws IOException {
        int[] number = new int[classNames.size()];
        for (int c = 0; c < number.length; c++) {
            int label = c;
            number[c] = known.indexOf(classNames.get(c));
            if (number[c] < 0 && IntStream.of(labels).anyMatch(l -> l == label)) {
                throw new IOException(String.format(Locale.ROOT, lacking, classNames.get(c)) + String.join(", ", known)
                        + "; groups make classes of classes");
            }
        }
        return new ChosenImages(all, examples, Arrays.stream(labels).map(label -> number[label]).toArray(), known);
    }

    /// A hash over every image with its label.
    ///
    /// @throws IOException when an image cannot be read
    public String sha256() throws IOException {
        Hashes.Running hash = Hashes.running();
        ByteBuffer sizes = ByteBuffer.allocate(4 * Integer.BYTES);
        for (int i = 0; i < examples.length; i++) {
            Image image = image(i);
            hash.add(sizes.clear().putInt(labels[i]).putInt(image.height()).putInt(image.width()).putInt(image.channels()).array());
            hash.add(image.pixels());
        }
        return hash.hex();
    }

    /// Those at these places, in this order.
    public ChosenImages choose(int... places) {
        return new ChosenImages(all, Arrays.stream(places).map(i -> examples[i]).toArray(),
                Arrays.stream(places).map(i -> labels[i]).toArray(),
                classNames);
    }

    /// Another task over the same images: each group of classes is one class. Images of classes in no group are left out.
    ///
    /// @param groups `name=class,class,…` each; a class is named, or numbered from 0 where no class has that name
    /// @throws IOException when a group is not written so, a class is unknown or in two groups: it is named
    public ChosenImages grouped(List<String> groups) throws IOException {
        Map<String, Integer> numbers = new LinkedHashMap<>();
        List<String> names = new ArrayList<>();
        for (String text : groups) {
            int equals = text.indexOf('=');
            if (equals < 1 || equals == text.length() - 1) {
                throw new IOException("the group '" + text + "' is not of the form name=class,class,…");
            }
            String group = text.substring(0, equals).strip();
            if (names.contains(group)) {
                throw new IOException("the group '" + group + "' is given twice: put all its classes into one");
            }
            for (String wanted : text.substring(equals + 1).split(",", -1)) {
                String name = known(wanted.strip());
                if (numbers.put(name, names.size()) != null) {
                    throw new IOException("the class '" + name + "' is named twice in the groups " + String.join(" ", groups));
                }
            }
            names.add(group);
        }
        int[] left = IntStream.range(0, labels.length).filter(i -> numbers.containsKey(classNames.get(labels[i]))).toArray();
        return new ChosenImages(all, Arrays.stream(left).map(i -> examples[i]).toArray(),
                Arrays.stream(left).map(i -> numbers.getOrDefault(classNames.get(labels[i]), -1)).toArray(), List.copyOf(names));
    }

    private String known(String wanted) throws IOException {
        if (classNames.contains(wanted)) {
            return wanted;
        }
        if (wanted.matches("\\d{1,6}") && Integer.parseInt(wanted) < classNames.size()) {
            return classNames.get(Integer.parseInt(wanted));
        }
        Optional<String> near = Names.nearest(wanted, classNames);
        throw new IOException("there is no class '" + wanted + "' among " + String.join(", ", classNames)
                + near.map(name -> "; did you mean '" + name + "'?").orElse(""));
    }

    @Override
    public int size() {
        return examples.length;
    }

    @Override
    public int label(int example) {
        return labels[example];
    }

    @Override
    public Image image(int example) throws IOException {
        return all.image(examples[example]);
    }

    @Override
    public List<String> notes() {
        return all.notes();
    }

    /// `4,000 images of 10 classes (airplane, automobile, …)`
    @Override
    public String toString() {
        String names = String.join(", ", classNames);
        return String.format(Locale.ROOT, "%,d images of %d classes (%s)", size(), classNames.size(),
                names.length() <= 80 ? names : names.substring(0, 79) + "…");
    }
}
