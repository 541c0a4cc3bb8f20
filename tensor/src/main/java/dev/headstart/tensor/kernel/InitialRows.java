package dev.headstart.tensor.kernel;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What the rows of a result begin from: what is there already, zeros, or one row for all. A kernel begins a block when it comes to it,
/// while that is in a near cache, instead of finding a result that was filled before.
///
/// @param row where the row is; null for zeros
/// @param offset where it begins
public record InitialRows(float @Nullable [] row, int offset) {
    /// What is there already.
    public static final InitialRows ACCUMULATE = new InitialRows(null, -1);

    /// Zeros; the result may hold anything before.
    public static final InitialRows ZERO = new InitialRows(null, 0);

    /// Begins some rows of a result.
    ///
    /// @param at where the first begins
    /// @param stride distance of the rows
    /// @param column the first column's number in the whole row
    public void begin(float[] c, int at, int rows, int stride, int column, int columns) {
        if (offset < 0) {
            return;
        }
        for (int i = 0; i < rows; i++) {
            int from = at + i * stride;
            if (row == null) {
                Arrays.fill(c, from, from + columns, 0);
            } else {
                System.arraycopy(row, offset + column, c, from, columns);
            }
        }
    }
}
