/// The bench: how near our kernels and training steps come to what the machine can do.
package dev.headstart.cli.bench;
