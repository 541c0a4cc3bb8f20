/// Native engines that do the same work: PyTorch.
package dev.headstart.bench.peers;
