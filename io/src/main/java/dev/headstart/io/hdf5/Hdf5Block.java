package dev.headstart.io.hdf5;

import dev.headstart.io.weights.WeightFormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// A block of an HDF5 file's structure, read from front to back. Whoever reads beyond its end learns where in the file that is.
final class Hdf5Block {
    private final Hdf5Bytes bytes;
    private final ByteBuffer buffer;
    private final long begin;
    private final String what;

    Hdf5Block(Hdf5Bytes bytes, ByteBuffer buffer, long begin, String what) {
        this.bytes = bytes;
        this.buffer = buffer;
        this.begin = begin;
        this.what = what;
    }

    Hdf5Bytes bytes() {
        return bytes;
    }

    /// Where in the file the next byte is.
    long offset() {
        return begin + buffer.position();
    }

    int remaining() {
        return buffer.remaining();
    }

    private void demand(long count) throws WeightFormatException {
        if (count < 0 || count > buffer.remaining()) {
            throw damaged("ends at byte " + (begin + buffer.limit()) + ", " + Long.toUnsignedString(count) + " more bytes are needed");
        }
    }

    int u8() throws WeightFormatException {
        demand(1);
        return buffer.get() & 0xFF;
    }

    int u16() throws WeightFormatException {
        demand(2);
        return buffer.getShort() & 0xFFFF;
    }

    long u32() throws WeightFormatException {
        demand(4);
        return buffer.getInt() & 0xFFFFFFFFL;
    }

    /// An address, or [Hdf5Bytes#UNDEFINED].
    long address() throws WeightFormatException {
        int width = bytes.addressBytes();
        long address = number(width);
        return width < 8 && address == (1L << (8 * width)) - 1 ? Hdf5Bytes.UNDEFINED : address;
    }

    /// A length, not negative.
    long length() throws WeightFormatException {
        long length = number(bytes.lengthBytes());
        if (length < 0) {
            throw damaged("a length of " + Long.toUnsignedString(length));
        }
        return length;
    }

    /// A little-endian number of 1 to 8 bytes.
    long number(int width) throws WeightFormatException {
        demand(width);
        long number = 0;
        for (int i = 0; i < width; i++) {
            number |= (buffer.get() & 0xFFL) << (8 * i);
        }
        return number;
    }

    void skip(long count) throws WeightFormatException {
        demand(count);
        buffer.position(buffer.position() + (int) count);
    }

    /// The next bytes as a block of their own.
    Hdf5Block slice(long length) throws WeightFormatException {
        return slice(length, what);
    }

    /// The next bytes as a block of their own, which has this name in messages.
    Hdf5Block slice(long length, String name) throws WeightFormatException {
        demand(length);
        ByteBuffer slice = buffer.slice(buffer.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
        Hdf5Block block = new Hdf5Block(bytes, slice, offset(), name);
        skip(length);
        return block;
    }

    /// The same block from this byte on.
    Hdf5Block at(long place) throws WeightFormatException {
        if (place < 0 || place > buffer.limit()) {
            throw bytes.damaged(begin, what + " has no byte " + place);
        }
        return new Hdf5Block(bytes, buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN).position((int) place), begin, what);
    }

    /// Demands the four letters that such a block begins with.
    void signature(String letters) throws WeightFormatException {
        demand(letters.length());
        for (int i = 0; i < letters.length(); i++) {
            if (buffer.get(buffer.position() + i) != letters.charAt(i)) {
                throw damaged("does not begin with " + letters);
            }
        }
        skip(letters.length());
    }

    /// UTF-8 of this many bytes.
    String text(long length) throws WeightFormatException {
        demand(length);
        byte[] utf8 = new byte[(int) length];
        buffer.get(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    /// UTF-8 that begins at this byte of the block and ends before a byte 0, of at most `most` bytes.
    String terminated(long at, int most) throws WeightFormatException {
        for (int i = 0; i <= most && at >= 0 && at + i < buffer.limit(); i++) {
            if (buffer.get((int) at + i) == 0) {
                byte[] utf8 = new byte[i];
                buffer.get((int) at, utf8);
                return new String(utf8, StandardCharsets.UTF_8);
            }
        }
        throw bytes.damaged(begin, what + ": no text of at most " + most + " bytes that ends with 0 is at its byte "
                + Long.toUnsignedString(at));
    }

    /// Demands the checksum that follows: Jenkins' lookup3 of all bytes before it.
    void checksum() throws WeightFormatException {
        int length = buffer.position();
        long offset = offset();
        int found = (int) u32();
        if (found != Lookup3.of(buffer, length)) {
            throw bytes.damaged(offset, what + " is damaged: its checksum is not the one noted here");
        }
    }

    /// Demands the checksum that is at this byte of the block, of all its bytes, with zeros in the checksum's place.
    void checksum(int place) throws WeightFormatException {
        Hdf5Block checksum = at(place);
        long offset = checksum.offset();
        int found = (int) checksum.u32();
        buffer.putInt(place, 0);
        if (found != Lookup3.of(buffer, buffer.limit())) {
            throw bytes.damaged(offset, what + " is damaged: its checksum is not the one noted here");
        }
        buffer.putInt(place, found);
    }

    /// The block up to the checksum in its last four bytes, which is verified.
    Hdf5Block checked() throws WeightFormatException {
        int position = buffer.position();
        if (buffer.limit() < 4 + position) {
            throw damaged("is too short for a checksum");
        }
        buffer.position(buffer.limit() - 4);
        checksum();
        return new Hdf5Block(bytes, buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN).limit(buffer.limit() - 4).position(position), begin,
                what);
    }

    WeightFormatException damaged(String problem) {
        return bytes.damaged(offset(), what + ": " + problem);
    }
}
