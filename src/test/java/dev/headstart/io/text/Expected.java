package dev.headstart.io.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headstart.io.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/// What Hugging Face's library answered; the scripts beside the files say how it was asked. Offsets there count code points.
final class Expected {
    private Expected() {}

    static Path file(String name) {
        return Path.of(System.getProperty("headstart.root"), "src/test/resources/tokenizers").resolve(name);
    }

    static Json.Obj read(String name) throws IOException {
        return (Json.Obj) Json.read(file(name));
    }

    static Tokenizer uncased() throws IOException {
        return WordPiece.uncased(file("uncased.txt"));
    }

    static Tokenizer cased() throws IOException {
        return WordPiece.cased(file("cased.txt"));
    }

    static Tokenizer bytes() throws IOException {
        return BytePairEncoding.open(file("bytes.json"), file("bytes.merges.txt"));
    }

    static List<Json.Obj> objects(Json.Obj from, String name) throws IOException {
        return from.array(name).stream().map(Json.Obj.class::cast).toList();
    }

    static int[] integers(Json.Obj from, String name) throws IOException {
        return from.array(name).stream().mapToInt(item -> (int) ((Json.Int) item).value()).toArray();
    }

    static List<String> strings(Json.Obj from, String name) throws IOException {
        return from.array(name).stream().map(item -> ((Json.Str) item).value()).toList();
    }

    /// That a case's text gets the ids, offsets, words, tokens and decoded texts it should.
    static void same(Tokenizer tokenizer, Json.Obj expected) throws IOException {
        String text = expected.string("text");
        Encoding encoding = tokenizer.encode(text);
        Encoding counted = encoding.inCodePoints(text);
        String what = quoted(text);
        assertArrayEquals(integers(expected, "ids"), encoding.ids(), what);
        assertArrayEquals(integers(expected, "starts"), counted.starts(), what);
        assertArrayEquals(integers(expected, "ends"), counted.ends(), what);
        assertArrayEquals(integers(expected, "words"), encoding.words(), what);
        if (!expected.array("tokens").isEmpty()) {
            assertEquals(strings(expected, "tokens"), encoding.tokens(), what);
        }
        assertEquals(expected.string("decoded"), tokenizer.decode(encoding.ids(), false), what);
        assertEquals(expected.string("skipped"), tokenizer.decode(encoding.ids(), true), what);
    }

    /// That an encoding, and the windows behind it, are those expected.
    static void same(Json.Obj expected, Encoding encoding, String[] texts, String what) throws IOException {
        assertArrayEquals(integers(expected, "ids"), encoding.ids(), what);
        assertArrayEquals(integers(expected, "types"), encoding.typeIds(), what);
        assertArrayEquals(integers(expected, "ends"), encoding.inCodePoints(texts).ends(), what);
        assertArrayEquals(integers(expected, "special"), encoding.specialTokensMask(), what);
        assertArrayEquals(integers(expected, "attention"), encoding.attentionMask(), what);
        List<Json.Obj> windows = expected.find("overflow") == null ? List.of() : objects(expected, "overflow");
        if (!encoding.overflow().isEmpty()) {
            assertEquals(windows.size(), encoding.overflow().size(), what);
            for (int i = 0; i < windows.size(); i++) {
                same(windows.get(i), encoding.overflow().get(i), texts, what + ", window " + (i + 1));
            }
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    static void update(MessageDigest digest, String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
    }

    /// A text with all but visible ASCII as Java escapes.
    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().forEach(c -> quoted.append(c >= ' ' && c < 0x7F ? String.valueOf((char) c) : "\\u%04X".formatted(c)));
        return quoted.append('"').toString();
    }
}
