package dev.headstart.tensor.kernel.simd;

/// Arrays in which kernels put together what they need for a while. Each thread has one for each purpose and uses it again: a new array costs
/// more than many a product, for the system has to find and clear its pages.
///
/// Elements may be anything. A kernel that runs others within must not need its own arrays afterwards.
enum Scratch {
    /// part of the left operand, as it is used
    ROWS,
    /// the same, before it is packed
    PATCHES,
    /// part of the right operand
    COLUMNS,
    /// the right operand of a whole region, of the thread that began it
    STRIPS,
    /// a tile of the result
    TILE,
    /// a block of the result
    BLOCK,
    /// a block of the result for what comes after the first steps of k
    LATER,
    /// results of a whole region that are yet to be added, of the thread that began it
    RESULTS;

    /// Longer arrays are not kept: 16 MB.
    private static final int LONGEST = 1 << 22;

    /// Holds nothing but arrays, so that a thread that lives on keeps no class of ours alive.
    private static final ThreadLocal<float[][]> HELD = ThreadLocal.withInitial(() -> new float[values().length][0]);

    /// An array of at least this length.
    @SuppressWarnings("EnumOrdinal") // the index is never stored
    float[] array(int length) {
        float[][] held = HELD.get();
        float[] array = held[ordinal()];
        if (array.length < length) {
            array = new float[length];
            if (length <= LONGEST) {
                held[ordinal()] = array;
            }
        }
        return array;
    }
}
