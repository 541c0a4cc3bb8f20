package dev.headstart.io.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/// The bytes of a part of an open file as a stream, which ends early where the file does.
public final class Region extends InputStream {
    private final Source source;
    private final long end;
    private long at;

    /// The bytes from `begin` to `end`, exclusive.
    public Region(Source source, long begin, long end) {
        this.source = source;
        this.at = begin;
        this.end = end;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        Objects.checkFromIndexSize(from, length, into.length);
        if (length == 0) {
            return 0;
        }
        if (at >= end) {
            return -1;
        }
        int read = source.read(ByteBuffer.wrap(into, from, (int) Math.min(length, end - at)), at);
        at += Math.max(0, read);
        return read;
    }
}
