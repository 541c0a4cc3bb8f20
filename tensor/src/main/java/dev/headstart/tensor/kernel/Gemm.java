package dev.headstart.tensor.kernel;

import dev.headstart.tensor.Workers;

/// Matrix products, batched, over strided operands.
///
/// For every batch entry `C = C0 + A · B`, C0 being what is there already or what [InitialRows] says, with `A [m, k]`, `B [k, n]`, `C [m, n]`.
///
/// **The contract, bit by bit.** An element of C is one chain of fused multiply-adds over k, ascending, starting from the value of
/// C0: `c = fma(A[i, k-1], B[k-1, j], … fma(A[i, 0], B[0, j], c0))`. When k exceeds [#K_BLOCK], k is cut at multiples of it: the first
/// block's chain starts from C0, every later block's chain starts from zero and its result is added to C, in order of blocks. Nothing else
/// (tile sizes, packing, number of workers, batching) may show in the result.
public interface Gemm {
    /// Longest chain of fused multiply-adds: a constant of the engine, part of the definition of a matrix product.
    int K_BLOCK = 4096;

    /// Batched product, an entry of C for each of A and of B. Rows of C are contiguous, and its entries do not overlap.
    ///
    /// @param workers how the work is spread
    /// @param start what the rows of C begin from
    void multiply(Workers workers, int m, int n, int k, Matrices a, Matrices b, Matrices c, InitialRows start);

    /// Adds a batched product to C.
    default void multiply(Workers workers, int m, int n, int k, Matrices a, Matrices b, Matrices c) {
        multiply(workers, m, n, k, a, b, c, InitialRows.ACCUMULATE);
    }
}
