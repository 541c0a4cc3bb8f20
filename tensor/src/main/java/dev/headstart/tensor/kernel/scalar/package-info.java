/// The scalar twins: every kernel in plain loops, shaped so that the compiler can vectorise them.
package dev.headstart.tensor.kernel.scalar;
