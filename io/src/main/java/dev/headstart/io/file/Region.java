package dev.headstart.io.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Objects;

/// The bytes of a part of an open file as a stream, which ends early where the file does. The channel's position is neither used nor moved.
public final class Region extends InputStream {
    private final FileChannel channel;
    private final long end;
    private long at;

    /// The bytes from `begin` to `end`, exclusive.
    public Region(FileChannel channel, long begin, long end) {
        this.channel = channel;
        this.at = begin;
        this.end = end;
    }

    /// The offset in the file of the next byte.
    long offset() {
        return at;
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
        int read = channel.read(ByteBuffer.wrap(into, from, (int) Math.min(length, end - at)), at);
        at += Math.max(0, read);
        return read;
    }

    /// Fills a buffer with the bytes at this offset; says how many there were before the file's end.
    public static int fill(FileChannel channel, ByteBuffer into, long offset) throws IOException {
        int start = into.position();
        while (into.hasRemaining()) {
            if (channel.read(into, offset + into.position() - start) < 0) {
                break;
            }
        }
        return into.position() - start;
    }
}
