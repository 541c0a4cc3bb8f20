package dev.headstart.tensor;

import dev.headstart.tensor.kernel.ThreadArrays;

/// Arrays of the operators that go through their operands in parts: each thread's own, used again, whose elements may be anything.
enum ScratchArrays {
    /// queries of a strip of attention
    QUERIES,
    /// values of some heads, or keys
    ROWS,
    /// keys of some heads, transposed
    KEYS,
    /// values of some heads, transposed
    VALUES,
    /// attention's weights
    WEIGHTS,
    /// gradients of attention's weights
    GRADIENTS,
    /// gradient of a row of logarithms
    LOGARITHMS,
    /// channels' means over blocks of rows, of the thread that began their region
    CENTRES,
    /// channels' sums over blocks of rows, likewise
    SUMS;

    private static final ThreadArrays ARRAYS = new ThreadArrays(values().length);

    /// An array of at least this length.
    @SuppressWarnings("EnumOrdinal") // the index is never stored
    float[] array(int length) {
        return ARRAYS.array(ordinal(), length);
    }
}
