/// Kernel families: one interface per family of array loops.
///
/// The interface is the contract; `kernel.scalar` meets it in plain loops, `kernel.simd` by the Vector API, and `kernel.choice` says which
/// of them computes. Twins give equal bits, those of the shortest correct loops. Those loops are the specification and stand in the twins'
/// tests, not in `kernel.scalar`, which may be fast (docs/decisions/twins.md). Kernels trust their arguments: shapes were checked at the
/// public edge.
package dev.headstart.tensor.kernel;
