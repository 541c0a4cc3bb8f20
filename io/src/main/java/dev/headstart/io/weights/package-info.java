/// What weight files say of their tensors: types, extents and places; and what is wrong with a file.
package dev.headstart.io.weights;
