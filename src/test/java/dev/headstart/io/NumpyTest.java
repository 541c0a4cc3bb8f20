package dev.headstart.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.weights.Dtype;
import dev.headstart.io.weights.TensorInfo;
import dev.headstart.io.weights.WeightFormatException;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// NumPy's npy and npz: what NumPy wrote is read, what we write are its bytes, and what breaks the rules is refused. Of each array of numbers
/// in the fixtures, element i is (7 i) mod 23 - 5.
class NumpyTest {
    @TempDir
    Path folder;

    private static Weights open(String name) throws IOException {
        return Weights.open(Fixtures.file("numpy/" + name));
    }

    // ---- what NumPy wrote ----

    @ParameterizedTest
    @ValueSource(strings = {"numbers.npz", "packed.npz", "refused.npz", "f4.npy", "i4.npy", "scalar.npy", "version2.npy", "version3.npy"})
    void every_tensor_has_the_values_that_were_written(String name) throws IOException {
        Weights weights = open(name);
        assertEquals(name.substring(name.length() - 3), weights.format());
        assertFalse(weights.names().isEmpty());
        for (TensorInfo info : weights.infos().values()) {
            if (info.dtype() != Dtype.BOOL) {
                Fixtures.demandPattern(weights, info);
            }
        }
    }

    @Test
    void types_orders_and_shapes_are_those_of_the_arrays() throws IOException {
        Weights weights = open("numbers.npz");
        assertEquals(46, weights.names().size());
        assertEquals(Dtype.F16, weights.info("fortran_big_float16").dtype());
        assertEquals(Dtype.U64, weights.info("uint64").dtype());
        assertEquals(Shape.of(2, 3, 4, 2), weights.shape("fortran_axes"));
        assertEquals(Shape.of(4, 0, 3), weights.shape("fortran_empty"));
        assertEquals(Shape.of(), weights.shape("scalar"));
        assertArrayEquals(new float[] {1, 0, 1}, weights.tensor("bool").toArray());
        assertEquals(4, weights.tensor("layer/kérnel:0").size());
        assertEquals(Shape.of(60, 50), open("packed.npz").shape("large"));
    }

    @Test
    void a_file_of_no_arrays_has_no_tensors() throws IOException {
        assertEquals(Map.of(), open("none.npz").tensors());
    }

    @Test
    void the_tensor_of_a_single_file_has_its_name() throws IOException {
        assertEquals(Set.of("version2"), open("version2.npy").names());
        Path other = Files.copy(Fixtures.file("numpy/f4.npy"), folder.resolve("embedding.weight"));
        assertEquals(Set.of("embedding.weight"), Weights.open(other).names());
    }

    @ParameterizedTest
    @CsvSource({"texts,an array of texts (descr '<U2')", "bytes,an array of texts (descr '|S2')", "complex,an array of complex numbers",
        "objects,an array of Python objects", "structures,an array of structures", "long,an array of long doubles",
        "dates,an array of dates or times"})
    void what_is_no_number_is_refused_by_name_when_it_is_asked_for(String name, String says) throws IOException {
        Weights weights = open("refused.npz");
        assertEquals(Set.of("fine"), weights.names());
        String message = Refusals.message(WeightFormatException.class, () -> weights.tensor(name));
        assertTrue(message.contains("\"" + name + "\" cannot be read: " + says), message);
        assertEquals(message, Refusals.message(IllegalArgumentException.class, () -> weights.info(name)));
    }

    // ---- what we write ----

    private static Tensor pattern(int... dims) {
        float[] values = new float[Shape.of(dims).size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = 7 * i % 23 - 5;
        }
        return Tensor.of(Shape.of(dims), values);
    }

    @Test
    void written_arrays_are_those_of_numpy_byte_for_byte() throws IOException {
        Path file = folder.resolve("x.npy");
        Npy.write(file, pattern(2, 3));
        assertArrayEquals(Damage.resource("numpy/f4.npy"), Files.readAllBytes(file));
        Npy.write(file, Tensor.scalar(-5));
        assertArrayEquals(Damage.resource("numpy/scalar.npy"), Files.readAllBytes(file));
        Npy.write(file, Indices.of(Shape.of(5), -5, 2, 9, 16, 0));
        assertArrayEquals(Damage.resource("numpy/i4.npy"), Files.readAllBytes(file));
    }

    @Test
    void written_tensors_are_read_back_bit_by_bit() throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("layer/wéight", Tensor.of(Shape.of(2, 2), 1, Float.intBitsToFloat(0x7FA12345), -0f, Float.MIN_VALUE));
        tensors.put("a", Tensor.zeros(Shape.of(0, 3)));
        tensors.put("large", pattern(300, 100).transpose(0, 1));
        Path file = folder.resolve("x.npz");
        Npz.write(file, tensors);
        Map<String, Tensor> read = Weights.open(file).tensors();
        assertEquals(List.of("a", "large", "layer/wéight"), List.copyOf(read.keySet()));
        read.forEach((name, tensor) -> assertTrue(tensor.bitsEqual(Objects.requireNonNull(tensors.get(name)).contiguous()), name));
    }

    @Test
    void written_files_depend_on_names_and_tensors_only() throws IOException {
        Map<String, Tensor> one = new LinkedHashMap<>();
        one.put("a", pattern(3));
        one.put("b", pattern(2, 2));
        Map<String, Tensor> other = new LinkedHashMap<>();
        other.put("b", pattern(2, 2));
        other.put("a", pattern(3));
        Npz.write(folder.resolve("one.npz"), one);
        Npz.write(folder.resolve("other.npz"), other);
        assertArrayEquals(Files.readAllBytes(folder.resolve("one.npz")), Files.readAllBytes(folder.resolve("other.npz")));
        assertEquals(2, Folders.names(folder).size());
    }

    @Test
    void written_archives_are_sound_to_an_independent_reader() throws IOException {
        Path file = folder.resolve("x.npz");
        Npz.write(file, Map.of("x", pattern(300, 100)));
        try (ZipFile zip = new ZipFile(file.toFile())) {
            byte[] member = zip.getInputStream(zip.getEntry("x.npy")).readAllBytes();
            Npy.write(folder.resolve("x.npy"), pattern(300, 100));
            assertArrayEquals(Files.readAllBytes(folder.resolve("x.npy")), member);
            CRC32 crc32 = new CRC32();
            crc32.update(member);
            assertEquals(crc32.getValue(), zip.getEntry("x.npy").getCrc());
        }
    }

    @Test
    void names_that_a_zip_file_cannot_hold_are_refused() throws IOException {
        Path file = folder.resolve("x.npz");
        assertThrows(IllegalArgumentException.class, () -> Npz.write(file, Map.of("", pattern(1))));
        assertThrows(IllegalArgumentException.class, () -> Npz.write(file, Map.of("n".repeat(65_532), pattern(1))));
        Npz.write(file, Map.of("n".repeat(65_531), pattern(1)));
        assertEquals(65_531, Weights.open(file).names().iterator().next().length());
    }

    // ---- headers that break the rules ----

    private static byte[] array(String header, int dataBytes) {
        byte[] text = header.getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocate(10 + text.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN)
                .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}).putShort((short) text.length).put(text).array();
    }

    private void refuse(String header, int dataBytes, String says) throws IOException {
        Path file = Files.write(folder.resolve("x.npy"), array(header, dataBytes));
        WeightFormatException e = assertThrows(WeightFormatException.class, () -> Weights.open(file), header);
        assertTrue(Refusals.message(e).startsWith(file + ": byte " + e.offset() + ": NumPy: "), e.getMessage());
        assertTrue(Refusals.message(e).contains(says), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}",
        "{\"shape\":(2L,),\"fortran_order\":True,\"descr\":\"<f4\",}\n",
        "  { 'descr' : '<f4' ,'fortran_order':False , 'shape' : ( 2 , ) , } \n\n", "{'descr':'<f4','fortran_order':False,'shape':(1,2)}",
        "{'descr':'<f4','fortran_order':True,'shape':(2,1,1,)}"})
    void what_python_takes_is_read(String header) throws IOException {
        assertEquals(2, Weights.open(Files.write(folder.resolve("x.npy"), array(header, 8))).tensor("x").size());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
            [1]                                                                    # expected '{'
            {'descr': '<f4', 'fortran_order': False, 'shape': (2,)                 # expected '}', found its end
            {'descr': '<f4', 'fortran_order': False, 'shape': (2,)} 1              # expected the end, found '1'
            {'descr': '<f4', 'fortran_order': False, 'shape': (2)}                 # a tuple of one has it
            {'descr': '<f4', 'fortran_order': False, 'shape': (-2,)}               # expected an extent of 1 to 17 digits, found '-'
            {'descr': '<f4', 'fortran_order': False, 'shape': (2.0,)}              # expected
            {'descr': '<f4', 'fortran_order': False, 'shape': (True,)}             # expected an extent
            {'descr': '<f4', 'fortran_order': False, 'shape': 2}                   # expected '('
            {'descr': '<f4', 'fortran_order': False, 'shape': [2]}                 # expected '('
            {'descr': '<f4', 'fortran_order': 0, 'shape': (2,)}                    # expected 'False'
            {'descr': '<f4', 'fortran_order': False}                               # "shape" is missing
            {'descr': '<f4', 'shape': (2,)}                                        # "fortran_order" is missing
            {}                                                                     # "descr" is missing
            {'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,)}# "descr" is unknown, or there twice
            {'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'x': 1}        # "x" is unknown
            {'descr': '\\x3cf4', 'fortran_order': False, 'shape': (2,)}            # a string without backslash
            {'descr': __import__('os'), 'fortran_order': False, 'shape': (2,)}     # expected a string
            {'descr': '=f4', 'fortran_order': False, 'shape': (2,)}                # an array of an unknown type (descr '=f4')
            {'descr': '|f4', 'fortran_order': False, 'shape': (2,)}                # (descr '|f4'), which is not read
            {'descr': '|O', 'fortran_order': False, 'shape': (2,)}                 # Python objects
            {'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (2,)}       # an array of structures
            {'descr': '<V2', 'fortran_order': False, 'shape': (4,)}                # bfloat16 is saved so
            {'descr': '<f4', 'fortran_order': False, 'shape': (3,)}                # its elements end at byte
            {'descr': '<f4', 'fortran_order': False, 'shape': (1,)}                # its elements end here, the file goes on
            {'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999,99999999999999999)} # too large to count their bytes
            {'descr': '<f4', 'fortran_order': False, 'shape': (9999999999999999999,)} # expected an extent of 1 to 17 digits
            """)
    void a_header_that_breaks_the_rules_is_refused(String header, String says) throws IOException {
        refuse(header, 8, says);
    }

    @Test
    void a_header_beyond_the_limits_is_refused() throws IOException {
        String shape = "(" + "1,".repeat(65) + ")";
        refuse("{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + "}", 4, "at most 64 axes");
        refuse("{" + " ".repeat(10_000), 0, "a header of 10001 bytes, the limit is 10000");
        refuse("{".repeat(5000), 0, "expected a string");
        byte[] version = array("{}", 0);
        version[6] = 4;
        Path file = Files.write(folder.resolve("x.npy"), version);
        assertTrue(Refusals.message(WeightFormatException.class, () -> Weights.open(file)).contains("no array of version 1.0, 2.0 or 3.0"));
    }

    // ---- zip bombs ----

    /// A zip file of one deflated member, of whose size this is said.
    private Path deflated(byte[] content, long size) throws IOException {
        Deflater deflater = new Deflater(9, true);
        deflater.setInput(content);
        deflater.finish();
        byte[] packed = new byte[content.length + 100];
        int length = deflater.deflate(packed);
        deflater.end();
        byte[] name = "x.npy".getBytes(StandardCharsets.UTF_8);
        ByteBuffer sizes = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN).putInt(0).putInt(length).putInt((int) size);
        ByteArrayOutputStream zip = new ByteArrayOutputStream();
        zip.writeBytes(new byte[] {'P', 'K', 3, 4, 20, 0, 0, 0, 8, 0, 0, 0, 33, 0});
        zip.writeBytes(sizes.array());
        zip.writeBytes(new byte[] {5, 0, 0, 0});
        zip.writeBytes(name);
        zip.writeBytes(Arrays.copyOf(packed, length));
        int directory = zip.size();
        zip.writeBytes(new byte[] {'P', 'K', 1, 2, 20, 0, 20, 0, 0, 0, 8, 0, 0, 0, 33, 0});
        zip.writeBytes(sizes.array());
        zip.writeBytes(new byte[] {5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        zip.writeBytes(name);
        ByteBuffer end = ByteBuffer.allocate(22).order(ByteOrder.LITTLE_ENDIAN).putInt(0x06054B50).putInt(0).putShort((short) 1)
                .putShort((short) 1).putInt(zip.size() - directory).putInt(directory);
        zip.writeBytes(end.array());
        return Files.write(folder.resolve("bomb.npz"), zip.toByteArray());
    }

    private static byte[] zeros(int elements, int bytes) {
        return array("{'descr': '<f4', 'fortran_order': False, 'shape': (" + elements + ",)}", bytes);
    }

    @Test
    void a_deflated_array_is_read_when_its_size_is_as_said() throws IOException {
        byte[] content = zeros(1_000_000, 4_000_000);
        assertEquals(1_000_000, Weights.open(deflated(content, content.length)).tensor("x").size());
    }

    @Test
    void a_stream_that_inflates_to_more_than_it_says_is_refused() throws IOException {
        byte[] content = zeros(2, 40_000_000);
        Weights weights = Weights.open(deflated(content, content.length - 40_000_000 + 8));
        String message = Refusals.message(WeightFormatException.class, () -> weights.tensor("x"));
        assertTrue(message.contains("the deflated stream goes on beyond the"), message);
    }

    @Test
    void a_stream_that_inflates_to_less_than_it_says_is_refused() throws IOException {
        byte[] content = zeros(1_000_100, 4_000_000);
        Weights weights = Weights.open(deflated(content, content.length + 400));
        String message = Refusals.message(WeightFormatException.class, () -> weights.tensor("x"));
        assertTrue(message.contains("its bytes cannot be read"), message);
    }

    @Test
    void sizes_that_deflating_cannot_reach_or_that_are_not_the_arrays_are_refused() throws IOException {
        byte[] content = zeros(500_000_000, 100);
        Path bomb = deflated(content, content.length - 100 + 2_000_000_000L);
        String message = Refusals.message(WeightFormatException.class, () -> Weights.open(bomb));
        assertTrue(message.contains("cannot become 2000000"), message);
        Path other = deflated(zeros(3, 12), 5);
        message = Refusals.message(WeightFormatException.class, () -> Weights.open(other));
        assertTrue(message.contains("\"x\": its array ends at its byte"), message);
    }
}
