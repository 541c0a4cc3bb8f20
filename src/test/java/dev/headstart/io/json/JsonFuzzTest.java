package dev.headstart.io.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/// JSON against Jackson: the same texts are accepted, with the same values.
///
/// Where the standard leaves room and we are stricter, the judge is made so too: bytes that are no UTF-8, half surrogate pairs, a
/// byte-order mark, and numbers beyond double are to be refused.
class JsonFuzzTest {
    private static final JsonFactory JACKSON = JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    @Property(tries = 6000, edgeCases = EdgeCasesMode.NONE)
    void any_sequence_of_pieces_is_judged_as_jackson_judges_it(@ForAll("pieces") String text) {
        agree(text.getBytes(StandardCharsets.UTF_8));
    }

    @Property(tries = 6000, edgeCases = EdgeCasesMode.NONE)
    void a_damaged_document_is_judged_as_jackson_judges_it(@ForAll("damaged") byte[] text) {
        agree(text);
    }

    @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
    void what_is_written_reads_back_equal(@ForAll("documents") Json document) throws JsonException {
        assertEquals(document, Json.parse(document.compact()));
        assertEquals(document, Json.parse(document.pretty()));
        assertEquals(document, jackson(document.compact().getBytes(StandardCharsets.UTF_8)));
    }

    private static void agree(byte[] utf8) {
        Json expected = jackson(utf8);
        Json actual;
        try {
            actual = Json.parse(utf8);
        } catch (JsonException e) {
            actual = null;
        }
        assertEquals(expected, actual);
        Statistics.label("accepted").collect(actual != null).coverage(check -> {
            check.check(true).percentage(p -> p > 2);
            check.check(false).percentage(p -> p > 2);
        });
    }

    @Provide
    Arbitrary<String> pieces() {
        Arbitrary<String> piece = Arbitraries.of("{", "}", "[", "]", ",", ":", "\"", "\\", " ", "\n", "\t", "0", "1", "-", ".", "e", "E",
                "+", "true",
                "false", "null", "nul", "\"a\"", "\"b\":", "\"a\":1", "\"\\u0041\"", "\\u", "\\n", "\"\\/\"", "\"\\ud83d\\ude00\"",
                "\"\\ud83d\"", "é", "\"€😀\"",
                "12", "-0", "0.5", "1e5", "1E-7", "1e400", "123456789012345678901", "-9223372036854775808", "\u0000", "\f", "\u00a0",
                "\uFEFF", "NaN", "//");
        Arbitrary<String> any = piece.list().ofMinSize(1).ofMaxSize(9).map(list -> String.join("", list));
        Arbitrary<String> bracketed = piece.list().ofMaxSize(5).map(list -> "[" + String.join(",", list) + "]");
        Arbitrary<String> number = Arbitraries.strings().withChars("0123456789+-.eE").ofMinLength(1).ofMaxLength(8);
        Arbitrary<String> string = Arbitraries.strings().withChars("a\"\\u0dD8/nbé\n").ofMaxLength(8).map(s -> "\"" + s + "\"");
        return Arbitraries.oneOf(any, bracketed, number, string);
    }

    @Provide
    Arbitrary<byte[]> damaged() {
        return Arbitraries.randomValue(random -> {
            Json document = document(random, 3);
            byte[] utf8 = (random.nextBoolean() ? document.pretty() : document.compact()).getBytes(StandardCharsets.UTF_8);
            String likely = "{}[],:\"\\ 01-.eu\n";
            byte with = random.nextBoolean() ? (byte) random.nextInt() : (byte) likely.charAt(random.nextInt(likely.length()));
            return damage(utf8, random.nextInt(utf8.length), with, random.nextInt(4));
        });
    }

    private static byte[] damage(byte[] utf8, int at, byte with, int kind) {
        ByteBuffer out = ByteBuffer.allocate(utf8.length + 1);
        out.put(utf8, 0, at);
        switch (kind) {
            case 0 -> out.put(with).put(utf8, at + 1, utf8.length - at - 1);
            case 1 -> out.put(with).put(utf8, at, utf8.length - at);
            case 2 -> out.put(utf8, at + 1, utf8.length - at - 1);
            default -> {
                // Cut off here.
            }
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    @Provide
    Arbitrary<Json> documents() {
        return Arbitraries.randomValue(random -> document(random, 4));
    }

    private static Json document(Random random, int depth) {
        return switch (random.nextInt(depth == 0 ? 7 : 12)) {
            case 0, 1 -> Json.of(text(random));
            case 2 -> Json.of(random.nextLong() >> random.nextInt(64));
            case 3 -> Json.numberOrNull(Double.longBitsToDouble(random.nextLong()));
            case 4 -> Json.of(random.nextInt(1000) / 100.0);
            case 5 -> Json.of(random.nextBoolean());
            case 6 -> random.nextBoolean() ? Json.Null.NULL : Json.of(-0.0);
            case 7, 8, 9 -> {
                List<Json> items = new ArrayList<>();
                for (int n = random.nextInt(4); n > 0; n--) {
                    items.add(document(random, depth - 1));
                }
                yield new Json.Arr(items);
            }
            default -> {
                Map<String, Json> members = new LinkedHashMap<>();
                for (int n = random.nextInt(4); n > 0; n--) {
                    members.put(text(random), document(random, depth - 1));
                }
                yield new Json.Obj(members);
            }
        };
    }

    private static String text(Random random) {
        String[] pieces = {"a", "b", "\"", "\\", "\n", "\u0000", "\u007f", "é", "€", "😀", "/", "\uffff", ""};
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(4); n > 0; n--) {
            text.append(pieces[random.nextInt(pieces.length)]);
        }
        return text.toString();
    }

    /// What Jackson reads, made as strict as ours; null when it is to be refused.
    private static @Nullable Json jackson(byte[] utf8) {
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
        if (text.startsWith("\uFEFF")) {
            return null;
        }
        try (JsonParser parser = JACKSON.createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() == null) {
                return null;
            }
            Json value = value(parser);
            return parser.nextToken() == null ? value : null;
        } catch (JacksonException | Stricter e) {
            return null;
        }
    }

    /// Jackson accepts what we refuse.
    private static final class Stricter extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private static Json value(JsonParser parser) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, Json> members = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = whole(parser.currentName());
                    parser.nextToken();
                    members.put(name, value(parser));
                }
                yield new Json.Obj(members);
            }
            case START_ARRAY -> {
                List<Json> items = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    items.add(value(parser));
                }
                yield new Json.Arr(items);
            }
            case VALUE_STRING -> Json.of(whole(parser.getString()));
            case VALUE_TRUE -> Json.of(true);
            case VALUE_FALSE -> Json.of(false);
            case VALUE_NULL -> Json.Null.NULL;
            case VALUE_NUMBER_INT -> integer(parser.getString());
            case VALUE_NUMBER_FLOAT -> real(parser.getDoubleValue());
            default -> throw new Stricter();
        };
    }

    private static Json integer(String literal) {
        BigInteger value = new BigInteger(literal);
        return literal.equals("-0") ? Json.of(-0.0) : value.bitLength() < 64 ? Json.of(value.longValue()) : real(value.doubleValue());
    }

    private static Json real(double value) {
        if (Double.isInfinite(value)) {
            throw new Stricter();
        }
        return Json.of(value);
    }

    private static String whole(String text) {
        for (int i = 0; i < text.length(); i++) {
            int code = text.codePointAt(i);
            if (code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE) {
                throw new Stricter();
            }
            i += Character.charCount(code) - 1;
        }
        return text;
    }
}
