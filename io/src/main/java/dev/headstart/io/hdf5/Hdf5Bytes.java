package dev.headstart.io.hdf5;

import dev.headstart.io.file.Source;
import dev.headstart.io.weights.WeightFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The bytes of an HDF5 file by address, for those who read its structure: in bounds, and within the budget.
///
/// Structures of a hostile file point wherever they like: many to the same block, or to each other. Whatever the way, each block is charged
/// to the file's budget, as is four times what is kept; no block is longer than a sixteenth of the heap.
final class Hdf5Bytes {
    /// The address that means there is none: all bits set.
    static final long UNDEFINED = -1;
    private static final int MAX_BLOCK = 1 << 26;
    /// What is kept is counted, what comes with it in objects and maps is not.
    private static final int HEAP_PER_BYTE = 4;

    private final Source source;
    private final long base;
    private final long end;
    private final int addressBytes;
    private final int lengthBytes;

    /// An HDF5 file that lies in a file from `base` to `end`; addresses count from `base`.
    Hdf5Bytes(Source source, long base, long end, int addressBytes, int lengthBytes) {
        this.source = source;
        this.base = base;
        this.end = end;
        this.addressBytes = addressBytes;
        this.lengthBytes = lengthBytes;
    }

    /// Size of an address, in bytes.
    int addressBytes() {
        return addressBytes;
    }

    /// Size of a length, in bytes.
    int lengthBytes() {
        return lengthBytes;
    }

    /// Where in the file an address is.
    ///
    /// @throws WeightFormatException when `length` bytes from there are not all in the file; `from` is where the address was read
    long offset(long address, long length, long from, String what) throws WeightFormatException {
        if (address < 0 || length < 0 || length > end - base || address > end - base - length) {
            throw damaged(from, what + " of " + Long.toUnsignedString(length) + " bytes at address " + Long.toUnsignedString(address)
                    + " is beyond the file's end, " + (end - base));
        }
        return base + address;
    }

    /// Reads a block of the structure.
    ///
    /// @param from where in the file its address was read: what is refused when it is wrong
    /// @param what the block's name in messages
    Hdf5Block block(long address, long length, long from, String what) throws IOException {
        long offset = offset(address, length, from, what);
        long most = Math.min(MAX_BLOCK, Runtime.getRuntime().maxMemory() / 16);
        if (length > most) {
            throw damaged(from, what + " is " + length + " bytes long: at most " + most + " are read");
        }
        source.budget().read(length, shortage -> damaged(from, what + ": more of the structure was read than there is: its parts overlap"
                + shortage));
        ByteBuffer buffer = ByteBuffer.allocate((int) length).order(ByteOrder.LITTLE_ENDIAN);
        if (source.fill(buffer, offset) < length) {
            throw damaged(offset + buffer.position(), what + ": the file ends here");
        }
        return new Hdf5Block(this, buffer.flip(), offset, what);
    }

    /// Charges what stays in memory.
    void keep(long bytes, long from) throws WeightFormatException {
        source.budget().allocate(HEAP_PER_BYTE * bytes, shortage -> damaged(from,
                "the table of contents takes more than a quarter of the heap: raise it with -Xmx" + shortage));
    }

    WeightFormatException damaged(long offset, String problem) {
        return new WeightFormatException(source.file(), offset, "HDF5: " + problem, null);
    }
}
