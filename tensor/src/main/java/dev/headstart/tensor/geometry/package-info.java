/// How windows move over images: kernels, strides, padding, and how images are made larger and smaller.
package dev.headstart.tensor.geometry;
