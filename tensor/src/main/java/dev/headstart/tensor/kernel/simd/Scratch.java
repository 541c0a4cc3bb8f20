package dev.headstart.tensor.kernel.simd;

import dev.headstart.tensor.kernel.ThreadArrays;

/// Arrays in which kernels put together what they need for a while: each thread's own, used again.
///
/// Elements may be anything. A kernel that runs others within must not need its own arrays afterwards.
enum Scratch {
    /// part of the left operand
    ROWS,
    /// part of the right operand
    COLUMNS,
    /// results of one pixel
    PIXEL,
    /// squares that are being transposed
    SQUARE,
    /// the right operand of a whole region, of the thread that began it
    STRIPS,
    /// differences from a row's largest element
    DIFFERENCES,
    /// a row that ends too near the end of its array
    REST,
    /// exponentials
    EXPS,
    /// a sum for each row
    SUMS,
    /// the virtual lanes of a sum
    LANES,
    /// results of blocks of a row, yet to be folded
    ROW_BLOCKS,
    /// those of many columns
    COLUMN_LANES,
    /// results of blocks of columns, yet to be folded
    COLUMN_BLOCKS,
    /// random words
    WORDS,
    /// gradients of a normalised row
    GRADIENTS,
    /// a normalised row
    NORMAL,
    /// what was gathered of a left operand
    LEFT,
    /// what was gathered of a right operand
    RIGHT,
    /// a tile of the result
    TILE,
    /// a block of the result
    BLOCK,
    /// a block of the result for what comes after the first steps of k
    LATER,
    /// results of a whole region that are yet to be added, of the thread that began it
    RESULTS;

    private static final ThreadArrays HELD = new ThreadArrays(values().length);

    /// An array of at least this length.
    @SuppressWarnings("EnumOrdinal") // the index is never stored
    float[] array(int length) {
        return HELD.array(ordinal(), length);
    }

    /// An array of integers of at least this length.
    @SuppressWarnings("EnumOrdinal") // the index is never stored
    int[] ints(int length) {
        return HELD.ints(ordinal(), length);
    }
}
