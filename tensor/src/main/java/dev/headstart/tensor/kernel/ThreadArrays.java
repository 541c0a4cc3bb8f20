package dev.headstart.tensor.kernel;

/// Arrays of which each thread has one for each purpose, and uses it again: a new array costs more than much of what is done in it, for
/// the system has to find and clear its pages.
///
/// Elements may be anything. Nothing but arrays is held, so that a thread that lives on keeps no class of ours alive.
public final class ThreadArrays {
    /// Longer arrays are not kept: 16 MB.
    private static final int LONGEST = 1 << 22;

    private final ThreadLocal<float[][]> held;
    private final ThreadLocal<int[][]> heldInts;

    /// @param purposes how many there are
    public ThreadArrays(int purposes) {
        held = ThreadLocal.withInitial(() -> new float[purposes][0]);
        heldInts = ThreadLocal.withInitial(() -> new int[purposes][0]);
    }

    /// The thread's array for a purpose, of at least this length.
    public float[] array(int purpose, int length) {
        float[][] arrays = held.get();
        float[] array = arrays[purpose];
        if (array.length < length) {
            array = new float[length];
            if (length <= LONGEST) {
                arrays[purpose] = array;
            }
        }
        return array;
    }

    /// The thread's array of integers for a purpose, of at least this length.
    public int[] ints(int purpose, int length) {
        int[][] arrays = heldInts.get();
        int[] array = arrays[purpose];
        if (array.length < length) {
            array = new int[length];
            if (length <= LONGEST) {
                arrays[purpose] = array;
            }
        }
        return array;
    }
}
