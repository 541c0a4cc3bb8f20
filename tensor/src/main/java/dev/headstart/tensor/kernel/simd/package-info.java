/// The SIMD twins: the same bits as `kernel.scalar`, through the Vector API. The only package that may name it.
package dev.headstart.tensor.kernel.simd;
