package dev.headstart.io;

import dev.headstart.io.file.Disk;
import dev.headstart.io.numpy.NpyWriter;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;

/// NumPy's files of one array (`numpy.lib.format`): written here, read by [Weights#open], where the tensor has the file's name without its
/// ending.
///
/// A file is `\x93NUMPY`, the version (1.0, 2.0 or 3.0), the length of the header in 2 bytes (version 1) or 4, the header, a Python
/// dictionary like `{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }`, and the elements, to the file's last byte. Read are
/// integers of 1 to 8 bytes, floating point of 2 to 8, and booleans, of either byte order, row-major or column-major (`fortran_order`).
///
/// Written are `<f4` and `<i4`, row-major, in version 1.0, byte for byte as NumPy does.
public final class Npy {
    private Npy() {}

    /// Writes a tensor to a file, replacing it: whole or not at all.
    public static void write(Path file, Tensor tensor) throws IOException {
        NpyWriter.write(Disk.real(), file, tensor);
    }

    /// Writes integers to a file, replacing it: whole or not at all.
    public static void write(Path file, Indices indices) throws IOException {
        NpyWriter.write(Disk.real(), file, indices);
    }
}
