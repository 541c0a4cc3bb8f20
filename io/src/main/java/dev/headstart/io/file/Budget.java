package dev.headstart.io.file;

import java.util.function.Function;

/// What reading one file may cost, however it was made: bytes of its structure, steps of interpreting that, and heap.
///
/// A reader charges its budget before it does the work: before it allocates what a header asks for, reads a block that an address leads to,
/// repeats a value that a pickle names again. A sound file has each part of its structure once, and stays far below:
///
/// - **Bytes** read of the structure: four times what the file has and 64 KiB, at most 1 GiB. Parts that overlap, or lead to each other,
///   come to more. Charged by HDF5, the directories of zip files, and the headers of NumPy, safetensors and indices.
/// - **Steps**, of pickles only: each byte of a pickle pays for 16, and 160,000 are free. Values that repeat each other (a "billion
///   laughs") come to more. The other formats cannot name a value twice: the work on their structure is linear in the bytes read of it
///   (safetensors sorts its tensors by place: n log n).
/// - **Heap** that the table of contents may need: what the virtual machine has, shared by the files of one model. The reader says what a
///   byte or value of its format may cost.
///
/// Elements of tensors are not charged: each is read once, into an array whose size is checked when it is asked for.
public final class Budget {
    private static final int BYTES_PER_BYTE = 4;
    private static final int FREE_BYTES = 1 << 16;
    private static final long MAX_BYTES = 1L << 30;
    private static final int STEPS_PER_BYTE = 16;
    private static final int FREE_STEPS = 160_000;

    private final Account bytes;
    private final Account steps = new Account(FREE_STEPS);
    private final Account heap;

    private Budget(long length, Account heap) {
        long most = length > MAX_BYTES / BYTES_PER_BYTE ? MAX_BYTES : FREE_BYTES + BYTES_PER_BYTE * Math.max(0, length);
        this.bytes = new Account(Math.min(MAX_BYTES, most));
        this.heap = heap;
    }

    /// For a file of this many bytes, in this virtual machine's heap.
    public static Budget of(long length) {
        return of(length, Runtime.getRuntime().maxMemory());
    }

    /// For a file of `length` bytes, in a heap of `heap`.
    public static Budget of(long length, long heap) {
        return new Budget(length, new Account(heap));
    }

    /// For another file of the same model, of `length` bytes: the heap is shared, bytes and steps are its own.
    Budget sibling(long length) {
        return new Budget(length, heap);
    }

    /// Charges heap in advance, and gives the budget of `length` bytes of the file whose reader has that much and no more.
    ///
    /// @param refusal as in [#read]
    public <E extends Exception> Budget reserve(long length, long amount, Function<String, E> refusal) throws E {
        allocate(amount, refusal);
        return of(length, amount);
    }

    /// What can be spent of one thing.
    private static final class Account {
        private long left;

        private Account(long left) {
            this.left = left;
        }

        private <E extends Exception> void charge(long amount, String unit, Function<String, E> refusal) throws E {
            if (amount < 0 || amount > left) {
                throw refusal.apply(" (" + Long.toUnsignedString(amount) + " " + unit + " are asked for, " + left + " are left)");
            }
            left -= amount;
        }
    }

    /// Charges bytes of the file's structure that are about to be read.
    ///
    /// @param refusal makes the exception for a budget that is exceeded; it is given what was asked for and what was left, in parentheses
    public <E extends Exception> void read(long amount, Function<String, E> refusal) throws E {
        bytes.charge(amount, "bytes", refusal);
    }

    /// Takes note of bytes of a pickle that were read: they pay for steps.
    public void earn(long amount) {
        steps.left += STEPS_PER_BYTE * amount;
    }

    /// Charges steps.
    ///
    /// @param refusal as in [#read]
    public <E extends Exception> void step(long amount, Function<String, E> refusal) throws E {
        steps.charge(amount, "steps", refusal);
    }

    /// Charges heap that may be needed.
    ///
    /// @param refusal as in [#read]
    public <E extends Exception> void allocate(long amount, Function<String, E> refusal) throws E {
        heap.charge(amount, "bytes of heap", refusal);
    }

    /// Bytes of heap that are left.
    public long heap() {
        return heap.left;
    }
}
