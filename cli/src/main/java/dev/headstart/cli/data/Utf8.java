package dev.headstart.cli.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// UTF-8, strictly: bytes that are none are an error that names its line. A byte-order mark at the start is skipped.
public final class Utf8 {
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final String source;
    private final InputStream in;
    private long line;

    private Utf8(String source, InputStream in) {
        this.source = source;
        this.in = in;
    }

    /// The whole text of a file.
    ///
    /// @throws IOException when it is not UTF-8; the message names the line
    public static String read(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException(file + ": this is a folder, a file is needed");
        }
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        return decode(file.toString(), 1, Files.readAllBytes(file));
    }

    /// The lines of a stream, each as soon as it is there. For one thread.
    ///
    /// @param source what it is, for messages
    /// @param in buffered by the caller
    public static Utf8 lines(String source, InputStream in) {
        return new Utf8(source, in);
    }

    /// The next line without its end; null after the last.
    ///
    /// @throws IOException when it is not UTF-8; the message names the line
    public @Nullable String next() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int b = in.read();
        if (b < 0) {
            return null;
        }
        for (; b >= 0 && b != '\n'; b = in.read()) {
            bytes.write(b);
        }
        line++;
        String text = decode(source, line, bytes.toByteArray());
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    private static String decode(String source, long firstLine, byte[] bytes) throws IOException {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer from = ByteBuffer.wrap(bytes);
        CharBuffer to = CharBuffer.allocate(bytes.length); // never more characters than bytes
        CoderResult result = decoder.decode(from, to, true);
        if (result.isError()) {
            long at = firstLine;
            for (int i = 0; i < from.position(); i++) {
                at += bytes[i] == '\n' ? 1 : 0;
            }
            throw new IOException("%s, line %d: this is not UTF-8 (byte 0x%02X)".formatted(source, at, bytes[from.position()]));
        }
        to.flip();
        boolean marked = firstLine == 1 && to.length() > 0 && to.charAt(0) == BYTE_ORDER_MARK;
        return marked ? to.subSequence(1, to.length()).toString() : to.toString();
    }
}
