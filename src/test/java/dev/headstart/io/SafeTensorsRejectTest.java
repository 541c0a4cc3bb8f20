package dev.headstart.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.weights.Dtype;
import dev.headstart.io.weights.WeightFormatException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every rule of the safetensors format, broken once: the refusal names the file, the byte and the rule. And what looks odd but is allowed.
class SafeTensorsRejectTest {
    private static final String F32_PAIR = "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";

    @TempDir
    Path folder;

    private static byte[] file(String header, int dataBytes) {
        byte[] utf8 = header.getBytes(StandardCharsets.UTF_8);
        return file(utf8.length, utf8, dataBytes);
    }

    private static byte[] file(long length, byte[] header, int dataBytes) {
        return ByteBuffer.allocate(8 + header.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN).putLong(length).put(header).array();
    }

    private Path written(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("x.safetensors"), bytes);
    }

    private Weights open(String header, int dataBytes) throws IOException {
        return Weights.open(written(file(header, dataBytes)));
    }

    private void refuse(byte[] bytes, long offset, String says) throws IOException {
        Path file = written(bytes);
        WeightFormatException e = assertThrows(WeightFormatException.class, () -> Weights.open(file));
        assertTrue(Refusals.message(e).contains(says), e.getMessage());
        assertTrue(Refusals.message(e).startsWith(file + ": byte " + offset + ": "), e.getMessage());
        assertEquals(file, e.file());
        assertEquals(offset, e.offset());
    }

    private void refuse(String header, int dataBytes, long offset, String says) throws IOException {
        refuse(file(header, dataBytes), offset, says);
    }

    /// Refused at the place where this text stands in the header, for the last time.
    private void refuse(String header, int dataBytes, String place, String says) throws IOException {
        refuse(header, dataBytes, 8 + header.lastIndexOf(place), says);
    }

    // ---- the length of the header ----

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7})
    void a_file_shorter_than_the_length_is_refused(int bytes) throws IOException {
        refuse(new byte[bytes], bytes, "8 bytes for the length");
    }

    @Test
    void a_header_of_no_bytes_is_refused() throws IOException {
        refuse("", 0, 8, "expected an object, found the end");
    }

    @Test
    void a_header_beyond_the_limit_is_refused() throws IOException {
        refuse(file(100_000_001, new byte[16], 0), 0, "100000001 bytes long, the limit is 100000000");
    }

    @Test
    void a_header_beyond_the_limit_is_refused_though_the_file_is_as_long() throws IOException {
        Path file = folder.resolve("sparse.safetensors");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(200_000_000);
            sparse.write(file(150_000_000, "{".getBytes(StandardCharsets.UTF_8), 0));
        }
        assertTrue(Refusals.message(WeightFormatException.class, () -> Weights.open(file)).contains("the limit is"));
    }

    @Test
    void a_header_of_2_to_the_64_is_refused() throws IOException {
        refuse(file(-1, "{}".getBytes(StandardCharsets.UTF_8), 0), 0, "18446744073709551615 bytes long");
    }

    @Test
    void a_header_longer_than_the_file_is_refused() throws IOException {
        refuse(file(3, "{}".getBytes(StandardCharsets.UTF_8), 0), 10, "truncated");
        refuse(file(100_000_000, "{}".getBytes(StandardCharsets.UTF_8), 0), 10, "its header would end at byte 100000008");
    }

    // ---- the header as JSON ----

    @Test
    void a_header_that_is_not_utf8_is_refused() throws IOException {
        refuse(file(2, new byte[] {(byte) 0xFF, (byte) 0xFE}, 0), 8, "expected an object");
        byte[] name = "{\"?\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}".getBytes(StandardCharsets.UTF_8);
        name[2] = (byte) 0xC0;
        refuse(file(name.length, name, 0), 10, "not UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "null", "1", "\"{}\"", "  7"})
    void a_header_that_is_no_object_is_refused(String header) throws IOException {
        refuse(header, 0, header.equals("  7") ? 10 : 8, "expected an object");
    }

    @Test
    void a_header_that_is_no_json_is_refused() throws IOException {
        refuse("{\"w\":", 0, 13, "expected an object, found the end");
        refuse("{w:1}", 0, 9, "expected a string");
        refuse("{\"w\":{\"dtype\":\"F32\",}}", 0, "}}", "expected a string");
    }

    @Test
    void text_after_the_object_is_refused() throws IOException {
        refuse("{}{}", 0, 10, "expected the end of the text");
        refuse("{}\0", 0, 10, "expected the end of the text");
    }

    @Test
    void a_tensor_named_twice_is_refused() throws IOException {
        String one = "\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}";
        refuse("{" + one + "," + one + "}", 4, "\"w\"", "\"w\" is there twice");
    }

    @Test
    void a_member_named_twice_is_refused() throws IOException {
        refuse("{\"w\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "\"dtype\"",
                "\"dtype\" is there twice");
    }

    @Test
    void nested_bombs_are_refused() throws IOException {
        refuse("{\"w\":{\"x\":" + "[".repeat(1_000_000) + "}}", 0, 8 + 10 + 498, "nested deeper than 500");
    }

    // ---- metadata ----

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":1}", "{\"a\":null}", "{\"a\":{}}", "{\"a\":[\"x\"]}", "{\"a\":true}"})
    void metadata_other_than_texts_is_refused(String metadata) throws IOException {
        refuse("{\"__metadata__\":" + metadata + "}", 0, 8 + 16 + metadata.indexOf(':') + 1, "expected a string");
    }

    @Test
    void metadata_that_is_no_object_is_refused() throws IOException {
        refuse("{\"__metadata__\":[]}", 0, 24, "expected an object");
        refuse("{\"__metadata__\":null}", 0, 24, "expected an object");
    }

    @Test
    void metadata_named_twice_is_refused() throws IOException {
        refuse("{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}", 0, "\"a\"", "\"a\" is there twice");
        refuse("{\"__metadata__\":{},\"__metadata__\":{}}", 0, "\"__meta", "\"__metadata__\" is there twice");
    }

    // ---- one tensor ----

    @Test
    void an_unknown_dtype_is_refused() throws IOException {
        refuse(F32_PAIR.replace("F32", "F31"), 8, "\"F31", "unknown dtype \"F31\"");
        refuse(F32_PAIR.replace("F32", "f32"), 8, "\"f32", "unknown dtype");
        refuse(F32_PAIR.replace("\"F32\"", "32"), 8, "32", "expected a string");
    }

    @Test
    void a_missing_member_is_refused() throws IOException {
        refuse("{\"w\":{\"shape\":[2],\"data_offsets\":[0,8]}}", 8, 13, "tensor \"w\": \"dtype\" is missing");
        refuse("{\"w\":{\"dtype\":\"F32\",\"data_offsets\":[0,8]}}", 8, 13, "\"shape\" is missing");
        refuse("{\"w\":{\"dtype\":\"F32\",\"shape\":[2]}}", 8, 13, "\"data_offsets\" is missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "2.0", "2e0", "null", "\"2\"", "[2]", "-0", "281474976710656", "99999999999999999999"})
    void an_extent_that_is_no_natural_number_is_refused(String extent) throws IOException {
        refuse(F32_PAIR.replace("[2]", "[" + extent + "]"), 8, extent + "]", "an extent must be an integer from 0 to 281474976710655");
    }

    @Test
    void a_shape_that_is_no_array_is_refused() throws IOException {
        refuse(F32_PAIR.replace("[2]", "2"), 8, "2,", "expected an array");
    }

    @Test
    void a_tensor_of_more_than_64_axes_is_refused() throws IOException {
        assertEquals(64, open(F32_PAIR.replace("[2]", "[2" + ",1".repeat(63) + "]"), 8).info("w").extents().size());
        refuse(F32_PAIR.replace("[2]", "[2" + ",1".repeat(64) + "]"), 8, "],\"data", "more than 64 axes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "[0]", "[0,4,8]"})
    void offsets_that_are_not_two_are_refused(String offsets) throws IOException {
        refuse(F32_PAIR.replace("[0,8]", offsets), 8, offsets, "data_offsets must be two");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[-8,0]", "[0.0,8]", "[null,8]", "[281474976710656,8]"})
    void offsets_that_are_no_natural_numbers_are_refused(String offsets) throws IOException {
        refuse(F32_PAIR.replace("[0,8]", offsets), 8, offsets.substring(1), "an offset must be an integer");
    }

    @Test
    void offsets_that_go_backwards_are_refused() throws IOException {
        refuse(F32_PAIR.replace("[0,8]", "[8,0]"), 8, 13, "is 8 bytes, data_offsets are [8, 0]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[0,7]", "[0,9]", "[0,0]", "[0,4]"})
    void offsets_that_disagree_with_the_shape_are_refused(String offsets) throws IOException {
        refuse(F32_PAIR.replace("[0,8]", offsets), 8, 13, "F32 [2] is 8 bytes, data_offsets are [0, " + offsets.charAt(3));
    }

    @Test
    void a_shape_whose_product_overflows_is_refused() throws IOException {
        String large = "{\"w\":{\"dtype\":\"F32\",\"shape\":[281474976710655,281474976710655],\"data_offsets\":[0,8]}}";
        refuse(large, 8, 13, "too large to count its bits");
        // 2⁶¹ elements: the product fits a long, the bits do not.
        refuse(F32_PAIR.replace("[2]", "[2305843009,1000000000]"), 8, 13, "too large to count its bits");
        // 2⁶⁴ elements: as long integers wrap, no elements at all.
        refuse(F32_PAIR.replace("[2]", "[4294967296,4294967296]").replace("[0,8]", "[0,0]"), 0, 13, "too large to count its bits");
    }

    @Test
    void small_types_must_end_on_a_byte() throws IOException {
        refuse("{\"w\":{\"dtype\":\"F4\",\"shape\":[3],\"data_offsets\":[0,2]}}", 2, 13, "F4 [3] does not end on a byte");
        refuse("{\"w\":{\"dtype\":\"F6_E2M3\",\"shape\":[2],\"data_offsets\":[0,2]}}", 2, 13, "does not end on a byte");
        assertEquals(3, open("{\"w\":{\"dtype\":\"F6_E3M2\",\"shape\":[4],\"data_offsets\":[0,3]}}", 3).info("w").bytes());
        assertEquals(2, open("{\"w\":{\"dtype\":\"F4\",\"shape\":[2,2],\"data_offsets\":[0,2]}}", 2).info("w").bytes());
    }

    // ---- all tensors together ----

    private static String two(String firstOffsets, String secondOffsets) {
        return "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":" + firstOffsets
                + "},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":"
                + secondOffsets + "}}";
    }

    @Test
    void data_that_does_not_begin_at_its_first_byte_is_refused() throws IOException {
        String header = F32_PAIR.replace("[0,8]", "[4,12]");
        refuse(header, 12, 8 + header.length() + 4, "but the tensor before it ends at byte " + (8 + header.length()));
    }

    @Test
    void a_gap_is_refused() throws IOException {
        String header = two("[0,4]", "[8,12]");
        refuse(header, 12, 8 + header.length() + 8, "tensor \"b\": begins here");
    }

    @Test
    void an_overlap_is_refused() throws IOException {
        String header = two("[0,4]", "[2,6]");
        refuse(header, 6, 8 + header.length() + 2, "tensor \"b\": overlaps");
        refuse(two("[0,4]", "[0,4]"), 4, 8 + header.length(), "overlaps");
    }

    @Test
    void bytes_after_the_last_tensor_are_refused() throws IOException {
        refuse(F32_PAIR, 9, 8 + F32_PAIR.length() + 8, "the file goes on to byte " + (8 + F32_PAIR.length() + 9));
        refuse("{}", 1, 10, "the file goes on");
    }

    @Test
    void missing_bytes_of_the_last_tensor_are_refused() throws IOException {
        refuse(F32_PAIR, 7, 8 + F32_PAIR.length() + 7, "truncated");
    }

    @Test
    void a_hundred_thousand_overlapping_tensors_are_refused_quickly() throws IOException {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        for (int i = 0; i < 100_000; i++) {
            String entry = (i == 0 ? "{" : ",") + "\"" + i + "\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[" + i % 3 + ","
                    + (i % 3 + 1) + "]}";
            header.writeBytes(entry.getBytes(StandardCharsets.UTF_8));
        }
        header.write('}');
        refuse(file(header.size(), header.toByteArray(), 3), 8 + header.size(), "overlaps");
    }

    // ---- other files ----

    @Test
    void missing_files_are_refused() {
        Path missing = folder.resolve("missing.safetensors");
        assertTrue(Refusals.message(NoSuchFileException.class, () -> Weights.open(missing)).contains("no such file"));
    }

    /// The attack of the reference implementation: as many tensors as a header holds, all over each other. 100 MB of JSON, each tensor checked
    /// once and sorted; a header that could fill the heap is refused unread.
    @Test
    void a_header_full_of_overlapping_tensors_is_refused_in_bounded_memory() throws IOException {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        String entry = ",\"%x\":{\"dtype\":\"U8\",\"shape\":[9],\"data_offsets\":[0,9]}";
        header.write('{');
        for (int i = 0; i < 400_000; i++) {
            header.writeBytes(entry.substring(i == 0 ? 1 : 0).formatted(i).getBytes(StandardCharsets.UTF_8));
        }
        header.write('}');
        refuse(file(header.size(), header.toByteArray(), 9), 8 + header.size(), "overlaps");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u000b{}", "\f{}", "\u00a0{}", "\ufeff{}", "\0{}"})
    void other_white_space_is_refused(String header) throws IOException {
        refuse(header, 0, 8, "expected an object");
    }

    @Test
    void spaces_within_the_header_are_allowed_and_after_it_no_other_text() throws IOException {
        assertEquals(1, open(F32_PAIR.replace(",", " ,\n\t").replace(":", " : "), 8).names().size());
        refuse(F32_PAIR + "  \u000b", 8, 8 + F32_PAIR.length() + 2, "expected the end");
    }

    @Test
    void every_type_has_its_width() throws IOException {
        for (Dtype dtype : Dtype.values()) {
            int bytes = dtype.bits();
            String header = F32_PAIR.replace("F32", dtype.name()).replace("[2]", "[8]").replace("[0,8]", "[0," + bytes + "]");
            assertEquals(bytes, open(header, bytes).info("w").bytes(), dtype.name());
            refuse(header.replace("," + bytes + "]", "," + (bytes + 1) + "]"), bytes + 1, 13, dtype.name() + " [8] is " + bytes + " bytes");
        }
        for (String odd : new String[] {"F4 1", "F4 3", "F6_E2M3 1", "F6_E2M3 2", "F6_E2M3 3", "F6_E3M2 1", "F6_E3M2 2", "F6_E3M2 3"}) {
            String[] parts = odd.split(" ", 2);
            refuse(F32_PAIR.replace("F32", parts[0]).replace("[2]", "[" + parts[1] + "]"), 8, 13, "does not end on a byte");
        }
    }

    // ---- odd, and allowed ----

    @Test
    void no_tensors_are_allowed() throws IOException {
        assertTrue(open("{}", 0).names().isEmpty());
        assertEquals(Map.of("format", "pt"), open("{\"__metadata__\":{\"format\":\"pt\"}}", 0).metadata());
    }

    @Test
    void white_space_around_the_header_is_allowed() throws IOException {
        assertTrue(open("\t\n {}\r  ", 0).names().isEmpty());
    }

    @Test
    void scalars_and_empty_tensors_are_allowed_anywhere() throws IOException {
        Weights weights = open(
                "{\"z\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[4,4]},\"s\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]},"
                        + "\"y\":{\"dtype\":\"F64\",\"shape\":[2,0,281474976710655],\"data_offsets\":[0,0]}}",
                4);
        assertEquals(0, weights.tensor("z").size());
        assertEquals(0f, weights.tensor("s").item());
        assertEquals(0, weights.info("y").elements());
    }

    @Test
    void the_data_may_be_in_any_order_and_unaligned() throws IOException {
        Weights weights = open(
                "{\"f\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[3,7]},\"b\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]}}",
                7);
        assertEquals(List.of("f", "b"), List.copyOf(weights.names()));
        assertEquals(0f, weights.tensor("f").item() + weights.tensor("b").get(2));
    }

    @Test
    void members_unknown_to_us_are_passed_over() throws IOException {
        Weights weights = open(F32_PAIR.replace("{\"dtype\"", "{\"note\":{\"a\":[1,{}],\"b\":\"x\"},\"dtype\""), 8);
        assertEquals(2, weights.shape("w").size());
    }
}
