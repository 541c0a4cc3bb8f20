package dev.headstart.io.data;

import dev.headstart.tensor.RandomStream;
import java.util.Arrays;

/// Small random changes of an image that leave its class: in this order, a shifted cut of the image with a border of black, a reflection,
/// and a black square. A pure function of the image and a random stream: give each example of each epoch its own,
/// `random.child(epoch).child(example)`, and a run is the same with any number of threads.
///
/// ```java
/// Augmentation cifar = new Augmentation(4, 0.5, 0); // He et al. 2015, section 4.2
/// ```
///
/// @param border pixels of black around the image, out of which an image of the old size is cut at a random place; 0 for none
/// @param mirror probability that left and right are exchanged; 0 where direction has a meaning (digits, text)
/// @param hole pixels of each side of a black square with its centre anywhere in the image (Cutout: DeVries and Taylor 2017, arXiv
/// 1708.04552); 0 for none
public record Augmentation(int border, double mirror, int hole) {
    /// Images stay as they are.
    public static final Augmentation NONE = new Augmentation(0, 0, 0);

    public Augmentation {
        if (border < 0 || !(mirror >= 0 && mirror <= 1) || hole < 0) {
            throw new IllegalArgumentException("augmentation: border " + border + ", mirror " + mirror + ", hole " + hole
                    + ": sizes must not be negative, the probability in [0, 1]");
        }
    }

    /// The image changed.
    public Image of(Image image, RandomStream random) {
        Image shifted = border == 0
                ? image
                : shifted(image, random.child("row").below(2 * border + 1, 0) - border,
                        random.child("column").below(2 * border + 1, 0) - border);
        Image turned = mirror > 0 && random.child("mirror").uniform(0) < mirror ? mirrored(shifted) : shifted;
        return hole == 0 ? turned : holed(turned, random.child("hole"));
    }

    /// The image's content moved up by `rows` and left by `columns`; what comes in is black.
    private static Image shifted(Image image, int rows, int columns) {
        byte[] moved = new byte[image.pixels().length];
        int size = image.pixelBytes();
        int from = Math.max(0, columns);
        int count = Math.min(image.width(), image.width() + columns) - from;
        for (int row = 0; row < image.height(); row++) {
            int source = row + rows;
            if (source >= 0 && source < image.height() && count > 0) {
                System.arraycopy(image.pixels(), (source * image.width() + from) * size, moved,
                        (row * image.width() + from - columns) * size, count * size);
            }
        }
        return image.like(moved, image.height(), image.width());
    }

    private static Image mirrored(Image image) {
        byte[] turned = new byte[image.pixels().length];
        int size = image.pixelBytes();
        for (int row = 0; row < image.height(); row++) {
            for (int column = 0; column < image.width(); column++) {
                System.arraycopy(image.pixels(), (row * image.width() + column) * size, turned,
                        (row * image.width() + image.width() - 1 - column) * size, size);
            }
        }
        return image.like(turned, image.height(), image.width());
    }

    private Image holed(Image image, RandomStream random) {
        int top = random.below(image.height(), 0) - hole / 2;
        int left = random.below(image.width(), 1) - hole / 2;
        byte[] pixels = image.pixels().clone();
        for (int row = Math.max(0, top); row < Math.min(image.height(), top + hole); row++) {
            int begin = row * image.width() + Math.max(0, left);
            int end = row * image.width() + Math.min(image.width(), left + hole);
            Arrays.fill(pixels, begin * image.pixelBytes(), Math.max(begin, end) * image.pixelBytes(), (byte) 0);
        }
        return image.like(pixels, image.height(), image.width());
    }
}
