package dev.headstart.io.format;

import dev.headstart.io.file.Region;
import dev.headstart.io.file.Source;
import dev.headstart.io.weights.TensorInfo;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/// The bytes of one tensor from its first element to its last, inflated when need be: asked for in ascending order only.
sealed interface TensorBytes extends AutoCloseable {
    /// Fills the buffer from its position to its limit with the bytes from `at` on, counted from the tensor's first.
    ///
    /// @throws EOFException when the file, or the deflated stream, ends before
    void read(ByteBuffer into, long at) throws IOException;

    @Override
    void close();

    static TensorBytes of(Source source, TensorInfo info, Entry.@Nullable Inflated inflated) {
        return inflated == null ? new Stored(source, info.begin()) : new Deflated(source, info, inflated);
    }

    /// Bytes as they are.
    record Stored(Source source, long begin) implements TensorBytes {
        @Override
        public void read(ByteBuffer into, long at) throws IOException {
            int start = into.position();
            while (into.hasRemaining()) {
                long position = begin + at + into.position() - start;
                if (source.read(into, position) < 0) {
                    throw new EOFException("the file ends at byte " + source.size());
                }
            }
        }

        @Override
        public void close() {}
    }

    /// Bytes of a deflated stream, which must end where it was said to, when that much of it is read.
    final class Deflated implements TensorBytes {
        private static final int BUFFER = 1 << 14;
        private final Inflater inflater = new Inflater(true);
        private final InputStream in;
        private final Entry.Inflated inflated;
        private long read;

        Deflated(Source source, TensorInfo info, Entry.Inflated inflated) {
            this.in = new InflaterInputStream(new Region(source, info.begin(), info.end()), inflater, BUFFER);
            this.inflated = inflated;
        }

        @Override
        public void read(ByteBuffer into, long at) throws IOException {
            in.skipNBytes(inflated.skip() + at - read);
            int length = into.remaining();
            if (in.readNBytes(into.array(), into.arrayOffset() + into.position(), length) < length) {
                throw new EOFException("the deflated stream ends too early");
            }
            into.position(into.limit());
            read = inflated.skip() + at + length;
            if (read == inflated.size() && in.read() >= 0) {
                throw new ZipException("the deflated stream goes on beyond the " + read + " bytes it was said to have");
            }
        }

        @Override
        public void close() {
            inflater.end();
        }
    }
}
