package dev.headstart.io.format;

import dev.headstart.io.file.Source;
import dev.headstart.io.weights.Dtype;
import dev.headstart.io.weights.TensorInfo;
import dev.headstart.io.weights.WeightFormatException;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.ShapeException;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.Workers;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.function.IntFunction;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/// Reads tensors' elements from an open file, chunk by chunk, each byte at most once: row-major, strided, or deflated.
///
/// Beside the result, a chunk is in memory; of strided tensors also the elements in the order of the file; and of a tensor whose
/// axes overlap otherwise than by repetition (`as_strided`) all its bytes, 64 MiB at most. A tensor that repeats its elements and is larger
/// in memory than in the file is read up to 2²⁴ elements, so that a small file does not fill the heap.
public final class ElementReader {
    /// Measured with 440 MB: shorter ones are slower (64 KiB by a tenth), longer ones gain nothing. The JDK keeps a copy outside the heap.
    static final int CHUNK = 1 << 19;

    /// Bytes that make a part worth handing to another thread.
    private static final int PART = 2 * CHUNK;

    private static final int MAX_OVERLAPPING = 1 << 26;
    private static final int MAX_REPEATED = 1 << 24;

    private final Source source;
    private ByteBuffer chunk = ByteBuffer.allocate(0);

    public ElementReader(Source source) {
        this.source = source;
    }

    /// Reads a tensor as float32.
    public Tensor tensor(Entry entry) throws IOException {
        return tensor(entry, new Decoding(entry.info().dtype()));
    }

    /// Reads a tensor as float32, integers that float32 does not hold as the nearest that it does.
    public Tensor nearest(Entry entry) throws IOException {
        return tensor(entry, new Decoding(entry.info().dtype(), true));
    }

    private Tensor tensor(Entry entry, Decoding decoding) throws IOException {
        TensorInfo info = entry.info();
        if (!info.dtype().isReadable()) {
            throw refused(info, info.dtype() + " cannot be read as float32");
        }
        Shape shape = allocatable(entry);
        Striding striding = Striding.of(entry);
        float[] stored = allocated(info, (int) striding.elements(), float[]::new);
        read(entry, striding, (from, at, count) -> decoding.decode(from, stored, at, count));
        if (striding.isRowMajor(info.extents())) {
            return Tensor.wrap(shape, stored);
        }
        float[] values = allocated(info, shape.size(), float[]::new);
        striding.rearrange(info.extents(), values.length, (to, from) -> values[to] = stored[from]);
        return Tensor.wrap(shape, values);
    }

    /// Reads a tensor of integers.
    public Indices indices(Entry entry) throws IOException {
        TensorInfo info = entry.info();
        if (!info.dtype().isInteger()) {
            throw refused(info, info.dtype() + " holds no integers: read it as a tensor");
        }
        Shape shape = allocatable(entry);
        Striding striding = Striding.of(entry);
        int[] stored = allocated(info, (int) striding.elements(), int[]::new);
        Decoding decoding = new Decoding(info.dtype());
        read(entry, striding, (from, at, count) -> decoding.decode(from, stored, at, count));
        if (striding.isRowMajor(info.extents())) {
            return Indices.of(shape, stored);
        }
        int[] values = allocated(info, shape.size(), int[]::new);
        striding.rearrange(info.extents(), values.length, (to, from) -> values[to] = stored[from]);
        return Indices.of(shape, values);
    }

    // ---- memory ----

    /// The shape, when an array of its elements fits into the heap. The file holds them all: the format's reader has checked that.
    private Shape allocatable(Entry entry) throws WeightFormatException {
        TensorInfo info = entry.info();
        Shape shape = shape(info);
        if (4L * shape.size() > Runtime.getRuntime().maxMemory()) {
            throw tooLarge(info, shape.size(), null);
        }
        if (shape.size() > MAX_REPEATED && shape.size() > entry.span() * Byte.SIZE / info.dtype().bits()) {
            throw refused(info, "repeats " + entry.span() + " bytes until they are " + shape.size() + " elements, the limit is "
                    + MAX_REPEATED);
        }
        return shape;
    }

    private Shape shape(TensorInfo info) throws WeightFormatException {
        try {
            return info.shape();
        } catch (ShapeException e) {
            throw new WeightFormatException(source.file(), info.begin(), about(info) + e.getMessage(), e);
        }
    }

    private <T> T allocated(TensorInfo info, int size, IntFunction<T> array) throws WeightFormatException {
        try {
            return array.apply(size);
        } catch (OutOfMemoryError e) {
            throw tooLarge(info, size, e);
        }
    }

    private WeightFormatException tooLarge(TensorInfo info, int size, @Nullable Throwable cause) {
        String problem = "needs " + 4L * size + " bytes of heap, the limit is " + Runtime.getRuntime().maxMemory() + ": raise it with -Xmx";
        return new WeightFormatException(source.file(), info.begin(), about(info) + problem, cause);
    }

    // ---- elements ----

    private interface Decoder {
        void decode(ByteBuffer from, int at, int count) throws Decoding.ValueException;
    }

    /// Decodes all elements in the order of the file.
    private void read(Entry entry, Striding striding, Decoder decoder) throws IOException {
        if (striding.elements() == 0) {
            return;
        }
        TensorInfo info = entry.info();
        try (TensorBytes bytes = TensorBytes.of(source, info, entry.inflated())) {
            if (striding.isDense()) {
                dense(entry, (int) striding.elements(), bytes, decoder);
            } else {
                gather(entry, striding, bytes, decoder);
            }
        } catch (EOFException | ZipException e) {
            throw new WeightFormatException(source.file(), info.begin(), about(info) + "its bytes cannot be read: " + e.getMessage(), e);
        }
    }

    /// Elements that follow each other. Long rows of float32 are read by all current workers, a part each: there every value is one that
    /// can be held, so that no two parts could differ in what they refuse.
    private void dense(Entry entry, int elements, TensorBytes bytes, Decoder decoder) throws IOException {
        int width = width(entry);
        int parts = (int) Math.min(Workers.current().threads(), (long) elements * width / PART);
        if (parts < 2 || entry.info().dtype() != Dtype.F32 || !(bytes instanceof TensorBytes.Stored)) {
            dense(entry, 0, elements, chunk((long) elements * width), bytes, decoder);
            return;
        }
        int each = Math.ceilDiv(Math.ceilDiv(elements, parts), CHUNK / width) * (CHUNK / width);
        try {
            Workers.current().forEach(Math.ceilDiv(elements, each), part -> {
                try {
                    dense(entry, part * each, (int) Math.min(elements, (part + 1L) * each), ByteBuffer.allocate(CHUNK), bytes, decoder);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void dense(Entry entry, int from, int to, ByteBuffer chunk, TensorBytes bytes, Decoder decoder) throws IOException {
        int width = width(entry);
        chunk.order(entry.order());
        for (int at = from; at < to; at += CHUNK / width) {
            int count = Math.min(CHUNK / width, to - at);
            bytes.read(chunk.clear().limit(count * width), (long) at * width);
            try {
                decoder.decode(chunk.flip(), at, count);
            } catch (Decoding.ValueException e) {
                throw refused(entry, at + e.index, (long) (at + e.index) * width, e);
            }
        }
    }

    /// Packs elements that lie apart, through a window that moves on over the file.
    private void gather(Entry entry, Striding striding, TensorBytes bytes, Decoder decoder) throws IOException {
        int width = width(entry);
        int elements = (int) striding.elements();
        ByteBuffer window = window(entry, striding);
        ByteBuffer packed = chunk((long) elements * width).order(entry.order());
        long begin = 0;
        for (int at = 0; at < elements; at += CHUNK / width) {
            int count = Math.min(CHUNK / width, elements - at);
            packed.clear().limit(count * width);
            for (int i = 0; i < count; i++) {
                long position = striding.position(at + i) * width;
                if (position + width > begin + window.limit()) {
                    begin = position;
                    bytes.read(window.clear().limit((int) Math.min(window.capacity(), entry.span() - begin)), begin);
                }
                packed.put(i * width, window, (int) (position - begin), width);
            }
            try {
                decoder.decode(packed, at, count);
            } catch (Decoding.ValueException e) {
                throw refused(entry, at + e.index, striding.position(at + e.index) * width, e);
            }
        }
    }

    /// The buffer that all tensors use, long enough for these bytes or a chunk of them.
    private ByteBuffer chunk(long bytes) {
        if (chunk.capacity() < Math.min(CHUNK, bytes)) {
            chunk = ByteBuffer.allocate((int) Math.min(CHUNK, bytes));
        }
        return chunk;
    }

    /// An empty window: as long as all bytes of the tensor when its elements do not ascend.
    private ByteBuffer window(Entry entry, Striding striding) throws WeightFormatException {
        long span = entry.span();
        if (!striding.isAscending() && span > MAX_OVERLAPPING) {
            throw refused(entry.info(), "its axes overlap within " + span + " bytes, the limit is " + MAX_OVERLAPPING);
        }
        return ByteBuffer.allocate((int) (striding.isAscending() ? Math.min(CHUNK, span) : span)).limit(0);
    }

    private static int width(Entry entry) {
        return entry.info().dtype().bits() / Byte.SIZE;
    }

    // ---- refusals ----

    private WeightFormatException refused(Entry entry, long element, long at, Decoding.ValueException cause) {
        TensorInfo info = entry.info();
        long offset = info.begin() + (entry.inflated() == null ? at : 0);
        String problem = about(info) + "element " + element + " of " + info.dtype() + ": " + cause.getMessage();
        return new WeightFormatException(source.file(), offset, problem, cause);
    }

    private WeightFormatException refused(TensorInfo info, String problem) {
        return new WeightFormatException(source.file(), info.begin(), about(info) + problem, null);
    }

    static String about(TensorInfo info) {
        return "tensor \"" + Source.abridged(info.name()) + "\": ";
    }
}
