package dev.headstart.io.data;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Text in UTF-8, strictly: bytes that are none are an error that names the byte and its line. A byte-order mark at the start is skipped.
/// Lines end with `\n` or `\r\n`; the last one needs no end.
public final class Utf8 implements Closeable {
    private static final char BYTE_ORDER_MARK = '\uFEFF';
    private static final int LONGEST_LINE = 1 << 26;
    private static final int HEAP_PER_BYTE = 5; // the bytes, the characters, the string

    private final String source;
    private final InputStream in;
    private final byte[] buffer = new byte[1 << 13];
    private int at;
    private int end;
    private boolean ended;
    private long line;
    private long position;

    private Utf8(String source, InputStream in) {
        this.source = source;
        this.in = in;
    }

    /// The whole text of a file; gzip is read through.
    ///
    /// @throws DataFileException when it is not UTF-8, or too long for the heap
    public static String read(Path file) throws IOException {
        byte[] bytes = new byte[(int) Content.size(file, Runtime.getRuntime().maxMemory() / HEAP_PER_BYTE)];
        try (Content content = Content.open(file)) {
            content.fill(bytes, 0, bytes.length);
        }
        return decode(file.toString(), 1, 0, bytes);
    }

    /// The lines of a file, one after the other; gzip is read through. To be closed when not read to the end.
    public static Utf8 lines(Path file) throws IOException {
        return new Utf8(file.toString(), Content.open(file));
    }

    /// The lines of a stream, each as soon as it is there; closes it at its end. For one thread.
    ///
    /// @param source what it is, for messages
    public static Utf8 lines(String source, InputStream in) {
        return new Utf8(source, in);
    }

    /// The next line without its end; null after the last.
    ///
    /// @throws DataFileException when it is not UTF-8, or longer than 64 MiB
    public @Nullable String next() throws IOException {
        if (at == end && !refill()) {
            return null;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
        boolean whole = false;
        while (!whole && (at < end || refill())) {
            int from = at;
            while (at < end && buffer[at] != '\n') {
                at++;
            }
            bytes.write(buffer, from, at - from);
            whole = at < end;
            if (bytes.size() > LONGEST_LINE) {
                throw new DataFileException(source, position, "line " + (line + 1) + " is longer than " + LONGEST_LINE + " bytes", null);
            }
        }
        at += whole ? 1 : 0;
        line++;
        String text = decode(source, line, position, bytes.toByteArray());
        position += bytes.size() + (whole ? 1 : 0);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    /// Whether the next line, or a part of it, can be had without waiting.
    public boolean ready() throws IOException {
        for (int i = at; i < end; i++) {
            if (buffer[i] == '\n') {
                return true;
            }
        }
        return !ended && in.available() > 0;
    }

    private boolean refill() throws IOException {
        at = 0;
        end = ended ? 0 : Math.max(0, in.read(buffer, 0, buffer.length));
        if (end == 0 && !ended) {
            ended = true;
            close();
        }
        return end > 0;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private static String decode(String source, long firstLine, long firstByte, byte[] bytes) throws DataFileException {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer from = ByteBuffer.wrap(bytes);
        CharBuffer to = CharBuffer.allocate(bytes.length); // never more characters than bytes
        CoderResult result = decoder.decode(from, to, true);
        if (result.isError()) {
            long at = firstLine;
            for (int i = 0; i < from.position(); i++) {
                at += bytes[i] == '\n' ? 1 : 0;
            }
            throw new DataFileException(source, firstByte + from.position(),
                    String.format(Locale.ROOT, "line %d: this is not UTF-8 (0x%02X)", at, bytes[from.position()]), null);
        }
        to.flip();
        boolean marked = firstByte == 0 && to.length() > 0 && to.charAt(0) == BYTE_ORDER_MARK;
        return marked ? to.subSequence(1, to.length()).toString() : to.toString();
    }
}
