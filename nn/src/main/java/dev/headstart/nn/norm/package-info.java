/// Layers that normalise: over a batch, a group of channels, or a row.
package dev.headstart.nn.norm;
