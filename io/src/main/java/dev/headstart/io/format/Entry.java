package dev.headstart.io.format;

import dev.headstart.io.weights.TensorInfo;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where and how one tensor lies in its file.
///
/// `info` names the bytes from the first element to the last; with strides there may be others between them. Of a deflated tensor it names
/// the bytes of the deflated stream.
///
/// @param info name, type, extents and place
/// @param order the order of each element's bytes
/// @param strides elements from one index to the next, an axis each, none negative; none at all: row-major without gaps
/// @param inflated what the stream holds, when the bytes are deflated
public record Entry(TensorInfo info, ByteOrder order, List<Long> strides, @Nullable Inflated inflated) {
    /// A deflated stream (RFC 1951, no wrapping): the tensor's bytes begin after `skip` others.
    ///
    /// @param skip bytes of the inflated stream before the tensor's first
    /// @param bytes bytes of the inflated stream from the tensor's first to its last
    /// @param size bytes of the whole inflated stream; [Long#MAX_VALUE] when that is unknown
    public record Inflated(long skip, long bytes, long size) {
        /// Of a stream of any length.
        public Inflated(long skip, long bytes) {
            this(skip, bytes, Long.MAX_VALUE);
        }
    }

    /// A tensor in row-major order without gaps.
    public static Entry rowMajor(TensorInfo info, ByteOrder order) {
        return new Entry(info, order, List.of(), null);
    }

    /// Bytes from the tensor's first element to its last, as they are once inflated.
    long span() {
        return inflated == null ? info.bytes() : inflated.bytes();
    }
}
