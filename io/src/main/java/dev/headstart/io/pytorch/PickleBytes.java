package dev.headstart.io.pytorch;

import dev.headstart.io.file.Budget;
import dev.headstart.io.file.Source;
import dev.headstart.io.weights.WeightFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/// The bytes of a pickle as they come, each with its offset in the file, for refusals.
final class PickleBytes {
    private static final int MAX_NAME = 1000;
    /// A byte of a pickle pays for one value.
    private static final long STEPS_PER_VALUE = 16;

    private final Source source;
    private final InputStream in;
    private final LongUnaryOperator place;
    private final byte[] buffer = new byte[8192];
    private int at;
    private int limit;
    private long bufferOffset;
    private final long allowed;
    private final int heapPerByte;

    /// @param place the offset in the file of a byte of the stream
    /// @param allowed how many bytes may be read
    /// @param heapPerByte heap to charge for each
    PickleBytes(Source source, InputStream in, LongUnaryOperator place, long allowed, int heapPerByte) {
        this.source = source;
        this.in = in;
        this.place = place;
        this.allowed = allowed;
        this.heapPerByte = heapPerByte;
    }

    /// What reading the file may cost.
    Budget budget() {
        return source.budget();
    }

    /// The file's name.
    String fileName() {
        return String.valueOf(source.file().getFileName());
    }

    /// How many bytes have been read.
    long position() {
        return bufferOffset + at;
    }

    /// The offset in the file of the next byte.
    long offset() {
        return place.applyAsLong(position());
    }

    /// The next byte, 0 to 255.
    int next() throws IOException {
        if (at == limit) {
            fill();
        }
        return buffer[at++] & 0xFF;
    }

    private void fill() throws IOException {
        bufferOffset += at;
        at = 0;
        limit = 0;
        if (bufferOffset >= allowed) {
            throw refused(offset(), "the pickle goes on beyond " + allowed + " bytes, which may fill the heap: raise it with -Xmx", null);
        }
        int most = (int) Math.min(buffer.length, allowed - bufferOffset);
        budget().allocate((long) heapPerByte * most, shortage -> refused(offset(), "the pickle may fill the heap" + shortage, null));
        limit = Math.max(0, in.read(buffer, 0, most));
        budget().earn(limit);
        if (limit == 0) {
            throw refused(offset(), "the pickle ends here, without its end mark", null);
        }
    }

    /// An integer of this many bytes, the lowest first; unsigned when it has fewer than 8.
    long integer(int bytes) throws IOException {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= (long) next() << (Byte.SIZE * i);
        }
        return value;
    }

    /// A double, its highest byte first.
    double real() throws IOException {
        return Double.longBitsToDouble(Long.reverseBytes(integer(Double.BYTES)));
    }

    /// This many bytes. Memory is taken as they come, not for what is merely said.
    byte[] bytes(long length) throws IOException {
        long start = position();
        if (length > allowed - start) {
            throw refused(offset(), length + " bytes are said to follow, the pickle has at most " + (allowed - start), null);
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(length, buffer.length)).order(ByteOrder.LITTLE_ENDIAN);
        while (position() - start < length) {
            if (at == limit) {
                fill();
            }
            int count = (int) Math.min(limit - at, length - (position() - start));
            if (bytes.remaining() < count) {
                int capacity = (int) Math.min(length, Math.max(2L * bytes.capacity(), bytes.position() + count));
                bytes = ByteBuffer.allocate(capacity).put(bytes.flip());
            }
            bytes.put(buffer, at, count);
            at += count;
        }
        return bytes.hasRemaining() ? Arrays.copyOf(bytes.array(), bytes.position()) : bytes.array();
    }

    /// A text of this many bytes.
    String text(long length) throws IOException {
        long start = offset();
        return text(bytes(length), start);
    }

    /// The text up to the next line feed.
    String line() throws IOException {
        long start = offset();
        byte[] name = new byte[MAX_NAME];
        for (int i = 0; i < MAX_NAME; i++) {
            name[i] = (byte) next();
            if (name[i] == '\n') {
                return text(Arrays.copyOf(name, i), start);
            }
        }
        throw refused(start, "a name of more than " + MAX_NAME + " bytes", null);
    }

    private String text(byte[] utf8, long start) throws WeightFormatException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
        } catch (CharacterCodingException e) {
            throw refused(start, "a text that is not UTF-8", e);
        }
    }

    /// Charges numbers or values that the pickle need not spell out again to have them again.
    void repeat(int count) throws WeightFormatException {
        budget().step(STEPS_PER_VALUE * count, shortage -> refused(offset(), "its tensors and dictionaries repeat numbers and values, more"
                + " than so short a pickle can mean" + shortage, null));
    }

    /// A refusal of what stands at this offset of the file.
    WeightFormatException refused(long offset, String problem, @Nullable Throwable cause) {
        return new WeightFormatException(source.file(), offset, "PyTorch pickle: " + problem, cause);
    }
}
