/// The scalar twins: the shortest correct loops, which are the specification of every kernel.
package dev.headstart.tensor.kernel.scalar;
