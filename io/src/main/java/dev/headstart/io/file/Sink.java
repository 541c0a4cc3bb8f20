package dev.headstart.io.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/// A file being written, byte after byte, little-endian; on request with a digest of what passes.
public final class Sink {
    private static final int CHUNK = 1 << 18;

    private final Disk.Writing file;
    private final ByteBuffer buffer = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    private @Nullable MessageDigest digest;

    Sink(Disk.Writing file) {
        this.file = file;
    }

    /// From here on, everything written is digested too.
    public void digestWith(MessageDigest digest) {
        this.digest = digest;
    }

    public void write(byte[] bytes) throws IOException {
        if (digest != null) {
            digest.update(bytes);
        }
        file.write(ByteBuffer.wrap(bytes));
    }

    /// Writes floats, bit by bit as they are: a NaN keeps its payload.
    public void write(float[] values) throws IOException {
        int perChunk = CHUNK / Float.BYTES;
        for (int from = 0; from < values.length; from += perChunk) {
            int count = Math.min(perChunk, values.length - from);
            buffer.clear().limit(count * Float.BYTES);
            buffer.asFloatBuffer().put(values, from, count);
            if (digest != null) {
                digest.update(buffer.duplicate());
            }
            file.write(buffer);
        }
    }

    /// Overwrites bytes written before; not digested.
    public void overwrite(long position, byte[] bytes) throws IOException {
        file.overwrite(position, ByteBuffer.wrap(bytes));
    }
}
