/// NumPy's formats, `.npy` and `.npz`. Not exported.
package dev.headstart.io.numpy;
