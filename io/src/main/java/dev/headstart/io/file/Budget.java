package dev.headstart.io.file;

import java.util.function.Function;

/// What reading one file may cost, however it was made: bytes of its structure, steps of interpreting that, and heap.
///
/// A reader charges its budget before it does the work: before it allocates what a header asks for, reads a block that an address leads to,
/// repeats a value that a pickle names again. A sound file has each part of its structure once, and is never refused:
///
/// - **Bytes** read of the structure: four times what the file has. Parts that overlap, or lead to each other, come to more.
/// - **Steps**: each byte of structure pays for 16. Values that repeat each other (a "billion laughs") come to more.
/// - **Heap** that the table of contents may need: what there is. The reader says what a byte or value of its format may cost.
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

    private Budget(long bytes, long heap) {
        this.bytes = new Account(bytes);
        this.heap = new Account(heap);
    }

    /// For a file of this many bytes, in this virtual machine's heap.
    public static Budget of(long length) {
        return of(length, Runtime.getRuntime().maxMemory());
    }

    /// For a file of `length` bytes, in a heap of `heap`.
    public static Budget of(long length, long heap) {
        long bytes = length > MAX_BYTES / BYTES_PER_BYTE ? MAX_BYTES : FREE_BYTES + BYTES_PER_BYTE * Math.max(0, length);
        return new Budget(Math.min(MAX_BYTES, bytes), heap);
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

    /// Charges bytes of the file's structure that are about to be read, which pay for steps.
    ///
    /// @param refusal makes the exception for a budget that is exceeded; it is given what was asked for and what was left, in parentheses
    public <E extends Exception> void read(long amount, Function<String, E> refusal) throws E {
        bytes.charge(amount, "bytes", refusal);
        earn(amount);
    }

    /// Takes note of bytes of structure that are read, or inflated, without a charge: their number is limited otherwise.
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
