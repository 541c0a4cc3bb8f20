package dev.headstart.io.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headstart.io.Refusals;
import dev.headstart.io.json.Json.Int;
import dev.headstart.io.json.Json.Obj;
import dev.headstart.io.json.Json.Real;
import dev.headstart.io.json.Json.Str;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// JSON by example; [JsonFuzzTest] compares with another implementation.
class JsonTest {
    @Test
    void an_object_keeps_its_order() throws JsonException {
        Obj object = (Obj) Json.parse("{\"z\":1,\"a\":[true,null],\"m\":{\"k\":\"v\"}}");
        assertEquals(List.of("z", "a", "m"), List.copyOf(object.members().keySet()));
        assertEquals("v", object.object("m").string("k"));
        assertEquals(List.of(Json.of(true), Json.Null.NULL), object.array("a"));
    }

    @Test
    void integers_are_exact_and_other_numbers_the_nearest_double() throws JsonException {
        assertEquals(new Int(Long.MAX_VALUE), Json.parse("9223372036854775807"));
        assertEquals(new Int(Long.MIN_VALUE), Json.parse("-9223372036854775808"));
        assertEquals(new Real(0x1p63), Json.parse("9223372036854775808"));
        assertEquals(new Real(-0.0), Json.parse("-0"));
        assertEquals(new Real(5), Json.parse("5.0"));
        assertEquals(new Real(Double.MIN_VALUE), Json.parse("4.9e-324"));
        assertEquals(new Real(0), Json.parse("1e-400"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"'' | 0 | a value", "'{\"a\":1,\"b\":2,\"a\":3}' | 13 | twice", "[1,] | 3 | a value",
        "[1 2] | 3 | ','",
        "{\"a\" 1} | 5 | ':'", "{1:2} | 1 | a string", "01 | 1 | the end", "1. | 2 | a digit", "1e+ | 3 | a digit",
        "1e999 | 0 | range of double",
        "[-] | 2 | a digit", "nul | 3 | null", "nulL | 3 | null", "\"a | 2 | the end", "\"\\x\" | 2 | after",
        "\"\\u12g4\" | 5 | hexadecimal",
        "\"\\ud800\" | 1 | surrogate", "\"\\ud800\\u0041\" | 1 | surrogate", "\"\\udc00\" | 1 | surrogate", "1 2 | 2 | the end",
        "NaN | 0 | a value",
        "[1 | 2 | ']'", "{\"a\":1 | 6 | '}'", "'[1,\n2 3]' | 6 | line 2, column 3", "/**/1 | 0 | a value", "'''a''' | 0 | a value"})
    void what_is_not_json_is_refused_with_its_place(String text, long offset, String says) {
        JsonException e = assertThrows(JsonException.class, () -> Json.parse(text));
        assertEquals(offset, e.offset(), e.getMessage());
        assertTrue(Refusals.message(e).contains(says), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"c0af", "80", "e08080", "eda080", "f4908080", "f8888080", "c3", "e282", "ff"})
    void bytes_that_are_not_utf8_are_refused(String hex) {
        byte[] text = ("\"" + new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1) + "\"")
                .getBytes(StandardCharsets.ISO_8859_1);
        assertEquals(1, assertThrows(JsonException.class, () -> Json.parse(text)).offset());
    }

    @Test
    void control_characters_and_byte_order_marks_are_refused() {
        assertThrows(JsonException.class, () -> Json.parse("\"\n\""));
        assertThrows(JsonException.class, () -> Json.parse("\"\u0000\""));
        assertThrows(JsonException.class, () -> Json.parse("\uFEFF1"));
        assertThrows(JsonException.class, () -> Json.parse("\"\ud800\""));
    }

    @Test
    void nesting_stops_at_500_without_a_stack_overflow() throws JsonException {
        assertEquals("[".repeat(500) + "]".repeat(500), Json.parse("[".repeat(500) + "]".repeat(500)).compact());
        JsonException e = assertThrows(JsonException.class, () -> Json.parse("[{\"a\":".repeat(1_000_000)));
        assertTrue(Refusals.message(e).contains("deeper than 500"), e.getMessage());
        Json deep = Json.array();
        for (int i = 0; i < 500; i++) {
            deep = Json.array(deep);
        }
        assertThrows(IllegalArgumentException.class, deep::compact);
    }

    @Test
    void a_number_stops_at_1000_characters() throws JsonException {
        assertEquals(new Real(0), Json.parse("0." + "0".repeat(998)));
        assertThrows(JsonException.class, () -> Json.parse("0." + "0".repeat(999)));
    }

    @Test
    void texts_longer_than_the_buffer_survive() throws JsonException {
        String text = "aé€😀\"\\\u0001".repeat(5000);
        assertEquals(new Str(text), Json.parse(Json.of(text).compact()));
    }

    @Test
    void doubles_are_written_with_the_fewest_digits() {
        assertEquals("[0.1,1.0,1.0E-5,-0.0,0.3333333333333333]", Json.numbers(0.1, 1, 1e-5, -0.0, 1.0 / 3).compact());
    }

    @Test
    void nan_and_infinities_are_refused_or_made_null_on_request() {
        assertTrue(Refusals.message(IllegalArgumentException.class, () -> Json.of(Double.NaN)).contains("numberOrNull"));
        assertThrows(IllegalArgumentException.class, () -> Json.object().put("loss", Double.POSITIVE_INFINITY));
        assertEquals(Json.Null.NULL, Json.numberOrNull(Double.NaN));
        assertEquals(Json.of(0.5), Json.numberOrNull(0.5));
    }

    @Test
    void pretty_keeps_plain_arrays_on_one_line() {
        Json json = Json.object().put("name", "probe").put("accuracy", Json.numbers(0.25, 0.5)).put("none", Json.array())
                .put("empty", Json.object().build()).put("rows", Json.array(Json.integers(1, 2), Json.integers(3))).build();
        assertEquals("""
                {
                  "name": "probe",
                  "accuracy": [0.25, 0.5],
                  "none": [],
                  "empty": {},
                  "rows": [
                    [1, 2],
                    [3]
                  ]
                }""", json.pretty());
        assertEquals("{\"name\":\"probe\",\"accuracy\":[0.25,0.5],\"none\":[],\"empty\":{},\"rows\":[[1,2],[3]]}", json.compact());
    }

    @Test
    void a_missing_or_mistyped_member_is_named() throws JsonException {
        Obj object = (Obj) Json.parse("{\"hidden_size\":\"768\",\"heads\":12}");
        assertEquals(12, object.integer("heads"));
        assertEquals(12.0, object.number("heads"));
        assertEquals("json: \"layers\" is missing", Refusals.message(JsonException.class, () -> object.integer("layers")));
        assertEquals("json: \"hidden_size\" should be an integer, it is a string",
                Refusals.message(JsonException.class, () -> object.integer("hidden_size")));
        assertThrows(JsonException.class, () -> object.string("heads"));
        assertThrows(JsonException.class, () -> object.bool("heads"));
        assertThrows(JsonException.class, () -> object.array("heads"));
        assertThrows(JsonException.class, () -> object.object("heads"));
        assertThrows(JsonException.class, () -> object.number("hidden_size"));
    }

    @Test
    void a_name_is_put_once() {
        assertThrows(IllegalArgumentException.class, () -> Json.object().put("a", 1).put("a", 2));
    }

    @Test
    void files_are_written_and_read_and_named_when_wrong(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("report.json");
        Json report = Json.object().put("seconds", 1.5).put("näme", "wert").build();
        report.write(file);
        assertEquals(report, Json.read(file));
        Files.writeString(file, "{");
        assertTrue(Refusals.message(JsonException.class, () -> Json.read(file)).contains("report.json"));
    }
}
