package dev.headstart.io;

import dev.headstart.io.file.Disk;
import dev.headstart.io.numpy.NpzWriter;
import dev.headstart.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/// NumPy's files of several arrays (`numpy.savez`): written here, read by [Weights#open].
///
/// A file is a zip file with a member `NAME.npy` for each array ([Npy]), stored as it is or deflated (`numpy.savez_compressed`); tensors
/// are named without the ending. A member that is no array of numbers keeps nobody from reading the others: it is refused when it is asked
/// for.
///
/// Written are members stored as they are, sorted by name, without times, with zip64 fields: the bytes of the file depend on the tensors
/// and their names only.
public final class Npz {
    private Npz() {}

    /// Writes tensors to a file, replacing it: whole or not at all.
    ///
    /// @throws IllegalArgumentException when a name is empty, longer than 65,531 bytes of UTF-8, or has half a surrogate pair
    public static void write(Path file, Map<String, Tensor> tensors) throws IOException {
        NpzWriter.write(Disk.real(), file, tensors);
    }
}
