package dev.headstart.io.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// The binary files of CIFAR (Krizhevsky 2009, `https://www.cs.toronto.edu/~kriz/cifar.html`): records of one or two label bytes and the
/// 3 planes, red, green, blue, of 32 × 32 bytes, row by row. Any number of records; gzip is read through.
@SuppressWarnings("ImmutableEnumChecker") // lists of List.of
public enum Cifar {
    /// CIFAR-10: one label.
    TEN(1, 0, List.of("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")),
    /// CIFAR-100 by its 100 fine labels, the second byte.
    HUNDRED(2, 1, Images.numbered(100)),
    /// CIFAR-100 by its 20 coarse labels, the first byte.
    HUNDRED_COARSE(2, 0, Images.numbered(20));

    private static final int SIDE = 32;
    private static final int PLANE = SIDE * SIDE;

    private final int labelBytes;
    private final int labelAt;
    private final List<String> names;

    Cifar(int labelBytes, int labelAt, List<String> names) {
        this.labelBytes = labelBytes;
        this.labelAt = labelAt;
        this.names = names;
    }

    /// Bytes of an image with its labels.
    public int recordLength() {
        return labelBytes + 3 * PLANE;
    }

    /// All images of a file.
    ///
    /// @throws DataFileException when it does not end with a record, or a label is not below the number of classes
    public Images read(Path file) throws IOException {
        long size = Content.size(file);
        if (size % recordLength() != 0) {
            throw new DataFileException(file, size, "the content ends inside a record: its length is no multiple of " + recordLength(),
                    null);
        }
        int count = (int) (size / recordLength());
        byte[] pixels = new byte[3 * PLANE * count];
        int[] labels = new int[count];
        byte[] record = new byte[recordLength()];
        try (Content content = Content.open(file)) {
            for (int n = 0; n < count; n++) {
                content.fill(record, 0, record.length);
                labels[n] = record[labelAt] & 0xFF;
                if (labels[n] >= names.size()) {
                    throw new DataFileException(file, (long) n * record.length + labelAt, "image " + n + ": label " + labels[n]
                            + " is not below the number of classes, " + names.size(), null);
                }
                interleave(record, labelBytes, pixels, 3 * PLANE * n);
            }
        }
        return new Images(pixels, count, SIDE, SIDE, 3, labels, names);
    }

    /// Planes, one after the other, become pixels of three bytes.
    private static void interleave(byte[] planes, int from, byte[] pixels, int at) {
        for (int i = 0; i < PLANE; i++) {
            for (int c = 0; c < 3; c++) {
                pixels[at + 3 * i + c] = planes[from + c * PLANE + i];
            }
        }
    }
}
