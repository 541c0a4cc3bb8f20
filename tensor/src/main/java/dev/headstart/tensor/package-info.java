/// Tensors, shapes, worker threads and random streams: everything that touches numbers, and nothing that differentiates them.
package dev.headstart.tensor;
