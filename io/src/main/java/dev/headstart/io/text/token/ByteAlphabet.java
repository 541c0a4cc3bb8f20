package dev.headstart.io.text.token;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// GPT-2's way to write any byte as a visible character: those of Latin-1 that show stand for themselves, the other 68 bytes for U+0100 and
/// on. A space is `Ġ`, a line end `Ċ`.
public final class ByteAlphabet {
    private static final char[] CHARACTERS = characters();
    private static final short[] BYTES = bytes();

    private ByteAlphabet() {}

    private static char[] characters() {
        char[] characters = new char[256];
        int others = 256;
        for (int b = 0; b < 256; b++) {
            boolean shows = (b > ' ' && b < 0x7F) || (b > 0xA0 && b != 0xAD);
            characters[b] = (char) (shows ? b : others++);
        }
        return characters;
    }

    private static short[] bytes() {
        short[] bytes = new short[256 + 68];
        Arrays.fill(bytes, (short) -1);
        for (int b = 0; b < 256; b++) {
            bytes[CHARACTERS[b]] = (short) b;
        }
        return bytes;
    }

    /// The character that stands for a byte, 0 to 255.
    public static char character(int b) {
        return CHARACTERS[b];
    }

    /// The characters that stand for a text's bytes.
    public static String encode(String text) {
        StringBuilder characters = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            characters.append(CHARACTERS[b & 0xFF]);
        }
        return characters.toString();
    }

    /// The text that tokens' bytes make. A token with a character that stands for no byte is its own text. What is not UTF-8 becomes U+FFFD
    /// ([Utf8#decode]).
    public static String decode(List<String> tokens) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String token : tokens) {
            if (standsForBytes(token)) {
                for (int i = 0; i < token.length(); i++) {
                    bytes.write(BYTES[token.charAt(i)]);
                }
            } else {
                bytes.writeBytes(token.getBytes(StandardCharsets.UTF_8));
            }
        }
        return Utf8.decode(bytes.toByteArray());
    }

    private static boolean standsForBytes(String token) {
        for (int i = 0; i < token.length(); i++) {
            char c = token.charAt(i);
            if (c >= BYTES.length || BYTES[c] < 0) {
                return false;
            }
        }
        return true;
    }
}
