/// Layers of images and sequences: convolutions, pooling and resizing, channels last.
package dev.headstart.nn.conv;
