package dev.headstart.tensor.kernel;

/// Rows by index: embedding look-up and its gradient.
public interface Gather {
    /// `y[row r] = table[row ids[ido + r]]` for 0 ≤ r < rows, rows of n contiguous elements. Ids are not negative.
    void gatherRows(Slice table, int[] ids, int ido, int rows, int n, Slice y);

    /// `table[row ids[ido + r]] += x[row r]`, in ascending r; a negative id is passed over.
    /// Only columns `from ≤ j < to` are touched, so that the work can be cut by columns.
    void scatterAddRows(Slice x, int[] ids, int ido, int rows, int n, int from, int to, Slice table);
}
