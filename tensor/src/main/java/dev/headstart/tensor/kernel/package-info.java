/// Kernel families: one interface per family of array loops, over `float[]` and int offsets.
///
/// The interface is the contract; `kernel.scalar` is its specification in the shortest correct loops, `kernel.simd` the fast twin.
/// Twins give equal bits. Kernels trust their arguments: shapes were checked at the public edge.
package dev.headstart.tensor.kernel;
