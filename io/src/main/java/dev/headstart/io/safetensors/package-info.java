/// The safetensors format. Not exported.
package dev.headstart.io.safetensors;
