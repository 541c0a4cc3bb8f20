package dev.headstart.io.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.Shared;
import dev.headstart.io.ForwardingDisk;
import dev.headstart.io.Refusals;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFilesTest {
    @TempDir
    Path folder;

    private Path file(String name, byte... bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    private static byte[] zipped(byte... bytes) throws IOException {
        ByteArrayOutputStream to = new ByteArrayOutputStream();
        try (OutputStream zip = new GZIPOutputStream(to)) {
            zip.write(bytes);
        }
        return to.toByteArray();
    }

    private static byte[] idx(int type, int[] dims, byte... data) {
        ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * dims.length + data.length).putShort((short) 0).put((byte) type)
                .put((byte) dims.length);
        for (int dim : dims) {
            bytes.putInt(dim);
        }
        return bytes.put(data).array();
    }

    private static byte[] cifar(int... labels) {
        byte[] bytes = new byte[labels.length * 3073];
        for (int n = 0; n < labels.length; n++) {
            for (int i = 0; i < 3072; i++) {
                bytes[n * 3073 + 1 + i] = (byte) (i / 1024 * 64 + i % 7 + n);
            }
            bytes[n * 3073] = (byte) labels[n];
        }
        return bytes;
    }

    // ---- IDX ----

    @Test
    void every_type_and_rank_of_idx_is_read_zipped_or_not() throws IOException {
        assertRead(idx(0x08, new int[] {2, 2}, (byte) 0, (byte) 1, (byte) 128, (byte) 255), Idx.Type.U8, 0, 1, 128, 255);
        assertRead(idx(0x09, new int[] {2, 1, 1}, (byte) -128, (byte) 127), Idx.Type.I8, -128, 127);
        assertRead(idx(0x0B, new int[] {2}, ByteBuffer.allocate(4).putShort((short) -300).putShort((short) 7).array()), Idx.Type.I16, -300,
                7);
        assertRead(idx(0x0C, new int[] {}, ByteBuffer.allocate(4).putInt(1 << 24).array()), Idx.Type.I32, 1 << 24);
        assertRead(idx(0x0D, new int[] {1, 2}, ByteBuffer.allocate(8).putFloat(1.5f).putFloat(-2).array()), Idx.Type.F32, 1.5f, -2);
        assertRead(idx(0x0E, new int[] {1}, ByteBuffer.allocate(8).putDouble(0.1).array()), Idx.Type.F64, 0.1f);
        assertRead(idx(0x08, new int[] {3, 0, 2}), Idx.Type.U8);
    }

    private void assertRead(byte[] bytes, Idx.Type type, float... values) throws IOException {
        for (Path file : List.of(file("plain.gz", bytes), file("zipped", zipped(bytes)))) {
            Idx idx = Idx.read(file);
            assertEquals(type, idx.type());
            assertArrayEquals(values, idx.tensor().toArray());
            if (type != Idx.Type.F32 && type != Idx.Type.F64) {
                assertEquals(idx.shape(), idx.indices().shape());
                assertArrayEquals(values, floats(idx));
            }
        }
    }

    private static float[] floats(Idx idx) throws IOException {
        int[] numbers = idx.indices().toArray();
        float[] floats = new float[numbers.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = numbers[i];
        }
        return floats;
    }

    @Test
    void numbers_that_float32_cannot_hold_are_refused() throws IOException {
        Idx odd = Idx.read(file("odd", idx(0x0C, new int[] {2}, ByteBuffer.allocate(8).putInt(1).putInt((1 << 24) + 1).array())));
        DataFileException e = assertThrows(DataFileException.class, odd::tensor);
        assertEquals(12, e.offset());
        assertEquals(16777217, odd.indices().at(1));
        Idx huge = Idx.read(file("huge", idx(0x0E, new int[] {1}, ByteBuffer.allocate(8).putDouble(1e300).array())));
        assertThrows(DataFileException.class, huge::tensor);
        assertThrows(DataFileException.class, huge::indices);
    }

    private long refused(byte... bytes) throws IOException {
        Path file = file("refused", bytes);
        DataFileException e = assertThrows(DataFileException.class, () -> Idx.read(file));
        assertTrue(String.valueOf(e.getMessage()).startsWith(file + ": byte " + e.offset() + ": "), e.getMessage());
        return e.offset();
    }

    @Test
    void idx_files_that_break_a_rule_are_refused_at_their_byte() throws IOException {
        assertEquals(0, refused((byte) 1, (byte) 0, (byte) 8, (byte) 0));
        assertEquals(2, refused((byte) 0, (byte) 0, (byte) 7, (byte) 0));
        assertEquals(8, refused(idx(0x08, new int[] {1, -1})));
        assertEquals(16, refused(idx(0x08, new int[] {Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE}, (byte) 1)));
        assertEquals(12, refused(idx(0x0D, new int[] {1 << 30, 4})));
        assertEquals(8, refused(idx(0x08, new int[] {2}, (byte) 1, (byte) 2, (byte) 3)));
        assertEquals(4, refused(idx(0x08, new int[] {Integer.MAX_VALUE, Integer.MAX_VALUE, 0})));
        int[] most = new int[255];
        Arrays.fill(most, Integer.MAX_VALUE);
        assertEquals(1024, refused(idx(0x0E, most)));
    }

    @Test
    void files_cut_off_at_any_byte_are_refused() throws IOException {
        byte[] whole = idx(0x08, new int[] {2, 3, 2}, new byte[12]);
        for (int length = 0; length < whole.length; length++) {
            assertTrue(refused(Arrays.copyOf(whole, length)) <= length);
        }
        byte[] zipped = zipped(whole);
        for (int length = 0; length < zipped.length; length++) {
            refused(Arrays.copyOf(zipped, length));
        }
        byte[] records = cifar(3);
        for (int length = 1; length < records.length; length += 97) {
            Path cut = file("cut", Arrays.copyOf(records, length));
            assertEquals(length, assertThrows(DataFileException.class, () -> Cifar.TEN.read(cut)).offset());
            assertThrows(DataFileException.class, () -> Images.open(cut));
        }
    }

    @Test
    void a_zip_bomb_is_counted_not_kept() throws IOException {
        ByteArrayOutputStream to = new ByteArrayOutputStream();
        try (OutputStream zip = new GZIPOutputStream(to)) {
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 64; i++) {
                zip.write(zeros);
            }
        }
        Path bomb = file("bomb", to.toByteArray());
        DataFileException e = assertThrows(DataFileException.class, () -> Content.size(bomb, 10_000_000));
        assertTrue(String.valueOf(e.getMessage()).contains("longer than the 10000000 bytes"), e.getMessage());
        assertEquals(64 << 20, Content.size(bomb));
        assertThrows(DataFileException.class, () -> Idx.read(bomb));
    }

    // ---- images ----

    @Test
    void images_find_their_labels_in_the_file_beside() throws IOException {
        Path images = file("train-images-idx3-ubyte.gz",
                zipped(idx(0x08, new int[] {2, 1, 2}, (byte) 0, (byte) 51, (byte) 102, (byte) 255)));
        DataFileException none = assertThrows(DataFileException.class, () -> Images.open(images));
        assertTrue(String.valueOf(none.getMessage()).contains("train-labels-idx1-ubyte.gz"), none.getMessage());
        file("train-labels-idx1-ubyte", idx(0x08, new int[] {2}, (byte) 4, (byte) 1));
        Images read = Images.open(images);
        assertEquals(List.of("0", "1", "2", "3", "4"), read.classNames());
        assertArrayEquals(new int[] {4, 1}, read.labels());
        Tensor batch = read.batch(new int[] {1, 0}, Preprocessing.UNIT);
        assertTrue(Tensor.of(Shape.of(2, 1, 2, 1), 0.4f, 1, 0, 0.2f).bitsEqual(batch));
    }

    @Test
    void images_and_labels_that_do_not_fit_are_refused() throws IOException {
        Path images = file("images", idx(0x08, new int[] {2, 1, 1}, (byte) 1, (byte) 2));
        Path labels = file("labels", idx(0x08, new int[] {3}, (byte) 1, (byte) 2, (byte) 3));
        assertThrows(DataFileException.class, () -> Idx.images(images, labels));
        assertThrows(DataFileException.class, () -> Idx.images(labels, labels));
        assertThrows(DataFileException.class, () -> Idx.images(images));
        assertThrows(NoSuchFileException.class, () -> Images.open(folder.resolve("none")));
        assertThrows(DataFileException.class, () -> Images.open(folder));
        assertThrows(DataFileException.class, () -> Images.open(file("empty")));
    }

    @Test
    void cifar_planes_become_pixels() throws IOException {
        for (Path file : List.of(file("a.bin", cifar(9, 0)), file("b", zipped(cifar(9, 0))))) {
            Images images = Images.open(file);
            assertEquals(2, images.count());
            assertEquals(List.of("truck", "airplane"), Arrays.stream(images.labels()).mapToObj(images.classNames()::get).toList());
            for (int i = 0; i < 1024; i++) {
                for (int c = 0; c < 3; c++) {
                    assertEquals(c * 64 + (c * 1024 + i) % 7 + 1, images.image(1).at(i / 32, i % 32, c));
                }
            }
        }
    }

    @Test
    void a_label_beyond_the_classes_is_refused_at_its_byte() throws IOException {
        Path file = file("bad", cifar(9, 10));
        assertEquals(3073, assertThrows(DataFileException.class, () -> Cifar.TEN.read(file)).offset());
    }

    @Test
    void cifar_100_has_two_labels() throws IOException {
        byte[] record = new byte[3074];
        record[0] = 19;
        record[1] = 99;
        Path file = file("hundred", record);
        assertEquals(99, Images.open(file).label(0));
        assertEquals(19, Cifar.HUNDRED_COARSE.read(file).label(0));
    }

    @Test
    void some_images_can_be_taken_and_relabelled() throws IOException {
        Images images = Images.open(file("x", cifar(3, 8, 0)));
        Images chosen = images.select(2, 0);
        assertArrayEquals(images.image(0).pixels(), chosen.image(1).pixels());
        Images task = chosen.relabelled(new int[] {1, 1, 0, 0, 0, 0, 0, 0, 1, 1}, List.of("animal", "vehicle"));
        assertArrayEquals(new int[] {1, 0}, task.labels());
        assertThrows(IllegalArgumentException.class, () -> chosen.relabelled(new int[10], List.of()));
    }

    @Test
    @Tag("shared")
    void mnist_and_cifar_are_read() throws IOException {
        Optional<Path> mnist = Shared.find("data/mnist/t10k-images-idx3-ubyte.gz");
        if (mnist.isPresent()) {
            Images images = Images.open(mnist.get());
            assertEquals(10_000, images.count());
            assertArrayEquals(new int[] {7, 2, 1, 0, 4, 1, 4, 9, 5, 9}, Arrays.copyOf(images.labels(), 10));
            Tensor all = images.batch(IntStream.range(0, 10_000).toArray(), Preprocessing.UNIT);
            assertEquals(0.1325, all.mean().item(), 5e-5); // published as 0.1307 for the training images
        }
        Optional<Path> cifar = Shared.find("data/cifar10/test_1000.bin.gz");
        if (cifar.isPresent()) {
            Images images = Images.open(cifar.get());
            assertEquals(1000, images.count());
            assertEquals(List.of("cat", "ship", "ship", "airplane"),
                    Arrays.stream(images.labels(), 0, 4).mapToObj(images.classNames()::get).toList());
        }
    }

    // ---- lines ----

    private static List<String> lines(Utf8 utf8) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = utf8.next(); line != null; line = utf8.next()) {
            lines.add(line);
        }
        assertNull(utf8.next());
        return lines;
    }

    @Test
    void lines_are_read_one_by_one_zipped_or_not() throws IOException {
        String longLine = "é😀".repeat(10_000);
        byte[] bytes = ("\uFEFFone\r\n\n" + longLine + "\nlast").getBytes(StandardCharsets.UTF_8);
        List<String> wanted = List.of("one", "", longLine, "last");
        for (Path file : List.of(file("a", bytes), file("b", zipped(bytes)))) {
            try (Utf8 utf8 = Utf8.lines(file)) {
                assertEquals(wanted, lines(utf8));
            }
            assertEquals(wanted, Utf8.read(file).lines().toList());
        }
        assertEquals(List.of(), lines(Utf8.lines("nothing", new ByteArrayInputStream(new byte[0]))));
        assertEquals(List.of("a"), lines(Utf8.lines("one", new ByteArrayInputStream(new byte[] {'a', '\n'}))));
    }

    @Test
    void bytes_that_are_no_utf8_are_named_with_byte_and_line() throws IOException {
        Path file = file("bad", "ä\nb".getBytes(StandardCharsets.UTF_8)[0], (byte) 0xA4, (byte) '\n', (byte) 'b', (byte) 0xC3, (byte) '\n');
        for (int way = 0; way < 2; way++) {
            boolean whole = way == 0;
            DataFileException e = assertThrows(DataFileException.class, () -> {
                try (Utf8 utf8 = Utf8.lines(file)) {
                    String _ = whole ? Utf8.read(file) : String.join("", lines(utf8));
                }
            });
            assertEquals(file + ": byte 4: line 2: this is not UTF-8 (0xC3)", e.getMessage());
        }
    }

    /// A disk whose reads fail from the second on, and which counts open files.
    private static final class Failing extends ForwardingDisk {
        private final int good;
        private int reads;

        Failing(int good) {
            this.good = good;
        }

        @Override
        public void step(String what) throws IOException {
            if (what.equals("read") && reads++ >= good) {
                throw new IOException("Input/output error");
            }
        }

        @Override
        public int shortened(int asked) {
            return Math.min(asked, 3);
        }
    }

    @Test
    void a_file_whose_first_bytes_cannot_be_read_is_closed() throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(zipped)) {
            gzip.write(1);
        }
        Path file = Files.write(folder.resolve("x.gz"), zipped.toByteArray());
        for (int good = 0; good < 4; good++) {
            Failing disk = new Failing(good);
            String message = Refusals.message(IOException.class, () -> Content.open(disk, file));
            assertEquals("read " + file + ": Input/output error", message);
            assertEquals(0, disk.open());
        }
        Files.write(file, Arrays.copyOf(zipped.toByteArray(), 5));
        Failing never = new Failing(Integer.MAX_VALUE);
        assertTrue(Refusals.message(DataFileException.class, () -> Content.open(never, file)).endsWith("the gzip file is cut off"));
        assertEquals(0, never.open());
    }
}
