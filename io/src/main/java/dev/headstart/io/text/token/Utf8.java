package dev.headstart.io.text.token;

/// UTF-8 with errors.
final class Utf8 {
    private static final int REPLACEMENT = 0xFFFD;

    private Utf8() {}

    /// The text bytes hold, with U+FFFD for what is not UTF-8: one for each longest part that could begin a character (Unicode 16, section
    /// 3.9, U+FFFD substitution of maximal subparts; Python's `errors="replace"`). Java's own decoder makes one of a whole surrogate.
    static String decode(byte[] bytes) {
        StringBuilder text = new StringBuilder(bytes.length);
        for (int i = 0; i < bytes.length;) {
            int lead = bytes[i++] & 0xFF;
            if (lead < 0x80) {
                text.append((char) lead);
                continue;
            }
            int more = lead < 0xC2 || lead > 0xF4 ? 0 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
            int least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80; // of the second byte: no longer form than needed,
            int most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF; // no surrogate, nothing beyond U+10FFFF
            int c = lead & (0x3F >> more);
            int left = more;
            while (left > 0 && i < bytes.length && (bytes[i] & 0xFF) >= least && (bytes[i] & 0xFF) <= most) {
                c = (c << 6) | (bytes[i++] & 0x3F);
                left--;
                least = 0x80;
                most = 0xBF;
            }
            text.appendCodePoint(more == 0 || left > 0 ? REPLACEMENT : c);
        }
        return text.toString();
    }
}
