package dev.headstart.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.format.Decoding;
import dev.headstart.io.weights.Dtype;
import dev.headstart.io.weights.TensorInfo;
import dev.headstart.io.weights.WeightFormatException;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.statistics.Statistics;

/// What is written reads back, bit by bit; what others write is read as float32.
class WeightsTest {
    private static Path folder = Path.of("");

    @BeforeContainer
    static void makeFolder() throws IOException {
        folder = Files.createTempDirectory("weights");
    }

    @AfterContainer
    static void deleteFolder() throws IOException {
        Folders.delete(folder);
    }

    private static Path resource(String name) throws URISyntaxException {
        URL url = Objects.requireNonNull(WeightsTest.class.getResource("/io/" + name));
        return Path.of(url.toURI());
    }

    private static Path oneTensor(String dtype, int elements, byte[] data) throws IOException {
        String header = "{\"x\":{\"dtype\":\"" + dtype + "\",\"shape\":[" + elements + "],\"data_offsets\":[0," + data.length + "]}}";
        byte[] utf8 = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + utf8.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        return Files.write(folder.resolve("one.safetensors"), file.putLong(utf8.length).put(utf8).put(data).array());
    }

    // ---- round trips ----

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void any_tensors_come_back_bit_by_bit(@ForAll("named") Map<String, Tensor> tensors, @ForAll("texts") Map<String, String> metadata)
            throws IOException {
        Path file = folder.resolve("any.safetensors");
        SafeTensors.write(file, tensors, metadata);
        Weights weights = Weights.open(file);
        assertEquals(tensors.keySet(), weights.names());
        assertEquals(metadata, weights.metadata());
        assertEquals(0, weights.infos().values().stream().filter(info -> info.begin() % 4 != 0).count());
        Map<String, Tensor> all = weights.tensors();
        assertEquals(tensors.keySet(), all.keySet());
        for (Map.Entry<String, Tensor> read : all.entrySet()) {
            assertTrue(read.getValue().bitsEqual(weights.tensor(read.getKey())), read.getKey());
            assertTrue(read.getValue().bitsEqual(Objects.requireNonNull(tensors.get(read.getKey()))), read.getKey());
        }
    }

    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
    void the_order_of_the_maps_does_not_change_a_byte(@ForAll("named") Map<String, Tensor> tensors,
            @ForAll("texts") Map<String, String> metadata)
            throws IOException {
        Path file = folder.resolve("a.safetensors");
        Path reversed = folder.resolve("b.safetensors");
        SafeTensors.write(file, tensors, metadata);
        SafeTensors.write(reversed, reversed(tensors), reversed(metadata));
        assertEquals(-1, Files.mismatch(file, reversed));
    }

    private static <T> Map<String, T> reversed(Map<String, T> map) {
        Map<String, T> reversed = new LinkedHashMap<>();
        List<String> names = new ArrayList<>(map.keySet());
        Collections.reverse(names);
        names.forEach(name -> reversed.put(name, map.get(name)));
        return reversed;
    }

    @Provide
    Arbitrary<Map<String, Tensor>> named() {
        Arbitrary<String> name = Arbitraries.oneOf(Arbitraries.of("encoder.weight", "😀", "\uffee", "é", "\"\\\n\u0001", ""),
                Arbitraries.strings().ascii().ofMaxLength(8));
        Arbitrary<int[]> dims = Arbitraries.integers().between(0, 5).array(int[].class).ofMaxSize(4);
        Arbitrary<Tensor> tensor = Combinators.combine(dims, Arbitraries.randomValue(random -> random)).as((extents, random) -> {
            Shape shape = Shape.of(extents);
            float[] values = new float[shape.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = Float.intBitsToFloat(random.nextInt());
            }
            return Tensor.wrap(shape, values);
        });
        return Arbitraries.maps(name, tensor).ofMaxSize(6);
    }

    @Provide
    Arbitrary<Map<String, String>> texts() {
        Arbitrary<String> text = Arbitraries.strings().withChars("ab\"\\\n\u0000é€/").ofMaxLength(6);
        return Arbitraries.maps(text, text).ofMaxSize(4);
    }

    @Example
    void a_tensor_of_several_chunks_and_a_transposed_one_come_back() throws IOException {
        float[] values = new float[200_003];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        Tensor row = Tensor.wrap(Shape.of(values.length), values);
        Tensor transposed = Tensor.of(Shape.of(2, 3), 1, 2, 3, 4, 5, 6).transpose(0, 1);
        Path file = folder.resolve("large.safetensors");
        SafeTensors.write(file, Map.of("row", row, "transposed", transposed));
        assertTrue(row.bitsEqual(Weights.open(file).tensor("row")));
        assertTrue(transposed.bitsEqual(Weights.open(file).tensor("transposed")));
    }

    /// As torch.save has them: int64, and what is no whole number stays as it is.
    @Example
    void counters_of_batches_are_integers() throws IOException {
        Path file = folder.resolve("counters.safetensors");
        Map<String, Tensor> tensors = Map.of("bn1.num_batches_tracked", Tensor.scalar(16_777_220), "a", Tensor.scalar(0.5f),
                "num_batches_tracked", Tensor.of(Shape.of(2), 3, -1), "b.num_batches_tracked", Tensor.scalar(0.5f),
                "c.num_batches_tracked", Tensor.scalar(Float.NaN), "x_num_batches_tracked", Tensor.scalar(1));
        SafeTensors.write(file, tensors);
        Weights weights = Weights.open(file);
        assertEquals(tensors.keySet(), Set.copyOf(weights.names()));
        for (String name : weights.names()) {
            assertTrue(Objects.requireNonNull(tensors.get(name)).bitsEqual(weights.tensor(name)), name);
            boolean counter = name.equals("bn1.num_batches_tracked") || name.equals("num_batches_tracked");
            assertEquals(counter ? Dtype.I64 : Dtype.F32, weights.info(name).dtype(), name);
        }
        byte[] bytes = Files.readAllBytes(file);
        long header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
        assertEquals(16_777_220, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong((int) header + 8), "aligned, and first");
    }

    @Example
    void bad_names_are_refused_and_nothing_is_written() {
        Path file = folder.resolve("never.safetensors");
        assertThrows(IllegalArgumentException.class, () -> SafeTensors.write(file, Map.of("__metadata__", Tensor.scalar(1))));
        assertThrows(IllegalArgumentException.class, () -> SafeTensors.write(file, Map.of("\ud800", Tensor.scalar(1))));
        assertTrue(Files.notExists(file));
    }

    // ---- golden files: see make_golden.py beside them ----

    @Example
    void the_golden_file_is_read_exactly() throws IOException, URISyntaxException {
        Weights weights = Weights.open(resource("golden.safetensors"));
        assertEquals("safetensors", weights.format());
        assertEquals(Map.of("format", "headstart", "note", "café\n"), weights.metadata());
        assertEquals(
                List.of("Zeta \"quoted\" \\ \n\t\u0001\u001f/", "bits", "empty", "encoder.bias", "encoder.weight", "scalar", "é", "\uffee",
                        "😀"),
                List.copyOf(weights.names()));
        assertTrue(Tensor.of(Shape.of(2, 3), 0, 1, -2.5f, 3.25f, 1e-3f, 1e30f).bitsEqual(weights.tensor("encoder.weight")));
        assertTrue(Tensor.of(Shape.of(3), 0.1f, 0.2f, 0.3f).bitsEqual(weights.tensor("encoder.bias")));
        assertEquals(42, weights.tensor("scalar").item());
        assertEquals(Shape.of(0, 4), weights.tensor("empty").shape());
        float[] bits = weights.tensor("bits").toArray();
        assertEquals(0x80000000, Float.floatToRawIntBits(bits[0]));
        assertEquals(0x7FA12345, Float.floatToRawIntBits(bits[4]));
        TensorInfo info = weights.info("encoder.weight");
        assertEquals(List.of(2L, 3L), info.extents());
        assertEquals(24, info.bytes());
        assertEquals(6, info.elements());
        assertEquals(Dtype.F32, info.dtype());
        byte[] file = Files.readAllBytes(weights.file());
        assertEquals(1f, ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getFloat((int) info.begin() + 4));
    }

    @Example
    void writing_the_golden_tensors_gives_the_golden_bytes() throws IOException, URISyntaxException {
        Weights golden = Weights.open(resource("golden.safetensors"));
        Path file = folder.resolve("again.safetensors");
        SafeTensors.write(file, golden.tensors(), golden.metadata());
        assertArrayEquals(Files.readAllBytes(golden.file()), Files.readAllBytes(file));
        assertEquals(Hashes.sha256(golden.file()), Hashes.sha256(Files.readAllBytes(file)));
    }

    @Example
    void every_type_is_widened() throws IOException, URISyntaxException {
        Weights weights = Weights.open(resource("dtypes.safetensors"));
        Map<String, float[]> expected = new LinkedHashMap<>();
        expected.put("u64", new float[] {0, 0x1p24f, 0x1p63f});
        expected.put("i64", new float[] {-1, 5, -0x1p63f, 16777216});
        expected.put("f64", new float[] {0.1f, Float.NEGATIVE_INFINITY, 0});
        expected.put("f32", new float[] {1.5f, -2});
        expected.put("u32", new float[] {0xFFFFFF00p0f, 3});
        expected.put("i32", new float[] {-0x1p31f, 16777215});
        expected.put("bf16", new float[] {1, -3, Float.POSITIVE_INFINITY});
        expected.put("f16", new float[] {1, -2.5f, 65504, 0x1p-24f, Float.POSITIVE_INFINITY, -0f});
        expected.put("u16", new float[] {65535, 1});
        expected.put("i16", new float[] {-32768, 1});
        expected.put("i8", new float[] {-128, 127, 1});
        expected.put("u8", new float[] {255});
        expected.put("bool", new float[] {1, 0});
        assertEquals(expected.keySet(), weights.names());
        for (String name : expected.keySet()) {
            assertArrayEquals(expected.get(name), weights.tensor(name).toArray(), name);
        }
        assertEquals(Shape.of(2, 2), weights.shape("i64"));
    }

    @Example
    void integers_are_read_exactly_as_indices() throws IOException, URISyntaxException {
        Weights weights = Weights.open(resource("dtypes.safetensors"));
        assertEquals(Indices.of(-2147483648, 16777215), weights.indices("i32"));
        assertEquals(Indices.of(1, 0), weights.indices("bool"));
        assertTrue(Refusals.message(WeightFormatException.class, () -> weights.indices("i64"))
                .contains("element 2 of I64: -9223372036854775808 is beyond the range of int32"));
        assertTrue(Refusals.message(WeightFormatException.class, () -> weights.indices("f32")).contains("read it as a tensor"));
    }

    // ---- types, one by one ----

    @Example
    void every_half_float_is_its_formula() throws IOException {
        ByteBuffer data = ByteBuffer.allocate(2 << 16).order(ByteOrder.LITTLE_ENDIAN);
        for (int bits = 0; bits < 1 << 16; bits++) {
            data.putShort((short) bits);
        }
        float[] halves = Weights.open(oneTensor("F16", 1 << 16, data.array())).tensor("x").toArray();
        float[] brains = Weights.open(oneTensor("BF16", 1 << 16, data.array())).tensor("x").toArray();
        for (int bits = 0; bits < 1 << 16; bits++) {
            assertEquals(formula(bits, 5, 10, 15), halves[bits], "F16 " + bits);
            assertEquals(Float.intBitsToFloat(bits << 16), brains[bits], "BF16 " + bits);
            assertEquals(bits >= 1 << 15, Float.floatToRawIntBits(brains[bits]) < 0);
        }
    }

    @Example
    void every_8_bit_float_is_its_formula() throws IOException {
        byte[] data = new byte[256];
        for (int bits = 0; bits < 256; bits++) {
            data[bits] = (byte) bits;
        }
        float[] e5m2 = Weights.open(oneTensor("F8_E5M2", 256, data)).tensor("x").toArray();
        float[] e4m3 = Weights.open(oneTensor("F8_E4M3", 256, data)).tensor("x").toArray();
        float[] e5m2fnuz = Weights.open(oneTensor("F8_E5M2FNUZ", 256, data)).tensor("x").toArray();
        float[] e4m3fnuz = Weights.open(oneTensor("F8_E4M3FNUZ", 256, data)).tensor("x").toArray();
        float[] e8m0 = Weights.open(oneTensor("F8_E8M0", 256, data)).tensor("x").toArray();
        for (int bits = 0; bits < 256; bits++) {
            assertEquals(formula(bits, 5, 2, 15), e5m2[bits], "E5M2 " + bits);
            assertEquals((bits & 0x7F) == 0x7F ? Float.NaN : finite(bits, 4, 3, 7), e4m3[bits], "E4M3 " + bits);
            assertEquals(bits == 0x80 ? Float.NaN : finite(bits, 5, 2, 16), e5m2fnuz[bits], "E5M2FNUZ " + bits);
            assertEquals(bits == 0x80 ? Float.NaN : finite(bits, 4, 3, 8), e4m3fnuz[bits], "E4M3FNUZ " + bits);
            assertEquals(bits == 255 ? Float.NaN : (float) Math.pow(2, bits - 127), e8m0[bits], "E8M0 " + bits);
        }
        assertEquals(57344, e5m2[0x7B]);
        assertEquals(448, e4m3[0x7E]);
        assertEquals(57344, e5m2fnuz[0x7F]);
        assertEquals(240, e4m3fnuz[0x7F]);
    }

    /// IEEE 754: the highest exponent is infinity or NaN.
    private static float formula(int bits, int exponentBits, int fractionBits, int bias) {
        int exponent = (bits >> fractionBits) & ((1 << exponentBits) - 1);
        int fraction = bits & ((1 << fractionBits) - 1);
        if (exponent == (1 << exponentBits) - 1) {
            return fraction != 0 ? Float.NaN : finite(bits, exponentBits, fractionBits, bias) * Float.POSITIVE_INFINITY;
        }
        return finite(bits, exponentBits, fractionBits, bias);
    }

    private static float finite(int bits, int exponentBits, int fractionBits, int bias) {
        int exponent = (bits >> fractionBits) & ((1 << exponentBits) - 1);
        double fraction = (bits & ((1 << fractionBits) - 1)) / Math.pow(2, fractionBits);
        double magnitude = exponent == 0 ? fraction * Math.pow(2, 1 - bias) : (1 + fraction) * Math.pow(2, exponent - bias);
        return (float) (bits >> (exponentBits + fractionBits) == 1 ? -magnitude : magnitude);
    }

    @Property
    void a_long_is_read_when_float32_holds_it_and_refused_when_not(@ForAll long anyLong, @ForAll @IntRange(max = 63) int shift)
            throws Exception {
        long value = (anyLong >> shift) << (shift / 2);
        ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value);
        float[] read = new float[1];
        boolean exact = new BigDecimal((float) value).compareTo(new BigDecimal(value)) == 0;
        Statistics.collect(exact);
        if (exact) {
            new Decoding(Dtype.I64).decode(bytes, read, 0, 1);
            assertEquals((float) value, read[0]);
        } else {
            Decoding.ValueException e = assertThrows(Decoding.ValueException.class,
                    () -> new Decoding(Dtype.I64).decode(bytes, read, 0, 1));
            assertEquals(value + " is not exact in float32", e.getMessage());
        }
    }

    @Example
    void values_beyond_float32_are_refused_with_their_place() throws IOException {
        ByteBuffer doubles = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putDouble(1).putDouble(1e39);
        Path file = oneTensor("F64", 2, doubles.array());
        WeightFormatException e = assertThrows(WeightFormatException.class, () -> Weights.open(file).tensor("x"));
        assertEquals(Files.size(file) - 8, e.offset());
        assertTrue(Refusals.message(e).contains("element 1 of F64: 1.0E39 is beyond the range of float32"), e.getMessage());
        Path unsigned = oneTensor("U64", 1, new byte[] {-1, -1, -1, -1, -1, -1, -1, -1});
        assertTrue(Refusals.message(WeightFormatException.class, () -> Weights.open(unsigned).tensor("x"))
                .contains("18446744073709551615"));
        Path bool = oneTensor("BOOL", 2, new byte[] {1, 2});
        assertTrue(Refusals.message(WeightFormatException.class, () -> Weights.open(bool).tensor("x")).contains("2 is no BOOL"));
    }

    @Example
    void types_that_are_not_read_can_be_inspected() throws IOException {
        for (String dtype : List.of("F4", "F6_E2M3", "F6_E3M2", "C64")) {
            int elements = dtype.equals("C64") ? 1 : dtype.equals("F4") ? 2 : 4;
            Weights weights = Weights.open(oneTensor(dtype, elements, new byte[dtype.equals("C64") ? 8 : dtype.equals("F4") ? 1 : 3]));
            assertEquals(dtype, weights.info("x").dtype().name());
            assertTrue(Refusals.message(WeightFormatException.class, () -> weights.tensor("x"))
                    .contains("cannot be read as float32"));
        }
    }

    // ---- names and changes ----

    @Example
    void a_tensor_that_is_not_there_is_named() throws IOException, URISyntaxException {
        Weights weights = Weights.open(resource("golden.safetensors"));
        assertTrue(Refusals.message(IllegalArgumentException.class, () -> weights.tensor("decoder")).contains("\"decoder\""));
        assertThrows(IllegalArgumentException.class, () -> weights.shape("decoder"));
    }

    @Example
    void a_file_that_changed_since_it_was_opened_is_refused() throws IOException {
        Path file = folder.resolve("changing.safetensors");
        SafeTensors.write(file, Map.of("x", Tensor.of(Shape.of(2), 1, 2)));
        Weights replaced = Weights.open(file);
        SafeTensors.write(file, Map.of("x", Tensor.of(Shape.of(3), 1, 2, 3)));
        assertTrue(
                Refusals.message(WeightFormatException.class, () -> replaced.tensor("x")).contains("changed since it was opened"));

        Weights touched = Weights.open(file);
        Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
        assertThrows(WeightFormatException.class, () -> touched.tensors());

        Weights truncated = Weights.open(file);
        Files.write(file, new byte[4]);
        assertThrows(WeightFormatException.class, () -> truncated.tensor("x"));

        Weights deleted = Weights.open(oneTensor("U8", 1, new byte[1]));
        Files.delete(deleted.file());
        assertThrows(IOException.class, () -> deleted.tensor("x"));
    }
}
