package dev.headstart.io.data;

import dev.headstart.io.file.Disk;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.ShapeException;
import dev.headstart.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// An IDX file (LeCun's MNIST page, `http://yann.lecun.com/exdb/mnist`): two zero bytes, a byte for the type, one for the number of axes,
/// the extents as big-endian int32, and the elements, big-endian, row-major. Gzip is read through.
///
/// Of a file nothing is allocated before its length has been compared with what its extents say.
public final class Idx {
    /// How elements are stored.
    public enum Type {
        /// Unsigned byte.
        U8(0x08, 1),
        /// Signed byte.
        I8(0x09, 1),
        /// Signed integer of 16 bits.
        I16(0x0B, 2),
        /// Signed integer of 32 bits.
        I32(0x0C, 4),
        /// IEEE 754 binary32.
        F32(0x0D, 4),
        /// IEEE 754 binary64.
        F64(0x0E, 8);

        private final int code;
        private final int bytes;

        Type(int code, int bytes) {
            this.code = code;
            this.bytes = bytes;
        }
    }

    private final Path file;
    private final Type type;
    private final Shape shape;
    private final byte[] bytes;

    private Idx(Path file, Type type, Shape shape, byte[] bytes) {
        this.file = file;
        this.type = type;
        this.shape = shape;
        this.bytes = bytes;
    }

    /// Whether a file's content begins as IDX does and is as long as its extents say.
    static boolean matches(Path file) throws IOException {
        try (Content content = Content.open(file)) {
            byte[] head = new byte[4];
            content.fill(head, 0, 4);
            return head[0] == 0 && head[1] == 0 && Arrays.stream(Type.values()).anyMatch(type -> type.code == head[2]);
        } catch (DataFileException e) {
            return false;
        }
    }

    /// The array in a file.
    ///
    /// @throws DataFileException when the file breaks a rule of the format
    public static Idx read(Path file) throws IOException {
        long size = Content.size(file);
        try (Content content = Content.open(file)) {
            byte[] head = new byte[4];
            content.fill(head, 0, 4);
            if (head[0] != 0 || head[1] != 0) {
                throw new DataFileException(file, 0, "not IDX: the first two bytes are not 0", null);
            }
            Type type = Arrays.stream(Type.values()).filter(t -> t.code == head[2]).findFirst()
                    .orElseThrow(() -> new DataFileException(file,
                            2, "no IDX type has the code " + (head[2] & 0xFF) + ": they are 8, 9, 11, 12, 13 and 14", null));
            Shape shape = shape(file, content, head[3] & 0xFF, type, size);
            byte[] bytes = new byte[shape.size() * type.bytes];
            content.fill(bytes, 0, bytes.length);
            return new Idx(file, type, shape, bytes);
        }
    }

    private static Shape shape(Path file, Content content, int rank, Type type, long size) throws IOException {
        byte[] extents = new byte[4 * rank];
        content.fill(extents, 0, extents.length);
        int[] dims = new int[rank];
        long needed = type.bytes;
        for (int axis = 0; axis < rank; axis++) {
            dims[axis] = ByteBuffer.wrap(extents).getInt(4 * axis);
            if (dims[axis] < 0) {
                throw new DataFileException(file, 4 + 4L * axis, "axis " + axis + " is " + dims[axis] + " long: it cannot be negative",
                        null);
            }
            needed = Math.min(Content.LONGEST + 1, needed) * dims[axis]; // below 2⁶², and still too long when it was
        }
        long there = size - content.position();
        if (needed != there) {
            throw new DataFileException(file, content.position(), type + Arrays.toString(dims) + " needs "
                    + (needed > Content.LONGEST ? "more than " + Content.LONGEST : needed) + " bytes, " + there + " follow", null);
        }
        try {
            return Shape.of(dims);
        } catch (ShapeException e) {
            throw new DataFileException(file, 4, e.getMessage() == null ? "the extents are too large" : e.getMessage(), e);
        }
    }

    /// How the elements are stored.
    public Type type() {
        return type;
    }

    /// The extents.
    public Shape shape() {
        return shape;
    }

    /// The elements as they are in the file; not to be changed.
    public byte[] bytes() {
        return bytes;
    }

    /// The elements as float32. Doubles are rounded to the nearest; what float32 cannot hold is refused: doubles that would become
    /// infinite, integers that would change.
    ///
    /// @throws DataFileException naming the element's byte
    public Tensor tensor() throws DataFileException {
        float[] values = new float[shape.size()];
        ByteBuffer from = ByteBuffer.wrap(bytes);
        switch (type) {
            case U8, I8, I16, I32 -> {
                for (int i = 0; i < values.length; i++) {
                    int value = integer(from, i);
                    values[i] = value;
                    if ((double) values[i] != value) {
                        throw refused(i, value + " is no float32");
                    }
                }
            }
            case F32 -> from.asFloatBuffer().get(values);
            case F64 -> {
                for (int i = 0; i < values.length; i++) {
                    double value = from.getDouble(Double.BYTES * i);
                    values[i] = (float) value;
                    if (Float.isInfinite(values[i]) && !Double.isInfinite(value)) {
                        throw refused(i, value + " is beyond float32");
                    }
                }
            }
        }
        return Tensor.wrap(shape, values);
    }

    /// The elements as int32.
    ///
    /// @throws DataFileException when they are floating point
    public Indices indices() throws DataFileException {
        if (type == Type.F32 || type == Type.F64) {
            throw new DataFileException(file, 2, type + " holds no integers: read it as a tensor", null);
        }
        int[] values = new int[shape.size()];
        Arrays.setAll(values, i -> integer(ByteBuffer.wrap(bytes), i));
        return Indices.of(shape, values);
    }

    private int integer(ByteBuffer from, int i) {
        return switch (type) {
            case U8 -> from.get(i) & 0xFF;
            case I8 -> from.get(i);
            case I16 -> from.getShort(Short.BYTES * i);
            case I32, F32, F64 -> from.getInt(Integer.BYTES * i);
        };
    }

    private DataFileException refused(int element, String problem) {
        return new DataFileException(file, 4 + 4L * shape.rank() + (long) element * type.bytes, "element " + element + ": " + problem,
                null);
    }

    // ---- images ----

    /// Images from a file of unsigned bytes `[images, rows, columns]` or `[images, rows, columns, channels]`, with the labels from the
    /// file beside it: `train-labels-idx1-ubyte` beside `train-images-idx3-ubyte`, either of them with or without `.gz`.
    ///
    /// @throws DataFileException when a file breaks the format, or there are not as many labels as images
    public static Images images(Path file) throws IOException {
        return images(file, labelsBeside(file));
    }

    /// Images from a file of unsigned bytes `[images, rows, columns]` or `[images, rows, columns, channels]`, with labels from another,
    /// unsigned bytes `[images]`. The names of the classes are the numbers up to the largest label.
    ///
    /// @throws DataFileException when a file breaks the format, or there are not as many labels as images
    public static Images images(Path file, Path labelFile) throws IOException {
        Idx images = read(file);
        Idx labels = read(labelFile);
        images.demandImages();
        if (labels.type != Type.U8 || labels.shape.rank() != 1 || labels.shape.dim(0) != images.shape.dim(0)) {
            throw new DataFileException(labelFile, 2, labels + " are no labels for the " + images.shape.dim(0) + " images of " + file,
                    null);
        }
        int[] numbers = labels.indices().toArray();
        int classes = Arrays.stream(numbers).max().orElse(-1) + 1;
        return images.images(numbers, Images.numbered(classes));
    }

    private void demandImages() throws DataFileException {
        int rank = shape.rank();
        if (type != Type.U8 || (rank != 3 && rank != 4) || shape.dim(1) == 0 || shape.dim(2) == 0 || shape.dim(-1) == 0) {
            throw new DataFileException(file, 2, this + " are no images: U8[images, rows, columns] is needed, rows and columns not 0",
                    null);
        }
    }

    private Images images(int[] labels, List<String> classNames) {
        return new Images(bytes, shape.dim(0), shape.dim(1), shape.dim(2), shape.rank() == 4 ? shape.dim(3) : 1, labels, classNames);
    }

    /// Images whose labels are not looked at: those of the file beside it where it is there, else all of one class without a name.
    ///
    /// @throws DataFileException when a file breaks the format
    static Images unlabelled(Path file) throws IOException {
        for (Path labels : besides(file)) {
            if (Disk.real().exists(labels)) {
                return images(file, labels);
            }
        }
        Idx images = read(file);
        images.demandImages();
        return images.images(new int[images.shape.dim(0)], List.of(""));
    }

    /// Where the labels of images may be.
    private static List<Path> besides(Path file) {
        String name = String.valueOf(file.getFileName());
        String plain = name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
        String labels = plain.replaceFirst("images([-.])idx[34]", "labels$1idx1");
        return labels.equals(plain) ? List.of() : Stream.of(labels + ".gz", labels).map(file::resolveSibling).toList();
    }

    private static Path labelsBeside(Path file) throws IOException {
        List<Path> tried = besides(file);
        for (Path path : tried) {
            if (Disk.real().exists(path)) {
                return path;
            }
        }
        throw new DataFileException(file, tried.isEmpty()
                ? "the labels' file cannot be guessed from this name, which is not like train-images-idx3-ubyte: name it"
                : "there is no file of labels beside it: neither " + tried.getFirst() + " nor " + tried.getLast(), null);
    }

    /// `U8[60000, 28, 28]`
    @Override
    public String toString() {
        return type + shape.toString();
    }
}
