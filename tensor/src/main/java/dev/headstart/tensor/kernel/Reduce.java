package dev.headstart.tensor.kernel;

/// Reductions, with one answer for every vector width and thread count.
///
/// **The contract, bit by bit.** n elements are cut into blocks of [#BLOCK]. In a block, virtual lane l of [#LANES] takes elements l, l +
/// 64, l + 128, … in order, starting from the neutral element (+0, -∞ or +∞); then the lanes are folded by a fixed tree: lane l takes
/// lane l + 32 (l < 32), then l + 16 (l < 16), 8, 4, 2, 1. Block results are folded by the fixed tree of [#foldBlocks]. An n of zero
/// gives the neutral element. A result that is NaN is [Float#NaN], whatever NaN went in.
///
/// The element order is the logical one, so the result does not depend on memory layout: [#rows] and [#columns] of the same logical
/// elements give the same bits. Whoever cuts a long run between threads cuts at multiples of [#BLOCK] and folds the blocks' results by
/// [#foldBlocks].
public interface Reduce {
    int LANES = 64;
    int BLOCK = 4096;

    /// Reduces contiguous runs: `y[yo + r] = ∘ over i of x[xo + r * rowStride + i]`, for 0 ≤ r < rows, 0 ≤ i < n.
    void rows(Reduction f, float[] x, int xo, int rows, int n, int rowStride, float[] y, int yo);

    /// Reduces over the *first* axis of an [n, columns] matrix with rows `rowStride` apart: `y[yo + j] = ∘ over i of x[xo + i * rowStride
    /// + j]`.
    void columns(Reduction f, float[] x, int xo, int n, int columns, int rowStride, float[] y, int yo);

    /// Sum of products of two contiguous runs, in the lanes and trees of a sum, each product entering by fused multiply-add:
    /// lane = fma(a, b, lane).
    float dot(float[] a, int ao, float[] b, int bo, int n);

    /// Index of the largest of n ≥ 1 contiguous elements, counted from xo; the lowest index wins a tie (+0 and -0 tie); the first NaN, if
    /// there is one, wins over all.
    int argmax(float[] x, int xo, int n);

    /// Folds the results r[0 … blocks) of consecutive blocks into one, overwriting them: while more than one is left,
    /// `h = (blocks + 1) / 2; r[i] = r[i] ∘ r[i + h]` for i + h < blocks; `blocks = h`.
    static float foldBlocks(Reduction f, float[] r, int blocks) {
        if (blocks == 0) {
            return f.neutral();
        }
        for (int left = blocks; left > 1;) {
            int h = (left + 1) / 2;
            for (int i = 0; i + h < left; i++) {
                r[i] = f.fold(r[i], r[i + h]);
            }
            left = h;
        }
        return Float.isNaN(r[0]) ? Float.NaN : r[0];
    }
}
