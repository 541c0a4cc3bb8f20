/// How near our kernels and training steps come to what the machine can do, and how they compare with another engine: time and memory.
package dev.headstart.bench.measure;
