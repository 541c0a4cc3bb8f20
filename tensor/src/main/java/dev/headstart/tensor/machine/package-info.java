/// What this machine computes with and how fast: the kernels in use, its ceilings, and a test of the kernels against each other.
package dev.headstart.tensor.machine;
